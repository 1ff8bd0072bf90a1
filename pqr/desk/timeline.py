"""What happened to this ticket, in plain Spanish?  Events, words, answers, mails and letters as one story.

It shows nothing that the reader may not see: addresses of a petitioner only where `Reader.contact` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pqr.desk.appeal_facts import APPEAL_FACTS
from pqr.desk.facts import FACTS
from pqr.desk.wording import LETTER_STATES, LETTERS, VERDICTS
from pqr.mail.inbox import InboxMail
from pqr.mail.outbox import Letter, LetterState
from pqr.terms.spanish import counted
from pqr.tickets.annotating import InternalNote
from pqr.tickets.appeals import PRESENTED
from pqr.tickets.contributions import Contribution
from pqr.tickets.events import Event
from pqr.tickets.models import Answer, Message, Ticket


@dataclass(frozen=True)
class Reader:
    """Who reads. `contact`: may see the petitioner's addresses; `mails`: may open the original messages."""

    contact: bool
    mails: bool


@dataclass(frozen=True)
class Story:
    """What the ledgers hold of one ticket. `names`: actors and offices' codes in words.

    `times`: how often a mail came, by what it says (`InboxMail.said`), where it was more than once.
    """

    ticket: Ticket
    events: list[Event]
    mails: list[InboxMail]
    letters: list[Letter]
    names: Mapping[str, str]
    times: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[InternalNote] = ()
    contributions: Sequence[Contribution] = ()


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `tone`: "", "in", "out", "good", "bad" or "note"; `words`: what somebody wrote.

    `letter`: the exit number of the letter that left with it.
    """

    at: datetime
    title: str
    by: str = ""
    facts: tuple[str, ...] = ()
    words: str = ""
    tone: str = ""
    mail_id: int | None = None
    letter: str = ""


def timeline(story: Story, reader: Reader) -> list[Entry]:
    """The story, oldest first."""
    told = [_from_event(event, story) for event in story.events if event.kind not in _TOLD_ELSEWHERE]
    arrived = [_from_mail(mail, story, reader) for mail in story.mails]
    left = [_from_letter(letter, story, reader) for letter in story.letters]
    return sorted([*arrived, *told, *left], key=lambda entry: entry.at)


def since(story: Story, seen: str) -> list[Entry]:
    """What happened after a page was read. `seen`: the number of the last event that it knew."""
    if not seen.isdigit():
        return []
    newer = [event for event in story.events if event.seq > int(seen)]
    return timeline(replace(story, events=newer, mails=[], letters=[]), Reader(contact=False, mails=False))


_FACTS = FACTS | APPEAL_FACTS
_TOLD_ELSEWHERE = frozenset({"letter_sent"})  # by the letter's own line


def _from_event(event: Event, story: Story) -> Entry:
    title, tone = _TITLES.get(event.kind, (f"Se registró «{event.kind}»", ""))
    if event.kind == "follow_up" and event.actor.startswith("user:"):
        title = "Se anotó un mensaje"
    tell = _FACTS.get(event.kind)
    return Entry(
        at=event.at,
        title=title,
        by=story.names.get(event.actor, event.actor),
        facts=tuple(fact for fact in tell(event.data, story.names) if fact) if tell else (),
        words=_words(event, story),
        tone=tone,
        letter=event.data.get("radicado", "") if "pdf_sha256" in event.data else "",
    )


_TITLES = {
    "filed": ("Radicada", "in"),
    "registered": ("Registro de atención", "note"),
    "assigned": ("Asignada", ""),
    "reassigned": ("Cambió de dependencia", ""),
    "returned": ("La dependencia la devolvió", "bad"),
    "extended": ("Término prorrogado", ""),
    "due_date_recomputed": ("Cambió la fecha de vencimiento", ""),
    "reclassified": ("Cambió el tipo", ""),
    "prioritised": ("Cambió la prioridad", ""),
    "labelled": ("Cambió el tema", ""),
    "answer_drafted": ("Respuesta escrita, espera revisión", "note"),
    "asked": ("La dependencia le preguntó a la persona", "out"),
    "completion_requested": ("Se le pidió a la persona completarla; el plazo se suspende", "out"),
    "data_claim_fix_requested": ("Se le pidió a la persona corregir el reclamo; el plazo se suspende", "out"),
    "data_claim_marked": ("Se puso la leyenda «reclamo en trámite»", "good"),
    "appealed": ("La persona presentó recurso de reposición", "in"),
    "insistence": ("La persona insiste ante la reserva", "in"),
    "insistence_security": ("La persona presentó recurso contra la reserva", "in"),
    "appeal_decided": ("Se decidió el recurso", "out"),
    "appeal_notified": ("La persona quedó notificada de la decisión del recurso", "good"),
    "insistence_sent": ("El expediente se envió al juez", "out"),
    "judge_decided": ("El juez decidió", "in"),
    "clarification_requested": ("Se le pidió a la persona aclararla; el plazo se suspende", "out"),
    "still_lacking": ("Lo que envió no basta; se le dijo qué falta", "out"),
    "completion_extended": ("La persona tiene más plazo", ""),
    "petitioner_reminded": ("Se le recordó a la persona lo que falta", "out"),
    "petition_completed": ("Completada; el plazo vuelve a correr", "good"),
    "clarified": ("Aclarada; el plazo vuelve a correr", "good"),
    "paused": ("Plazo suspendido", ""),
    "settled": ("El plazo vuelve a correr", "good"),
    "withdrawn_tacit": ("Desistimiento tácito", "bad"),
    "withdrawn_express": ("La persona desistió", "note"),
    "continued": ("La persona desistió; la alcaldía la continúa", "note"),
    "archived_unclear": ("Archivada sin aclarar", "bad"),
    "transferred": ("Trasladada a otra entidad", "out"),
    "transferred_part": ("Una parte se trasladó a otra entidad", "out"),
    "transfer_delivered": ("El traslado se entregó", "good"),
    "rejected": ("Rechazada por irrespetuosa", "bad"),
    "voided": ("Radicado anulado", "bad"),
    "reopened": ("Reabierta", "note"),
    "urgent_measure": ("Medida de urgencia", "note"),
    "silence_positive": ("Silencio positivo: lo pedido se entiende aceptado", "bad"),
    "silence_negative": ("Silencio negativo: pasaron tres meses sin respuesta", "bad"),
    "answered": ("Respondida", "good"),
    "completed": ("Respuesta complementada", "good"),
    "communicated": ("La persona recibió la respuesta", "good"),
    "answer_opened": ("La persona abrió la respuesta en la página", "good"),
    "notification_sent": ("Se le envió la notificación electrónica", "out"),
    "cited": ("Se le citó a notificarse", "out"),
    "notice_sent": ("Se le envió el aviso con la copia completa", "out"),
    "notice_published": ("Aviso publicado", "out"),
    "notice_moved": ("El aviso dura más: hubo un cierre", ""),
    "notice_removed": ("Aviso desfijado", ""),
    "notified": ("La persona quedó notificada", "good"),
    "ruling_corrected": ("Se corrigió qué decide la respuesta", "note"),
    "electronic_accepted": ("La persona acepta la notificación electrónica", "note"),
    "electronic_revoked": ("La persona ya no acepta la notificación electrónica", "note"),
    "proof_noted": ("Prueba de la entrega", "note"),
    "withdrawal_wished": ("La persona dice que desiste: registre el desistimiento, o siga por interés público", "in"),
    "time_wished": ("La persona pidió más plazo", "in"),
    "answer_contested": ("La persona dice que la respuesta no responde: complétela", "bad"),
    "follow_up": ("Mensaje nuevo en el caso", "in"),
    "reminded": ("Recordatorio", "out"),
    "letter_bounced": ("Una carta volvió", "bad"),
    "mail_attended": ("Correo atendido", "note"),
    "mail_reopened": ("Un correo apartado volvió a estar por leer", "note"),
    "contact_corrected": ("Se corrigieron los datos de contacto", "note"),
    "letter_redirected": ("Una carta salió para la dirección nueva", "out"),
    "letter_dismissed": ("Una carta detenida se descartó", "note"),
    "identity_revealed": ("Se vio la identidad reservada", "note"),
    "expediente_exported": ("Se descargó el expediente", "note"),
    "noted": ("Nota interna", "note"),
    "contribution_asked": ("Se pidió un aporte", "out"),
    "contribution_given": ("Llegó un aporte", "note"),
    "contribution_cancelled": ("El aporte ya no hace falta", ""),
    "merged": ("Unida a otra petición", "note"),
    "merged_into_this": ("Otra petición se unió a esta", "note"),
    "unmerged": ("Separada de la otra petición", "note"),
    "unmerged_from_this": ("Se separó una petición unida a esta", "note"),
    "main_answered": ("Se respondió la petición a la que está unida; a esta le falta su respuesta", "bad"),
}


def _words(event: Event, story: Story) -> str:
    if event.kind in PRESENTED:  # in the words of a message that has its own line
        return ""
    message = _found(story.ticket.messages, event.data.get("message")) or _found(story.notes, event.data.get("note"))
    if isinstance(message, (Message, InternalNote)):
        return message.text
    contribution = _found(story.contributions, event.data.get("contribution"))
    if isinstance(contribution, Contribution):
        said = {"contribution_asked": contribution.question, "contribution_given": contribution.text}
        return said.get(event.kind, "")
    answer = _answer(event, story)
    return answer.text if answer else ""


def _answer(event: Event, story: Story) -> Answer | None:
    if event.kind not in ("answered", "completed", "answer_drafted"):
        return None
    found = _found(story.ticket.answers, event.data.get("answer"))
    return found if isinstance(found, Answer) else None


def _found(rows: Sequence[Any], wanted: object) -> object:
    return next((row for row in rows if row.id == wanted), None)


def _from_mail(mail: InboxMail, story: Story, reader: Reader) -> Entry:
    offices = [story.ticket.secretaria, *(each.secretaria for each in story.contributions)]
    known = frozenset(address for office in offices if office for address in office.addresses)
    sender = mail.sender if reader.contact or mail.sender in known else "la persona"
    return Entry(
        at=mail.received_at,
        title="Llegó un correo",
        by=f"De {sender}" if sender else "",
        facts=(VERDICTS.get(mail.verdict, mail.verdict).capitalize(), *_repeated(mail, story)),
        tone="in",
        mail_id=mail.id if reader.mails else None,
    )


def _repeated(mail: InboxMail, story: Story) -> tuple[str, ...]:
    times = story.times.get(mail.said)
    return (f"Llegó {times} veces igual",) if times else ()


def _from_letter(letter: Letter, story: Story, reader: Reader) -> Entry:
    person = story.ticket.petitioner
    theirs = letter.is_for_petitioner or (person is not None and letter.recipient == person.email)
    hidden = theirs and not reader.contact
    state = LETTER_STATES.get(LetterState(letter.state), letter.state)
    tries = f" tras {counted(letter.attempts, 'intento', 'intentos')}" if letter.last_error else ""
    words = "" if hidden else letter.last_error or letter.response  # a server often repeats the address
    return Entry(
        at=letter.created_at,
        title=f"Carta: {LETTERS.get(letter.letter, letter.letter)}",
        by=f"Para {'la persona' if hidden else letter.recipient}",
        facts=(f"{state.capitalize()}{tries}", *([f"El servidor dijo: {words}"] if words else [])),
        tone="bad" if letter.state in (LetterState.FAILED, LetterState.BOUNCED) else "out",
    )

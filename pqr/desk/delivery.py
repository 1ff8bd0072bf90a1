"""How does what was decided reach the person, what was tried, and what proves it?  The block of the case's page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.desk.timeline import Entry, Reader, Story, timeline
from pqr.desk.wording import ANSWER_OUTCOMES, RUNGS
from pqr.mail.outbox import LetterState
from pqr.publishing.avisos import avisos_of
from pqr.publishing.models import Aviso
from pqr.terms.notifying import AnswerOutcome, Way
from pqr.terms.spanish import long_date
from pqr.tickets.models import Ticket
from pqr.tickets.reaching import Reach, is_unnotified, reach
from pqr.tickets.states import State

PROOF = frozenset(
    {
        *("answered", "communicated", "notified", "proof_noted", "answer_opened", "letter_bounced", "cited"),
        *("citation_posted", "citation_removed", "notice_sent", "notification_sent", "notice_published"),
        *("notice_moved", "notice_removed", "electronic_accepted", "electronic_revoked", "ruling_corrected"),
    }
)
CARRIERS = frozenset({"answer", "notification", "citation", "notice_sent", "withdrawn_tacit"})
WAITING = {
    Way.MAIL: "Salió por correo; se cierra solo cuando el servidor de la persona lo acepta.",
    Way.PORTAL: "Se cierra solo cuando la persona la abra en la página web. También puede entregarla usted.",
    Way.POSTAL: "Envíela en papel a su dirección y registre la entrega.",
    Way.COUNTER: "No dejó correo ni dirección: entréguesela en la oficina, o que la lea en la página con su código.",
    Way.CITATION: "Se le escribió la decisión. Cítela, entréguele la copia completa y registre la entrega.",
    Way.ELECTRONIC: "Se le envió el enlace; queda notificada en la fecha y la hora en que abra la decisión.",
    Way.NOTICE_SENT: "Se le envió el aviso; queda notificada al terminar el día hábil siguiente a la entrega.",
}


@dataclass(frozen=True)
class Delivery:
    """What has yet to reach the person. `ways`: channels to offer, the likeliest first; `proposed`: it is the next one.

    `waiting`: what is being waited for, in words; "" when somebody must act.
    """

    reach: Reach
    ways: list[Way]
    proposed: bool
    waiting: str

    @property
    def said(self) -> str:
        """What to do or to wait for, and why."""
        if self.waiting or not self.proposed:
            return self.waiting
        rung = RUNGS[self.ways[0]]
        return f"Corresponde {rung[0].lower()}{rung[1:]}, porque {self.reach.next.why}."


def read_delivery(session: Session, story: Story, office: Office, today: date) -> Delivery | None:
    """None where nothing waits to reach the person."""
    ticket = story.ticket
    if ticket.state != State.ANSWERED and not is_unnotified(ticket):
        return None
    found = reach(session, ticket, office, today)
    up = next((each for each in avisos_of(session, ticket) if each.effective_at is None), None)
    if up is not None and up.cites:
        until = long_date(up.last_day)
        return Delivery(
            found, [], False, f"La citación está publicada hasta el {until}. Si no viene, corresponde el aviso."
        )
    if up is not None:
        return Delivery(found, [], False, "El aviso está publicado; el caso se cierra solo cuando tenga efecto.")
    if any(letter.letter in CARRIERS and letter.state == LetterState.QUEUED for letter in story.letters):
        return Delivery(found, [], False, "La carta está por salir.")
    if ticket.state != State.ANSWERED:
        published = found.next.way in (Way.CITATION_POSTED, Way.NOTICE)
        way = found.next.way if published else Way.NOTICE
        return Delivery(found, [way], published, "" if published else WAITING[Way.CITATION])
    waits = found.next.way in found.tried or found.next.way not in RUNGS
    steps = found.later if waits else (found.next, *found.later)
    ways = [step.way for step in steps if step.way in RUNGS and step.way not in found.tried]
    return Delivery(found, ways, bool(ways) and ways[0] == found.next.way, _waiting(found) if waits else "")


def _waiting(found: Reach) -> str:
    if found.next.way == Way.CITATION and found.until is not None:
        return f"Se le citó: puede venir hasta el {long_date(found.until)}. Si no viene, corresponde el aviso."
    return WAITING.get(found.next.way, "")


@dataclass(frozen=True)
class Proof:
    """What the block shows. `entries`: oldest first. `rows`: label and value."""

    entries: list[Entry]
    rows: list[tuple[str, str]]
    notice: Aviso | None


def read_proof(session: Session, story: Story, reader: Reader) -> Proof | None:
    """Everything that proves what was told, how and when; None where nothing was decided yet."""
    ticket = story.ticket
    if ticket.answer is None and not is_unnotified(ticket) and ticket.communicated_at is None:
        return None
    told = [event for event in story.events if event.kind in PROOF]
    letters = [letter for letter in story.letters if letter.letter in CARRIERS]
    about = Story(ticket, told, [], letters, story.names, notes=story.notes)
    found = avisos_of(session, ticket)
    return Proof(timeline(about, reader), _rows(ticket), found[-1] if found else None)


def _rows(ticket: Ticket) -> list[tuple[str, str]]:
    answer = ticket.answer
    if answer is None:
        return [("Cómo debe llegarle", "Notificación (CPACA, arts. 17 y 66)")]
    return [
        ("Sentido", ANSWER_OUTCOMES[AnswerOutcome(answer.outcome)]),
        ("Norma que reserva", answer.provision),
        (
            "Cómo debe llegarle",
            "Notificación personal (CPACA, art. 66)"
            if answer.must_be_notified
            else "Comunicación, por un medio eficaz",
        ),
    ]

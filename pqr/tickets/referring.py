"""Was it answered before?  A petition that is repeated is referred to the answer that it had (CPACA art. 19 inc. 2).

Not where the right never lapses, nor where it was denied for requirements that are met now: an official says so. An
answer that somebody else had is referred to only where it was published, and then nothing of theirs is told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.spanish import long_date
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.groups import PetitionGroup, group_answered_by
from pqr.tickets.merging import same_person
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.radicado import find_radicado
from pqr.tickets.register import are_one_person
from pqr.tickets.ruling import Ruling, check_ruling
from pqr.tickets.states import Act, Outcome, State, after

SOURCE = "CPACA, art. 19"


@dataclass(frozen=True)
class Reference:
    """`ticket` repeats what `earlier` resolved. `reason`: why it is the same, as the person reads it.

    `lapses` and `unmended`: an official says that the right may lapse, and that it was not denied for requirements
    that are met now. `actor`: user:<id>.
    """

    ticket: Ticket
    earlier: Answer
    reason: str
    actor: str
    lapses: bool = False
    unmended: bool = False


def refer(session: Session, reference: Reference, office: Office, now: datetime) -> None:
    """Closes the petition with a letter that gives the earlier answer. Raises ActNotAllowed."""
    ticket, earlier = reference.ticket, reference.earlier
    after(ticket.state, Act.REFER)
    if not (reference.lapses and reference.unmended):
        raise ActNotAllowed(
            "No se remite a una respuesta anterior si el derecho es imprescriptible, ni si se negó por requisitos que "
            f"ahora se cumplen ({SOURCE}): confirme que no es así, o respóndala de fondo."
        )
    if earlier.ticket_id == ticket.id:
        raise ActNotAllowed("Esa es la respuesta de esta misma petición.")
    check_ruling(ticket, Ruling(AnswerOutcome(earlier.outcome), earlier.provision), now)
    told, facts = _told(session, ticket, earlier, office)
    words = f"{reference.reason}\n\n{told['where']}\n\n{told['answer']}"
    decision = Decision(
        ticket, words, reference.actor, {"reason": reference.reason, **told}, facts, kind="answered_by_reference"
    )
    close_unanswered(session, decision, Act.REFER, Outcome.BY_REFERENCE, office, now)


def find_answer(session: Session, typed: str) -> Answer | None:
    """The answer with this exit number, or of the petition with this radicado; what completes one leads to it."""
    number = find_radicado(typed)
    query = select(Answer).join(Ticket, Answer.ticket_id == Ticket.id)
    query = query.where(or_(Answer.radicado == number, Ticket.radicado == number), Answer.radicado.is_not(None))
    found = session.scalars(query.order_by(Answer.id).limit(1)).first() if number else None
    return found.ticket.answer if found else None


def _told(session: Session, ticket: Ticket, earlier: Answer, office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the letter says, and what the event holds."""
    if _is_theirs(session, ticket, earlier.ticket):
        return _own(earlier)
    group = group_answered_by(earlier)
    if group is None:
        raise ActNotAllowed(
            "Esa respuesta es de otra persona, o no consta que sea de la misma, y no está publicada: no se le puede "
            f"dar a esta. Si es la misma persona, júntelas antes en «Personas» ({SOURCE})."
        )
    return _published(group, office)


def _own(earlier: Answer) -> tuple[dict[str, Any], dict[str, Any]]:
    if earlier.ticket.state != State.CLOSED or earlier.sent_at is None:
        raise ActNotAllowed("Esa respuesta todavía no se ha comunicado: no hay a qué remitirse.")
    texts = [each.text for each in earlier.ticket.answers if each.radicado and each.text]
    day, files = long_date(earlier.sent_at.astimezone(BOGOTA).date()), "La respuesta iba en los archivos adjuntos."
    told = {
        "where": f"Ya le respondimos lo mismo el {day}, con el radicado de salida {earlier.radicado} "
        f"(petición {earlier.ticket.radicado}):",
        "answer": "\n\n".join(texts) or files,
    }
    return told, {"answer": earlier.radicado, "petition": earlier.ticket.radicado}


def _published(group: PetitionGroup, office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    assert group.answered_at is not None  # what was answered
    day = long_date(group.answered_at.astimezone(BOGOTA).date())
    link = f"{office.base_url}/respuestas/{group.id}"
    where = f"Ya se respondió lo mismo a todas las personas que lo pidieron, y se publicó el {day} en {link}:"
    return {"where": where, "answer": group.text}, {"published": group.id}


def _is_theirs(session: Session, ticket: Ticket, earlier: Ticket) -> bool:
    """Whether both are one person's, of those who gave their name: of the others that would say who they are."""
    if not ticket.identity == earlier.identity == Identity.NAMED:
        return False
    return same_person(ticket, earlier) or are_one_person(session, ticket, earlier)

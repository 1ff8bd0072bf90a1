"""Which copies are owed since silence gave them, and what shows that they arrived?  CPACA art. 14 num. 1."""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.errors import ActNotAllowed
from pqr.mail.letters import instant
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import is_overdue
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.silence import COPIES
from pqr.tickets.duties import Duty, duties_of, pending_duty
from pqr.tickets.events import history, record
from pqr.tickets.models import Answer

_GIVES = frozenset({AnswerOutcome.GRANTED, AnswerOutcome.PARTLY, AnswerOutcome.INFORMED})


def copies_arrived(session: Session, answer: Answer, way: str, actor: str, at: datetime, now: datetime) -> None:
    """What a communicated answer changes: the copies that went with it are delivered. `at`: when it reached them."""
    duty = pending_duty(session, answer.ticket, COPIES)
    if duty is None or AnswerOutcome(answer.outcome) not in _GIVES:
        return
    carries = any(
        file.belongs_to == "answer" and file.added_at == answer.written_at for file in answer.ticket.attachments
    )
    if carries or answer.ticket.kind == TicketKind.INFORMACION:  # what was asked may be told in words
        duty.met_at = at
        record_delivery(session, duty, way, actor, at, now, answer=answer.id)


def copies_came_back(session: Session, answer: Answer) -> None:
    """The mail that took the copies there came back after all: they are still to be delivered."""
    told = [event for event in history(session, answer.ticket_id) if event.kind == "copies_delivered"]
    if told and told[-1].data.get("answer") == answer.id:
        duty = next(each for each in reversed(duties_of(session, answer.ticket)) if each.code == COPIES)
        duty.met_at = None


def check_moment(at: datetime, earliest: datetime, now: datetime) -> None:
    """Raises ActNotAllowed for a delivery that is yet to come, or that was before there was anything to deliver."""
    if at > now:
        raise ActNotAllowed("La entrega no puede ser después de ahora: revise el día y la hora.")
    if at < earliest.replace(second=0, microsecond=0):
        raise ActNotAllowed(f"La entrega no puede ser antes del {instant(earliest)}: revise el día y la hora.")


def record_delivery(
    session: Session, duty: Duty, way: str, actor: str, at: datetime, now: datetime, **facts: object
) -> None:
    """Writes down when they arrived, and that it was late where it was."""
    late = is_overdue(duty.due_on, at.astimezone(BOGOTA).date())
    record(
        session, duty.ticket_id, "copies_delivered", actor, now,
        way=way, at=at.isoformat(), until=duty.due_on.isoformat(), late=late, **facts,
    )  # fmt: skip

"""What does an answer decide?  Said when it is written, or put right afterwards by whoever approves answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import is_overdue
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome, may_be_denied, usual_outcome
from pqr.terms.spanish import long_date
from pqr.tickets.communicating import take_back
from pqr.tickets.events import record
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import State

MERELY_SENT = ("mail", "portal")  # enough for what is communicated, not for what must be notified


@dataclass(frozen=True)
class Ruling:
    """The outcome, and the exact norm that reserves what is denied as reserved."""

    outcome: AnswerOutcome
    provision: str = ""


def usual_ruling(ticket: Ticket) -> Ruling:
    """Where nobody said, as when an office answers by mail; the desk can put it right."""
    return Ruling(usual_outcome(TicketKind(ticket.kind)))


def is_lawful(ticket: Ticket, ruling: Ruling, now: datetime) -> bool:
    """Whether silence has not yet granted what is being denied."""
    overdue = ticket.suspended_on is None and is_overdue(ticket.due_on, now.astimezone(BOGOTA).date())
    return may_be_denied(TicketKind(ticket.kind), ruling.outcome, overdue)


def check_ruling(ticket: Ticket, ruling: Ruling, now: datetime) -> None:
    """Raises ActNotAllowed for what silence has granted, NotUnderstood for a reserve without its norm."""
    if ruling.outcome == AnswerOutcome.DENIED_RESERVED and not ruling.provision.strip():
        raise NotUnderstood("Falta la norma exacta que reserva la información (CPACA, art. 25; Ley 1712 de 2014).")
    if not is_lawful(ticket, ruling, now):
        raise ActNotAllowed(
            f"El plazo venció el {long_date(ticket.due_on)}: lo pedido se entiende aceptado y ya no se puede negar "
            "(CPACA, art. 14, num. 1)."
        )


def correct_ruling(session: Session, answer: Answer, ruling: Ruling, actor: str, now: datetime) -> Answer:
    """Puts right what the answer decides. One that only left by mail and had to be notified is not yet communicated."""
    check_ruling(answer.ticket, ruling, answer.written_at)
    before, answer.outcome, answer.provision = answer.outcome, ruling.outcome, ruling.provision.strip()
    ticket = answer.ticket
    record(
        session, ticket.id, "ruling_corrected", actor, now,
        answer=answer.id, before=before, outcome=answer.outcome, provision=answer.provision,
    )  # fmt: skip
    if ticket.state == State.CLOSED and answer.must_be_notified and answer.communicated_by in MERELY_SENT:
        take_back(ticket, answer)
    return answer

"""Must a closed case go on?  With reasons, to whoever had it (AGN Acuerdo 001 de 2024, art. 4.3.2.4).

The legal date stays as it was: reopening gives nobody new days. What is decided now is a day inside the house.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.tickets import letters
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, Outcome, State, after
from pqr.tickets.suspensions import open_suspensions, resume


@dataclass(frozen=True)
class Reopening:
    """`reason`: told to the person. `by`: the day by which the house wants it done, which is not the legal one."""

    ticket: Ticket
    reason: str
    by: date
    actor: str


def reopen(session: Session, reopening: Reopening, office: Office, now: datetime) -> Ticket:
    """Opens it again, with the legal date that it had. Raises ActNotAllowed.

    What was answered stays answered: what is written from now on completes it.
    """
    ticket, today = reopening.ticket, now.astimezone(BOGOTA).date()
    state = after(ticket.state, Act.REOPEN)
    if ticket.outcome == Outcome.ANSWERED:
        raise ActNotAllowed(
            "Esta petición tiene respuesta: si le falta algo, respóndala otra vez y sale un complemento."
        )
    if reopening.by < today or not office.calendar.is_business_day(reopening.by):
        raise ActNotAllowed("El día para el que se espera debe ser un día hábil, de hoy en adelante.")
    before = ticket.outcome
    ticket.state = state if ticket.secretaria is not None else State.FILED
    ticket.outcome, ticket.closed_at, ticket.communicated_at, ticket.in_time = "", None, None, None
    if open_suspensions(session, [ticket.id]):
        resume(session, ticket, now, office)
    record(
        session, ticket.id, "reopened", reopening.actor, now,
        before=before, reason=reopening.reason, by=reopening.by.isoformat(), due_on=ticket.due_on.isoformat(),
    )  # fmt: skip
    letters.to_petitioner(session, ticket, "reopened", {"reason": reopening.reason}, office, now)
    if ticket.secretaria is not None:
        letters.tell_secretaria(session, ticket, office, now)
    return ticket

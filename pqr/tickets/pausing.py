"""Who may decide it?  A conflict of competence or a recusal stops the clock until that is settled.

CPACA arts. 39 and 12. The case stays where it is.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.clock import ASKED_OF_THE_PERSON, Cause
from pqr.tickets import letters
from pqr.tickets.completing import instant_on
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after
from pqr.tickets.suspensions import Suspension, open_suspension, resume, suspend

CAUSES = {
    Cause.COMPETENCE: "Conflicto de competencia: otra autoridad y esta dicen que no les corresponde",
    Cause.RECUSAL: "Impedimento o recusación de quien debe decidir",
}


@dataclass(frozen=True)
class Pause:
    """`reason`: told to the person word by word. `actor`: user:<id>."""

    ticket: Ticket
    cause: Cause
    reason: str
    actor: str


@dataclass(frozen=True)
class Settlement:
    """Who decides is settled. `decided_on`: the day on which that was known here; `reason`: what was decided."""

    ticket: Ticket
    decided_on: date
    reason: str
    actor: str


def pause(session: Session, paused: Pause, office: Office, now: datetime) -> Suspension:
    """Stops the clock and tells the person. Raises ActNotAllowed."""
    if paused.cause not in CAUSES:
        raise ActNotAllowed("Para pedirle algo a la persona hay otro acto.")
    ticket = paused.ticket
    after(ticket.state, Act.PAUSE)
    asked = suspend(session, ticket, Suspension(cause=paused.cause, requested_at=now), office)
    record(
        session, ticket.id, "paused", paused.actor, now,
        cause=paused.cause, reason=paused.reason, elapsed=ticket.elapsed,
    )  # fmt: skip
    letters.to_petitioner(session, ticket, "paused", {"suspension": asked, "reason": paused.reason}, office, now)
    return asked


def settle(session: Session, settlement: Settlement, office: Office, now: datetime) -> Ticket:
    """Lets the clock go on after the day of the decision. Raises ActNotAllowed."""
    ticket = settlement.ticket
    after(ticket.state, Act.PAUSE)
    asked = open_suspension(session, ticket)
    if asked.cause in ASKED_OF_THE_PERSON:
        raise ActNotAllowed("El plazo espera a la persona, no una decisión.")
    clock = resume(session, ticket, instant_on(settlement.decided_on, asked, now), office)
    record(
        session, ticket.id, "settled", settlement.actor, now,
        cause=asked.cause, reason=settlement.reason, supplied_on=settlement.decided_on.isoformat(),
        due_on=ticket.due_on.isoformat(), left_none=clock.left_none,
    )  # fmt: skip
    values = {"suspension": asked, "supplied_on": settlement.decided_on}
    letters.to_petitioner(session, ticket, "resumed", values, office, now)
    return ticket

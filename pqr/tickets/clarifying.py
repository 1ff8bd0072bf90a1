"""What does the person mean?  Asked where purpose or object is not understood; ten days to say it (CPACA art. 19).

The law is silent on the clock meanwhile; here it stands still, as the person's own days must not be the office's.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import DAYS_TO_CLARIFY, Cause
from pqr.terms.spanish import long_date
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.completing import Request, ask_and_wait
from pqr.tickets.states import Act, Outcome, after
from pqr.tickets.suspensions import Suspension, open_suspension


def ask_to_clarify(session: Session, request: Request, office: Office, now: datetime) -> Suspension:
    """Stops the clock and asks the person what is meant. Raises as `ask_to_complete`, but for the ten days to ask."""
    state = after(request.ticket.state, Act.ASK_TO_CLARIFY)
    until = office.calendar.nth_business_day_after(now.astimezone(BOGOTA).date(), DAYS_TO_CLARIFY)
    asked = ask_and_wait(session, request, Suspension(cause=Cause.CLARIFICATION, until=until), office, now)
    request.ticket.state = state
    return asked


def archive_unclear(session: Session, decision: Decision, office: Office, now: datetime) -> None:
    """Archives what nobody made clear in its ten days, by a person's reasoned act. Raises ActNotAllowed."""
    after(decision.ticket.state, Act.ARCHIVE_UNCLEAR)
    asked = open_suspension(session, decision.ticket)
    if asked.cause != Cause.CLARIFICATION or asked.last_day is None:
        raise ActNotAllowed("Solo se archiva lo que se pidió aclarar y no se aclaró (CPACA, art. 19).")
    if now.astimezone(BOGOTA).date() <= asked.last_day:
        raise ActNotAllowed(f"La persona puede aclarar hasta el {long_date(asked.last_day)} (CPACA, art. 19).")
    close_unanswered(session, decision, Act.ARCHIVE_UNCLEAR, Outcome.ARCHIVED_UNCLEAR, office, now)

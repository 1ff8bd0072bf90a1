"""Does the person go on with it?  Withdrawal by their own word (CPACA art. 18) or by their silence (art. 17).

Silence withdraws nothing by itself: once the month is over it is proposed, and an official decides with reasons.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.terms.spanish import long_date
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.issuing import issue_document
from pqr.tickets.models import Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import Act, Outcome, after
from pqr.tickets.suspensions import open_suspension


@dataclass(frozen=True)
class Withdrawal:
    """The person does not want to go on. `statement`: their words. `public_interest`: why it goes on; "" closes."""

    ticket: Ticket
    statement: str
    actor: str
    public_interest: str = ""


def withdraw_tacitly(session: Session, decision: Decision, office: Office, now: datetime) -> None:
    """Decrees the tacit withdrawal. Raises ActNotAllowed before the person's time is over."""
    after(decision.ticket.state, Act.WITHDRAW_TACITLY)
    asked, article = open_suspension(session, decision.ticket), completing(decision.ticket.kind).article
    if asked.cause != Cause.COMPLETION or asked.last_day is None:
        raise ActNotAllowed(f"El desistimiento tácito es de lo que se pidió completar ({article}).")
    if now.astimezone(BOGOTA).date() <= asked.last_day:
        raise ActNotAllowed(f"La persona puede completarla hasta el {long_date(asked.last_day)} ({article}).")
    close_unanswered(session, decision, Act.WITHDRAW_TACITLY, Outcome.WITHDRAWN_TACIT, office, now)


def withdraw_expressly(session: Session, withdrawal: Withdrawal, office: Office, now: datetime) -> None:
    """Keeps what the person declared and closes the case, or goes on with it for the public interest, with reasons."""
    ticket = withdrawal.ticket
    if not withdrawal.public_interest.strip():
        decision = Decision(ticket, withdrawal.statement, withdrawal.actor)
        close_unanswered(session, decision, Act.WITHDRAW, Outcome.WITHDRAWN_EXPRESS, office, now)
        return
    after(ticket.state, Act.WITHDRAW)
    statement = say(session, ticket, withdrawal.actor, withdrawal.statement, now)
    reason = withdrawal.public_interest.strip()
    values = {"message": statement, "reason": reason}
    document = issue_document(session, ticket, "continued", values, office, now)
    record(
        session, ticket.id, "continued", withdrawal.actor, now,
        message=statement.id, text_sha256=digest_of_text(statement.text), reason=reason,
        **document.facts(),
    )  # fmt: skip

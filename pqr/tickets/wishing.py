"""What does the person want of their own case?  To end it, more time, or to say that the answer does not answer.

A wish to end it closes nothing by itself: the entity may go on for the public interest, with reasons (CPACA art. 18).
More time is the person's by asking before the end (art. 17 inc. 3). An answer that does not answer is completed, not
taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.tickets import letters
from pqr.tickets.completing import give_more_time
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.models import Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import OPEN
from pqr.tickets.surveying import answer_to_judge
from pqr.tickets.suspensions import Suspension, open_suspensions


class Wish(StrEnum):
    """The value is the event's kind."""

    WITHDRAW = "withdrawal_wished"
    MORE_TIME = "time_wished"
    CONTEST = "answer_contested"


@dataclass(frozen=True)
class Wished:
    """`text`: the person's words."""

    ticket: Ticket
    wish: Wish
    text: str


def possible_wishes(ticket: Ticket, asked: Suspension | None, now: datetime) -> tuple[Wish, ...]:
    """What the person may want now. `asked`: what the case waits for, if anything."""
    found = []
    if _may_have_time(asked, now) and completing(ticket.kind).supply.extension:
        found.append(Wish.MORE_TIME)
    if answer_to_judge(ticket) is not None:
        found.append(Wish.CONTEST)
    if ticket.state in OPEN:
        found.append(Wish.WITHDRAW)
    return tuple(found)


def make_wish(session: Session, wished: Wished, office: Office, now: datetime) -> None:
    """Keeps the words and tells the office that has the case. Raises ActNotAllowed, NotUnderstood without words."""
    ticket, asked = wished.ticket, open_suspensions(session, [wished.ticket.id]).get(wished.ticket.id)
    if wished.wish not in possible_wishes(ticket, asked, now):
        raise ActNotAllowed("Su caso cambió mientras tanto: mire aquí en qué va.")
    message = say(session, ticket, "citizen", wished.text, now)
    letters.forward_message(session, message, office, now)
    record(
        session, ticket.id, wished.wish, "citizen", now, message=message.id, text_sha256=digest_of_text(message.text)
    )
    if wished.wish is Wish.MORE_TIME:
        give_more_time(session, ticket, "citizen", office, now)


def _may_have_time(asked: Suspension | None, now: datetime) -> bool:
    if asked is None or asked.cause != Cause.COMPLETION or asked.until is None or asked.extended_until is not None:
        return False
    return now.astimezone(BOGOTA).date() <= asked.until

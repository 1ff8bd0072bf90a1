"""What lacks so that it can be answered?  Asked once, within ten days; the clock stands still (CPACA art. 17).

The person has a month, and another one on asking for it; a claim about personal data has numbers of its own
(`terms.completing`). What arrives is looked at by a person, who takes the
petition as complete; the clock goes on from the day after the person sent it, not from that decision.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.terms.spanish import long_date
from pqr.tickets import letters
from pqr.tickets.claiming import owe_mark, release_mark
from pqr.tickets.duties import ASK_TO_COMPLETE, settle
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.issuing import issue_document
from pqr.tickets.models import Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import Act, State, after
from pqr.tickets.suspensions import Suspension, open_suspension, resume, suspend

_DONE = {Cause.COMPLETION: "petition_completed", Cause.CLARIFICATION: "clarified"}


@dataclass(frozen=True)
class Request:
    """What is asked of the person. `text`: as the person reads it. `author`: secretaria:<code> or user:<id>."""

    ticket: Ticket
    text: str
    author: str


@dataclass(frozen=True)
class Completion:
    """The petition is complete, or clear. `supplied_on`: the day on which the person sent what it lacked."""

    ticket: Ticket
    supplied_on: date
    actor: str


def ask_to_complete(session: Session, request: Request, office: Office, now: datetime) -> Suspension:
    """Stops the clock and tells the person what lacks and until when.

    Raises ActNotAllowed after the last day to ask, once the term ended, or where it was asked before; NotUnderstood
    for no words.
    """
    state = after(request.ticket.state, Act.ASK_TO_COMPLETE)
    rule = completing(request.ticket.kind)
    until = office.calendar.add_months(now.astimezone(BOGOTA).date(), rule.supply.length)
    asked = ask_and_wait(session, request, Suspension(cause=Cause.COMPLETION, until=until), office, now)
    request.ticket.state = state
    release_mark(session, request.ticket)
    return asked


def ask_and_wait(session: Session, request: Request, asked: Suspension, office: Office, now: datetime) -> Suspension:
    """Stops the clock for what is asked of the person, keeps the words and writes to the person."""
    ticket, asked.requested_at = request.ticket, now
    suspend(session, ticket, asked, office)
    settle(session, ticket, ASK_TO_COMPLETE, now=now)
    message = say(session, ticket, request.author, request.text, now)
    asked.message_id = message.id
    assert asked.until is not None
    rule = completing(ticket.kind)
    name = rule.event if asked.cause == Cause.COMPLETION else "clarification_requested"
    values = {"message": message, "until": asked.until, "may_ask_for_more": bool(rule.supply.extension)}
    values["cited"] = rule.cited
    document = issue_document(session, ticket, f"{asked.cause}_request", values, office, now)
    record(
        session, ticket.id, name, request.author, now, message=message.id, text_sha256=digest_of_text(message.text),
        until=asked.until.isoformat(), elapsed=ticket.elapsed, **document.facts(),
    )  # fmt: skip
    return asked


def give_more_time(session: Session, ticket: Ticket, actor: str, office: Office, now: datetime) -> Suspension:
    """As long again, since the person asked for it before the end (CPACA art. 17 inc. 3). Raises ActNotAllowed."""
    after(ticket.state, Act.GIVE_TIME)
    asked, supply = open_suspension(session, ticket), completing(ticket.kind).supply
    if asked.cause != Cause.COMPLETION or asked.until is None:
        raise ActNotAllowed("La ley da más plazo para completar la petición, no para aclararla (CPACA, art. 19).")
    if not supply.extension:
        raise ActNotAllowed(f"La ley no amplía este plazo: son {supply.length} meses ({supply.source}).")
    if asked.extended_until is not None:
        raise ActNotAllowed(f"Ya se le dio más plazo, hasta el {long_date(asked.extended_until)} (CPACA, art. 17).")
    if now.astimezone(BOGOTA).date() > asked.until:
        raise ActNotAllowed(
            f"El plazo de la persona terminó el {long_date(asked.until)}: debía pedir más antes de ese día "
            "(CPACA, art. 17)."
        )
    asked_on = asked.requested_at.astimezone(BOGOTA).date()
    asked.supplied_at = None  # what the person wrote was that more time is needed
    asked.extended_until = office.calendar.add_months(asked_on, supply.length + supply.extension)
    letter = letters.to_petitioner(session, ticket, "completion_extended", {"until": asked.extended_until}, office, now)
    record(
        session, ticket.id, "completion_extended", actor, now,
        before=asked.until.isoformat(), until=asked.extended_until.isoformat(), by_mail=letter is not None,
    )  # fmt: skip
    return asked


def say_still_lacking(session: Session, request: Request, office: Office, now: datetime) -> Suspension:
    """What came is not yet what lacked: tells the person, whose time stays as it was. Raises ActNotAllowed."""
    ticket = request.ticket
    after(ticket.state, Act.COMPLETE)
    asked = open_suspension(session, ticket)
    if asked.supplied_at is None or asked.last_day is None:
        raise ActNotAllowed("La persona no ha enviado nada desde que se le pidió.")
    message = say(session, ticket, request.author, request.text, now)
    asked.supplied_at = None
    values = {"message": message, "until": asked.last_day, "over": asked.last_day < now.astimezone(BOGOTA).date()}
    letter = letters.to_petitioner(session, ticket, "still_lacking", values, office, now)
    record(
        session, ticket.id, "still_lacking", request.author, now, message=message.id,
        text_sha256=digest_of_text(message.text), until=asked.last_day.isoformat(), by_mail=letter is not None,
    )  # fmt: skip
    return asked


def complete(session: Session, completion: Completion, office: Office, now: datetime) -> Ticket:
    """Takes what the person sent as what lacked: the clock goes on after that day. Raises ActNotAllowed."""
    ticket = completion.ticket
    state = after(ticket.state, Act.COMPLETE)
    asked = open_suspension(session, ticket)
    at = instant_on(completion.supplied_on, asked, now)
    clock = resume(session, ticket, at, office)
    ticket.state = state if ticket.secretaria_id is not None else State.FILED
    if asked.cause == Cause.COMPLETION:
        owe_mark(session, ticket, completion.supplied_on, office, now)
    record(
        session, ticket.id, _DONE[Cause(asked.cause)], completion.actor, now,
        supplied_on=completion.supplied_on.isoformat(), due_on=ticket.due_on.isoformat(), left_none=clock.left_none,
    )  # fmt: skip
    values = {"suspension": asked, "supplied_on": completion.supplied_on}
    letters.to_petitioner(session, ticket, "resumed", values, office, now)
    return ticket


def instant_on(day: date, asked: Suspension, now: datetime) -> datetime:
    """When on that day it came: the hour that is known, else noon. Raises ActNotAllowed for a day that cannot be."""
    first, today = asked.requested_at.astimezone(BOGOTA).date(), now.astimezone(BOGOTA).date()
    if not first <= day <= today:
        raise ActNotAllowed(f"La fecha va del {long_date(first)}, cuando se suspendió el plazo, a hoy.")
    known = asked.supplied_at
    if known is not None and known.astimezone(BOGOTA).date() == day:
        return known
    return min(max(datetime.combine(day, time(12), BOGOTA), asked.requested_at), now)

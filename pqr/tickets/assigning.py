"""Who answers it?  To an office, from one office to another, or back to the desk. The term never restarts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.secretarias.models import Secretaria
from pqr.terms.deadlines import receipt_date
from pqr.tickets import indexing, letters
from pqr.tickets.duties import TO_TRANSFER, settle
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after


@dataclass(frozen=True)
class Assignment:
    """`reason`: why this office. `actor`: who decides (see Event.actor)."""

    ticket: Ticket
    secretaria: Secretaria
    reason: str
    actor: str


def assign(session: Session, assignment: Assignment, office: Office, now: datetime) -> Ticket:
    """Gives the ticket to an office and writes to it. Raises ActNotAllowed where the state does not admit it."""
    ticket = assignment.ticket
    before = ticket.secretaria
    hand(ticket, assignment.secretaria, office, now)
    indexing.open_to(session, ticket.id, assignment.secretaria.id)
    for each in session.scalars(select(Ticket).where(Ticket.duplicate_of_id == ticket.id)):
        put_into_hands(each, office, now)
    settle(session, ticket, *TO_TRANSFER, now=now)  # somebody has decided that it is the entity's own
    announce(session, assignment, office, now, before)
    return ticket


def hand(ticket: Ticket, secretaria: Secretaria, office: Office, now: datetime) -> None:
    """The ticket's own half of it, which needs no database: a petition that is just filed has nothing else."""
    ticket.state = after(ticket.state, Act.ASSIGN)
    ticket.secretaria, ticket.doubted_at = secretaria, None
    put_into_hands(ticket, office, now)


def announce(
    session: Session, assignment: Assignment, office: Office, now: datetime, before: Secretaria | None = None
) -> None:
    """Records that it was handed over, and writes to the office. `before`: who had it."""
    ticket = assignment.ticket
    record(
        session, ticket.id, "reassigned" if before else "assigned", assignment.actor, now,
        secretaria=assignment.secretaria.code, before=before.code if before else None, reason=assignment.reason,
    )  # fmt: skip
    letters.tell_secretaria(session, ticket, office, now)


def put_into_hands(ticket: Ticket, office: Office, now: datetime) -> None:
    """Fixes when an office first had the petition, by itself or with the one that it is merged into."""
    if ticket.first_assigned_at is None:
        ticket.first_assigned_at = now
        ticket.reception_days = office.calendar.business_days_between(
            ticket.day_zero, receipt_date(now, office.closing_rule, office.calendar)
        )


@dataclass(frozen=True)
class Return:
    """An office says that the petition is not its own. `reason`: its words, kept on the case for the desk."""

    ticket: Ticket
    reason: str
    actor: str


def return_to_desk(session: Session, returned: Return, now: datetime) -> Ticket:
    """Puts the ticket back in the desk's queue. Raises ActNotAllowed when it is not with an office."""
    ticket = returned.ticket
    ticket.state = after(ticket.state, Act.RETURN)
    before = ticket.secretaria.code if ticket.secretaria else None
    ticket.secretaria = None
    record(session, ticket.id, "returned", returned.actor, now, before=before, reason=returned.reason[:500])
    return ticket

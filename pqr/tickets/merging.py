"""Which petitions are one matter?  A duplicate is answered with its main one, and stays a petition of its own.

Merged is not closed: whoever asked has a right to an answer in time (CPACA arts. 13 and 14), so the duplicate keeps
its radicado, its history, its term and its reminders, stays in the queue, and may still be answered by itself. When
the main one is answered, so is each duplicate, with its own exit number and letter (`answering`). It is closed as
answered when its own petitioner has that letter, never as "duplicate" before.

One petitioner is never shown to another: who did not write from the same address is told nothing of the other
petition, and gets the same words only where they neither name the other one nor carry files. Where they do, the
duplicate stays open and waits for an official.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.tickets import letters
from pqr.tickets.assigning import put_into_hands
from pqr.tickets.events import history, record
from pqr.tickets.indexing import giving_away
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.states import OPEN
from pqr.tickets.words import words_of


@dataclass(frozen=True)
class Merge:
    """`ticket` asks the same as `into`. `actor`: user:<id>."""

    ticket: Ticket
    into: Ticket
    reason: str
    actor: str


@dataclass(frozen=True)
class Separation:
    """`ticket` is to be answered by itself again. `actor`: user:<id>."""

    ticket: Ticket
    reason: str
    actor: str


def merge(session: Session, merged: Merge, office: Office, now: datetime) -> Ticket:
    """Marks the duplicate and tells its petitioner; returns the main ticket, which is that of `into` if it has one.

    Raises ActNotAllowed where they cannot be answered together.
    """
    ticket = merged.ticket
    main = hold(session, merged.into.duplicate_of_id or merged.into.id)
    _check(session, ticket, main)
    ticket.duplicate_of_id = main.id
    if main.first_assigned_at is not None:
        put_into_hands(ticket, office, now)
    record(session, ticket.id, "merged", merged.actor, now, into=main.radicado, reason=merged.reason)
    record(session, main.id, "merged_into_this", merged.actor, now, duplicate=ticket.radicado, reason=merged.reason)
    letters.tell_merged(session, ticket, main.radicado if same_person(ticket, main) else "", office, now)
    return main


def unmerge(session: Session, apart: Separation, office: Office, now: datetime) -> Ticket:
    """Leaves the ticket as it was before, and tells its petitioner. Raises ActNotAllowed once it was answered."""
    ticket = apart.ticket
    if ticket.duplicate_of_id is None:
        raise ActNotAllowed("Esta petición no está unida a otra.")
    if ticket.state not in OPEN:
        raise ActNotAllowed("Ya se respondió junto con la otra: no se puede separar.")
    main = session.get_one(Ticket, ticket.duplicate_of_id)
    ticket.duplicate_of_id = None
    if not any(event.kind == "assigned" for event in history(session, ticket.id)):
        ticket.first_assigned_at, ticket.reception_days = None, None
    record(session, ticket.id, "unmerged", apart.actor, now, before=main.radicado, reason=apart.reason)
    record(session, main.id, "unmerged_from_this", apart.actor, now, duplicate=ticket.radicado, reason=apart.reason)
    letters.tell_separated(session, ticket, office, now)
    return main


def merged_into(session: Session, ticket: Ticket) -> Sequence[Ticket]:
    """The duplicates of the ticket, oldest first."""
    return session.scalars(select(Ticket).where(Ticket.duplicate_of_id == ticket.id).order_by(Ticket.id)).all()


def same_person(one: Ticket, other: Ticket) -> bool:
    """Whether letters about both go to one mailbox. A document's number is no proof: anybody may type it."""
    address = one.petitioner.email if one.petitioner else ""
    return bool(address) and other.petitioner is not None and other.petitioner.email == address


def may_be_shared(answer: Answer, duplicate: Ticket, files: int) -> bool:
    """Whether the duplicate's petitioner may read this answer to the main one as it is. `files`: that go with it."""
    if same_person(answer.ticket, duplicate):
        return True
    return not files and not _tells_of(answer.text, answer.ticket)


def _tells_of(text: str, ticket: Ticket) -> bool:
    known = frozenset(giving_away(ticket.petitioner)) if ticket.petitioner else frozenset[str]()
    return ticket.radicado in text.upper() or not known.isdisjoint(words_of(text))


def hold(session: Session, ticket_id: int) -> Ticket:
    """The ticket as it is now, held until the transaction ends, so that nobody answers it meanwhile.

    A main one is held before its duplicate, as when it is answered: else two could wait for one another.
    """
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update(of=Ticket)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _check(session: Session, ticket: Ticket, main: Ticket) -> None:
    if ticket.duplicate_of_id is not None:
        raise ActNotAllowed("Esta petición ya está unida a otra: sepárela antes.")
    if ticket.id == main.id:
        raise ActNotAllowed("Una petición no se une consigo misma, ni con una que está unida a ella.")
    if ticket.state not in OPEN or main.state not in OPEN:
        raise ActNotAllowed("Solo se unen peticiones que esperan respuesta.")
    if (ticket.identity == Identity.RESERVED) != (main.identity == Identity.RESERVED):
        raise ActNotAllowed("Una petición con identidad reservada no se une con una que no la tiene.")
    if merged_into(session, ticket):
        raise ActNotAllowed("Otras peticiones están unidas a esta: una la otra a esta, o sepárelas antes.")

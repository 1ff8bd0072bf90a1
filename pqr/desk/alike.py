"""Which other petitions does a ticket's page speak of?  Only those that its reader may open.

Those that it is answered with, those that seem to ask the same, and the others of whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.desk.access import Officer
from pqr.desk.petitioner import sees_contact
from pqr.tickets.likeness import Like, likely_duplicates, others_of_the_person
from pqr.tickets.merging import merged_into
from pqr.tickets.models import Identity, Petitioner, Ticket
from pqr.tickets.search import Reach
from pqr.tickets.states import OPEN


@dataclass(frozen=True)
class Alike:
    """`main`: with which it is answered; `merged`: those that are answered with it; `open`: it waits for an answer."""

    main: Like | None
    merged: Sequence[Like]
    likely: Sequence[Like]
    others: Sequence[Like]
    open: bool


def read_alike(session: Session, ticket: Ticket, reader: Officer) -> Alike:
    """Those that seem alike are looked for only while the ticket waits for an answer of its own."""
    reach, knows, is_open = Reach(reader.only_office), sees_contact(ticket, reader), ticket.state in OPEN
    main = session.get(Ticket, ticket.duplicate_of_id) if ticket.duplicate_of_id else None
    return Alike(
        main=_like(main) if main is not None and reader.may(Right.READ, main) else None,
        merged=[_like(each) for each in merged_into(session, ticket) if reader.may(Right.READ, each)],
        likely=likely_duplicates(session, ticket, reach, by_person=knows) if is_open and main is None else (),
        others=others_of_the_person(session, ticket, reach) if knows else (),
        open=is_open,
    )


def already_asked(session: Session, document_number: str, reader: Officer) -> Sequence[Like]:
    """What the person with this document has filed by name, newest first: asked before the next is filed."""
    same = Ticket(identity=Identity.NAMED, petitioner=Petitioner(document_number=document_number, email=""))
    return others_of_the_person(session, same, Reach(reader.only_office))


def _like(ticket: Ticket) -> Like:
    return Like(ticket.radicado, ticket.subject, ticket.state)

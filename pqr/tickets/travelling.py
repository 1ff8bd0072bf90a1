"""Where does a petition go by itself?  To the office whose it surely is, unless somebody has to read it first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.secretarias import routing
from pqr.secretarias.directory import topic_words
from pqr.secretarias.models import Secretaria
from pqr.secretarias.routing import Routing
from pqr.terms.kinds import TicketKind
from pqr.terms.transferring import transfer_step
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.duties import owe
from pqr.tickets.models import Identity, Ticket


@dataclass(frozen=True)
class Way:
    """Where a petition goes by itself. `assignment`: only where that is sure and nobody has to read it first."""

    transfer_to: str = ""
    assignment: Assignment | None = None


def route(session: Session, ticket: Ticket, office: Office, now: datetime) -> None:
    """Hands it over to its office where that is sure, and nobody has to read it first."""
    way = find_way(session, ticket, office)
    if way.assignment is not None:
        assign(session, way.assignment, office, now)
    owe_transfer(session, ticket, way, office, now)


def find_way(session: Session, ticket: Ticket, office: Office) -> Way:
    """Reads only: the ticket may have no row yet. Where it is sure, the topic is noted on it."""
    reserved = ticket.identity == Identity.RESERVED
    if not routing.travels_alone(TicketKind(ticket.kind), reserved) or routing.accuses(ticket.subject, ticket.body):
        return Way()
    proposal = propose_routing(session, ticket)
    if office.routing == "desk" or not proposal.sure or ticket.doubted_at is not None:
        return Way(proposal.transfer_to)
    ticket.topic_id = proposal.topic_id
    secretaria = session.get_one(Secretaria, proposal.secretaria_id)
    if not secretaria.active or secretaria.external:
        return Way(proposal.transfer_to)
    why = "palabras: " + ", ".join(proposal.words) if proposal.words else "tema elegido"
    return Way(proposal.transfer_to, Assignment(ticket, secretaria, why, "system"))


def owe_transfer(session: Session, ticket: Ticket, way: Way, office: Office, now: datetime) -> None:
    """Makes the transfer due, where the petition is another entity's."""
    if way.transfer_to and ticket.secretaria is None:  # whoever reads it has five days for that, not fifteen
        owe(session, ticket, transfer_step(TicketKind(ticket.kind)), ticket.day_zero, office, now)


def propose_routing(session: Session, ticket: Ticket) -> Routing:
    """Which office the ticket seems to be for, and why; not sure where it must not travel by itself."""
    topics = topic_words(session)
    if ticket.topic_id is not None:
        return routing.by_topic(ticket.topic_id, topics)
    return routing.by_words(ticket.subject, ticket.body, topics)

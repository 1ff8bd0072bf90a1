"""How many persons asked?  Two petitions of one person count once (CPACA art. 22: "más de diez personas").

Whoever is anonymous or asked for reserve counts as one, petition by petition, on their good faith (Constitución,
art. 83): to compare them with the others would say who they are.
"""

from collections.abc import Iterable, Iterator

from pqr.secretarias.routing import fold
from pqr.tickets.models import Identity, Petitioner, Ticket
from pqr.tickets.register import bare


def persons(tickets: Iterable[Ticket]) -> int:
    """At least so many: one document is one person, and so is one address where nobody gave a document."""
    each = list(tickets)
    named = [ticket.petitioner for ticket in each if ticket.identity == Identity.NAMED and ticket.petitioner]
    return len(each) - len(named) + len(set(_keys(named)))


def hidden(tickets: Iterable[Ticket]) -> int:
    """How many of the petitions are counted one by one."""
    return sum(ticket.identity != Identity.NAMED for ticket in tickets)


def _keys(named: list[Petitioner]) -> Iterator[tuple[str, str]]:
    """One for each person; who gave no document is whoever has the same address, or else the same name."""
    documents = {person.email: bare(person.document_number) for person in named if bare(person.document_number)}
    for person in named:
        number = bare(person.document_number) or (documents.get(person.email, "") if person.email else "")
        if number:
            yield "document", number
        elif person.email:
            yield "email", person.email
        else:
            yield "name", fold(person.name)

"""What does this reader see of who asks?  (Ley 1581 de 2012, art. 4; law of the three kinds of identity.)

An office gets the name of somebody who gave it, never an address; a reserved identity opens only with a reason;
of an anonymous person nothing is shown, not even the address left for the answer.
"""

from pqr.accounts.permissions import Right
from pqr.desk.access import Officer
from pqr.desk.wording import ANSWER_WAYS
from pqr.portal.choices import PETITIONER_TYPES
from pqr.tickets.letters import name_for_office
from pqr.tickets.models import Identity, Petitioner, Ticket

Rows = list[tuple[str, str]]


def shown(ticket: Ticket, reader: Officer, revealed: bool = False) -> Rows:
    """Label and value, ready to be read. `revealed`: the reader has just given the reason."""
    person = ticket.petitioner
    if person is None or ticket.identity == Identity.ANONYMOUS:
        return [("Persona", "Anónima")]
    open_to_reader = revealed or sees_contact(ticket, reader)
    if not open_to_reader:
        return [("Persona", name_for_office(ticket))]
    return _everything(person)


def sees_contact(ticket: Ticket, reader: Officer) -> bool:
    """Whether the reader may see the petitioner's addresses without giving a reason."""
    return ticket.identity == Identity.NAMED and reader.may(Right.CONTACT, ticket)


def can_reveal(ticket: Ticket, reader: Officer) -> bool:
    """Whether there is an identity to reveal and the reader may ask for it."""
    has_one = ticket.identity == Identity.RESERVED and ticket.petitioner is not None
    return has_one and reader.may(Right.REVEAL, ticket)


def _everything(person: Petitioner) -> Rows:
    rows = [
        ("Persona", person.name or "No dio su nombre"),
        ("Presenta", PETITIONER_TYPES.get(person.kind, "") if person.kind != "natural" else ""),
        ("Documento", f"{person.document_type} {person.document_number}".strip()),
        ("Responder", ANSWER_WAYS.get(person.answer_by, "")),
        ("Notificación electrónica", "La acepta" if person.accepts_electronic_notification else "No la ha aceptado"),
        ("Correo", person.email),
        ("Teléfono", person.phone),
        ("Dirección", ", ".join(part for part in (person.address, person.municipality) if part)),
    ]
    return [(label, value) for label, value in rows if value]

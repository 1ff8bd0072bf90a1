"""Who has written before?  What somebody said of themselves the last time, by document; only where the name is known.

Of who asked for reserve or is anonymous nothing is found here, not even by the right number.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pqr.tickets.models import Identity, Petitioner, Ticket


def spellings(number: str) -> Sequence[str]:
    """How the same document's number may have been written: as it is, in figures alone, with points."""
    bare = "".join(letter for letter in number if letter.isalnum())
    dotted = f"{int(bare):,}".replace(",", ".") if bare.isascii() and bare.isdigit() else bare
    return [each for each in dict.fromkeys((number.strip(), bare, dotted)) if each]


def latest_of_document(session: Session, number: str) -> Petitioner | None:
    """The latest entry of whoever gave this document with the name; None where nobody did."""
    written = spellings(number)
    newest = _named().where(Petitioner.document_number.in_(written)).order_by(Petitioner.id.desc()).limit(1)
    return session.scalar(newest) if written else None


def _named() -> Select[Petitioner]:
    return (
        select(Petitioner).join(Ticket, Ticket.petitioner_id == Petitioner.id).where(Ticket.identity == Identity.NAMED)
    )

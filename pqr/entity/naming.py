"""Which name and data hold?  The settings page's over the environment's; and no other place decides it."""

from dataclasses import fields, replace

from sqlalchemy.orm import Session

from pqr.about import About
from pqr.config import Office
from pqr.entity.models import ONLY, EntityRow
from pqr.settled import kept


def known_as(session: Session, office: Office) -> Office:
    """The office with the name and the data that an administrator wrote, if any did."""
    written = kept(session, "entity", _read)
    return office if written is None else replace(office, entity=written[0], about=written[1])


def _read(session: Session) -> tuple[str, About] | None:
    row = session.get(EntityRow, ONLY)
    return None if row is None else (row.name, About(**{each.name: getattr(row, each.name) for each in fields(About)}))

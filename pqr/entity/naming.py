"""Which name and data hold?  The settings page's over the environment's; and no other place decides it."""

from dataclasses import fields, replace

from sqlalchemy.orm import Session

from pqr.about import About
from pqr.config import Office
from pqr.entity.models import ONLY, EntityRow


def known_as(session: Session, office: Office) -> Office:
    """The office with the name and the data that an administrator wrote, if any did."""
    row = session.get(EntityRow, ONLY)
    if row is None:
        return office
    about = About(**{each.name: getattr(row, each.name) for each in fields(About)})
    return replace(office, entity=row.name, about=about)

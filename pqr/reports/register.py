"""Is the petitioners' register clean?  The action plan's "bases depuradas": 100 % is its goal."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pqr.reports.indicator import Share
from pqr.tickets.register import Entry, likely_same, read_register


def clean_register(session: Session) -> Share:
    """The share of the register's entries without a likely duplicate on which nobody has decided."""
    return clean_share(read_register(session))


def clean_share(entries: Sequence[Entry]) -> Share:
    """The same of entries that were read already."""
    open_ones = sum(len(group.entries) for group in likely_same(entries) if not group.is_decided)
    return Share(len(entries) - open_ones, len(entries))

"""Which messages wait for nobody?  What the service set aside by itself and what a person discarded, always in sight.

Those about a case whose petitioner is reserved or anonymous are shown to nobody, as in the case itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pqr.mail.inbox import IS_APART, InboxMail
from pqr.tickets.models import Identity, Ticket

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Up to `PAGE` messages, latest first; `after` is the key of the next page, empty on the last one."""

    mails: Sequence[InboxMail]
    after: str


def set_aside(session: Session, after: str = "") -> Page:
    """The messages that follow the key `after`; one that cannot be read gives the first page."""
    shown = or_(InboxMail.ticket_id.is_(None), Ticket.identity == Identity.NAMED)
    query = select(InboxMail).join(Ticket, isouter=True).where(IS_APART, shown)
    if after.isascii() and after.isdigit() and len(after) <= 18:  # what both databases can hold
        query = query.where(InboxMail.id < int(after))
    found = session.scalars(query.order_by(InboxMail.id.desc()).limit(PAGE + 1)).all()
    mails = found[:PAGE]
    return Page(mails, str(mails[-1].id) if len(found) > PAGE else "")

"""How does the service stand?  The one place that asks, for the state page, `/readyz`, `/metrics` and the alarms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from pqr.backups.models import latest
from pqr.mail.inbox import IS_OPEN, InboxMail, count_waiting
from pqr.mail.outbox import IS_QUEUED, IS_UNSENT, Letter, LetterState
from pqr.reports.exports import Export, ExportState
from pqr.sharing.delivering import given_up_since
from pqr.sharing.models import Delivery
from pqr.tickets.anchoring import Anchor
from pqr.tickets.counting import COUNT_AT_MOST, counts
from pqr.tickets.models import Ticket
from pqr.tickets.queries import Scope, View
from pqr.watching.models import Checkup
from pqr.watching.rules import Facts, Look

LATELY = timedelta(days=7)
OLDEST_MAIL = select(func.min(InboxMail.received_at)).where(IS_OPEN)
# Not one that was tried and waits for its next turn: somebody works on that.
OLDEST_LETTER = select(func.min(Letter.created_at)).where(IS_QUEUED, Letter.attempts == 0)
_FIRST_PETITION = select(Ticket.filed_at).order_by(Ticket.id).limit(1)
QUEUES: dict[str, Select[int]] = {  # the ledgers are the queues: the broker only says "look"
    "mail_in": select(func.count(InboxMail.id)).where(IS_OPEN),
    "mail_out": select(func.count(Letter.id)).where(IS_QUEUED),
    "exports": select(func.count(Export.id)).where(Export.state == ExportState.WAITING),
    "webhooks": select(func.count(Delivery.id)).where(text("state = 'queued'")),
}
_FAILED = select(func.count(Letter.id)).where(IS_UNSENT, Letter.state == LetterState.FAILED)


@dataclass(frozen=True)
class Gauge:
    """One number of the moment, for `/metrics`. `labels`: never anything of a person."""

    name: str
    meaning: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def facts(session: Session, now: datetime) -> Facts:
    """What the rules judge; what only the machine knows (its disk) is the door's to add."""
    copy = latest(session)
    return Facts(
        engine=session.get_bind().dialect.name,
        first_petition_at=session.scalar(_FIRST_PETITION),
        copied_at=copy.made_at if copy else None,
        copy_is_encrypted=bool(copy and copy.encrypted),
        sealed_at=session.scalar(select(func.max(Anchor.made_at))),
        oldest_mail=session.scalar(OLDEST_MAIL),
        oldest_letter=session.scalar(OLDEST_LETTER),
        letters_waiting=session.scalar(QUEUES["mail_out"]) or 0,
        letters_failed=session.scalar(_FAILED) or 0,
        untold=tuple(given_up_since(session, now - LATELY)),
        looks=looks(session),
    )


def looks(session: Session) -> tuple[Look, ...]:
    """What was looked at, when, and what came of it."""
    rows = session.scalars(select(Checkup).order_by(Checkup.name))
    return tuple(Look(each.name, each.every, each.ran_at, each.well_at, each.said, each.trouble) for each in rows)


def gauges(session: Session, today: date, soon: date, now: datetime) -> Iterator[Gauge]:
    """Every number of the moment, by what waits and not by what exists. `soon`: the last day of what is due soon."""
    for name, depth in QUEUES.items():
        yield Gauge("pqr_queue_depth", "What waits in each ledger", session.scalar(depth) or 0, (("queue", name),))
    for name, oldest in (("mail_in", OLDEST_MAIL), ("mail_out", OLDEST_LETTER)):
        age = _seconds(session.scalar(oldest), now)
        yield Gauge("pqr_oldest_waiting_seconds", "Age of the oldest that nobody took yet", age, (("queue", name),))
    yield Gauge("pqr_letters_failed", "Letters given up, for a person to look at", session.scalar(_FAILED) or 0)
    yield Gauge("pqr_mails_for_a_person", "Mails that wait for a person", count_waiting(session, COUNT_AT_MOST))
    found = counts(session, Scope(today, soon))
    for view, name in ((View.OPEN, "open"), (View.SOON, "due_soon"), (View.OVERDUE, "overdue")):
        yield Gauge("pqr_tickets", f"Open petitions, counted up to {COUNT_AT_MOST}", found[view], (("state", name),))
    copy = latest(session)
    if copy is not None:
        yield Gauge("pqr_backup_age_seconds", "Since the last copy of everything", _seconds(copy.made_at, now))
    for look in looks(session):
        age, labels = _seconds(look.well_at, now), (("name", look.name),)
        yield Gauge("pqr_checkup_age_seconds", "Since this was last done or found well", age, labels)
        yield Gauge("pqr_checkup_trouble", "1 while the last time found trouble", bool(look.trouble), labels)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0

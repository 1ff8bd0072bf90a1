"""What becomes of a delivery?  Claimed, tried, settled; again with growing pauses for three days, then given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pqr.sharing.calling import GONE, Outcome
from pqr.sharing.hooks import pause
from pqr.sharing.models import Delivery, Webhook

LEASE = timedelta(minutes=5)  # longer than a call may take
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
MAX_ATTEMPTS = len(PAUSES) + 1
# Written out, as the indexes need it.
_QUEUED, _FAILED = text("webhook_deliveries.state = 'queued'"), text("webhook_deliveries.state = 'failed'")
QUEUED, SENT, FAILED = "queued", "sent", "failed"


@dataclass(frozen=True)
class Call:
    """What is needed to make it, while no transaction is open."""

    delivery_id: int
    url: str
    secret: str
    message_id: str
    body: bytes


def claim(session: Session, now: datetime) -> Call | None:
    """The one that waits longest, held for `LEASE`; None when nothing is due. Those of a paused program wait."""
    due = (
        select(Delivery, Webhook)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(_QUEUED, Delivery.next_try_at <= now, Webhook.active)
        .order_by(Delivery.next_try_at, Delivery.id)
        .limit(1)
    )
    row = session.execute(due.with_for_update(of=Delivery, skip_locked=True)).one_or_none()
    if row is None:
        return None
    delivery, hook = row
    delivery.next_try_at, delivery.attempts = now + LEASE, delivery.attempts + 1
    return Call(delivery.id, hook.url, hook.secret, delivery.message_id, delivery.body.encode())


def give_up(session: Session, now: datetime) -> Sequence[Delivery]:
    """Those whose last try was never settled, because the service stopped in the middle of it."""
    lost = select(Delivery).where(_QUEUED, Delivery.next_try_at <= now, Delivery.attempts >= MAX_ATTEMPTS)
    found = session.scalars(lost.with_for_update(skip_locked=True)).all()
    for delivery in found:
        delivery.state = FAILED
    return found


def given_up_since(session: Session, since: datetime) -> Sequence[str]:
    """The names of the programs to which something that is not older could not be told."""
    lost = select(Delivery.webhook_id).where(_FAILED, Delivery.created_at >= since)
    return session.scalars(select(Webhook.name).where(Webhook.id.in_(lost)).order_by(Webhook.name)).all()


def settle(session: Session, delivery_id: int, outcome: Outcome, now: datetime) -> Delivery:
    """What the try came to; a program that says it is gone is paused."""
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
    delivery.answered, delivery.last_error = outcome.status, outcome.error[:200]
    if not outcome.error:
        delivery.state, delivery.sent_at = SENT, now
    elif outcome.status == GONE or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = FAILED
    else:
        delivery.next_try_at = now + PAUSES[delivery.attempts - 1]
    if outcome.status == GONE:
        pause(session.get_one(Webhook, delivery.webhook_id))
    return delivery

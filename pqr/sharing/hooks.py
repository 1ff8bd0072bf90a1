"""Which programs are told?  Subscribed, paused and resumed by the staff; each has a secret that is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.sharing.models import Delivery, Webhook, WebhookMark
from pqr.sharing.signing import new_secret
from pqr.tickets.events import Event

ONLY = 1
BEHIND = 1000  # events that an act under way may still write below the last number


@dataclass(frozen=True)
class NewHook:
    """`events`: of `telling.Told`."""

    name: str
    url: str
    events: tuple[str, ...]


def subscribe(session: Session, new: NewHook, now: datetime) -> Webhook:
    """The row, with its secret: it is told what happens from now on."""
    _skip_the_past(session)
    hook = Webhook(
        name=new.name, url=new.url, events=list(new.events), secret=new_secret(), since=now, created_at=now, active=True
    )
    session.add(hook)
    return hook


def pause(hook: Webhook) -> None:
    """It is told nothing; what it is owed waits."""
    hook.active = False


def resume(session: Session, hook: Webhook, now: datetime) -> None:
    """It is told again, from now on; what was owed when it was paused is tried at once."""
    if hook.active:
        return
    _skip_the_past(session)
    hook.active, hook.since = True, now


def latest(session: Session, hook: Webhook, limit: int = 30) -> Sequence[Delivery]:
    """What it was told last, newest first."""
    query = select(Delivery).where(Delivery.webhook_id == hook.id).order_by(Delivery.id.desc()).limit(limit)
    return session.scalars(query).all()


def all_hooks(session: Session) -> Sequence[Webhook]:
    """Those that are told first, by name."""
    return session.scalars(select(Webhook).order_by(Webhook.active.desc(), Webhook.name, Webhook.id)).all()


def mark_of(session: Session) -> WebhookMark:
    """Up to where the events were looked through, held against others."""
    mark = session.get(WebhookMark, ONLY, with_for_update=True)
    if mark is None:
        mark = WebhookMark(id=ONLY, event_id=0)
        session.add(mark)
    return mark


def _skip_the_past(session: Session) -> None:
    """Nobody listened: a year of events need not be looked through."""
    if session.scalar(select(Webhook.id).where(Webhook.active).limit(1)) is None:
        last = session.scalar(select(func.max(Event.id))) or 0
        mark_of(session).event_id = max(last - BEHIND, 0)

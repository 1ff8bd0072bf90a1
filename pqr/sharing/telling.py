"""What is told, and is it owed to somebody?  A sweep over the events turns those of interest into deliveries.

The acts know nothing of it. A number is given before its act commits, so an event may appear below one that was seen:
the mark stays ten minutes behind, and what was turned into a delivery before is not again.
"""

import json
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.secretarias.models import Topic
from pqr.sharing.hooks import mark_of
from pqr.sharing.models import Delivery, Webhook
from pqr.sharing.showing import may_be_told, own_name
from pqr.terms.calendar import BOGOTA
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket

SLOWEST_ACT = timedelta(minutes=10)
BATCH = 1000


class Told(StrEnum):
    """What a program may be told."""

    FILED = "filed"
    ANSWERED = "answered"
    CLOSED = "closed"


# Every event that closes: the communication, and the ends without an answer on the merits (see `tickets.closing`).
CLOSING = (
    *("communicated", "answered_by_reference", "transferred", "withdrawn_express", "withdrawn_tacit"),
    *("archived_unclear", "rejected", "voided"),
)
MEANING = {"filed": Told.FILED, "answered": Told.ANSWERED, **dict.fromkeys(CLOSING, Told.CLOSED)}


def sweep(session: Session, office: Office, now: datetime) -> int:
    """Writes what is owed for the events since the mark; returns how many deliveries."""
    hooks = session.scalars(select(Webhook).where(Webhook.active)).all()
    if not hooks:
        return 0
    mark = mark_of(session)
    query = (
        select(Event.id, Event.kind, Event.at, Ticket.id, Ticket.topic_id)
        .join(Ticket, Ticket.id == Event.ticket_id)
        .join(Topic, Topic.id == Ticket.topic_id)
        .where(Event.id > mark.event_id, Event.kind.in_(MEANING), *may_be_told())
        .order_by(Event.id)
        .limit(BATCH)
    )
    events = session.execute(query).all()
    written = select(Delivery.webhook_id, Delivery.event_id).where(Delivery.event_id > mark.event_id)
    before = {(hook_id, event_id) for hook_id, event_id in session.execute(written)}
    fresh = []
    for event_id, kind, at, ticket_id, topic in events:
        told = MEANING[kind]
        owed = [each for each in hooks if told in each.events and at >= each.since]
        body = _body(told, at, own_name(ticket_id, office.keys), topic)
        fresh += [_delivery(each.id, event_id, told, body, now) for each in owed if (each.id, event_id) not in before]
    session.add_all(fresh)
    old = select(func.max(Event.id)).where(Event.id > mark.event_id, Event.at <= now - SLOWEST_ACT)
    reached = session.scalar(old) or mark.event_id
    mark.event_id = min(reached, events[-1][0]) if len(events) == BATCH else reached
    return len(fresh)


def _delivery(hook_id: int, event_id: int, told: Told, body: str, now: datetime) -> Delivery:
    return Delivery(
        webhook_id=hook_id,
        event_id=event_id,
        event=told,
        message_id=f"msg_{secrets.token_hex(16)}",
        body=body,
        next_try_at=now,
        created_at=now,
    )


def _body(told: Told, at: datetime, name: str, topic_id: int | None) -> str:
    """No name, no words, no place, no radicado: whoever reads it learns that something happened, and of what kind."""
    data = {
        "service_request_id": name,
        "service_code": str(topic_id),
        "status": "closed" if told is Told.CLOSED else "open",
    }
    when = at.astimezone(BOGOTA).isoformat(timespec="seconds")
    return json.dumps({"type": f"request.{told}", "timestamp": when, "data": data}, separators=(",", ":"))

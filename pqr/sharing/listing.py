"""What does the list of requests say?  To everybody, of complete months and in kind; to who filed it, the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Subquery, select
from sqlalchemy.orm import Session, joinedload

from pqr.config import Office
from pqr.opaque import number_of
from pqr.secretarias.models import Topic
from pqr.sharing.models import ApiFiling, ApiKey
from pqr.sharing.showing import (
    OF_ITS_OWN,
    counted,
    own_name,
    public_name,
    snapshot,
)
from pqr.terms.calendar import BOGOTA
from pqr.terms.months import later, midnight
from pqr.terms.spanish import long_date
from pqr.tickets.models import Ticket
from pqr.tickets.states import PUBLIC_LABELS, State

MOST = 1000  # as GeoReport v2 wants


@dataclass(frozen=True)
class Asked:
    """Which requests. Instants, both included; `codes`: ids of topics; `closed`: None for both."""

    start: datetime
    end: datetime
    codes: frozenset[int] | None = None
    closed: bool | None = None
    page: int = 1
    page_size: int = MOST


@dataclass(frozen=True)
class Shown:
    """One request as GeoReport tells it, without what is never told: words, place, person, radicado.

    `topic`: None where the desk took it away from an own one.
    """

    name: str
    closed: bool
    notes: str
    topic: Topic | None
    requested: datetime
    updated: datetime | None = None
    expected: datetime | None = None


def public_list(session: Session, asked: Asked, office: Office, now: datetime) -> list[Shown]:
    """Those of complete months whose first instant is in the range; nothing that too few share."""
    taken = snapshot(now)
    first = later(asked.start.astimezone(BOGOTA).date(), 0)
    if midnight(first) < asked.start:
        first = later(first, 1)
    last = later(asked.end.astimezone(BOGOTA).date(), 0)
    rows = counted(first, later(last, 1), taken)
    query = _enough(rows, office)
    if asked.codes is not None:
        query = query.where(rows.c.topic_id.in_(asked.codes))
    if asked.closed is not None:
        query = query.where(rows.c.closed == int(asked.closed))
    query = query.order_by(rows.c.day.desc(), rows.c.id.desc())
    found = _told(session, query.limit(asked.page_size).offset((asked.page - 1) * asked.page_size), taken, office)
    # In no order of arrival: by that alone somebody could find a neighbour's line.
    return sorted(found, key=lambda each: (-each.requested.timestamp(), each.name))


def public_ones(session: Session, names: Sequence[str], office: Office, now: datetime) -> list[Shown]:
    """Those of the present list with these ids."""
    taken = snapshot(now)
    numbers = [number_of(office.keys, f"{OF_ITS_OWN}:{taken.isoformat()}", name) for name in names]
    known = [number for number in numbers if number is not None]
    span = session.scalars(select(Ticket.received_on).where(Ticket.id.in_(known))).all()
    if not span:
        return []
    rows = counted(later(min(span), 0), later(max(span), 1), taken)
    return _told(session, _enough(rows, office).where(rows.c.id.in_(known)), taken, office)


def own_list(session: Session, key: ApiKey, asked: Asked, office: Office) -> list[Shown]:
    """What this key filed in the range, as it stands."""
    query = _own(key).where(Ticket.received_at >= asked.start, Ticket.received_at <= asked.end)
    if asked.codes is not None:
        query = query.where(Ticket.topic_id.in_(asked.codes))
    if asked.closed is not None:
        query = query.where((Ticket.state == State.CLOSED) == asked.closed)
    query = query.order_by(Ticket.id.desc()).limit(asked.page_size).offset((asked.page - 1) * asked.page_size)
    return [_own_one(ticket, office) for ticket in session.scalars(query)]


def own_ones(session: Session, key: ApiKey, names: Sequence[str], office: Office) -> list[Shown]:
    """Those with these ids that this key filed."""
    numbers = [number_of(office.keys, OF_ITS_OWN, name) for name in names]
    query = _own(key).where(Ticket.id.in_([number for number in numbers if number is not None]))
    return [_own_one(ticket, office) for ticket in session.scalars(query.order_by(Ticket.id.desc()))]


def is_filed(session: Session, name: str, office: Office) -> bool:
    """Whether this is the lasting id of something that a program filed."""
    number = number_of(office.keys, OF_ITS_OWN, name)
    return number is not None and session.get(ApiFiling, number) is not None


def _enough(rows: Subquery, office: Office) -> Select[Any]:
    """Counted before anything else is asked of them: a filter must not make few of many, nor many of few."""
    columns = (rows.c.id, rows.c.topic_id, rows.c.day, rows.c.closed)
    return select(*columns).where(rows.c.alike >= office.publish_fewest)


def _told(session: Session, query: Select[Any], taken: date, office: Office) -> list[Shown]:
    topics = {topic.id: topic for topic in session.scalars(select(Topic).options(joinedload(Topic.secretaria)))}
    return [
        Shown(
            public_name(number, taken, office.keys),
            bool(closed),
            f"{'Cerrada' if closed else 'En trámite'} (lista del {long_date(taken)})",
            topics[topic],
            midnight(later(day, 0)),
        )
        for number, topic, day, closed in session.execute(query)
    ]


def _own(key: ApiKey) -> Select[Ticket]:
    query = select(Ticket).join(ApiFiling, ApiFiling.ticket_id == Ticket.id).where(ApiFiling.key_id == key.id)
    return query.options(joinedload(Ticket.topic).joinedload(Topic.secretaria))


def _own_one(ticket: Ticket, office: Office) -> Shown:
    return Shown(
        own_name(ticket.id, office.keys),
        ticket.state == State.CLOSED,
        PUBLIC_LABELS[State(ticket.state)],
        ticket.topic,
        ticket.received_at,
        ticket.closed_at or ticket.answered_at or ticket.first_assigned_at or ticket.filed_at,
        midnight(ticket.due_on),
    )


def offered(session: Session) -> Sequence[Topic]:
    """The services: every topic that citizens may choose, with its office."""
    query = select(Topic).options(joinedload(Topic.secretaria)).where(Topic.active).order_by(Topic.id)
    return session.scalars(query).all()

"""Which cases does a month of open data tell of, and with which facts?  Those received in it whose number holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from pqr.publishing.anonymity import Case
from pqr.publishing.columns import Facts, case_of
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.months import later
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import Outcome
from pqr.tickets.transfers import Transfer

BATCH = 2000


def cases_of(session: Session, month: date, today: date) -> Counter[Case]:
    """How many there are of each, as they stand. Rows are read by the batch and only their labels are kept."""
    return Counter(case_of(facts, today) for facts in _facts(session, month))


def _facts(session: Session, month: date) -> Iterator[Facts]:
    for row in session.execute(_query(month).execution_options(yield_per=BATCH)):
        yield Facts(
            kind=row.kind,
            channel=row.channel,
            outcome=row.outcome,
            decided=row.decided or "",
            transferred_to=row.transferred_to or "",
            office=row.office or "",
            topic=row.topic or "",
            place=row.place,
            received_on=row.received_on,
            due_on=row.due_on,
            is_paused=row.suspended_on is not None,
            in_time=row.in_time,
            closed_on=_day(row.closed_at),
            days_used=row.days_used,
            extended=row.extension > 0,
        )


def _query(month: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Ticket.kind,
            Ticket.channel,
            Ticket.outcome,
            Ticket.place,
            Ticket.received_on,
            Ticket.due_on,
            Ticket.suspended_on,
            Ticket.in_time,
            Ticket.closed_at,
            Ticket.days_used,
            Ticket.extension,
            Secretaria.name.label("office"),
            Topic.name.label("topic"),
            _decided().label("decided"),
            _transferred_to().label("transferred_to"),
        )
        .outerjoin(Secretaria, Secretaria.id == Ticket.secretaria_id)
        .outerjoin(Topic, Topic.id == Ticket.topic_id)
        .where(Ticket.received_on >= month, Ticket.received_on < later(month, 1), Ticket.outcome != Outcome.VOIDED)
    )


def _decided() -> ScalarSelect[str]:
    """What the answer decided: the one with a number that completes no other."""
    given = select(Answer.outcome).where(
        Answer.ticket_id == Ticket.id, Answer.radicado.is_not(None), Answer.completes_id.is_(None)
    )
    return given.order_by(Answer.id).limit(1).scalar_subquery()


def _transferred_to() -> ScalarSelect[str]:
    """To whom the whole of it went."""
    sent = select(Transfer.body_name).where(Transfer.ticket_id == Ticket.id, Transfer.part == "")
    return sent.order_by(Transfer.id.desc()).limit(1).scalar_subquery()


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else in_bogota(moment).date()

"""Does the answer answer, and is it solved?  What people say of it, kept apart from who says it.

That somebody spoke is kept with the ticket, so that nobody is asked or counted twice; what they said goes to the month,
the office, the kind and the channel, and leads back to nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import State


class Surveyed(Model):
    """Whose survey came back."""

    __tablename__ = "surveyed"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)


class Satisfaction(Model):
    """What somebody said, without whom. `month`: its first day."""

    __tablename__ = "satisfaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(index=True)
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    kind: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(10))
    answered: Mapped[bool]
    solved: Mapped[bool]


@dataclass(frozen=True)
class Opinion:
    """`answered`: whether what was asked was answered; `solved`: whether the matter is."""

    answered: bool
    solved: bool


def answer_to_judge(ticket: Ticket) -> Answer | None:
    """The answer that may be judged: one that left and does not wait to be opened."""
    answer = ticket.answer
    if answer is None or not answer.radicado or (answer.must_be_notified and ticket.state != State.CLOSED):
        return None
    return answer


def has_spoken(session: Session, ticket: Ticket) -> bool:
    """Whether this person's survey came back already."""
    return session.get(Surveyed, ticket.id) is not None


def keep_opinion(session: Session, ticket: Ticket, opinion: Opinion, now: datetime) -> bool:
    """Counts it; False, and nothing else, where one of this ticket was counted already."""
    mark = insert(session, Surveyed).values(ticket_id=ticket.id).on_conflict_do_nothing()
    if session.scalar(mark.returning(Surveyed.ticket_id)) is None:
        return False
    session.add(
        Satisfaction(
            month=in_bogota(now).date().replace(day=1),
            secretaria_id=ticket.secretaria_id,
            kind=ticket.kind,
            channel=ticket.channel,
            answered=opinion.answered,
            solved=opinion.solved,
        )
    )
    return True

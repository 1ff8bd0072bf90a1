"""What have the office's own past assignments taught?  Learnt anew every night, and kept for the pages.

Only what an official gave to an office and what ended there teaches; never a complaint, a report of a wrong or a
reserved identity, which do not travel by what their words say.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from pqr.secretarias.learning import Advice, Example, Learned, advise, learn, useful_stems
from pqr.secretarias.models import Lesson, Secretaria
from pqr.secretarias.routing import SENSITIVE_KINDS, accuses
from pqr.tickets.events import Event
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.states import State

LATEST = 20_000


def read_lessons(session: Session) -> list[Learned]:
    """What the latest answered petitions teach; only reads, however long it takes."""
    return learn(list(_examples(session)))


def keep_lessons(session: Session, lessons: Sequence[Learned], now: datetime) -> None:
    """Puts them in the place of last night's."""
    session.execute(delete(Lesson))
    session.add_all(
        Lesson(
            secretaria_id=each.office,
            examples=each.examples,
            tried=each.tried,
            right=each.right,
            counts=dict(each.counts),
            learned_at=now,
        )
        for each in lessons
    )


def advise_on(session: Session, ticket: Ticket) -> Advice | None:
    """The office to which petitions like this one were given; None while there is nothing to say."""
    lessons = session.scalars(select(Lesson).order_by(Lesson.secretaria_id))
    learned = [Learned(row.secretaria_id, row.examples, row.counts, row.tried, row.right) for row in lessons]
    return advise(learned, useful_stems(f"{ticket.subject}\n{ticket.body}"))


def _examples(session: Session) -> Iterator[Example]:
    given = exists().where(
        Event.ticket_id == Ticket.id, Event.kind.in_(("assigned", "reassigned")), Event.actor.startswith("user:")
    )
    query = (
        select(Secretaria.id, Ticket.subject, Ticket.body)
        .join(Secretaria, Secretaria.id == Ticket.secretaria_id)
        .where(Ticket.state.in_((State.ANSWERED, State.CLOSED)), Ticket.identity != Identity.RESERVED)
        .where(Ticket.kind.not_in(SENSITIVE_KINDS), Secretaria.active, ~Secretaria.external, given)
        .order_by(Ticket.id.desc())
        .limit(LATEST)
    )
    for secretaria_id, subject, body in session.execute(query.execution_options(yield_per=1000)):
        if not accuses(subject, body):
            yield Example(secretaria_id, useful_stems(f"{subject}\n{body}"))

"""Which lawful channel takes this answer to this person now?  The facts of the case, put to `terms.notifying`."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.outbox import Letter, LetterState
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import DAYS_TO_COME, Addressee, Step, Way, ladder, next_step
from pqr.tickets.events import Event
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.states import Outcome, State

_TRIED = {
    "notification_sent": Way.ELECTRONIC,
    "cited": Way.CITATION,
    "citation_posted": Way.CITATION_POSTED,
    "notice_sent": Way.NOTICE_SENT,
}
_CITATIONS = frozenset({Way.CITATION, Way.CITATION_POSTED})


@dataclass(frozen=True)
class Reach:
    """How the person is to be reached. `later`: the rungs after the next. `until`: the citation gives time till then.

    `tried`: the channels that were used, whether they served or not.
    """

    notify: bool
    next: Step
    later: tuple[Step, ...]
    tried: frozenset[Way] = frozenset()
    until: date | None = None


def is_unnotified(ticket: Ticket) -> bool:
    """Whether the case ended by an act that has yet to be notified (CPACA art. 17)."""
    return ticket.state == State.CLOSED and ticket.outcome == Outcome.WITHDRAWN_TACIT and not ticket.communicated_at


def addressee(
    session: Session, ticket: Ticket, answer: Answer | None, carrier: str = Outcome.WITHDRAWN_TACIT
) -> Addressee:
    """What is known of who must be reached; an address that sent the letter back is not one.

    `carrier`: the letter that tells of it, where it is no answer.
    """
    person = ticket.petitioner
    if person is None:
        return Addressee(anonymous=ticket.identity == Identity.ANONYMOUS)
    came_back = _came_back(session, ticket, answer, carrier)
    return Addressee(
        anonymous=ticket.identity == Identity.ANONYMOUS,
        email=bool(person.email) and not came_back,
        came_back=came_back,
        address=bool(person.address),
        accepts=person.accepts_electronic_notification,
        by_portal=person.answer_by == "portal",
    )


def _came_back(session: Session, ticket: Ticket, answer: Answer | None, carrier: str) -> bool:
    letter = select(Letter.state).where(Letter.ticket_id == ticket.id).order_by(Letter.id.desc()).limit(1)
    letter = letter.where(Letter.letter == carrier) if answer is None else letter.where(Letter.id == answer.letter_id)
    return session.scalar(letter) in (LetterState.FAILED, LetterState.BOUNCED)


def reach(session: Session, ticket: Ticket, office: Office, today: date) -> Reach:
    """The channel of the ticket's answer, or of the act that ended the case, and those that may follow."""
    answer = ticket.answer
    who = addressee(session, ticket, answer)
    notify = answer is None or answer.must_be_notified
    rows = session.execute(
        select(Event.kind, Event.at, Event.data)
        .where(Event.ticket_id == ticket.id, Event.kind.in_(_TRIED))
        .order_by(Event.seq)
    ).all()
    # What went to an address that gave it back was not tried.
    used = {
        _TRIED[kind]: at.astimezone(BOGOTA).date() for kind, at, data in rows if who.email or not data.get("by_mail")
    }
    cited = max((day for way, day in used.items() if way in _CITATIONS), default=None)
    until = office.calendar.nth_business_day_after(cited, DAYS_TO_COME) if cited else None
    over = _CITATIONS if until is not None and today > until else frozenset[Way]()
    now = next_step(notify, who, over)
    steps = ladder(notify, who)
    return Reach(notify, now, steps[steps.index(now) + 1 :], frozenset(used), until if now.way in _CITATIONS else None)

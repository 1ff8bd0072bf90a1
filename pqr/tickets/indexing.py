"""By which words is a ticket found?  One row of words for each, which the databases' own indexes follow.

SQLite keeps an FTS5 index by triggers, PostgreSQL a GIN index on a column that it computes (migration 0012). Of a
person who asked for reserve, or is anonymous, neither name nor document nor address is ever written there, not even
where the text repeats them. Every office that ever had the ticket is a word of it too, so that the indexes pass over
what is of others; who may see it now is asked of the ticket itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from sqlalchemy import ForeignKey, func, not_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.mail.inbox import InboxMail, Verdict
from pqr.tickets.models import Answer, Identity, Message, Petitioner, Ticket
from pqr.tickets.words import document_words, for_the_desk, joined, office_word, without, words_of

LONGEST_SHOWN = 6_000  # letters of each text in which an excerpt is looked for
BATCH = 500
WHOLE = 2**31 - 1


class Named(Protocol):
    """Somebody whose name may be known."""

    @property
    def name(self) -> str:
        """As it was given."""

    @property
    def document_number(self) -> str:
        """As it was given."""


class TicketWords(Model):
    """By which words a ticket is found: normalised, each once, a space between."""

    __tablename__ = "ticket_words"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    words: Mapped[str]


def open_to(session: Session, ticket_id: int, office_id: int) -> None:
    """Lets an office find the ticket from now on, as far as it may see it."""
    word = office_word(office_id)
    session.execute(
        update(TicketWords)
        .where(TicketWords.ticket_id == ticket_id, not_((TicketWords.words + " ").contains(f"{word} ")))
        .values(words=f"{word} " + TicketWords.words)
        .execution_options(synchronize_session=False)  # `index` reads the row anew
    )


def begin(session: Session, ticket: Ticket) -> TicketWords:
    """Makes it findable by what it was filed with."""
    row = TicketWords(ticket_id=ticket.id, words=joined(_when_filed(ticket)))
    session.add(row)
    return row


def index(session: Session, ticket: Ticket, *texts: str, desk: bool = False) -> None:
    """Makes the ticket findable: by what it was filed with, and from now on by these texts too.

    `desk`: only the desk reads them.
    """
    added = [word for each in texts for word in words_of(each)]
    row = session.get(TicketWords, ticket.id, with_for_update=True) or begin(session, ticket)
    if added:
        row.words = joined((*row.words.split(" "), *_may_be_found(ticket, for_the_desk(added) if desk else added)))


def index_what_is_not(session: Session) -> int:
    """Indexes the tickets that were filed before there was a search, all or none; returns how many."""
    oldest = session.scalar(select(func.min(Ticket.id)))
    if oldest is None or session.get(TicketWords, oldest) is not None:
        return 0
    missing = select(Ticket.id).outerjoin(TicketWords).where(TicketWords.ticket_id.is_(None)).order_by(Ticket.id)
    ids = session.scalars(missing).all()
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        texts, waiting = texts_of(session, some, longest=WHOLE), _subjects_waiting(session, some)
        for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(some))):
            index(session, ticket, *(words for what, words in texts[ticket.id] if what != "petition"))
            index(session, ticket, *waiting[ticket.id], desk=True)
        session.flush()
        session.expunge_all()
    return len(ids)


def texts_of(session: Session, ids: Sequence[int], longest: int = LONGEST_SHOWN) -> dict[int, list[tuple[str, str]]]:
    """For each ticket, its texts in order, each with what it is: petition, answer or message. `longest`: letters."""
    queries = {
        "petition": select(Ticket.id, func.substr(Ticket.body, 1, longest)).where(Ticket.id.in_(ids)),
        "answer": select(Answer.ticket_id, func.substr(Answer.text, 1, longest))
        .where(Answer.ticket_id.in_(ids), Answer.sent_at.is_not(None))
        .order_by(Answer.id),
        "message": select(Message.ticket_id, func.substr(Message.text, 1, longest))
        .where(Message.ticket_id.in_(ids))
        .order_by(Message.id),
    }
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in ids}
    for what, query in queries.items():
        for ticket_id, words in session.execute(query):
            found[ticket_id].append((what, words))
    return found


def _subjects_waiting(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    waiting = InboxMail.verdict == Verdict.NEEDS_HUMAN, InboxMail.closed_at.is_(None), InboxMail.ticket_id.in_(ids)
    found: dict[int, list[str]] = {number: [] for number in ids}
    for mail in session.scalars(select(InboxMail).where(*waiting)):
        found[mail.ticket_id or 0].append(mail.subject)
    return found


def words_when_filed(texts: Iterable[str], named: Named | None) -> Iterator[str]:
    """What a ticket is found by from its filing on. `named`: who asks, if the name may be known."""
    for each in texts:
        yield from words_of(each)
    if named is not None:
        yield from words_of(named.name)
        yield from for_the_desk(document_words(named.document_number))


def _when_filed(ticket: Ticket) -> Iterator[str]:
    named = ticket.petitioner if ticket.identity == Identity.NAMED else None
    texts = (ticket.radicado, ticket.subject, ticket.body, ticket.place)
    if ticket.secretaria is not None:
        yield office_word(ticket.secretaria.id)
    yield from _may_be_found(ticket, words_when_filed(texts, named))


def _may_be_found(ticket: Ticket, words: Iterable[str]) -> Iterator[str]:
    """The words without those that would give away who keeps the name to themselves."""
    person = ticket.petitioner
    hidden = person is not None and ticket.identity != Identity.NAMED
    return without(words, frozenset(giving_away(person)) if person and hidden else frozenset())


def giving_away(person: Petitioner) -> Iterator[str]:
    """The words of a text that would say who this is."""
    for each in (person.name, person.document_number, person.email.partition("@")[0], person.phone):
        yield from words_of(each)
    yield from document_words(person.document_number)

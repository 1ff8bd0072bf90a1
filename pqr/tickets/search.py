"""Where is that ticket?  One row of words for each, and the databases' own indexes over it.

SQLite keeps an FTS5 index by triggers, PostgreSQL a GIN index on a column that it computes (migration 0012). Of a
person who asked for reserve, or is anonymous, neither name nor document nor address is ever written there, not even
where the text repeats them. The newest comes first, so that a common word costs no more than a rare one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ForeignKey, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.mail.inbox import InboxMail, Verdict
from pqr.secretarias.models import Secretaria
from pqr.tickets.contributions import REACH
from pqr.tickets.models import Answer, Identity, Message, Petitioner, Ticket
from pqr.tickets.queries import COLUMNS, QueueRow
from pqr.tickets.words import Query, alternatives, document_words, for_the_desk, joined, without, words_of

PAGE = 25
LONGEST_SHOWN = 6_000  # letters of each text in which an excerpt is looked for
BATCH = 500
NEWEST = WHOLE = 2**31 - 1

# ruff: noqa: S608 - nothing but numbers of ours is put into these
# What is common fills the page from the newest tickets, read one by one; only what is rare among them is asked of the
# index. Both indexes gather every ticket that holds a word before they know the newest (FTS5 where it is unfinished),
# and two statements, because no plan that is made once is good for both.
_SQLITE = (
    f"""SELECT t.id FROM tickets t CROSS JOIN ticket_words w ON w.ticket_id = t.id
    WHERE t.id < :before AND t.id > (SELECT max(id) FROM tickets WHERE id < :before) - :window
    AND {{holding}} {{office}} ORDER BY t.id DESC LIMIT {PAGE + 1}""",
    # A finished word FTS5 walks backwards, until the page is full; CROSS JOIN keeps SQLite from turning that round.
    f"""SELECT t.id FROM ticket_words_index i CROSS JOIN tickets t ON t.id = i.rowid
    WHERE i.ticket_words_index MATCH :asked AND i.rowid < :before {{office}}
    ORDER BY i.rowid DESC LIMIT {PAGE + 1}""",
)
_POSTGRESQL = (
    f"""SELECT w.ticket_id FROM ticket_words w JOIN (
        SELECT t.id FROM tickets t WHERE t.id < :before {{office}} ORDER BY t.id DESC LIMIT :window
    ) newest ON newest.id = w.ticket_id
    WHERE w.lexemes @@ CAST(:asked AS tsquery) ORDER BY w.ticket_id DESC LIMIT {PAGE + 1}""",
    f"""WITH found AS MATERIALIZED (
        SELECT ticket_id FROM ticket_words WHERE lexemes @@ CAST(:asked AS tsquery) AND ticket_id < :before
    ) SELECT f.ticket_id FROM found f WHERE (SELECT true FROM tickets t WHERE t.id = f.ticket_id {{office}})
    ORDER BY f.ticket_id DESC LIMIT {PAGE + 1}""",
)
_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
# The signs keep SQLite from gathering the office's tickets first, to sort them.
_OFFICES = {
    "sqlite": f"AND (+t.secretaria_id = :office OR +t.id IN ({REACH}))",
    "postgresql": f"AND (t.secretaria_id = :office OR t.id IN ({REACH}))",
}
_WINDOWS = {"sqlite": 300, "postgresql": 2_000}  # tickets; SQLite has but the words of each to look through


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


@dataclass(frozen=True)
class Reach:
    """Whose tickets are looked through. `office_id`: only what this office may see; None: all.

    `desk`: by documents and by mails that wait for a person too.
    """

    office_id: int | None = None
    desk: bool = False


@dataclass(frozen=True)
class Hits:
    """Up to `PAGE` tickets, newest first; `before` is the key of the next page, 0 on the last one."""

    rows: Sequence[QueueRow]
    before: int


def index_new(session: Session, ticket: Ticket) -> None:
    """Makes a ticket findable that was filed this moment."""
    session.add(TicketWords(ticket_id=ticket.id, words=joined(_when_filed(ticket))))


def index(session: Session, ticket: Ticket, *texts: str, desk: bool = False) -> None:
    """Makes the ticket findable: by what it was filed with, and from now on by these texts too.

    `desk`: only the desk reads them.
    """
    added = [word for each in texts for word in words_of(each)]
    row = session.get(TicketWords, ticket.id, with_for_update=True)
    if row is None:
        row = TicketWords(ticket_id=ticket.id, words=joined(_when_filed(ticket)))
        session.add(row)
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


def find(session: Session, query: Query, reach: Reach, before: int = 0) -> Hits:
    """The tickets that hold every word, the newest first; `before`: older than this one."""
    if not query:
        return Hits((), 0)
    dialect = session.get_bind().dialect.name
    before, window = before or NEWEST, _WINDOWS[dialect]
    holding, words = _holding(query, reach.desk)
    office = "" if reach.office_id is None else _OFFICES[dialect]
    asked = {"asked": _ASKED[dialect](query, reach.desk), "before": before, "window": window, **words}
    ids: Sequence[int] = ()
    for statement in _STATEMENTS[dialect]:
        scoped = text(statement.format(office=office, holding=holding))
        ids = session.scalars(scoped, asked | {"office": reach.office_id}).all()
        if len(ids) > PAGE or before <= window:  # the key is a number without gaps: the window held all of them
            break
    found = session.execute(select(*COLUMNS).join(Secretaria, isouter=True).where(Ticket.id.in_(ids[:PAGE])))
    rows = sorted((QueueRow(**row._mapping) for row in found), key=lambda row: -row.id)
    return Hits(rows, ids[PAGE - 1] if len(ids) > PAGE else 0)


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
    return _may_be_found(ticket, words_when_filed(texts, named))


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


def _fts5(query: Query, desk: bool) -> str:
    """As FTS5 wants it; the words are letters and figures alone, and quoted all the same."""
    return _every(query, desk, lambda word, beginning: f'"{word}"' + " *" * beginning, "OR", "AND")


def _tsquery(query: Query, desk: bool) -> str:
    return _every(query, desk, lambda word, beginning: f"'{word}'" + ":*" * beginning, "|", "&")


def _holding(query: Query, desk: bool) -> tuple[str, dict[str, str]]:
    """As SQL for a row that is read anyway, and its values."""
    values: dict[str, str] = {}

    def held(word: str, beginning: bool) -> str:
        name = f"word_{len(values)}"
        values[name] = f" {word}" + " " * (not beginning)
        return f"instr(' ' || w.words || ' ', :{name}) > 0"

    return _every(query, desk, held, "OR", "AND"), values


def _every(query: Query, desk: bool, write: Callable[[str, bool], str], either: str, both: str) -> str:
    """Every term of the query, each by one of its alternatives."""
    groups = (f" {either} ".join(write(*each) for each in alternatives(term, desk)) for term in query)
    return f" {both} ".join(f"({group})" for group in groups)


_ASKED = {"sqlite": _fts5, "postgresql": _tsquery}

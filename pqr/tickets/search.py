"""Where is that ticket?  What was typed, asked of the databases' indexes over each ticket's words (see `indexing`).

The newest comes first, so that a common word costs no more than a rare one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pqr.secretarias.models import Secretaria
from pqr.tickets.contributions import REACH
from pqr.tickets.models import Ticket
from pqr.tickets.queries import COLUMNS, QueueRow
from pqr.tickets.words import (
    Query,
    alternatives,
    office_word,
)

PAGE = 25
NEWEST = 2**31 - 1

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


def find(session: Session, query: Query, reach: Reach, before: int = 0) -> Hits:
    """The tickets that hold every word, the newest first; `before`: older than this one."""
    if not query:
        return Hits((), 0)
    dialect = session.get_bind().dialect.name
    before, window = before or NEWEST, _WINDOWS[dialect]
    holding, words = _holding(query, reach.desk)
    office = "" if reach.office_id is None else _OFFICES[dialect]
    asked = {"asked": _ASKED[dialect](query, reach), "before": before, "window": window, **words}
    ids: Sequence[int] = ()
    for statement in _STATEMENTS[dialect]:
        scoped = text(statement.format(office=office, holding=holding))
        ids = session.scalars(scoped, asked | {"office": reach.office_id}).all()
        if len(ids) > PAGE or before <= window:  # the key is a number without gaps: the window held all of them
            break
    found = session.execute(select(*COLUMNS).join(Secretaria, isouter=True).where(Ticket.id.in_(ids[:PAGE])))
    rows = sorted((QueueRow(**row._mapping) for row in found), key=lambda row: -row.id)
    return Hits(rows, ids[PAGE - 1] if len(ids) > PAGE else 0)


def _fts5(query: Query, reach: Reach) -> str:
    """As FTS5 wants it; the words are letters and figures alone, and quoted all the same."""
    whose = "" if reach.office_id is None else f' AND "{office_word(reach.office_id)}"'
    return _every(query, reach.desk, lambda word, beginning: f'"{word}"' + " *" * beginning, "OR", "AND") + whose


def _tsquery(query: Query, reach: Reach) -> str:
    whose = "" if reach.office_id is None else f" & '{office_word(reach.office_id)}'"
    return _every(query, reach.desk, lambda word, beginning: f"'{word}'" + ":*" * beginning, "|", "&") + whose


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

"""Which other petitions ask the same, and which did the same person file?

The candidates of the last `DAYS` come from the index of the search, by the words of the petition that are rarest in
it, and are compared here: at most `CANDIDATES` texts, however many petitions there are. Who asked for reserve, or is
anonymous, is never compared by person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from pqr.tickets.contributions import within_reach
from pqr.tickets.indexing import giving_away
from pqr.tickets.models import Identity, Petitioner, Ticket
from pqr.tickets.persons import spellings
from pqr.tickets.search import Reach
from pqr.tickets.words import words_of

DAYS = 90
CANDIDATES = 50
AT_LEAST = 60  # per cent
SHOWN = 5
OTHERS = 10
FEWEST_WORDS = 4  # of a petition that can be compared: "Buenos días, gracias" resembles every other
COMPARED = 2_000  # letters of each text
_WEIGHED, _RARE = 14, 6  # words that are looked up, and of those, the ones that are asked for
_COMMON = 200  # tickets with a word from which on it says little
_OF_ONE_PERSON = 0.3  # how much of what is missing to certainty the same petitioner makes up for

_HOLDS = {
    "sqlite": "SELECT rowid AS id FROM ticket_words_index WHERE ticket_words_index MATCH :{word} AND rowid >= :oldest",
    "postgresql": "SELECT ticket_id AS id FROM ticket_words"
    " WHERE lexemes @@ CAST(:{word} AS tsquery) AND ticket_id >= :oldest",
}
_QUOTED = {"sqlite": '"{}"', "postgresql": "'{}'"}
_JOINED = {"sqlite": (" AND ", " OR "), "postgresql": (" & ", " | ")}


@dataclass(frozen=True)
class Like:
    """A petition that resembles another. `percent`: how much, of 100; 0 where only the person is the same."""

    radicado: str
    subject: str
    state: str
    percent: int = 0
    reserved: bool = False


def likely_duplicates(
    session: Session, ticket: Ticket, reach: Reach, by_person: bool, most: int = SHOWN
) -> Sequence[Like]:
    """The petitions within reach that most probably ask the same, the likeliest first; so many at `most`.

    `by_person`: the reader may know who asks; then the same petitioner counts too.
    """
    own = _words(ticket.subject, ticket.body) - _kept_back(ticket)
    if len(own) < FEWEST_WORDS:
        return ()
    known = set(_of_the_person(session, ticket)) if by_person else set()
    ids = {*known, *_with_rare_words(session, ticket, own)} - {ticket.id}
    body_of = func.substr(Ticket.body, 1, COMPARED)
    query = _within(reach, ids).add_columns(Ticket.id, body_of, Ticket.duplicate_of_id, Ticket.identity)
    query = query.where(Ticket.received_on >= ticket.received_on - timedelta(days=DAYS))
    found = [
        Like(
            radicado,
            subject,
            state,
            _percent(own, _words(subject, body), number in known),
            identity == Identity.RESERVED,
        )
        for radicado, subject, state, number, body, main, identity in session.execute(query)
        if ticket.id != main and number != ticket.duplicate_of_id
    ]
    likely = (like for like in found if like.percent >= AT_LEAST)
    return sorted(likely, key=lambda like: (-like.percent, like.radicado))[:most]


def others_of_the_person(session: Session, ticket: Ticket, reach: Reach) -> Sequence[Like]:
    """The petitioner's other petitions within reach, newest first; at most `OTHERS`. For who may know the person."""
    ids = set(_of_the_person(session, ticket)) - {ticket.id}
    rows = session.execute(_within(reach, ids).order_by(Ticket.id.desc()).limit(OTHERS))
    return [Like(radicado, subject, state) for radicado, subject, state in rows]


def _within(reach: Reach, ids: Iterable[int]) -> Select[str, str, str]:
    query = select(Ticket.radicado, Ticket.subject, Ticket.state).where(Ticket.id.in_(ids))
    return query if reach.office_id is None else query.where(within_reach(reach.office_id))


def _of_the_person(session: Session, ticket: Ticket) -> Sequence[int]:
    """The newest tickets of the same document or address, of those who gave their name."""
    person = ticket.petitioner
    if person is None or ticket.identity != Identity.NAMED:
        return ()
    written = spellings(person.document_number)
    same: list[ColumnElement[bool]] = [Petitioner.document_number.in_(written)] if written else []
    if person.email:
        same.append(Petitioner.email == person.email)
    found: list[int] = []
    for condition in same:  # one statement each, so that each has its index
        query = select(Ticket.id).join(Petitioner).where(condition, Ticket.identity == Identity.NAMED)
        found += session.scalars(query.order_by(Petitioner.id.desc()).limit(CANDIDATES))
    return found


def _with_rare_words(session: Session, ticket: Ticket, own: frozenset[str]) -> Sequence[int]:
    """The newest tickets that hold one of the ticket's rare words; where all are common, those that hold several."""
    dialect, oldest = session.get_bind().dialect.name, _oldest(session, ticket)
    longest = sorted(own, key=lambda word: (-len(word), word))[:_WEIGHED]
    rare, common = _by_rarity(session, longest, oldest)
    asked = _JOINED[dialect][bool(rare)].join(_QUOTED[dialect].format(word) for word in (rare or common)[:_RARE])
    if not asked:
        return ()
    statement = _HOLDS[dialect].format(word="asked") + f" ORDER BY id DESC LIMIT {CANDIDATES}"
    return session.scalars(text(statement), {"asked": asked, "oldest": oldest}).all()


def _by_rarity(session: Session, words: Sequence[str], oldest: int) -> tuple[list[str], list[str]]:
    """Those that few others hold, the rarest first, and those that many hold; a word of one ticket finds nothing."""
    dialect = session.get_bind().dialect.name
    asked = {f"w{number}": _QUOTED[dialect].format(word) for number, word in enumerate(words)}
    counted = ", ".join(
        f"(SELECT count(*) FROM ({_HOLDS[dialect].format(word=name)} LIMIT {_COMMON}) {name})"  # noqa: S608
        for name in asked
    )
    counts = session.execute(text(f"SELECT {counted}"), {**asked, "oldest": oldest}).one()
    others = sorted((count, word) for count, word in zip(counts, words, strict=True) if count > 1)
    return [word for count, word in others if count < _COMMON], [word for count, word in others if count >= _COMMON]


def _oldest(session: Session, ticket: Ticket) -> int:
    """The first ticket of the period, or nearly: a paper of that day may have been registered much later."""
    since = ticket.received_on - timedelta(days=DAYS)
    earliest = select(Ticket.id).where(Ticket.received_on >= since).order_by(Ticket.received_on).limit(_COMMON)
    return session.scalar(select(func.min(earliest.subquery().c.id))) or 0


def _words(subject: str, body: str) -> frozenset[str]:
    return frozenset(words_of(f"{subject} {body[:COMPARED]}")) - {""}


def _kept_back(ticket: Ticket) -> frozenset[str]:
    """What would compare by person somebody who asked for reserve."""
    hidden = ticket.petitioner is not None and ticket.identity != Identity.NAMED
    return frozenset(giving_away(ticket.petitioner)) if hidden and ticket.petitioner else frozenset()


def _percent(one: frozenset[str], other: frozenset[str], same_person: bool) -> int:
    """The share of words in common (Sørensen and Dice); a short text is not compared."""
    if len(other) < FEWEST_WORDS:
        return 0
    share = 2 * len(one & other) / (len(one) + len(other))
    return round(100 * (share + (1 - share) * _OF_ONE_PERSON if same_person else share))

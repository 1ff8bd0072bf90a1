"""Which entries of the petitioners' register are one person?  Every ticket brought an entry; an official decides.

Nothing is overwritten: a decision stands beside the entries and can be taken back. Only entries with a name that may
be known are compared: whoever asked for reserve, or is anonymous, is in no register.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Row, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.secretarias.routing import fold
from pqr.tickets.models import Identity, Petitioner, Ticket

SHORTEST_DOCUMENT = 5  # letters and figures; "0" and "no" stand for many people


class SamePerson(Model):
    """What was decided on an entry: it is that person's. `person_id`: the oldest entry of the person."""

    __tablename__ = "same_person"

    petitioner_id: Mapped[int] = mapped_column(ForeignKey("petitioners.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int]
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime]


@dataclass(frozen=True)
class Entry:
    """What somebody said of themselves, once or often. `ids`: of the rows that say the same, oldest first.

    `person`: as it was decided; None where nobody has.
    """

    ids: tuple[int, ...]
    name: str
    document: str
    email: str
    phone: str
    person: int | None


@dataclass(frozen=True)
class Group:
    """Entries that may be one person's."""

    entries: Sequence[Entry]

    @property
    def is_decided(self) -> bool:
        """Whether an official has said of each whose it is."""
        return all(entry.person is not None for entry in self.entries)

    @property
    def is_one(self) -> bool:
        """Whether it was decided that all are one person's."""
        return self.is_decided and len({entry.person for entry in self.entries}) == 1

    @property
    def ids(self) -> list[int]:
        """Of all its rows."""
        return [number for entry in self.entries for number in entry.ids]


def read_register(session: Session) -> list[Entry]:
    """Every entry with a known name, the newest first."""
    rows = session.execute(
        select(
            Petitioner.id, Petitioner.name, Petitioner.document_number, Petitioner.email, Petitioner.phone,
            SamePerson.person_id,
        )
        .join(Ticket, Ticket.petitioner_id == Petitioner.id)
        .outerjoin(SamePerson)
        .where(Ticket.identity == Identity.NAMED)
        .order_by(Petitioner.id)
    )  # fmt: skip
    same = defaultdict(list)
    for row in rows:
        said = (fold(row.name), bare(row.document_number), row.email, bare(row.phone))
        if any(said):
            same[said].append(row)
    return [_entry(found) for found in reversed(same.values())]


def likely_same(entries: Iterable[Entry]) -> list[Group]:
    """The groups of entries with one document, one address, or one name and telephone."""
    by_key: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        keys = tuple(_keys(entry))
        met = {id(by_key[key]): by_key[key] for key in keys if key in by_key}
        group, *others = met.values() or ([],)
        for other in others:  # the entry is what joins them
            group += other
            by_key |= {key: group for each in other for key in _keys(each)}
        group.append(entry)
        by_key |= dict.fromkeys(keys, group)
    groups = {id(group): group for group in by_key.values()}
    return [Group(group) for group in groups.values() if len(group) > 1]


def decide(session: Session, group: Sequence[int], together: bool, actor: str, now: datetime) -> None:
    """Writes down whose these rows are: one person's, or each entry its own. Unknown numbers are passed over."""
    wanted = set(group)
    entries = [entry for entry in read_register(session) if wanted & set(entry.ids)]
    take_back(session, [number for entry in entries for number in entry.ids])
    first = min((entry.ids[0] for entry in entries), default=0)
    for entry in entries:
        whose = first if together else entry.ids[0]
        for number in entry.ids:
            session.add(SamePerson(petitioner_id=number, person_id=whose, decided_by=actor, decided_at=now))


def are_one_person(session: Session, one: Ticket, other: Ticket) -> bool:
    """Whether an official decided that the entries of both petitions are one person's."""
    ids = [one.petitioner_id, other.petitioner_id]
    decided = session.scalars(select(SamePerson.person_id).where(SamePerson.petitioner_id.in_(ids))).all()
    return len(decided) == 2 and decided[0] == decided[1]


def take_back(session: Session, group: Sequence[int]) -> None:
    """Forgets what was decided on these rows."""
    session.execute(delete(SamePerson).where(SamePerson.petitioner_id.in_(group)))


def entries_of(entries: Iterable[Entry], asked: str) -> Iterator[Entry]:
    """Those with exactly this document or address, or whose names begin like these words."""
    number, beginnings = bare(asked), fold(asked).split()
    for entry in entries:
        names = fold(entry.name).split()
        by_name = beginnings and all(any(name.startswith(each) for name in names) for each in beginnings)
        if by_name or (number and number == bare(entry.document)) or asked.strip().lower() == entry.email != "":
            yield entry


def bare(number: str) -> str:
    """Without points, spaces and dashes."""
    return "".join(letter for letter in fold(number) if letter.isalnum())


def _entry(rows: Sequence[Row[int, str, str, str, str, int | None]]) -> Entry:
    _, name, document, email, phone, _ = rows[-1]
    decided = next((row.person_id for row in rows if row.person_id is not None), None)
    return Entry(tuple(row.id for row in rows), name, document, email, phone, decided)


def _keys(entry: Entry) -> Iterator[tuple[str, ...]]:
    if len(bare(entry.document)) >= SHORTEST_DOCUMENT:
        yield "document", bare(entry.document)
    if entry.email:
        yield "email", entry.email
    if entry.name and bare(entry.phone):
        yield "name", fold(entry.name), bare(entry.phone)

"""Which months are published as open data, and with which bytes?  Each once, for good (Ley 1712/2014 art. 6 j).

A month is published on the first business day of the second month after it: by then most answers were given. It is
never published again, since two versions of a file would tell of the cases in which they differ; what happens to a
case later is not told. The bytes are in the files' store under their SHA-256.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.config import Office
from pqr.db import Model, insert
from pqr.errors import ActNotAllowed
from pqr.publishing.anonymity import Labels, release
from pqr.publishing.columns import CASE_COLUMNS, COUNT_COLUMNS, COUNTED, HIDDEN, NAMES, STEPS, Column, row_of
from pqr.publishing.open_cases import cases_of
from pqr.publishing.tables import MEDIA_TYPES, Row, written
from pqr.publishing.updates import Published, note_update
from pqr.terms.calendar import Calendar
from pqr.terms.months import last_of, later
from pqr.terms.receipt import in_bogota
from pqr.terms.spanish import long_date
from pqr.tickets import files
from pqr.tickets.models import Ticket

DATASETS: Mapping[str, tuple[Column, ...]] = {"peticiones": CASE_COLUMNS, "conteos": COUNT_COLUMNS}
PATH = "/datos-abiertos"


class OpenMonth(Model):
    """A month whose turn has come. `month`: its first day. `cases`: how many, None for fewer than `fewest`: no file."""

    __tablename__ = "open_data_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]
    fewest: Mapped[int]
    cases: Mapped[int | None]

    files: Mapped[list["OpenFile"]] = relationship(order_by="OpenFile.id", lazy="selectin")

    @property
    def title(self) -> str:
        """octubre de 2026."""
        return long_date(self.month).split(" de ", 1)[1]

    @property
    def published_on(self) -> date:
        """Bogotá's date of its publication."""
        return in_bogota(self.published_at).date()

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return last_of(self.month)


class OpenFile(Model):
    """A published file. `dataset`: of `DATASETS`. `name`: in its address, for good. `size`: bytes."""

    __tablename__ = "open_data_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(ForeignKey("open_data_months.month"), index=True)
    dataset: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


def turn_of(month: date, calendar: Calendar) -> date:
    """The day on which the month is published."""
    return calendar.nth_business_day_after(last_of(later(month, 1)), 1)


def months_due(session: Session, office: Office, today: date) -> Sequence[date]:
    """The months whose turn has come and that are not published, oldest first."""
    month = session.scalar(select(func.min(Ticket.received_on)))
    done, due = set(session.scalars(select(OpenMonth.month))), []
    while month is not None and turn_of(month := later(month, 0), office.calendar) <= today:
        due += [month] if month not in done else []
        month = later(month, 1)
    return due


def publish_month(session: Session, month: date, actor: str, office: Office, now: datetime) -> OpenMonth:
    """Writes the month's files, once. Raises ActNotAllowed for one that is not over or was published before."""
    today = in_bogota(now).date()
    if today < later(month, 1):
        raise ActNotAllowed("Ese mes no ha terminado; se publica cuando termine.")
    claim = insert(session, OpenMonth).values(month=month, published_at=now, fewest=office.publish_fewest)
    if not session.execute(claim.on_conflict_do_nothing().returning(OpenMonth.month)).all():
        raise ActNotAllowed("Ese mes ya se publicó, y un mes se publica una sola vez.")
    told = release(cases_of(session, month, today), STEPS, COUNTED, office.publish_fewest)
    published = session.get_one(OpenMonth, month)
    if told is None:
        return published
    published.cases = sum(told.rows.values())
    key = f"{month:%Y-%m}"
    tables: dict[str, Sequence[tuple[Row, int]]] = {
        "peticiones": sorted((row_of(key, shown), number) for shown, number in told.rows.items()),
        "conteos": [(row, 1) for row in _count_rows(key, told.counts, published.cases)],
    }
    published.files = [
        _kept(month, dataset, form, tables[dataset], office) for dataset in DATASETS for form in MEDIA_TYPES
    ]
    note_update(session, Published("data", f"Datos abiertos de {published.title}", PATH, actor), now)
    return published


def _kept(month: date, dataset: str, form: str, rows: Sequence[tuple[Row, int]], office: Office) -> OpenFile:
    name, media_type = f"{dataset}-{month:%Y-%m}.{form}", MEDIA_TYPES[form]
    content = written(form, DATASETS[dataset], rows)
    digest = files.keep(content, name, media_type, office).sha256
    return OpenFile(dataset=dataset, name=name, media_type=media_type, size=len(content), sha256=digest)


def _count_rows(month: str, counts: Mapping[int, Mapping[Labels, int]], cases: int) -> Iterator[Row]:
    yield (month, "total", HIDDEN, HIDDEN, str(cases))
    for ladder, numbers in counts.items():
        for labels, number in sorted(numbers.items()):
            yield (month, NAMES[ladder], *labels, *[HIDDEN] * (2 - len(labels)), str(number))


def published_months(session: Session) -> Sequence[OpenMonth]:
    """Those whose turn has come, newest first, with their files; the first one has some."""
    first = select(func.min(OpenFile.month)).scalar_subquery()
    return session.scalars(select(OpenMonth).where(OpenMonth.month >= first).order_by(OpenMonth.month.desc())).all()


def file_named(session: Session, name: str) -> OpenFile | None:
    """The published file of this name."""
    return session.scalar(select(OpenFile).where(OpenFile.name == name))

"""Where are the reports kept?  Prepared, approved and frozen; what was corrected afterwards stands beside them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.db import Model
from pqr.reports.named_periods import NamedPeriod
from pqr.reports.official import OfficialReport, from_json
from pqr.reports.ordered import ORDERED, Ordered, ReportKind


class Report(Model):
    """One report of one period. Until it is approved it holds no figure; from then on it never changes.

    `id_key`: names the requests in it, so that an id means nothing elsewhere. `content`: canonical JSON for the
    administration; `public_content`: the same with small groups hidden, "" where nobody else reads it; `sha256`: of
    the first, `public_sha256` of the other. `cases`: the tickets behind the figures.
    """

    __tablename__ = "official_reports"
    __table_args__ = (UniqueConstraint("kind", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(10))
    start: Mapped[date]
    end: Mapped[date]
    prepared_at: Mapped[datetime]
    id_key: Mapped[str] = mapped_column(String(64))
    recommendations: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(String(60), default="")
    signer: Mapped[str] = mapped_column(String(120), default="")
    post: Mapped[str] = mapped_column(String(120), default="")
    content: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    public_content: Mapped[str] = mapped_column(default="")
    public_sha256: Mapped[str] = mapped_column(String(64), default="")
    cases: Mapped[list[int]] = mapped_column(JSON, default=list)

    errata: Mapped[list["Erratum"]] = relationship(order_by="Erratum.number", back_populates="report")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def ordered(self) -> Ordered:
        """What the law says of its kind."""
        return ORDERED[ReportKind(self.kind)]

    @property
    def days(self) -> NamedPeriod:
        """Its period."""
        return NamedPeriod(self.period, self.start, self.end)

    @property
    def path(self) -> str:
        """Where everybody reads it."""
        return f"/informes/{self.kind}/{self.period}"

    @property
    def frozen(self) -> OfficialReport | None:
        """As it was approved, for the administration."""
        return from_json(self.content) if self.content else None

    @property
    def published(self) -> OfficialReport | None:
        """As everybody reads it; None where it is not for everybody, or not yet."""
        return from_json(self.public_content) if self.public_content else None


class Erratum(Model):
    """What had changed in a frozen report on some day, signed. Frozen itself, and numbered within its report."""

    __tablename__ = "report_errata"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("official_reports.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    public_content: Mapped[str] = mapped_column(default="")
    public_sha256: Mapped[str] = mapped_column(String(64), default="")

    report: Mapped[Report] = relationship(back_populates="errata")

    @property
    def frozen(self) -> OfficialReport:
        """As it was signed, for the administration."""
        return from_json(self.content)

    @property
    def published(self) -> OfficialReport | None:
        """As everybody reads it; None where the report is not for everybody."""
        return from_json(self.public_content) if self.public_content else None

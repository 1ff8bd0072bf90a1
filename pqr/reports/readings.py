"""What was read of the action plan, when, by whom and from what?  Only added to: a mistake is mended by another row.

Goals, responsible and term are the plan's own until somebody edits them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from pqr.accounts.changes import Witness, witnessed
from pqr.db import Model, insert
from pqr.errors import ActNotAllowed
from pqr.reports.actions import ACTIONS, MEASURES, OF_MEASURE
from pqr.reports.plan import Goal, Reading
from pqr.terms.months import later

COUNTED = "system"  # the actor of what the service counts by itself
_COUNTED = text("actor = 'system'")


class PlanReading(Model):
    """A reading. `measure`: of `plan.MEASURES`. `month`: the first day of the month that it speaks of; `on`: its day.

    `goal`: as it was then. `evidence`, `link`: "" where the service counted. `sha256`: of the compared file, or "".
    `corrects_id`: the one that this one replaces, for `reason`. `actor`: system, user:<id> or terminal:<name>.
    """

    __tablename__ = "plan_readings"
    __table_args__ = (
        Index(
            "uq_plan_readings_counted", "measure", "month", unique=True,
            sqlite_where=_COUNTED, postgresql_where=_COUNTED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(20), index=True)
    month: Mapped[date]
    on: Mapped[date]
    numerator: Mapped[int]
    denominator: Mapped[int]
    goal: Mapped[int]
    evidence: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("plan_readings.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    actor: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    @property
    def name(self) -> str:
        """For the ledger of changes."""
        return f"{OF_MEASURE[self.measure].name}: {MEASURES[self.measure].name}"

    @property
    def is_counted(self) -> bool:
        """Whether the service counted it by itself."""
        return self.actor == COUNTED

    @property
    def reading(self) -> Reading:
        """What it says."""
        return Reading(self.on, self.numerator, self.denominator, self.goal, OF_MEASURE[self.measure].unit)


class PlanGoal(Model):
    """What was edited of an action. `code`: of `plan.ACTIONS`."""

    __tablename__ = "plan_goals"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    goal: Mapped[int]
    responsible: Mapped[str] = mapped_column(String(200))
    term: Mapped[str] = mapped_column(String(200))

    @property
    def name(self) -> str:
        """For the ledger of changes."""
        return ACTIONS[self.code].name


@dataclass(frozen=True)
class Typed:
    """What a person read. `on`: the day that the evidence speaks of. `corrects`: the reading that was wrong."""

    measure: str
    on: date
    numerator: int
    denominator: int
    evidence: str
    actor: str
    link: str = ""
    sha256: str = ""
    corrects: int | None = None
    reason: str = ""


def keep_reading(session: Session, typed: Typed, now: datetime) -> PlanReading:
    """Adds it, and tells the ledger of changes. Raises ActNotAllowed for a correction of what was mended already."""
    if typed.corrects is not None:
        _check_correction(session, typed)
    row = PlanReading(
        measure=typed.measure, month=later(typed.on, 0), on=typed.on, evidence=typed.evidence, link=typed.link,
        numerator=typed.numerator, denominator=typed.denominator, sha256=typed.sha256, corrects_id=typed.corrects,
        reason=typed.reason, actor=typed.actor, at=now, goal=goal_of(session, OF_MEASURE[typed.measure].code).value,
    )  # fmt: skip
    with witnessed(session, row, Witness(typed.actor, now), new=True):
        session.add(row)
    return row


def _check_correction(session: Session, typed: Typed) -> None:
    wrong = session.get(PlanReading, typed.corrects, with_for_update=True)
    if wrong is None or wrong.measure != typed.measure or wrong.is_counted:
        raise ActNotAllowed("Esa lectura no se corrige a mano.")
    if session.scalar(select(PlanReading.id).where(PlanReading.corrects_id == wrong.id)) is not None:
        raise ActNotAllowed("Alguien ya corrigió esa lectura. Revise la que quedó.")


def keep_counted(session: Session, measure: str, month: date, reading: Reading, now: datetime) -> None:
    """Fixes what the service counted of a month; the first one stays."""
    row = insert(session, PlanReading).values(
        measure=measure, month=month, on=reading.on, numerator=reading.numerator, denominator=reading.denominator,
        goal=reading.goal, evidence="", link="", sha256="", reason="", actor=COUNTED, at=now,
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing())


def readings_in_force(session: Session) -> Mapping[str, Sequence[PlanReading]]:
    """Those that nobody mended, by measure, oldest first."""
    mended = aliased(PlanReading)
    rows = session.scalars(
        select(PlanReading)
        .where(~select(mended.id).where(mended.corrects_id == PlanReading.id).exists())
        .order_by(PlanReading.on, PlanReading.id)
    )
    found: dict[str, list[PlanReading]] = {code: [] for code in MEASURES}
    for row in rows:
        found[row.measure].append(row)
    return found


def every_reading(session: Session, code: str) -> Sequence[PlanReading]:
    """All that were ever kept of an action, mended ones too, the newest first."""
    measures = [measure.code for measure in ACTIONS[code].measures]
    found = select(PlanReading).where(PlanReading.measure.in_(measures))
    return session.scalars(found.order_by(PlanReading.on.desc(), PlanReading.id.desc())).all()


def goals(session: Session) -> Mapping[str, Goal]:
    """Of every action, as they are now."""
    edited = {row.code: Goal(row.goal, row.responsible, row.term) for row in session.scalars(select(PlanGoal))}
    return {code: edited.get(code, action.goal) for code, action in ACTIONS.items()}


def goal_of(session: Session, code: str) -> Goal:
    """Of one."""
    return goals(session)[code]


def set_goal(session: Session, code: str, goal: Goal, witness: Witness) -> None:
    """Edits what an action aims at, from now on: readings keep the goal that they were read against."""
    found = session.get(PlanGoal, code, with_for_update=True)
    plan = ACTIONS[code].goal
    row = found or PlanGoal(code=code, goal=plan.value, responsible=plan.responsible, term=plan.term)
    with witnessed(session, row, witness):
        row.goal, row.responsible, row.term = goal.value, goal.responsible, goal.term
    session.add(row)

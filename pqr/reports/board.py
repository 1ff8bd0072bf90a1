"""What does the action plan's board show?  Of each action its figures, whether the goal is met, and how it has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.publishing.opinions import site_opinions
from pqr.reports.actions import PLAN
from pqr.reports.plan import Action, Goal, Measure, Reading, Source, Trend, Verdict, overall, trend
from pqr.reports.plan_counting import count, count_now, service_began
from pqr.reports.readings import PlanReading, goals, readings_in_force
from pqr.reports.sparks import Spark, spark
from pqr.reports.suppression import suppress, total_of
from pqr.terms.months import last_of, later
from pqr.tickets.surveying import Satisfaction


@dataclass(frozen=True)
class Figure:
    """A measure on the board. `reading`: the latest; None: sin datos. `row`: what it was kept as, if it was.

    `so_far`: of the month that is not over. `history`: oldest first, `reading` the last of it.
    """

    measure: Measure
    history: Sequence[Reading]
    row: PlanReading | None = None
    so_far: Reading | None = None
    is_running: bool = False

    @property
    def reading(self) -> Reading | None:
        """The latest."""
        return self.history[-1] if self.history else None

    @property
    def is_provisional(self) -> bool:
        """Whether its month is over and not fixed yet."""
        return self.measure.source is Source.MONTH and self.row is None and not self.is_running

    @property
    def verdict(self) -> Verdict:
        """Of the latest; a month that is not over may still reach its goal."""
        found = self.reading.verdict if self.reading else Verdict.NO_DATA
        return Verdict.NO_DATA if self.is_running and found is Verdict.NOT_MET else found

    @property
    def trend(self) -> Trend | None:
        """How the latest stands to the one before."""
        return trend(self.history)

    @property
    def spark(self) -> Spark | None:
        """The small line."""
        return spark(self.history)


@dataclass(frozen=True)
class OnBoard:
    """An action with its goal of now and its figures."""

    action: Action
    goal: Goal
    figures: Sequence[Figure]

    @property
    def verdict(self) -> Verdict:
        """Of all its figures."""
        return overall(figure.verdict for figure in self.figures)


@dataclass(frozen=True)
class Answers:
    """What people said to a question of yes or no. None: hidden, so that nobody is recognised."""

    question: str
    yes: int | None
    total: int | None
    is_empty: bool


def board(session: Session, office: Office, today: date) -> list[OnBoard]:
    """The seven actions."""
    kept, aims = readings_in_force(session), goals(session)
    began = service_began(session)

    def figures(action: Action) -> list[Figure]:
        return [_figure(session, measure, kept[measure.code], began, office, today) for measure in action.measures]

    return [OnBoard(action, aims[action.code], figures(action)) for action in PLAN]


def _figure(
    session: Session,
    measure: Measure,
    rows: Sequence[PlanReading],
    began: date | None,
    office: Office,
    today: date,
) -> Figure:
    history = [row.reading for row in rows]
    last = rows[-1] if rows else None
    if measure.source is Source.PERSON:
        return Figure(measure, history, last)
    if measure.source is Source.TODAY:
        now = count_now(session, measure.code, office, today)
        return Figure(measure, [*history, now] if now and now.denominator else history, last if now is None else None)
    so_far = count(session, measure.code, later(today, 0), office, today)
    before = later(today, -1)
    if (last is None or last.month < before) and began is not None and began <= last_of(before):
        read = count(session, measure.code, before, office, today)
        history, last = ([*history, read] if read.denominator else history), None
    if history:
        return Figure(measure, history, last, so_far)
    return Figure(measure, [so_far] if so_far.denominator and began else [], is_running=True)


def site_answers(session: Session, since: date, shows_small: bool) -> Answers:
    """Whether people found on the site what they came for."""
    total, found, _ = site_opinions(session, since)
    return _answers("¿Encontró en el sitio lo que buscaba?", found, total, shows_small)


def satisfaction_answers(session: Session, since: date, shows_small: bool) -> list[Answers]:
    """Whether the answers answered, and whether the matters are solved."""
    month = later(since, 0)
    total, answered, solved = session.execute(
        select(
            func.count(),
            func.count().filter(Satisfaction.answered),
            func.count().filter(Satisfaction.solved),
        ).where(Satisfaction.month >= month)
    ).one()
    return [
        _answers("¿La respuesta contestó lo que preguntó?", answered, total, shows_small),
        _answers("¿Quedó resuelto su asunto?", solved, total, shows_small),
    ]


def _answers(question: str, yes: int, total: int, shows_small: bool) -> Answers:
    if shows_small:
        return Answers(question, yes, total, not total)
    cells = {"yes": yes, "no": total - yes}
    shown_total = total_of(cells)
    return Answers(question, suppress(cells)["yes"] if shown_total is not None else None, shown_total, not total)

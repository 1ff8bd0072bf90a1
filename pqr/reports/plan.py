"""Is the municipality's action plan met?  Its seven actions, their goals, and what a reading says against them. Pure.

Source: the municipality's action plan of Gobierno en Línea, 2008. A reading is a fraction and keeps the goal that held
when it was taken; no reading is "sin datos", neither 0 % nor 100 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pqr.reports.charts import percent


class Unit(StrEnum):
    """What a goal is a number of: per cent of a whole, times a month, per cent more than at the beginning."""

    SHARE = "share"
    MONTHLY = "monthly"
    GROWTH = "growth"

    @property
    def scale(self) -> int:
        """What a fraction is multiplied by to be compared with a goal."""
        return 1 if self is Unit.MONTHLY else 100


class Source(StrEnum):
    """Who says the figure: the service of a month that is over, the service as things stand, a person."""

    MONTH = "month"
    TODAY = "today"
    PERSON = "person"


class Verdict(StrEnum):
    """Against the goal."""

    MET = "met"
    NOT_MET = "not_met"
    NO_DATA = "no_data"


class Trend(StrEnum):
    """Against the reading before."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True)
class Measure:
    """One figure of an action. `numerator`, `denominator`: what is counted, in words."""

    code: str
    name: str
    source: Source
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Goal:
    """What may be edited of an action. `value`: a whole number of its unit."""

    value: int
    responsible: str
    term: str


@dataclass(frozen=True)
class Action:
    """One of the seven, with the goal that the plan gave it."""

    number: int
    code: str
    name: str
    indicator: str
    unit: Unit
    goal: Goal
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Reading:
    """A fraction on a day. `numerator`: of growth what there is more (or less) than at the beginning.

    `goal`: as it was then.
    """

    on: date
    numerator: int
    denominator: int
    goal: int
    unit: Unit

    @property
    def rate(self) -> float | None:
        """Of the whole, a month, or the beginning; None without a denominator."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def verdict(self) -> Verdict:
        """By the exact fraction."""
        if not self.denominator:
            return Verdict.NO_DATA
        is_met = self.numerator * self.unit.scale >= self.goal * self.denominator
        return Verdict.MET if is_met else Verdict.NOT_MET

    @property
    def words(self) -> str:
        """ "85,3 %", "5 al mes", "+60 %" or "sin datos"."""
        if self.rate is None:
            return "sin datos"
        if self.unit is Unit.MONTHLY:
            return f"{self.rate:g} al mes".replace(".", ",")
        return ("+" if self.unit is Unit.GROWTH and self.numerator >= 0 else "") + percent(self.rate)

    @property
    def fraction(self) -> str:
        """What the words were made of, "" where they say it themselves."""
        if self.unit is Unit.MONTHLY:
            return "" if self.denominator == 1 else f"{self.numerator} en {self.denominator} meses"
        if self.unit is Unit.GROWTH:
            more = "más" if self.numerator >= 0 else "menos"
            return f"{abs(self.numerator)} {more} que las {self.denominator} de la línea base"
        return f"{self.numerator} de {self.denominator}"


def goal_words(value: int, unit: Unit) -> str:
    """ "80 %", "4 al mes", "+100 %"."""
    return {Unit.SHARE: f"{value} %", Unit.MONTHLY: f"{value} al mes", Unit.GROWTH: f"+{value} %"}[unit]


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Of an action from those of its measures: it is met where all are, and not met where one is not."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.MET if found == {Verdict.MET} else Verdict.NO_DATA


def trend(readings: Sequence[Reading]) -> Trend | None:
    """How the last one stands to the one before, oldest first; None where there are not two."""
    told = [each for each in readings if each.denominator]
    if len(told) < 2:
        return None
    before, last = told[-2:]
    difference = last.numerator * before.denominator - before.numerator * last.denominator
    return Trend.UP if difference > 0 else Trend.DOWN if difference < 0 else Trend.SAME


def what_is_wrong_with(numerator: int, denominator: int, unit: Unit) -> str:
    """Why this can be no reading, as a person is told; "" where it can."""
    if denominator <= 0:
        return "El total debe ser mayor que cero: sin total no hay lectura."
    if unit is not Unit.GROWTH and numerator < 0:
        return "Escriba un número que no sea negativo."
    if unit is Unit.SHARE and numerator > denominator:
        return f"No puede ser más que el total, que es {denominator}."
    if unit is Unit.GROWTH and numerator < -denominator:
        return "Escriba un número que no sea negativo."
    return ""

"""Where does each bar stand?  Geometry of the month chart, in the SVG's own units. Pure; the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pqr.reports.indicator import TARGET, Line
from pqr.terms.spanish import long_date

HEIGHT = 200
STEP = 84
BAR = 52
LEFT = 64
TOP = 24


@dataclass(frozen=True)
class Bar:
    """A month's bar: its place and size, and its share in words and as it stands on it. No height without data."""

    label: str
    x: int
    y: float
    height: float
    words: str
    share: str


@dataclass(frozen=True)
class Chart:
    """`target_y`: where the 80 % line runs. `floor` and `top`: 0 % and 100 %. `left`: where the axis starts."""

    width: int
    height: int
    floor: int
    target_y: float
    bars: tuple[Bar, ...]
    left: int = LEFT - 12
    top: int = TOP
    bar_width: int = BAR


def month_chart(lines: Sequence[Line], without: str = "sin datos") -> Chart:
    """Reception by month as bars from 0 to 100 %. `without`: what is said of a month that has no share to show."""
    floor = TOP + HEIGHT
    bars = tuple(_bar(number, line, floor, without) for number, line in enumerate(lines))
    return Chart(LEFT + STEP * max(len(bars), 1) + 20, floor + 30, floor, floor - HEIGHT * TARGET, bars)


def _bar(number: int, line: Line, floor: int, without: str) -> Bar:
    height = HEIGHT * (line.reception.rate or 0)
    share = line.reception
    told = without if share.rate is None else percent(share.rate)
    words = told if share.rate is None else f"{told} ({share.numerator} de {share.denominator})"
    return Bar(short_month(line.key), LEFT + number * STEP, floor - height, height, words, told)


def month(key: str) -> str:
    """ "2026-11" as "noviembre de 2026"."""
    return long_date(date.fromisoformat(f"{key}-01")).split(" de ", 1)[1]


def short_month(key: str) -> str:
    """ "2026-11" as "nov 2026"."""
    name, year = month(key).split(" de ")
    return f"{name[:3]} {year}"


def percent(rate: float) -> str:
    """ "85,3 %", as it is written here; whole numbers without decimals."""
    return f"{rate * 100:.1f}".removesuffix(".0").replace(".", ",") + " %"

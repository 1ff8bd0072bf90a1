"""What is a report made from, and what is found?  The values between the one who asks and those who count. Pure."""

from dataclasses import dataclass
from datetime import date

from pqr.config import Office
from pqr.reports.named_periods import NamedPeriod
from pqr.reports.official import Cell, Section

HIDDEN = "no se muestra"  # a small group, or what would tell one


@dataclass(frozen=True)
class Brief:
    """`id_key`: names the requests. `shows_small`: False where everybody reads it. `today`: in Bogotá."""

    period: NamedPeriod
    id_key: str
    shows_small: bool
    office: Office
    today: date


@dataclass(frozen=True)
class Findings:
    """`cases`: ids of the tickets behind the figures, in order. `still_open`: how many of them may still change."""

    sections: tuple[Section, ...]
    cases: tuple[int, ...]
    still_open: int


def told(number: int | None) -> Cell:
    """The number, or that it is not for everybody."""
    return HIDDEN if number is None else number


def agreeing(number: int | None, one: str, many: str, none: str = "") -> str:
    """The sentence that agrees in number; "{}" in it is the number. `none`: of no case. None is not told: ""."""
    if number is None:
        return ""
    if number == 0 and none:
        return none
    return (one if number == 1 else many).format(number)

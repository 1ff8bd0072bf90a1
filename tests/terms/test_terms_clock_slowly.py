"""Does the clock agree with one that counts day by day and shares no code with it?"""

import csv
import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from pqr.terms.calendar import Calendar, Closure, ClosureKind
from pqr.terms.clock import Cause, Clock, ClockRefusal
from pqr.terms.deadlines import CALENDAR_DAY, ClosingRule, ExtensionTooLong
from pqr.terms.holidays import national_holidays
from tests.terms.slow_clock import BASES, HOLIDAYS, Case

CASES = 10_000
with (Path(__file__).parents[1] / "data" / "due_dates.csv").open(encoding="utf-8", newline="") as file:
    WORKED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", WORKED, ids=lambda row: f"{row['received_at'][:16]} {row['type']}")
def test_the_slow_clock_gives_every_worked_date(row):
    code, _, extension = row["type"].partition("+ext")
    parts = [part for part in row["extra_closures"].split(";") if part]
    rule = row["closing_rule"].partition("@")[2]
    case = Case(
        code,
        datetime.fromisoformat(row["received_at"]),
        closes=time.fromisoformat(rule) if rule else None,
        closed=frozenset(date.fromisoformat(part) for part in parts if "@" not in part),
        early={date.fromisoformat(part[:10]): time.fromisoformat(part[11:]) for part in parts if "@" in part},
        extension=int(extension or 0),
    )
    assert case.due()[0] == date.fromisoformat(row["due_date"])


def test_both_know_the_same_holidays():
    ours = {day for year in range(2019, 2032) for day in national_holidays(year)}
    assert ours == HOLIDAYS


def instant(dice, first, days):
    return first + timedelta(days=dice.randrange(days), minutes=dice.randrange(24 * 60))


def closures(dice, first):
    """Some full days and some early ends around the term, of which the second half is published in between."""
    kinds = (ClosureKind.FULL_DAY, ClosureKind.TERMS_SUSPENDED, ClosureKind.EARLY_CLOSE)
    return [
        Closure(
            first.date() + timedelta(days=dice.randrange(150)), dice.choice(kinds), "Día cívico", "Decreto 1",
            closes_at=time(12),
        )
        for _ in range(dice.randrange(0, 14))
    ]  # fmt: skip


def lived(dice):
    """A clock after a random life, its slow twin, and the closures published meanwhile put into both."""
    code = dice.choice([each for each in BASES if BASES[each][0] >= 3])
    received = instant(dice, datetime(2024, 1, 1, tzinfo=UTC), 1400)
    closes = dice.choice([None, time(17), time(18)])
    shut = closures(dice, received)
    known = shut[: len(shut) // 2]
    clock = Clock(code, received, Calendar(tuple(known)), ClosingRule(closes) if closes else CALENDAR_DAY)
    now = received
    for _ in range(dice.randrange(1, 6)):
        now = instant(dice, now, 20)
        act = dice.choice(("suspend", "suspend", "resume", "resume", "extend"))
        try:
            if act == "suspend":
                clock = clock.suspend(dice.choice(list(Cause)), now)
            elif act == "resume":
                clock = clock.resume(now)
            else:
                clock = clock.extend(dice.randrange(1, 16), now)
        except (ClockRefusal, ExtensionTooLong):
            continue
    clock = Clock(code, received, Calendar(tuple(shut)), clock.rule, clock.extension, clock.suspensions)
    slow = Case(
        code, received, closes,
        frozenset(each.day for each in shut if each.kind is not ClosureKind.EARLY_CLOSE),
        {each.day: each.closes_at for each in shut if each.kind is ClosureKind.EARLY_CLOSE},
        clock.extension, tuple((each.requested_at, each.resumed_at) for each in clock.suspensions),
    )  # fmt: skip
    return clock, slow


def test_suspended_extended_and_with_closures_published_in_between_both_give_the_same_date():
    dice, met = random.Random(20260309), {"suspended": 0, "resumed": 0, "extended": 0, "none left": 0}  # noqa: S311
    for number in range(CASES):
        clock, slow = lived(dice)
        assert (clock.due_on, clock.elapsed) == slow.due(), (number, slow)
        met["suspended"] += bool(clock.suspended)
        met["resumed"] += any(each.resumed_at for each in clock.suspensions)
        met["extended"] += bool(clock.extension)
        met["none left"] += clock.left_none
    assert all(times >= CASES // 200 for times in met.values()), met

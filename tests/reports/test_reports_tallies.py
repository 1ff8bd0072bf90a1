"""Are average and median those of the days themselves, however they were counted together?"""

from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.reports.tallies import Counted, Tally, add_all

DAYS = st.lists(st.integers(0, 200), min_size=1, max_size=40)


def counted(days):
    none = [None] * len(days)
    return Counted(("answered",), {"kind": ["queja"] * len(days)}, [1] * len(days), days, none)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_two_months_together_have_the_exact_median_and_average(one, other):
    whole = add_all(counted(one).cells(), [counted(other).cells()])["kind"]["queja"]
    assert whole.median == median(one + other)
    assert whole.average == pytest.approx(mean(one + other), abs=0.051)
    assert whole["answered"] == len(one + other)
    assert Tally.from_json(whole.as_json(["answered"]), ["answered"]) == whole


def test_nothing_answered_is_no_figure():
    assert (Tally().average, Tally().median, Tally()["answered"]) == (None, None, 0)

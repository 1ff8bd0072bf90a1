"""Does a reading meet its goal, by the exact fraction, and is the plan the municipality's?"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.reports.actions import MEASURES, PLAN
from pqr.reports.plan import Reading, Source, Trend, Unit, Verdict, goal_words, overall, trend, what_is_wrong_with
from pqr.reports.sparks import HEIGHT, WIDTH, spark

DAY = date(2026, 10, 31)


def read(numerator, denominator, goal=80, unit=Unit.SHARE):
    return Reading(DAY, numerator, denominator, goal, unit)


def test_the_plan_has_seven_actions_with_the_goals_of_2008():
    goals = [(each.number, goal_words(each.goal.value, each.unit)) for each in PLAN]
    assert goals == [(1, "4 al mes"), (2, "80 %"), (3, "100 %"), (4, "100 %"), (5, "80 %"), (6, "+100 %"), (7, "100 %")]
    assert all(each.goal.responsible and each.goal.term and each.indicator for each in PLAN)
    assert all(each.numerator and each.denominator for each in MEASURES.values())


@pytest.mark.parametrize(
    ("reading", "verdict", "words"),
    [
        (read(8, 10), Verdict.MET, "80 %"),
        (read(7999, 10000), Verdict.NOT_MET, "80 %"),  # it looks like it, and is not
        (read(0, 0), Verdict.NO_DATA, "sin datos"),
        (read(0, 3), Verdict.NOT_MET, "0 %"),
        (read(853, 1000), Verdict.MET, "85,3 %"),
        (read(4, 1, 4, Unit.MONTHLY), Verdict.MET, "4 al mes"),
        (read(3, 1, 4, Unit.MONTHLY), Verdict.NOT_MET, "3 al mes"),
        (read(7, 2, 4, Unit.MONTHLY), Verdict.NOT_MET, "3,5 al mes"),
        (read(40, 40, 100, Unit.GROWTH), Verdict.MET, "+100 %"),
        (read(39, 40, 100, Unit.GROWTH), Verdict.NOT_MET, "+97,5 %"),
        (read(-10, 40, 100, Unit.GROWTH), Verdict.NOT_MET, "-25 %"),
    ],
)
def test_a_goal_is_met_by_the_exact_fraction(reading, verdict, words):
    assert (reading.verdict, reading.words) == (verdict, words)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([Verdict.MET, Verdict.MET], Verdict.MET),
        ([Verdict.MET, Verdict.NO_DATA], Verdict.NO_DATA),
        ([Verdict.NO_DATA, Verdict.NOT_MET], Verdict.NOT_MET),
        ([], Verdict.NO_DATA),
    ],
)
def test_an_action_is_met_when_all_its_figures_are(verdicts, whole):
    assert overall(verdicts) is whole


def test_the_trend_compares_the_last_two_readings_that_say_something():
    assert trend([]) is trend([read(1, 2)]) is trend([read(0, 0), read(1, 2)]) is None
    assert trend([read(1, 3), read(0, 0), read(2, 6)]) is Trend.SAME
    assert trend([read(1, 2), read(1, 3)]) is Trend.DOWN
    assert trend([read(1, 3), read(1, 2)]) is Trend.UP


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit"),
    [(1, 0, Unit.SHARE), (3, 2, Unit.SHARE), (-1, 2, Unit.SHARE), (-3, 2, Unit.GROWTH), (-1, 1, Unit.MONTHLY)],
)
def test_what_can_be_no_reading_is_told(numerator, denominator, unit):
    assert what_is_wrong_with(numerator, denominator, unit)
    assert not what_is_wrong_with(1, 2, unit)


@settings(deadline=None)  # other tests keep the machine busy
@given(st.lists(st.tuples(st.integers(-50, 200), st.integers(0, 50)), max_size=30), st.integers(1, 200))
def test_the_line_stays_inside_its_picture(fractions, goal):
    line = spark([Reading(DAY, *each, goal, Unit.GROWTH) for each in fractions])
    if line is None:
        assert not any(denominator for _, denominator in fractions)
        return
    points = [tuple(map(float, point.split(","))) for point in line.points.split()] + [(line.x, line.y)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert 0 <= line.goal_y <= HEIGHT
    assert len(points) <= 13


def test_a_person_reads_what_the_service_cannot_count():
    typed = {code for code, measure in MEASURES.items() if measure.source is Source.PERSON}
    assert typed == {"sisben", "salud", "accion_social", "schools", "computers", "establishments"}

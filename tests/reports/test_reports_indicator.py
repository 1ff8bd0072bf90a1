"""Is the 80 % indicator a fraction anybody can check?"""

from datetime import date

import pytest

from pqr.reports.indicator import Count, Share, indicator

START, END = date(2026, 1, 1), date(2026, 12, 31)


def count(total=1, received=1, online=1, month="2026-03", secretaria="planeacion", channel="web", kind="queja"):
    return Count(month, secretaria, channel, kind, total, received, online)


@pytest.mark.parametrize(
    ("numerator", "denominator", "met"),
    [
        (4, 5, True),
        (79, 99, False),
        (80, 100, True),
        (799, 1000, False),
        (8_000_000, 10_000_000, True),
        (7_999_999, 10_000_000, False),
        (0, 1, False),
        (1, 1, True),
        (0, 0, None),
    ],
)
def test_the_goal_is_reached_by_the_exact_fraction(numerator, denominator, met):
    assert Share(numerator, denominator).met is met


@pytest.mark.parametrize(
    ("numerator", "denominator", "rate"), [(4, 5, 0.8), (2, 3, 0.6667), (0, 7, 0.0), (7, 7, 1.0), (0, 0, None)]
)
def test_a_rate_has_four_decimals_or_is_no_figure(numerator, denominator, rate):
    assert Share(numerator, denominator).rate == rate


def test_every_exact_four_fifths_is_enough_and_one_less_is_not():
    assert all(Share(4 * n, 5 * n).met and not Share(4 * n - 1, 5 * n).met for n in range(1, 3000))


def test_a_year_without_petitions_is_without_data_and_not_zero():
    empty = indicator(START, END, []).as_json()
    nothing = {"numerator": 0, "denominator": 0, "rate": None, "target": 0.8, "met": None}
    assert (empty["reception"], empty["utilisation"]) == (nothing, nothing)
    assert empty["by_month"] == empty["by_secretaria"] == empty["by_channel"] == empty["by_kind"] == []


def test_the_parts_add_up_to_the_whole():
    rows = [
        count(5, 4, 5, month="2026-02"),
        count(3, 3, 0, channel="counter", secretaria="hacienda"),
        count(2, 0, 2, kind="", secretaria="", channel="email"),
    ]
    found = indicator(START, END, iter(rows))
    assert (found.whole.reception, found.whole.utilisation) == (Share(7, 10), Share(7, 10))
    for parts in (found.by_month, found.by_secretaria, found.by_channel, found.by_kind):
        assert sum(line.reception.numerator for line in parts) == 7
        assert sum(line.reception.denominator for line in parts) == 10
        assert [line.key for line in parts] == sorted(line.key for line in parts)
    assert {line.key: line.reception for line in found.by_secretaria}["hacienda"] == Share(3, 3)


def test_the_figures_print_as_the_contract_says():
    printed = indicator(START, END, [count(5, 4, 5)]).as_json()
    assert list(printed) == [
        "from", "to", "reception", "utilisation", "by_month", "by_secretaria", "by_channel", "by_kind",
    ]  # fmt: skip
    assert (printed["from"], printed["to"]) == ("2026-01-01", "2026-12-31")
    assert printed["reception"] == {"numerator": 4, "denominator": 5, "rate": 0.8, "target": 0.8, "met": True}
    assert printed["by_month"][0]["key"] == "2026-03"

"""Can the public figures of different periods be taken from one another to find a few persons?"""

import re
from datetime import date, timedelta

import pytest

from pqr import clock
from pqr.door import office
from pqr.reports.charts import month_chart
from pqr.reports.figures import Asking, figures
from pqr.reports.indicator import Line, Share
from pqr.reports.periods import Period
from pqr.reports.published import ALONE, SHOWN, ended_quarters, hide_small, publish, quarter_of, to_quarters
from pqr.reports.suppression import FEWEST_SHOWN
from pqr.terms.months import later
from tests.test_demo_load import load

NUMBER = 900


@pytest.fixture
def here(app, session):
    with app.app_context():
        load(session, seed=5, number=NUMBER)
        session.commit()
        yield office(session)


def test_every_published_number_is_a_sum_of_published_quarters(app, session, here):
    today = clock.now().date()
    end = quarter_of(today).start - timedelta(days=1)
    whole = Period(later(quarter_of(end).start, -9), end)
    quarters = {each: publish(session, each, here, today) for each in ended_quarters(whole, today)}
    assert len(quarters) == 4
    shown, hidden = publish(session, whole, here, today), 0
    for dimension in SHOWN:
        rows = [{row.value: row for row in each.tables[dimension]} for each in quarters.values()]
        for row in shown.tables[dimension]:
            parts = [table[row.value].received if row.value in table else 0 for table in rows]
            assert (row.received is None) == (None in parts)
            hidden += row.received is None
            if row.received is not None:
                exact = figures(session, Asking(whole, {dimension: row.value}), here, today).whole
                assert row.received == sum(parts) == exact["received"]
            if row.parts["answered_in_time"] is not None:
                assert row.parts["answered_in_time"] == exact["answered_in_time"]
    assert hidden
    for each in quarters.values():
        for rows in each.tables.values():
            for row in rows:
                for count in (row.received, *row.parts.values()):
                    assert count is None or count == 0 or count >= FEWEST_SHOWN
        assert not any(count is not None and 0 < count < FEWEST_SHOWN for count in each.alone.values())
    assert set(shown.alone) == set(ALONE)
    session.rollback()
    page = app.test_client().get(f"/informes?desde={whole.start}&hasta={whole.end}").text
    rows = re.findall(r"<tr><th scope=\"row\">[^<]*</th>(.*?)</tr>", page)
    assert any("no se muestra" in row for row in rows)
    assert not [row for row in rows if row.count("no se muestra") == 3]  # a line of dots tells nobody anything


def test_a_quarter_under_way_is_not_told_apart():
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert [each.start.month for each in ended_quarters(year, date(2026, 9, 30))] == [1, 4]
    assert [each.start.month for each in ended_quarters(year, date(2026, 10, 1))] == [1, 4, 7]
    assert to_quarters(Period(date(2026, 2, 3), date(2026, 4, 1))) == Period(date(2026, 1, 1), date(2026, 6, 30))


def test_a_month_of_few_has_no_figures():
    counts = {"2026-01": 40, "2026-02": 3, "2026-03": 9}
    hidden = hide_small([Line(key, Share(1, count), Share(1, count)) for key, count in counts.items()])
    assert [line.reception.denominator for line in hidden] == [40, 0, 0]
    drawn = month_chart(hidden, without="muy pocas")  # few is not none at all
    assert [bar.share for bar in drawn.bars] == ["2,5 %", "muy pocas", "muy pocas"]

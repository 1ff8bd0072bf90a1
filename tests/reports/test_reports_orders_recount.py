"""Does every figure of the official reports equal a second counting from the ledgers alone?"""

from datetime import date
from statistics import median

import pytest

from pqr import clock
from pqr.reports.building import Wanted, build
from pqr.reports.control import LINES
from pqr.reports.dimensions import names_of
from pqr.reports.measures import MEASURES, RATES
from pqr.reports.named_periods import read_period
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.terms.calendar import BOGOTA
from tests.reports.recount import recount, stories
from tests.reports.test_reports_access import table
from tests.reports.test_reports_recount import here  # noqa: F401 - the fixture

REQUESTS = ("informacion", "documentos", "veeduria")
DIMENSIONS = {
    "Por mes": "month", "Por tipo": "kind", "Por canal": "channel", "Por dependencia": "secretaria",
}  # fmt: skip


def last_year():
    return clock.now().astimezone(BOGOTA).date().year - 1


def made(session, office, kind, name):
    period = read_period(name, ORDERED[kind].months)
    return build(session, Wanted(kind, period, "clave"), office, clock.now())[0], period


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_half_year_and_the_offices_equal_a_second_counting(session, here):  # noqa: F811
    today = clock.now().astimezone(BOGOTA).date()
    value, period = made(session, here, ReportKind.CONTROL, f"{last_year()}-S2")
    again = recount(session, here, today, period.start, period.end)
    whole = again["", ""][0]
    assert {row[0]: row[1] for row in table(value, "Resumen").rows} == {
        MEASURES[name].label: whole["pending"] if name == "pending" else whole[name] for name in LINES
    }
    assert {row[0]: row[1:3] for row in table(value, "Indicadores").rows} == {
        rate.label: (whole[rate.numerator], whole[rate.denominator]) for rate in RATES.values()
    }
    for heading, dimension in DIMENSIONS.items():
        names = {} if dimension == "month" else names_of(session, dimension)
        counted = {
            (names.get(value, value)): (tally["received"], tally["answered_in_time"], tally["answered_late"])
            for (name, value), (tally, _) in again.items()
            if name == dimension and tally["received"]
        }
        rows = {row[0]: row[1:4] for row in table(value, heading).rows if row[0] != "Total"}
        assert sorted(rows.values()) == sorted(counted.values()), heading
        assert dimension == "month" or rows == counted
    quarter, period = made(session, here, ReportKind.OFFICES, f"{last_year()}-T4")
    again, names = recount(session, here, today, period.start, period.end), names_of(session, "secretaria")
    rows = {row[0]: row[1] for row in table(quarter, "Todas las dependencias").rows if row[0] != "Total"}
    assert rows == {
        names[value]: tally["received"]
        for (name, value), (tally, _) in again.items()
        if name == "secretaria" and tally["received"]
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_requests_of_information_equal_a_second_counting(session, here):  # noqa: F811
    value, period = made(session, here, ReportKind.ACCESS, f"{last_year()}-T3")
    asked = [
        each
        for each in stories(session)
        if each.kind in REQUESTS and each.end != "voided" and period.start <= _day(each) <= period.end
    ]
    days = [each.days for each in asked if each.end == "answered"]
    sums = dict(table(value, "Acceso a información").rows)
    assert sums["Recibidas"] == len(asked) > 10
    assert sums["Trasladadas a otra entidad"] == sum(each.end == "transferred" for each in asked)
    assert sums["Respondidas"] == len(days)
    assert sums["Negadas"] == sum(each.denied in ("denied", "denied_reserved") for each in asked)
    assert sums["En trámite o por comunicar"] == sum(not each.end for each in asked)
    rows = table(value, "Una por una").rows
    assert sorted(row[1] for row in rows) == sorted(map(_day, asked))
    assert sorted(row[3] for row in rows if isinstance(row[2], date) and row[4] != "sí") == sorted(days)
    assert dict(table(value, "Tiempo de respuesta").rows) == {
        "Promedio": round(sum(days) / len(days), 1),
        "Mediana": float(median(days)),
        "La más rápida": float(min(days)),
        "La más demorada": float(max(days)),
    }


def _day(story):
    return story.received_at.astimezone(BOGOTA).date()

"""Is every term due on the day that the law says, and can that day be explained?"""

import csv
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from pqr.terms.calendar import Calendar, Closure, ClosureKind, parse_closures
from pqr.terms.deadlines import (
    CALENDAR_DAY,
    ClosingRule,
    ExtensionTooLong,
    business_days_left,
    due_date,
    is_overdue,
)
from pqr.terms.explaining import explain
from pqr.terms.kinds import TicketKind, UnknownTerm
from pqr.terms.spanish import long_date

MONDAY = datetime.fromisoformat("2026-03-16T09:00:00-05:00")
PLAIN = Calendar()

with (Path(__file__).parents[1] / "data" / "due_dates.csv").open(encoding="utf-8", newline="") as file:
    WORKED = [pytest.param(row, id=f"{row['received_at'][:16]} {row['type']}") for row in csv.DictReader(file)]
COUNTED_IN_DAYS = [each for each in WORKED if "day 1 =" in each.values[0]["why"]]


def due_of(row):
    calendar = PLAIN.with_closures(*parse_closures(row["extra_closures"]))
    received_at = datetime.fromisoformat(row["received_at"])
    return due_date(row["type"], received_at, calendar, ClosingRule.parse(row["closing_rule"]))


def test_there_are_worked_dates():
    assert len(WORKED) >= 40


@pytest.mark.parametrize("row", WORKED)
def test_each_worked_date_comes_out(row):
    assert due_of(row).due_on == date.fromisoformat(row["due_date"])


@pytest.mark.parametrize("row", COUNTED_IN_DAYS)
def test_each_weekday_that_a_worked_date_leaves_out_is_named_with_its_reason(row):
    due = due_of(row)
    told = {each.day.isoformat(): each.reason for each in due.skipped if "llegó después" not in each.reason}
    assert set(told) == set(re.findall(r"(\d{4}-\d{2}-\d{2})(?: \(closure| [A-Z])", row["why"]))
    assert all(reason == "cierre de la entidad" or reason in row["why"] for reason in told.values())


@pytest.mark.parametrize("row", WORKED)
def test_a_worked_date_is_explained_with_its_days_its_norm_and_its_calendar(row):
    due = due_of(row)
    text = " ".join(explain(due))
    assert all(f"{long_date(each.day)} no se cuenta: {each.reason}." in text for each in due.skipped)
    assert f"es el {long_date(due.due_on)}; el plazo termina al final de ese día." in text
    assert due.source in text
    assert due.calendar_version in text


@pytest.mark.parametrize("row", COUNTED_IN_DAYS)
def test_the_explanation_says_the_first_and_the_last_counted_day_of_a_worked_date(row):
    _, first, last = re.search(r"day 1 = (\S+) ([\d-]+), day (\d+)", row["why"]).groups()
    text = " ".join(explain(due_of(row)))
    assert f"El día 1 es el siguiente día hábil: {long_date(date.fromisoformat(first))}." in text
    assert f"El día {last}, el último, es el {long_date(date.fromisoformat(row['due_date']))};" in text


def test_a_citizen_can_follow_the_whole_count():
    carnaval = Closure(date(2027, 1, 5), ClosureKind.FULL_DAY, "Carnaval", "Decreto 1 de 2026")
    early = parse_closures("2026-12-31@12:00")
    calendar = PLAIN.with_closures(carnaval, *early)
    received_at = datetime.fromisoformat("2026-12-31T21:00:00+00:00")
    due = due_date(TicketKind.INFORMACION, received_at, calendar, ClosingRule.parse("office_hours@18:00"))
    assert explain(due) == (
        "Se recibió el jueves 31 de diciembre de 2026 a las 4:00 p. m., hora de Colombia.",
        "Lo que llega en un día hábil hasta las 6:00 p. m. vale ese mismo día; lo que llega después, o en un "
        "día no hábil, vale el siguiente día hábil (CPACA, art. 54).",
        "El jueves 31 de diciembre de 2026 no se cuenta: llegó después de las 12:00 m., la hora de cierre de "
        "ese día: cierre anticipado.",
        "El viernes 1 de enero de 2027 no se cuenta: Año Nuevo.",
        "Por eso cuenta como recibido el lunes 4 de enero de 2027; ese día aún no se cuenta en el plazo.",
        "El plazo es de 10 días hábiles. Norma: CPACA (Ley 1437 de 2011), art. 14, núm. 1; Ley 1712 de 2014, art. 26.",
        "El martes 5 de enero de 2027 no se cuenta: Carnaval (Decreto 1 de 2026).",
        "El día 1 es el siguiente día hábil: miércoles 6 de enero de 2027.",
        "El lunes 11 de enero de 2027 no se cuenta: Día de los Reyes Magos.",
        "Desde el día 1 hasta el último hay 15 días: 10 días hábiles, 4 de sábado o domingo y 1 festivo o cierre.",
        "El día 10, el último, es el miércoles 20 de enero de 2027; el plazo termina al final de ese día.",
        f"Se contó con el calendario de días hábiles {calendar.version}.",
    )


def test_an_extension_is_explained_with_the_last_day_to_announce_it():
    sentences = explain(due_date("peticion_general+ext15", MONDAY, PLAIN))
    assert "El plazo es de 15 días hábiles, más 15 de prórroga: 30 en total." in " ".join(sentences)
    assert (
        "La prórroga se avisa, con sus razones, a más tardar el jueves 9 de abril de 2026, que es el día 15."
        in sentences
    )


def test_a_term_in_months_says_where_the_month_ends_and_why_it_moves():
    received_at = datetime.fromisoformat("2026-06-13T09:00:00-05:00")
    assert explain(due_date("plazo_completar_1m", received_at, PLAIN))[3:-1] == (
        "El plazo es de 1 mes. Norma: CPACA (Ley 1437 de 2011), art. 17.",
        "Los meses se cuentan por el calendario, con sábados, domingos y festivos (Ley 4 de 1913, art. 59).",
        "1 mes después de ese día es el lunes 13 de julio de 2026.",
        "El lunes 13 de julio de 2026 no se cuenta: Día de Nuestra Señora del Rosario de Chiquinquirá.",
        "Como no es un día hábil, el plazo pasa al siguiente que sí lo es (Ley 4 de 1913, art. 62).",
        "El último día es el martes 14 de julio de 2026; el plazo termina al final de ese día.",
    )


def test_a_month_without_that_day_ends_on_its_last_one():
    received_at = datetime.fromisoformat("2025-01-31T09:00:00-05:00")
    due = due_date("plazo_completar_1m", received_at, PLAIN)
    assert due.due_on == date(2025, 2, 28)
    assert "porque ese mes no tiene más días" in " ".join(explain(due))


def test_the_petitioner_may_get_a_second_month_to_complete():
    assert due_date("plazo_completar_1m+ext1", MONDAY, PLAIN).due_on == date(2026, 5, 19)


def test_an_appeal_is_decided_within_two_months():
    assert due_date("recurso_reposicion", MONDAY, PLAIN).due_on == date(2026, 5, 19)


def test_an_extension_may_come_in_the_code_or_apart_but_not_twice():
    apart = due_date("peticion_general", MONDAY, PLAIN, extension=7)
    assert due_date("peticion_general+ext7", MONDAY, PLAIN) == apart
    assert (apart.code, apart.length, apart.extension) == ("peticion_general", 15, 7)
    with pytest.raises(ValueError, match="dos veces"):
        due_date("peticion_general+ext7", MONDAY, PLAIN, extension=7)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("peticion_general+ext16", "hasta 15 días hábiles de prórroga y se pidió 16 días hábiles"),
        ("habeas_data_consulta+ext6", "hasta 5 días hábiles"),
        ("plazo_completar_1m+ext2", "hasta 1 mes"),
        ("congreso+ext1", "ninguna de prórroga"),
        ("tutela_informe+ext1", "ninguna"),
    ],
)
def test_an_extension_longer_than_the_law_allows_is_refused(code, words):
    with pytest.raises(ExtensionTooLong, match=re.escape(words)):
        due_date(code, MONDAY, PLAIN)


def test_a_negative_extension_is_refused():
    with pytest.raises(ValueError, match="negativa"):
        due_date("queja", MONDAY, PLAIN, extension=-1)


@pytest.mark.parametrize("code", ["", "tutela", "peticion_general+7", "peticion_general+ext", "nada+ext5"])
def test_an_unknown_code_has_no_due_date(code):
    with pytest.raises(UnknownTerm):
        due_date(code, MONDAY, PLAIN)


def test_a_closure_on_a_weekend_changes_no_date():
    with_weekend = PLAIN.with_closures(*parse_closures("2026-03-21;2026-03-22"))
    assert due_date("queja", MONDAY, with_weekend).due_on == due_date("queja", MONDAY, PLAIN).due_on


def test_a_due_date_keeps_what_made_it():
    due = due_date("queja", MONDAY, PLAIN)
    assert (due.rule, due.calendar_version, due.day_zero) == (CALENDAR_DAY, PLAIN.version, date(2026, 3, 16))
    assert due.received_at == MONDAY


@pytest.mark.parametrize(
    ("today", "overdue", "left"),
    [
        (date(2026, 4, 8), False, 1),
        (date(2026, 4, 9), False, 0),
        (date(2026, 4, 10), True, -1),
        (date(2026, 4, 11), True, -1),
        (date(2026, 4, 1), False, 4),
    ],
)
def test_a_ticket_is_late_only_once_its_last_day_has_passed(today, overdue, left):
    due_on = date(2026, 4, 9)
    assert is_overdue(due_on, today) is overdue
    assert business_days_left(due_on, today, PLAIN) == left

"""Does the quarterly report show what came, when it was answered and what was denied, and nothing else?"""

from datetime import date, timedelta

import pytest

from pqr.reports.building import Wanted, build, key_of
from pqr.reports.named_periods import read_period
from pqr.reports.official import as_json
from pqr.reports.ordered import ReportKind
from pqr.secretarias.models import ExternalBody
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.ruling import Ruling
from pqr.tickets.transferring import Sending, transfer
from pqr.tickets.voiding import Mistake, Voiding, void
from tests.builders import CITIZEN, NOW, assigned, at, office_of

QUARTER = read_period("2026-T1", 3)
LATER = at("2026-04-06 08:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def ask(session, here, now=NOW, kind="informacion"):
    return assigned(session, here, now=now, kind=kind)


def answer(session, here, ticket, now, outcome=AnswerOutcome.INFORMED, norm=""):
    record_answer(session, Reply(ticket, "Así es.", "user:1", final=True, ruling=Ruling(outcome, norm)), here, now)
    communicate(session, ticket, "counter", "user:1", here, now)


def a_quarter(session, here):
    """One request of each fate, and four petitions of other kinds."""
    first = ask(session, here)
    answer(session, here, first, at("2026-03-06 10:00"))  # three business days
    second = ask(session, here, kind="documentos")
    answer(session, here, second, at("2026-03-10 10:00"), AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18")
    third = ask(session, here, at("2026-03-04 23:30"))
    body = ExternalBody(name="Gobernación de Prueba", email="ventanilla@gobernacion.example")
    session.add(body)
    transfer(session, Sending(third, body, "Es de una vía departamental.", "user:1"), here, at("2026-03-09 10:00"))
    ask(session, here, at("2026-03-30 10:00"))
    for _ in range(4):
        ask(session, here, kind="queja")
    void(
        session,
        Voiding(ask(session, here), Mistake.TEST, "Resolución 1 de 2026", "Era una prueba.", "user:1"),
        here,
        NOW,
    )
    ask(session, here, at("2026-04-01 00:30"))  # of the next quarter
    session.flush()


def report(session, here, shows_small=True, period=QUARTER):
    wanted = Wanted(ReportKind.ACCESS, period, key_of(ReportKind.ACCESS, period, here), shows_small)
    return build(session, wanted, here, LATER)


def table(value, heading):
    return next(each for name, each in value.tables if name == heading)


@pytest.mark.parametrize("shows_small", [True, False])
def test_each_request_has_its_row_and_the_sums_are_those_of_the_rows(session, here, shows_small):
    a_quarter(session, here)
    value, found = report(session, here, shows_small)
    rows = table(value, "Una por una").rows
    day = date(2026, 3, 3)
    assert [row[1:] for row in rows] == [
        (day, date(2026, 3, 6), 3, "no", "no"),
        (day, date(2026, 3, 10), 5, "no", "sí, por reserva"),
        (date(2026, 3, 4), date(2026, 3, 9), 3, "sí", "no"),
        (date(2026, 3, 30), "en trámite", "sin respuesta", "no", "no"),
    ]
    sums = dict(table(value, "Acceso a información").rows)
    assert sums == {
        "Recibidas": len(rows), "Trasladadas a otra entidad": 1, "Trasladadas en parte": 0, "Respondidas": 2,
        "Negadas": 1, "Negadas por reserva": 1, "Negadas en parte": 0, "En trámite o por comunicar": 1,
        "Terminadas sin respuesta de fondo": 0,
    }  # fmt: skip
    assert dict(table(value, "Tiempo de respuesta").rows) == {
        "Promedio": 4.0, "Mediana": 4.0, "La más rápida": 3.0, "La más demorada": 5.0,
    }  # fmt: skip
    assert (len(found.cases), found.still_open) == (8, 5)


def test_a_request_is_named_by_what_leads_nowhere(session, here):
    a_quarter(session, here)
    value, _ = report(session, here, shows_small=False)
    names = [row[0] for row in table(value, "Una por una").rows]
    assert len(set(names)) == 4
    told = as_json(value)
    assert not any(secret in told for secret in ("2026-E-", "Ana Prueba", CITIZEN, "acueducto", "vereda"))
    other = key_of(ReportKind.ACCESS, read_period("2026-T2", 3), here)
    again, _ = build(session, Wanted(ReportKind.ACCESS, QUARTER, other), here, LATER)
    assert not {*names} & {row[0] for row in table(again, "Una por una").rows}


def test_in_public_a_few_petitions_of_a_kind_are_not_counted_apart(session, here):
    a_quarter(session, here)
    assert table(report(session, here)[0], "Las demás peticiones").rows == (
        ("Queja", 4, 0, None),
        ("Total", 4, 0, None),
    )
    hidden, _ = report(session, here, shows_small=False)
    assert all(4 not in row for row in table(hidden, "Las demás peticiones").rows)
    assert "no se muestra" in table(hidden, "Las demás peticiones").rows[0]


def test_a_quarter_without_requests_says_so(session, here):
    value, found = report(session, here, period=read_period("2025-T4", 3))
    assert value.sections[0].paragraphs == (
        "En el periodo no se recibieron solicitudes de acceso a información: sin datos.",
    )
    assert table(value, "Una por una").rows == ()
    assert found.cases == ()
    assert {row[1] for row in table(value, "Tiempo de respuesta").rows} == {None}


def test_the_sentences_agree_in_number(session, here):
    ask(session, here)
    value, _ = report(session, here)
    assert value.sections[0].paragraphs == (
        "En el periodo se recibió 1 solicitud de acceso a información.",
        "No se ha respondido ninguna y no se trasladó ninguna a otra entidad.",
        "No se negó ninguna.",
        "Sigue 1 en trámite.",
    )
    assert value.status.endswith("1 petición del periodo sigue abierta.")


def test_a_period_that_runs_is_provisional(session, here):
    value, _ = build(session, Wanted(ReportKind.ACCESS, QUARTER, "k"), here, LATER - timedelta(days=10))
    assert value.status.startswith("Provisional:")
    assert value.status.endswith("El periodo no ha terminado.")

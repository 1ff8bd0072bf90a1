"""Which words does each fact of a case get, and do the facts come out of what the acts left?"""

from dataclasses import replace
from datetime import date

import pytest

from pqr.publishing.columns import CASE_COLUMNS, NAMES, Facts, case_of, row_of
from pqr.publishing.open_cases import cases_of
from pqr.secretarias.directory import active_bodies
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.ruling import Ruling
from pqr.tickets.states import Outcome
from pqr.tickets.transferring import Sending, transfer
from tests.builders import NOW, assigned, at, filed, office_of

TODAY, DUE = date(2026, 5, 4), date(2026, 3, 25)
OPEN = Facts(
    kind="queja", channel="box", outcome="", decided="", transferred_to="", office="", topic="", place="",
    received_on=date(2026, 3, 3), due_on=DUE, is_paused=False, in_time=None, closed_on=None, days_used=None,
    extended=False,
)  # fmt: skip
ANSWERED = replace(
    OPEN, outcome="answered", decided="denied", in_time=True, closed_on=DUE, days_used=15,
    office="Gobierno", topic="Ruido",
)  # fmt: skip


def told(facts):
    """What the row of this case would say if all could be shown."""
    names = [column.name for column in CASE_COLUMNS]
    return dict(zip(names, row_of("2026-03", case_of(facts, TODAY)), strict=True))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (OPEN, {"familia": "inconformidad", "tipo": "queja", "modalidad": "presencial", "canal": "ventanilla"}),
        (OPEN, {"dependencia": "sin_asignar", "tema": "sin_tema", "zona": "sin_dato", "prorroga": "no"}),
        (OPEN, {"estado": "en_tramite", "oportunidad": "vencida", "resultado": "pendiente", "dias_rango": "sin_dato"}),
        (OPEN, {"mes_cierre": "sin_dato", "fecha_cierre": "", "dias_habiles": "", "trasladada_a": ""}),
        (replace(OPEN, due_on=TODAY), {"oportunidad": "en_plazo"}),
        (replace(OPEN, is_paused=True), {"oportunidad": "en_plazo"}),
        (ANSWERED, {"estado": "terminada", "oportunidad": "a_tiempo", "resultado": "negada"}),
        (
            ANSWERED,
            {"dias_rango": "11-15", "dias_habiles": "15", "mes_cierre": "2026-03", "fecha_cierre": "2026-03-25"},
        ),
        (ANSWERED, {"dependencia": "Gobierno", "tema": "Ruido"}),
        (replace(ANSWERED, in_time=False), {"oportunidad": "tarde"}),
        (replace(ANSWERED, days_used=16), {"dias_rango": "16-30"}),
        (replace(ANSWERED, days_used=31), {"dias_rango": "31_o_mas", "dias_habiles": "31"}),
        (
            replace(ANSWERED, outcome="transferred", transferred_to="Gobernación"),
            {"oportunidad": "sin_respuesta", "resultado": "trasladada", "trasladada_a": "Gobernación"},
        ),
        (replace(OPEN, place="Vereda San Miguel"), {"zona": "rural"}),
        (replace(OPEN, place="el corregimiento Arriba"), {"zona": "rural"}),
        (replace(OPEN, place="Casco urbano"), {"zona": "urbana"}),
        (replace(OPEN, place="el barrio Centro"), {"zona": "urbana"}),
        (replace(OPEN, extended=True), {"prorroga": "si"}),
        (OPEN, {"mes": "2026-03", "quincena": "1", "fecha_recepcion": "2026-03-03"}),
        (replace(OPEN, received_on=date(2026, 3, 16)), {"quincena": "2"}),
    ],
)
def test_each_fact_is_said_in_the_words_of_the_dictionary(facts, said):
    row = told(facts)
    assert {name: row[name] for name in said} == said
    codes = {column.name: {code for code, _ in column.values} for column in CASE_COLUMNS if column.values}
    assert all(row[name] in known for name, known in codes.items())


def test_the_facts_are_those_that_the_acts_left(session, settings):
    """Denied and told, extended, sent on, voided, and of another month."""
    office = office_of(session, settings)
    denied = assigned(session, office, kind="peticion_particular")
    ruling = Ruling(AnswerOutcome.DENIED)
    record_answer(session, Reply(denied, "No se puede.", "user:1", final=True, ruling=ruling), office, NOW)
    communicate(session, denied, "counter", "user:1", office, NOW)
    extended = assigned(session, office, code="hacienda")
    extend_term(session, Extension(extended, 5, "Falta la visita.", "secretaria:hacienda"), office, NOW)
    body = active_bodies(session)[0]
    transfer(session, Sending(assigned(session, office), body, "No es nuestra.", "user:1"), office, NOW)
    filed(session, office).outcome = Outcome.VOIDED
    for when in ("2026-02-28 23:59", "2026-04-01 00:01"):
        filed(session, office, now=at(when))
    session.flush()
    cases = [dict(zip(NAMES, case, strict=True)) for case in cases_of(session, date(2026, 3, 1), TODAY)]
    told = sorted((case["tramite"], case["asunto"][0], case["prorroga"]) for case in cases)
    assert told == [
        (("en_tramite", "vencida", "pendiente"), "Secretaría de Hacienda", ("si",)),
        (("terminada", "a_tiempo", "negada"), "Secretaría de Planeación", ("no",)),
        (("terminada", "sin_respuesta", "trasladada", body.name), "Secretaría de Planeación", ("no",)),
    ]

"""Do the reports of the half-year, of the offices and for FURAG say what the figures say, in every format?"""

from datetime import timedelta
from pathlib import Path

import pytest

from pqr.reports.building import Wanted, build, key_of
from pqr.reports.control_public import TABLES
from pqr.reports.figures import Asking, figures
from pqr.reports.formats import render
from pqr.reports.named_periods import read_period
from pqr.reports.official import Type, as_json, shown
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.reports.periods import Period
from pqr.reports.published import publish
from pqr.reports.spreadsheets import csv_cell
from pqr.secretarias.models import ExternalBody
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Channel, Identity
from pqr.tickets.surveying import Opinion, keep_opinion
from pqr.tickets.transferring import Sending, transfer
from tests.builders import NOW, assigned, at, filed, office_of
from tests.reports.reported import as_typed, csv_lines, pdf_words, sheets
from tests.reports.test_reports_access import answer, ask, table

LATER = at("2026-07-01 08:00")
SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "reports"
PERIODS = {
    ReportKind.ACCESS: "2026-T1",
    ReportKind.CONTROL: "2026-S1",
    ReportKind.OFFICES: "2026-T1",
    ReportKind.EVIDENCE: "2026",
}


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def a_half_year(session, here):
    """Petitions of every fate, and of groups both large and small."""
    for number in range(14):
        ticket = assigned(
            session,
            here,
            code="planeacion" if number % 3 else "salud",
            kind="queja" if number % 2 else "peticion_general",
        )
        if number < 12:
            answer(session, here, ticket, at("2026-03-06 10:00" if number < 8 else "2026-04-20 10:00"))
            keep_opinion(session, ticket, Opinion(answered=number < 9, solved=number < 5), NOW)
    denied = ask(session, here, kind="peticion_particular")
    answer(session, here, denied, at("2026-03-05 10:00"), AnswerOutcome.DENIED)
    body = ExternalBody(name="Gobernación de Prueba", email="ventanilla@gobernacion.example")
    session.add(body)
    for _ in range(2):
        transfer(
            session, Sending(assigned(session, here), body, "Es de una vía.", "user:1"), here, NOW + timedelta(days=1)
        )
    filed(session, here, identity=Identity.ANONYMOUS, kind="denuncia", channel=Channel.BOX)
    ask(session, here)
    for _ in range(6):
        filed(session, here, kind="sugerencia", channel=Channel.PHONE, topic_id=1)
    session.flush()


def made(session, here, kind, shows_small=True, period=None):
    period = read_period(period or PERIODS[kind], ORDERED[kind].months)
    return build(session, Wanted(kind, period, key_of(kind, period, here), shows_small, "Publicar más."), here, LATER)


def cells(value):
    """Every cell with its column."""
    return [
        (cell, column)
        for _, each in value.tables
        for row in each.rows
        for cell, column in zip(row, each.columns, strict=True)
    ]


FACES = [(kind, shows) for kind in ReportKind for shows in (True, False) if shows or ORDERED[kind].public]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_report_reads_as_it_was_agreed(session, here):
    a_half_year(session, here)
    told = []
    for kind, shows_small in FACES:
        value, _ = made(session, here, kind, shows_small)
        agreed = SNAPSHOTS / f"{kind}{'' if shows_small else '-publico'}.csv"
        content = render(value, "csv", here)
        if not agreed.exists():
            agreed.parent.mkdir(exist_ok=True)
            agreed.write_bytes(content)
            told.append(f"{agreed.name}: written anew, read it")
        elif agreed.read_bytes() != content:
            told.append(f"{agreed.name}:\n{content.decode()}")
    assert told == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_all_formats_carry_the_same_figures(session, here, tmp_path):
    a_half_year(session, here)
    for kind, shows_small in FACES:
        value, _ = made(session, here, kind, shows_small)
        book, lines = sheets(render(value, "xlsx", here)), csv_lines(render(value, "csv", here))
        words = pdf_words(render(value, "pdf", here), tmp_path)
        names = [name for name in book if name != "Informe"]
        for name, (_, each) in zip(names, value.tables, strict=True):
            typed = [[as_typed(*pair) for pair in zip(row, each.columns, strict=True)] for row in each.rows]
            assert book[name][1:] == typed, (kind, name)
            for row in each.rows:
                assert [csv_cell(*pair) for pair in zip(row, (c.type for c in each.columns), strict=True)] in lines
        for cell, column in cells(value):
            if column.is_figure or column.type is Type.DATE:
                assert shown(cell, column.type) in words, (kind, cell)


def test_the_half_year_counts_what_the_figures_count(session, here):
    a_half_year(session, here)
    value, found = made(session, here, ReportKind.CONTROL)
    period = Period(at("2026-01-01 12:00").date(), at("2026-06-30 12:00").date())
    whole = figures(session, Asking(period), here, in_bogota(LATER).date())
    sums = {row[0]: row[1] for row in table(value, "Resumen").rows}
    assert sums["Recibidas"] == whole.whole["received"] == len(found.cases) == 25
    assert (sums["Respondidas a tiempo"], sums["Respondidas tarde"]) == (9, 4)
    assert (sums["Trasladadas"], sums["Negadas"], sums["Anónimas"], sums["Verbales"]) == (2, 1, 1, 6)
    for heading in ("Por mes", "Por tipo", "Por canal", "Por dependencia", "Por tema", "Por lugar"):
        *rows, total = table(value, heading).rows
        assert total[1] == 25 == sum(row[1] for row in rows), heading
        assert [sum(row[place] for row in rows) for place in range(1, 7)] == list(total[1:7]), heading
        assert all(row[1] == sum(row[2:7]) for row in rows), heading
    assert table(value, "Traslados").rows == (("Gobernación de Prueba", 2),)
    assert table(value, "Negativas").rows == (("Sin norma de reserva", 1),)
    assert [row[1:] for row in table(value, "Satisfacción").rows] == [(9, 12, 0.75), (5, 12, 0.4167)]
    assert table(value, "Servicios con más quejas y reclamos").rows[0][1] == 7
    assert table(value, "Lo que recomienda la gente").rows[0][1] == 6


def test_in_public_no_small_group_is_told_nor_can_be_reckoned(session, here):
    a_half_year(session, here)
    value, _ = made(session, here, ReportKind.CONTROL, shows_small=False)
    for heading, each in value.tables:
        for row in each.rows:
            for cell, column in zip(row, each.columns, strict=True):
                if column.type is Type.NUMBER:
                    assert cell == 0 or not isinstance(cell, int) or cell >= 5, (heading, row)
    assert "Por lugar" not in dict(value.tables)
    whole = {row[0]: row[1] for row in table(value, "Resumen").rows}
    assert whole["Recibidas"] == 25
    assert whole["Negadas"] == whole["Trasladadas"] == "no se muestra"
    told = " ".join(paragraph for each in value.sections for paragraph in each.paragraphs)
    assert "El número de denuncias no se muestra." in told
    assert "Gobernación" not in as_json(value)
    assert not {"Por lugar", "Traslados", "Negativas", "Por mes"} & set(dict(value.tables))


def test_everybody_reads_what_the_public_page_tells(session, here):
    a_half_year(session, here)
    value, _ = made(session, here, ReportKind.CONTROL, shows_small=False)
    period = Period(at("2026-01-01 12:00").date(), at("2026-06-30 12:00").date())
    shown = publish(session, period, here, in_bogota(LATER).date())
    for dimension, heading in TABLES.items():
        counts = [("no se muestra" if row.received is None else row.received) for row in shown.tables[dimension]]
        assert [row[1] for row in table(value, heading).rows] == counts


def test_a_half_year_without_petitions_says_so(session, here):
    value, found = made(session, here, ReportKind.CONTROL, period="2025-S2")
    assert value.sections[0].paragraphs == ("En el periodo no se recibieron peticiones: sin datos.",)
    assert found.cases == ()
    assert all(row[3] is None for row in table(value, "Indicadores").rows)
    assert render(value, "pdf", here).startswith(b"%PDF")


def test_the_sentences_say_the_trend(session, here):
    a_half_year(session, here)
    assert (
        "En el periodo anterior no se recibieron peticiones."
        in made(session, here, ReportKind.CONTROL)[0].sections[0].paragraphs
    )
    for _ in range(20):
        filed(session, here, now=at("2025-12-01 10:00"))
    session.flush()
    told = made(session, here, ReportKind.CONTROL)[0].sections[0].paragraphs
    assert told[0] == "En el periodo se recibieron 25 peticiones."
    assert told[1] == "Son un 25 % más que en el periodo anterior, cuando fueron 20."


def test_each_office_has_its_section_and_they_sum_up(session, here):
    a_half_year(session, here)
    value, _ = made(session, here, ReportKind.OFFICES)
    *rows, total = table(value, "Todas las dependencias").rows
    assert sum(row[1] for row in rows) == total[1] == 25
    for name, received, *_ in rows:
        assert table(value, name).rows[-1][1] == received


def test_the_evidence_names_a_page_for_each_reading(session, here):
    a_half_year(session, here)
    value, _ = made(session, here, ReportKind.EVIDENCE)
    rows = {row[0]: row[1:] for row in table(value, "Evidencias").rows}
    assert rows["¿Recibe peticiones verbales?"][0] == "6 peticiones."
    assert (
        rows["¿Qué porcentaje responde a tiempo?"][0].endswith(").")
        or "de" in rows["¿Qué porcentaje responde a tiempo?"][0]
    )
    assert all(page.startswith(here.base_url) or "adjunte" in reading for reading, page in rows.values())

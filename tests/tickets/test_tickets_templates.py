"""Is a ready text filled in from the case, without a name that must not be said?"""

import pytest

from pqr.secretarias.directory import by_code
from pqr.tickets.models import Identity
from pqr.tickets.templates import FIELDS, AnswerTemplate, fill, templates_for, unknown_fields
from tests.builders import NOW, assigned, office_of


@pytest.fixture
def ticket(session, settings):
    return assigned(session, office_of(session, settings))


def test_every_field_is_filled_in(ticket):
    told = fill(" · ".join(f"{{{name}}}" for name in FIELDS), ticket, NOW)
    assert told == (
        "2026-E-000001 · No llega agua al acueducto · Ana Prueba · martes 3 de marzo de 2026"
        " · miércoles 25 de marzo de 2026 · Secretaría de Planeación · martes 3 de marzo de 2026"
    )


@pytest.mark.parametrize("identity", [Identity.RESERVED, Identity.ANONYMOUS])
def test_a_name_that_must_not_be_said_is_not_said(ticket, identity):
    ticket.identity = identity
    assert fill("Señor(a) {nombre}:", ticket, NOW) == "Señor(a) Ciudadano(a):"


def test_what_is_no_field_stays_as_it_stands(ticket):
    text = "Use { RADICADO } y no {saldo}, ni {}, ni {{radicado}}, ni {0.__class__}"
    assert fill(text, ticket, NOW).startswith(
        "Use 2026-E-000001 y no {saldo}, ni {}, ni {2026-E-000001}, ni {0.__class__}"
    )
    assert unknown_fields(text) == ["saldo"]


def test_what_a_citizen_wrote_is_not_read_as_a_field(ticket):
    ticket.subject = "{nombre}"
    assert fill("Sobre {asunto}", ticket, NOW) == "Sobre {nombre}"


def test_an_office_is_offered_its_own_texts_and_everybody_s(session, ticket):
    own, health = by_code(session, "planeacion"), by_code(session, "salud")
    rows = (("B", own.id, True), ("A", None, True), ("C", health.id, True), ("D", None, False))
    session.add_all(AnswerTemplate(name=name, text="x", secretaria_id=whose, active=on) for name, whose, on in rows)
    session.flush()
    assert [each.name for each in templates_for(session, own.id)] == ["A", "B"]

"""Every state and every ending has its words, and no event brings the page down."""

from datetime import UTC, date, datetime

import pytest

from pqr.portal.story import standing, tell
from pqr.secretarias.models import Secretaria
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket
from pqr.tickets.states import OPEN, Outcome, State

AT = datetime(2026, 2, 3, 14, 15, tzinfo=UTC)
OFFICES = {"agro": "Desarrollo Agropecuario"}


def ticket(state: State, outcome: str = "", secretaria: Secretaria | None = None) -> Ticket:
    return Ticket(state=state, outcome=outcome, due_on=date(2026, 2, 24), secretaria=secretaria)


@pytest.mark.parametrize("state", sorted(OPEN | {State.ANSWERED}))
def test_each_state_has_words(state):
    told = standing(ticket(state), date(2026, 2, 3))
    assert told.label
    assert told.words.endswith(".")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_ending_has_words(outcome):
    assert standing(ticket(State.CLOSED, outcome), date(2026, 2, 3)).words.endswith(".")


def test_the_due_day_itself_is_not_late():
    assert standing(ticket(State.FILED), date(2026, 2, 24)).label == "Radicada"
    assert standing(ticket(State.FILED), date(2026, 2, 25)).label == "Plazo vencido"


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("filed", {}, "Quedó radicada."),
        ("assigned", {"secretaria": "agro"}, "Quedó a cargo de: Desarrollo Agropecuario."),
        ("reassigned", {"secretaria": "agro"}, "Pasó a: Desarrollo Agropecuario. El plazo sigue siendo el mismo."),
        ("assigned", {"secretaria": "cerrada"}, "Quedó a cargo de: otra dependencia."),
        (
            "due_date_recomputed",
            {"due_on": "2026-03-03", "reason": "Ley nueva"},
            "La fecha límite cambió al martes 3 de marzo de 2026. Razón: Ley nueva.",
        ),
        (
            "reclassified",
            {"kind": "documentos", "due_before": "2026-03-10", "due_on": "2026-03-03"},
            "Se revisó qué clase de petición es, y por eso la fecha límite cambió al martes 3 de marzo de 2026.",
        ),
        ("answered", {"radicado": "2026-S-000001"}, "Se emitió la respuesta."),
        ("communicated", {"way": "counter"}, "Recibió la respuesta en la ventanilla."),
        ("communicated", {"way": "paloma"}, "Recibió la respuesta."),
        ("letter_sent", {"letter": "answer"}, "Le enviamos la respuesta por correo."),
        ("follow_up", {}, "Se agregó información a su caso."),
    ],
)
def test_an_event_is_told_in_a_sentence(kind, data, words):
    assert [step.words for step in tell([Event(at=AT, kind=kind, data=data)], OFFICES)] == [words]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("letter_sent", {"letter": "assignment"}),
        ("letter_bounced", {"letter": "reminder"}),
        ("reminded", {}),
        ("answer_drafted", {}),
        ("identity_revealed", {}),
        ("something_new", {"x": 1}),
    ],
)
def test_what_concerns_officials_is_left_out(kind, data):
    assert tell([Event(at=AT, kind=kind, data=data)], OFFICES) == []

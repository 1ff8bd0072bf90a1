"""Do the letters of a case that ends elsewhere, or without an answer of its own, read as they were agreed?"""

from dataclasses import replace
from datetime import date

import pytest

from pqr.secretarias.models import ExternalBody
from pqr.tickets.closing import Decision
from pqr.tickets.rejecting import reject
from pqr.tickets.reopening import Reopening, reopen
from pqr.tickets.transferring import Sending, transfer
from pqr.tickets.voiding import Mistake, Voiding, void
from tests.builders import assigned, at, letters_of, office_of
from tests.tickets.test_tickets_letters import check

THEN = at("2026-03-10 16:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


@pytest.fixture
def body(session):
    body = ExternalBody(name="Gobernación de Prueba", email="ventanilla@gobernacion.example")
    session.add(body)
    session.flush()
    return body


def agreed(*pairs):
    """Each letter against its snapshot; what was missing is told at the end."""
    missing = []
    for letter, name in pairs:
        assert "{{" not in letter.html
        try:
            check(letter, name)
        except pytest.fail.Exception as told:
            missing.append(str(told))
    assert missing == []


def test_a_transfer_reads_as_it_was_agreed(session, here, body):
    whole = Sending(assigned(session, here), body, "La vía es del departamento.", "user:1")
    transfer(session, whole, here, THEN)
    transfer(session, replace(whole, ticket=assigned(session, here), part="El puente de la vía."), here, THEN)
    theirs, own = letters_of(session, "transfer"), letters_of(session, "transferred")
    agreed((theirs[0], "transfer"), (theirs[1], "transfer_part"), (own[0], "transferred"), (own[1], "transferred_part"))


def test_a_rejection_a_voided_number_and_a_reopening_read_as_they_were_agreed(session, here):
    rude, twice, stays, test = (assigned(session, here) for _ in range(4))
    reject(session, Decision(rude, "Contiene insultos y amenazas contra la persona que atiende.", "user:1"), here, THEN)
    void(session, Voiding(twice, Mistake.TWICE, "Acta 4 de 2026", "Se envió dos veces.", "user:1", stays), here, THEN)
    void(session, Voiding(test, Mistake.TEST, "Acta 5 de 2026", "Ensayo de capacitación.", "user:1"), here, THEN)
    reopen(session, Reopening(rude, "Se leyó mal.", date(2026, 3, 12), "user:1"), here, THEN)
    voided = letters_of(session, "voided")
    agreed(
        (letters_of(session, "rejected")[0], "rejected"), (voided[0], "voided_twice"), (voided[1], "voided_test"),
        (letters_of(session, "reopened")[0], "reopened"),
    )  # fmt: skip

"""Do the letters of a case that ends elsewhere, or without an answer of its own, read as they were agreed?"""

from dataclasses import replace

import pytest

from pqr.secretarias.models import ExternalBody
from pqr.tickets.transferring import Sending, transfer
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

"""From door to ledger: a petition by mail is another entity's, and reaches it within the five days."""

from pqr import mailroom
from pqr.db import db
from pqr.secretarias.models import ExternalBody
from tests.desk.staff import act, words_of
from tests.flows.test_flow_completing import (  # noqa: F401
    CITIZEN,
    desk,
    in_order,
    kinds,
    move,
    now,
    receive,
    service,
    ticket,
)
from tests.sink import petition

BODY = "ventanilla@gobernacion.example"


def test_a_petition_of_another_entity_reaches_it_in_five_days_and_the_person_knows(service, desk, relay, now):  # noqa: F811
    body = ExternalBody(name="Gobernación de Prueba", email=BODY)
    db.session.add(body)
    db.session.commit()
    body_id = str(body.id)
    receive(petition(CITIZEN, "Petición: la vía", "La vía departamental tiene un derrumbe.", "<uno@x.example>"))

    move(now, desk, "2026-02-10T16:00:00")  # the fifth business day after Tuesday the 3rd
    done = act(desk, ticket().radicado, "trasladar", body=body_id, reason="La vía es del departamento.")
    assert done.status_code == 303, words_of(done)
    mailroom.send_waiting()

    theirs = relay.to(BODY)[-1]
    text = theirs.get_body(("plain",)).get_content()
    assert "La vía departamental tiene un derrumbe." in text
    assert CITIZEN in text
    assert [part.get_content_type() for part in theirs.iter_attachments()] == ["application/pdf"]
    own = relay.to(CITIZEN)[-1]
    assert "Gobernación de Prueba" in own["Subject"]
    assert own["In-Reply-To"] == "<uno@x.example>"
    assert (ticket().state, ticket().outcome) == ("closed", "transferred")
    assert "transferred" in kinds()
    assert in_order()

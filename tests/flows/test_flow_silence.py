"""From door to ledger: a request for information that nobody answered in time counts as granted."""

from flask import g

from pqr.db import db
from pqr.tickets.events import history
from tests.desk.staff import act, words_of
from tests.flows.test_flow_completing import (  # noqa: F401
    desk,
    hourly,
    in_order,
    kinds,
    move,
    now,
    service,
    ticket,
)
from tests.portal.test_portal_filing import file


def test_a_request_for_information_reaches_positive_silence_and_is_answered_all_the_same(service, desk, relay, now):  # noqa: F811
    file(service.test_client(), kind="informacion", subject="Contrato", description="Quiero copia del contrato 12.")
    g.pop("_login_user", None)  # nobody's, kept in the context that the test holds open
    radicado = ticket().radicado
    move(now, desk, "2026-02-17T16:00:00")  # the tenth business day after Tuesday the 3rd
    hourly()
    assert "silence_positive" not in kinds()
    words = words_of(desk.get(f"/atencion/radicado/{radicado}"))
    assert "vence hoy" in words
    assert "Silencio positivo" not in words

    move(now, desk, "2026-02-18T09:00:00")
    hourly()
    hourly()
    assert kinds().count("silence_positive") == 1
    told = next(event for event in history(db.session(), ticket().id) if event.kind == "silence_positive")
    assert told.data == {"since": "2026-02-17", "copies_by": "2026-02-20"}
    words = words_of(desk.get(f"/atencion/radicado/{radicado}"))
    assert "Ya no se puede negar" in words
    assert "a más tardar el viernes 20 de febrero de 2026" in words

    assert act(desk, radicado, "responder", text="Va la copia del contrato.").status_code == 303
    assert ticket().state == "answered"
    assert in_order()

"""Is every page of the staff shut to those whom it does not concern?  Each route against each role.

What strangers, other offices and forged forms get: `tests/security/test_security_walk.py`.
"""

import pytest

from pqr.accounts.permissions import Right, may
from pqr.accounts.roles import Role
from pqr.desk.access import RIGHTS
from tests.desk.staff import at_work

# Who may pass is asked before anything of the database is; one engine is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPEN_TO_ALL = {"desk.enter", "desk.enter_code", "desk.forgotten", "desk.leave", "desk.use_link"}
SAMPLES = {
    "radicado": "2026-E-999999",
    "file_id": 1,
    "exit_number": "2026-S-999999",
    "mail_id": 1,
    "letter_id": 1,
    "position": 1,
    "closure_id": 999999,
    "user_id": 999999,
    "body_id": 999999,
    "number": 999999,
    "transfer_id": 999999,
    "series_id": 999999,
    "key_id": 999999,
    "webhook_id": 999999,
    "group_id": 999999,
    "topic_id": 999999,
    "template_id": 999999,
    "session_id": 999999,
    "code": "no-existe",
    "name": "no-existe",
    "fate": "radicar",
    "form": "pdf",
    "kind": "answer",
    "report_kind": "trimestral",
    "period": "2026-T1",
}


def routes(app):
    """Endpoint, method and an address of every page of the staff."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("desk.") and rule.endpoint not in OPEN_TO_ALL:
                values = {name: SAMPLES[name] for name in rule.arguments}
                path = app.url_map.bind("localhost").build(rule.endpoint, values)
                for method in rule.methods - {"HEAD", "OPTIONS"}:
                    yield rule.endpoint, method, path


def test_every_page_of_the_staff_names_the_right_that_it_needs(app):
    endpoints = {endpoint for endpoint, _, _ in routes(app)}
    assert endpoints == set(RIGHTS)


def test_every_page_of_the_staff_stands_behind_the_gate(app):
    assert all(path.startswith("/atencion") for _, _, path in routes(app))


def test_who_is_not_logged_in_is_led_to_the_door_from_every_page(app, client):
    for endpoint, method, path in routes(app):
        answer = client.open(path, method=method)
        assert answer.status_code == 302, endpoint
        assert answer.location.startswith("/ingresar?next="), endpoint


def test_each_role_is_refused_exactly_where_it_lacks_the_right(app, client, session):
    for role in Role:
        at_work(client, session, role, "planeacion" if role == Role.SECRETARIA else None)
        for endpoint, method, path in routes(app):
            answer = client.open(path, method=method)
            assert answer.status_code < 500, endpoint
            assert (answer.status_code == 403) is not may(role, RIGHTS[endpoint]), f"{role} {method} {endpoint}"


@pytest.mark.parametrize("reveals", [True, False])
def test_a_reserved_identity_opens_for_whom_the_settings_name(app, client, session, reveals):
    for role in Role:
        user = at_work(client, session, role, "planeacion" if role == Role.SECRETARIA else None)
        user.reveals = reveals
        session.commit()
        for endpoint, method, path in routes(app):
            if RIGHTS[endpoint] is Right.REVEAL:
                refused = client.open(path, method=method).status_code == 403
                assert refused is not reveals, role


def test_a_page_that_names_no_right_stays_shut(app, client, session, monkeypatch):
    at_work(client, session, Role.ADMIN)
    monkeypatch.delitem(RIGHTS, "desk.queue")
    assert client.get("/atencion/").status_code == 403


def test_the_menu_offers_only_what_the_role_may_open(client, session):
    at_work(client, session, Role.AUDITOR)
    page = client.get("/atencion/").text
    assert "/atencion/nueva" not in page
    assert "/atencion/ajustes/dependencias" not in page
    assert may(Role.AUDITOR, Right.READ)

"""Does the service tell anybody of itself, or let anybody write into its log?"""

import logging

import pytest

from pqr.accounts.roles import Role
from tests.builders import assigned, office_of
from tests.desk.staff import at_work
from tests.portal.visitor import send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INSIDE = (
    "/.git/config", "/.env", "/pyproject.toml", "/pqr/app.py", "/wsgi.py", "/static/", "/static/../app.py",
    "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/var/pqr.sqlite3", "/server-status",
    "/console", "/metrics/../.env",
)  # fmt: skip


@pytest.mark.parametrize("path", INSIDE)
def test_nothing_of_the_program_itself_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code in (302, 308, 404)
    assert "create_app" not in answer.text
    assert "PQR_" not in answer.text
    assert "Werkzeug" not in answer.text


def test_what_was_refused_to_an_official_is_in_the_log_without_any_data(client, session, settings, caplog):
    ticket = assigned(session, office_of(session, settings), "salud")
    session.commit()
    official = at_work(client, session, Role.SECRETARIA, "planeacion")
    client.get("/atencion/ajustes/usuarios")
    client.get(f"/atencion/radicado/{ticket.radicado}")
    refused = [each.getMessage() for each in caplog.records if each.name == "pqr.desk.access"]
    assert refused == [
        f"refused: user:{official.id} asked for desk.people",
        f"refused: user:{official.id} asked for desk.case of {ticket.radicado}",
    ]
    assert "Ana Prueba" not in caplog.text


def test_what_somebody_sends_makes_no_lines_of_the_log(client, session, caplog):
    caplog.set_level(logging.INFO)
    send(client, subject="Hueco\nERROR mentira", name="Ana\r\nERROR mentira", email="a@b.example\nERROR mentira")
    client.get("/radicado/x%0AERROR%20mentira?code=A%0AERROR%20mentira", headers={"User-Agent": "x ERROR mentira"})
    client.get("/%0AERROR%20mentira")
    assert "mentira" not in caplog.text

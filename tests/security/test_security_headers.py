"""What does every answer tell the browser to refuse?  And what do cookies let nobody take, plant or send along?"""

import re

import pytest

from pqr.accounts import acts
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from tests.desk.staff import PASSWORD, employ, send
from tests.installation import make_settings
from tests.portal.visitor import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
PATHS = (
    "/",
    "/radicar",
    "/radicado",
    "/ingresar",
    "/no-existe",
    "/open311/v2/services.json",
    "/healthz",
    "/robots.txt",
)


@pytest.fixture
def secure(settings, tmp_path):
    """The service as it is reached by https."""
    app = create_app(make_settings(tmp_path, settings.database_url, PQR_BASE_URL="https://pqr.puerres.example"))
    yield app
    with app.app_context():
        db.engine.dispose()


def policy_of(answer):
    return dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_the_browser_must_refuse(secure, path):
    answer = secure.test_client().get(path)
    assert POLICY.items() <= policy_of(answer).items()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    age = re.match(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
    assert int(age[1]) >= 365 * 24 * 3600
    assert "charset=utf-8" in answer.content_type.lower() or "json" in answer.content_type


def test_a_refusal_and_a_wrong_method_say_it_too(secure):
    for answer in (secure.test_client().post("/"), secure.test_client().get("/atencion/")):
        assert POLICY.items() <= policy_of(answer).items()
        assert "Strict-Transport-Security" in answer.headers


def test_without_https_nobody_is_bound_to_it(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "Secure" not in client.get("/radicar").headers["Set-Cookie"]


def test_the_cookie_of_the_session_is_of_this_host_alone_and_no_script_reads_it(secure):
    client = secure.test_client()
    given = client.get("/radicar", base_url="https://pqr.puerres.example").headers["Set-Cookie"]
    name, *flags = given.split("; ")
    assert name.startswith("__Host-pqr=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)


def test_the_cookie_of_a_known_browser_goes_to_the_entrance_alone(secure, session):
    user = employ(session, Role.DESK)
    acts.give_password(user, PASSWORD)
    session.commit()
    client, base = secure.test_client(), "https://pqr.puerres.example"
    token = hidden(client.get("/ingresar", base_url=base).text, "csrf_token")
    entering = {"email": user.email, "password": PASSWORD, "csrf_token": token}
    entered = client.post("/ingresar", base_url=base, data=entering)
    assert entered.status_code == 303
    cookie = next(each for each in entered.headers.getlist("Set-Cookie") if "pqr_known" in each)
    assert cookie.startswith("__Secure-pqr_known=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/ingresar"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "wanted", ["//mal.example", "https://mal.example", "/\\mal.example", "javascript:alert(1)", "/x"]
)
def test_the_entrance_leads_to_no_other_place(client, session, wanted):
    acts.give_password(employ(session, Role.DESK), PASSWORD)
    session.commit()
    assert (
        send(client, f"/ingresar?next={wanted}", email="desk@puerres.example", password=PASSWORD).location
        == "/atencion/"
    )


def test_what_the_staff_sees_is_kept_by_no_browser(client, session):
    from tests.desk.staff import at_work

    at_work(client, session)
    for path in ("/atencion/", "/atencion/cuenta", "/atencion/buscar?q=agua"):
        assert client.get(path).headers["Cache-Control"] == "no-store"

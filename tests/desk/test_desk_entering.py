"""Does the staff's door open for the right person, and say nothing to anybody else?"""

import pytest
import time_machine

from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from tests.builders import NOW
from tests.desk.staff import PASSWORD, at_work, employ, form_of, look_again, send, words_of
from tests.installation import make_settings

EMAIL = "desk@puerres.example"
WRONG = "El correo o la contraseña no coinciden"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def colleague(session):
    user = employ(session, Role.DESK)
    acts.give_password(user, PASSWORD)
    session.commit()
    return user


def knock(client, email=EMAIL, password=PASSWORD, path="/ingresar"):
    page = client.get(path)
    token = form_of(page.text)["csrf_token"]
    return client.post(path, data={"csrf_token": token, "email": email, "password": password})


def test_the_right_password_leads_to_the_queue(client, colleague):
    entered = knock(client)
    assert (entered.status_code, entered.location) == (303, "/atencion/")
    assert client.get("/atencion/").status_code == 200


def test_who_is_logged_in_need_not_log_in_again(client, colleague):
    knock(client)
    assert client.get("/ingresar").location == "/atencion/"


def test_whatever_was_wrong_the_sentence_is_the_same(client, colleague):
    for email, password in ((EMAIL, "no es esta"), ("nadie@puerres.example", PASSWORD), (EMAIL, "x" * 5000)):
        refused = knock(client, email, password)
        assert refused.status_code == 422
        assert WRONG in words_of(refused)
        assert email in refused.text
        assert password not in refused.text
        assert "No se ha perdido nada" not in words_of(refused)  # the password has to be written again


def test_a_deactivated_account_gets_that_same_sentence(client, session, colleague):
    acts.set_active(colleague, False)
    session.commit()
    assert WRONG in words_of(knock(client))


def test_without_the_page_s_token_nobody_enters_and_nothing_typed_is_lost(client, colleague):
    refused = client.post("/ingresar", data={"email": EMAIL, "password": PASSWORD})
    assert refused.status_code == 422
    assert EMAIL in refused.text
    assert client.get("/atencion/").status_code == 302


STAFF_PAGES = ("/atencion/radicado/2026-E-000001", "/atencion/?vista=vencidas&despues=9_2026-03-03_1")
TRAPS = (
    "https://otra.example/atencion/", "//otra.example/atencion", "/atencion@otra.example",
    "/atencion/\r\nLocation: https://otra.example",
)  # fmt: skip


def test_after_entering_one_lands_only_on_pages_of_the_staff(app, colleague):
    for wanted in (*STAFF_PAGES, *TRAPS):
        client, query = app.test_client(), {"next": wanted}
        page = client.get("/ingresar", query_string=query)
        fields = {"csrf_token": form_of(page.text)["csrf_token"], "email": EMAIL, "password": PASSWORD}
        entered = client.post("/ingresar", query_string=query, data=fields)
        assert entered.location == (wanted if wanted in STAFF_PAGES else "/atencion/")


def test_what_somebody_planted_in_the_cookie_before_does_not_survive_entering(client, colleague):
    with client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    knock(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_leaving_ends_the_session(client, session):
    at_work(client, session)
    left = send(client, "/atencion/", "/salir")
    assert left.location == "/ingresar"
    assert client.get("/atencion/").status_code == 302


def test_a_link_on_another_site_cannot_log_anybody_out(client, session):
    at_work(client, session)
    client.post("/salir")
    assert client.get("/atencion/").status_code == 200


def test_a_new_password_ends_the_sessions_of_before(client, session):
    user = at_work(client, session)
    assert client.get("/atencion/").status_code == 200
    acts.give_password(user, PASSWORD)
    session.commit()
    assert client.get("/atencion/").status_code == 302


def test_a_cookie_that_names_nobody_opens_nothing(client, session):
    employ(session)
    for cookie_id in ("", "1", "1:", "x:kkkk", "999999:" + "k" * 32, "1:" + "k" * 31, "1:ñ", "9" * 40 + ":k"):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cookie_id
        assert client.get("/atencion/").status_code == 302


def test_the_link_lets_its_holder_choose_a_password_once(client, session):
    user, token = acts.add_user(session, NewUser(EMAIL, Role.DESK), NOW)
    session.commit()
    path = acts.LINK_PATH + token
    assert EMAIL in words_of(client.get(path))
    chosen = send(client, path, password=PASSWORD)
    assert (chosen.status_code, chosen.location) == (303, "/ingresar")
    assert knock(client).status_code == 303
    used = client.get(path)
    assert used.status_code == 404
    assert words_of(used).count("Pida") == 1
    assert "ya se usó" in words_of(used)
    look_again(session)
    assert session.get_one(User, user.id).setup_hash == ""


def test_a_short_password_is_refused_beside_its_field_and_the_link_stays_good(client, session):
    _, token = acts.add_user(session, NewUser(EMAIL, Role.DESK), NOW)
    session.commit()
    refused = send(client, acts.LINK_PATH + token, password="corta")
    assert refused.status_code == 422
    assert "al menos 12 caracteres" in words_of(refused)
    assert send(client, acts.LINK_PATH + token, password=PASSWORD).status_code == 303


def test_ten_attempts_a_minute_are_enough(database_url, tmp_path):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    codes = [client.post("/ingresar").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert client.get("/ingresar").status_code == 200
    with app.app_context():
        db.engine.dispose()

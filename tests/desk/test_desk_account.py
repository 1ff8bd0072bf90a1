"""Can an official get back in, tie a telephone and end a session, and can nobody else?"""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine

from pqr.accounts import acts, second_step
from pqr.accounts.entering import FREE_TRIES
from pqr.accounts.models import StaffSession
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from tests.builders import NOW, letters_of
from tests.desk.staff import PASSWORD, at_work, employ, form_of, look_again, send, words_of
from tests.installation import make_settings

EMAIL, ACCOUNT, ENROL = "desk@puerres.example", "/atencion/cuenta", "/atencion/cuenta/segundo-paso"
CODE, FORGOTTEN = "/ingresar/codigo", "/ingresar/olvido"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def colleague(session):
    user = employ(session, Role.DESK)
    acts.give_password(user, PASSWORD)
    session.commit()
    return user


def knock(client, password=PASSWORD, email=EMAIL, path="/ingresar"):
    return send(client, path, email=email, password=password)


def enrolled(client, clock):
    """Ties a telephone; gives what it shows at an instant, and the recovery codes."""
    page = client.get(ENROL).text
    secret = "".join(re.search(r"Escriba la clave: <[^>]+>([A-Z2-7 ]+)<", page)[1].split())
    told = send(client, ENROL, code=pyotp.TOTP(secret).at(NOW))
    assert told.status_code == 200
    clock.shift(60)
    return pyotp.TOTP(secret), re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", told.text)


def test_after_five_wrong_passwords_even_the_right_one_waits(client, colleague, clock):
    for _ in range(FREE_TRIES):
        assert "no coinciden" in words_of(knock(client, "no es esta"))
    assert "Vuelva a intentarlo a las 10:02 a. m." in words_of(knock(client))
    clock.shift(60)
    assert knock(client).location == "/atencion/"


def test_who_is_known_in_this_browser_is_not_shut_out_by_strangers(app, client, colleague):
    knock(client)
    with client.session_transaction() as cookie:
        cookie.clear()
    stranger = app.test_client()
    for _ in range(FREE_TRIES):
        knock(stranger, "no es esta")
    assert "demasiados intentos" in words_of(knock(stranger))
    assert knock(client).location == "/atencion/"


def test_a_lost_password_is_replaced_by_a_link_to_the_account_s_own_address(client, session, colleague, clock):
    assert "le llega un enlace" in client.get(send(client, FORGOTTEN, email=EMAIL.upper()).location).text
    (letter,) = letters_of(session, "password_link")
    assert letter.recipient == EMAIL
    path = re.search(r"https?://[^/]+(/ingresar/enlace/\S+)", letter.text)[1]
    assert knock(client).location == "/atencion/", "the old password is good until the link is used"
    client.get(path)
    send(client, path, password="una del todo distinta")
    assert knock(client, "una del todo distinta").location == "/atencion/"
    look_again(session)
    assert client.get(path).status_code == 404


def test_nothing_tells_whether_an_address_has_an_account(client, session, colleague):
    told = [send(client, FORGOTTEN, email=email) for email in (EMAIL, "nadie@puerres.example")]
    assert len({(answer.status_code, answer.location) for answer in told}) == 1
    assert [letter.recipient for letter in letters_of(session, "password_link")] == [EMAIL]


def test_nobody_fills_a_colleague_s_mailbox_with_links(client, session, colleague, clock):
    for _ in range(3):
        send(client, FORGOTTEN, email=EMAIL)
    assert len(letters_of(session, "password_link")) == 1
    clock.shift(timedelta(minutes=11).total_seconds())
    send(client, FORGOTTEN, email=EMAIL)
    look_again(session)
    assert len(letters_of(session, "password_link")) == 2


def test_the_link_of_an_hour_ago_is_over(client, session, colleague, clock):
    send(client, FORGOTTEN, email=EMAIL)
    path = re.search(r"(/ingresar/enlace/\S+)", letters_of(session, "password_link")[0].text)[1]
    clock.shift(3601)
    assert client.get(path).status_code == 404


def test_with_a_telephone_the_password_alone_opens_nothing(client, colleague, clock):
    knock(client)
    totp, _ = enrolled(client, clock)
    client.get("/atencion/")
    with client.session_transaction() as cookie:
        cookie.clear()
    half = knock(client, path="/ingresar?next=/atencion/correo")
    assert half.location == CODE
    assert client.get("/atencion/").location.startswith("/ingresar")
    assert "no coincide" in words_of(send(client, CODE, code="000000"))
    now = clock.shift(0) or NOW + timedelta(seconds=60)
    entered = send(client, CODE, code=totp.at(now))
    assert (entered.status_code, entered.location) == (303, "/atencion/correo")
    assert client.get("/atencion/").status_code == 200


def test_a_recovery_code_opens_once(client, colleague, clock):
    knock(client)
    _, codes = enrolled(client, clock)
    assert len(codes) == second_step.RECOVERY_CODES
    for expected in (303, 422):
        with client.session_transaction() as cookie:
            cookie.clear()
        knock(client)
        assert send(client, CODE, code=codes[0]).status_code == expected


def test_wrong_codes_are_slowed_down_like_wrong_passwords(client, colleague, clock):
    knock(client)
    totp, _ = enrolled(client, clock)
    with client.session_transaction() as cookie:
        cookie.clear()
    knock(client)
    for _ in range(FREE_TRIES):
        send(client, CODE, code="000000")
    assert "demasiados intentos" in words_of(send(client, CODE, code=totp.at(NOW + timedelta(seconds=60))))


def test_the_half_open_door_closes_after_ten_minutes(client, colleague, clock):
    knock(client)
    enrolled(client, clock)
    with client.session_transaction() as cookie:
        cookie.clear()
    knock(client)
    clock.shift(601)
    assert client.get(CODE).location == "/ingresar"


def test_the_second_step_is_dropped_only_with_a_code(client, session, colleague, clock):
    knock(client)
    totp, _ = enrolled(client, clock)
    page = form_of(client.get(ACCOUNT).text).to_dict()
    wrong = client.post(f"{ENROL}/quitar", data=page | {"code": "000000"})
    assert wrong.status_code == 422
    right = client.post(f"{ENROL}/quitar", data=page | {"code": totp.at(NOW + timedelta(seconds=60))})
    assert right.status_code == 303
    look_again(session)
    assert session.get(type(colleague), colleague.id).totp_nonce == ""


def test_new_recovery_codes_are_shown_to_who_has_the_telephone(client, colleague, clock):
    knock(client)
    totp, old = enrolled(client, clock)
    page = form_of(client.get(ACCOUNT).text).to_dict()
    told = client.post(f"{ENROL}/codigos", data=page | {"code": totp.at(NOW + timedelta(seconds=60))})
    fresh = re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", told.text)
    assert len(fresh) == second_step.RECOVERY_CODES
    assert not set(fresh) & set(old)


def test_an_administrator_frees_who_lost_the_telephone(client, session, colleague):
    colleague.totp_nonce = "n" * 32
    session.commit()
    at_work(client, session, Role.ADMIN)
    path = f"/atencion/ajustes/usuarios/{colleague.id}/segundo-paso"
    assert send(client, "/atencion/ajustes/usuarios", path).status_code == 303
    look_again(session)
    assert session.get(type(colleague), colleague.id).totp_nonce == ""


def test_where_the_second_step_is_a_must_nothing_opens_before_it(tmp_path, app, session, clock):
    strict = create_app(make_settings(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], PQR_TWO_STEPS="admin, desk"))
    client = strict.test_client()
    at_work(client, session, Role.DESK)
    assert client.get("/atencion/").location == ENROL
    assert "antes de seguir" in client.get(ENROL).text
    totp, _ = enrolled(client, clock)
    assert client.get("/atencion/").status_code == 200
    page = form_of(client.get(ACCOUNT).text).to_dict()
    refused = client.post(f"{ENROL}/quitar", data=page | {"code": totp.at(NOW + timedelta(seconds=60))})
    assert refused.status_code == 403
    with strict.app_context():
        db.engine.dispose()


def test_a_session_is_seen_and_ended_from_another_browser(app, client, session, colleague):
    elsewhere = app.test_client()
    knock(elsewhere)
    knock(client)
    assert elsewhere.get("/atencion/").status_code == 200
    here = client.get(ACCOUNT)
    (path,) = set(re.findall(rf'action="({ACCOUNT}/sesiones/\d+/cerrar)"', here.text))
    assert send(client, ACCOUNT, path).status_code == 303
    assert elsewhere.get("/atencion/").location.startswith("/ingresar")
    assert client.get("/atencion/").status_code == 200


def test_nobody_ends_a_colleague_s_session(app, client, session, colleague):
    at_work(client, session, Role.AUDITOR)
    other = app.test_client()
    knock(other)
    look_again(session)
    theirs = session.query(StaffSession).filter_by(user_id=colleague.id).one()
    assert client.post(f"{ACCOUNT}/sesiones/{theirs.id}/cerrar").status_code == 404
    assert other.get("/atencion/").status_code == 200


def test_leaving_ends_the_session_even_for_who_kept_its_cookie(client, session, colleague):
    knock(client)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    send(client, "/atencion/", "/salir")
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/atencion/").location.startswith("/ingresar")


def test_the_latest_tries_are_told_to_the_official(client, colleague):
    knock(client, "no es esta")
    knock(client)
    told = words_of(client.get(ACCOUNT))
    assert told.index("Entró") < told.index("Contraseña equivocada")


def test_another_telephone_takes_the_place_of_the_first_only_with_a_code_of_it(client, session, colleague, clock):
    knock(client)
    totp, codes = enrolled(client, clock)
    page = client.get(ENROL).text
    other = pyotp.TOTP("".join(re.search(r"Escriba la clave: <[^>]+>([A-Z2-7 ]+)<", page)[1].split()))
    now = NOW + timedelta(seconds=60)
    for present in ("", "000000"):
        assert send(client, ENROL, code=other.at(now), present=present).status_code == 422
    look_again(session)
    assert session.get(type(colleague), colleague.id).totp_secret == totp.secret
    assert send(client, ENROL, code=other.at(now), present=codes[0]).status_code == 200
    look_again(session)
    assert session.get(type(colleague), colleague.id).totp_secret == other.secret


@pytest.mark.parametrize(("every", "hours"), [(5, 5), (3, 13)])
def test_a_session_ends_when_it_is_not_used_and_after_a_day_of_work(client, colleague, clock, every, hours):
    knock(client)
    assert client.get("/atencion/").status_code == 200
    for _ in range(0, hours, every):
        last = client.get("/atencion/")
        clock.shift(every * 3600)
    assert last.status_code == 200
    assert client.get("/atencion/").location.startswith("/ingresar"), "of four hours without use, or twelve in all"


def test_recovery_codes_are_hashed_as_slowly_as_passwords(client, session, colleague, clock):
    knock(client)
    enrolled(client, clock)
    look_again(session)
    kept = session.get(type(colleague), colleague.id).recovery_hashes
    assert all(each.startswith("$argon2id$") for each in kept)

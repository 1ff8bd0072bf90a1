"""Does the administrator give other programs a key or a secret once, see what they do, and take it back?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.sharing.calling import Outcome
from pqr.sharing.delivering import claim, settle
from pqr.sharing.keys import key_of
from pqr.sharing.models import ApiKey, Webhook
from pqr.sharing.telling import sweep
from tests.builders import NOW, filed, office_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of

KEYS, HOOKS, CHANGES = "/atencion/ajustes/claves", "/atencion/ajustes/avisos-web", "/atencion/ajustes/cambios"
BOARD = {"name": "Tablero", "url": "https://tablero.example/avisos"}


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def shown_once(answer):
    return answer.text.partition('<p class="code code--link">')[2].partition("</p>")[0]


def test_a_key_is_shown_once_files_and_is_revoked(client, session, admin):
    answer = send(client, KEYS, name="App  de la Junta", per_hour="30")
    secret = shown_once(answer)
    assert key_of(session, secret).name == "App de la Junta"
    assert secret not in client.get(KEYS).text
    hole = {"service_code": "16", "description": "Un hueco.", "api_key": secret}
    assert client.post("/open311/v2/requests.json", data=hole).status_code == 201
    page = words_of(client.get(KEYS))
    assert f"Termina en {secret[-4:]} · 30 peticiones por hora · radicó 1 petición, la última el mar 3 mar 2026" in page
    look_again(session)
    key = session.scalars(select(ApiKey)).one()
    assert send(client, KEYS, f"{KEYS}/{key.id}/revocar").status_code == 303
    assert client.post("/open311/v2/requests.json", data=hole).status_code == 403
    assert "revocada el mar 3 mar 2026" in words_of(client.get(KEYS))
    assert f"{KEYS}/{key.id}/revocar" not in client.get(KEYS).text


@pytest.mark.parametrize(("typed", "says"), [
    ({"name": " "}, "de qué programa"),
    ({"name": "x" * 81}, "80 letras"),
    ({"per_hour": "0"}, "Entre 1 y 10000"),
    ({"per_hour": "muchas"}, "valor entero"),
])  # fmt: skip
def test_a_key_that_is_not_well_asked_for_is_told_and_not_made(client, session, admin, typed, says):
    refused = send(client, KEYS, **{"name": "App", "per_hour": "60"} | typed)
    assert refused.status_code == 422
    assert says in words_of(refused)
    assert session.scalars(select(ApiKey)).all() == []


def test_a_program_is_told_from_now_on_by_a_secret_that_is_shown_once(client, session, admin):
    answer = send(client, HOOKS, **BOARD)
    hook = session.scalars(select(Webhook)).one()
    assert shown_once(answer) == hook.secret
    assert hook.secret not in client.get(HOOKS).text + client.get(f"{HOOKS}/{hook.id}").text
    assert (hook.events, hook.since, hook.active) == (["filed", "answered", "closed"], NOW, True)
    page = f"{HOOKS}/{hook.id}"
    for active, says in ((False, "Ya no se avisa a Tablero"), (True, "Se avisa otra vez a Tablero")):
        assert send(client, page, f"{page}/pausa").status_code == 303
        assert says in words_of(client.get(page))
        look_again(session)
        assert session.get(Webhook, hook.id).active is active


@pytest.mark.parametrize(("typed", "says"), [
    ({"url": "http://tablero.example/"}, "https://"),
    ({"url": "https://192.168.1.10/avisos"}, "no es pública"),
    ({"url": "https://yo:clave@tablero.example/"}, "contraseña"),
    ({"url": ""}, "Escriba la dirección"),
    ({"events": []}, "al menos un hecho"),
])  # fmt: skip
def test_an_address_that_must_not_be_called_is_refused_and_what_was_typed_is_kept(client, session, admin, typed, says):
    refused = send(client, HOOKS, **BOARD | typed)
    assert refused.status_code == 422
    assert says in words_of(refused)
    assert form_of(refused.text)["name"] == "Tablero"
    assert session.scalars(select(Webhook)).all() == []


def test_the_page_of_a_program_says_what_it_was_told_and_how_it_went(client, session, settings, admin):
    send(client, HOOKS, **BOARD)
    office = office_of(session, settings)
    for outcome in (Outcome(200), Outcome(503, "Respondió 503."), None):
        filed(session, office, topic_id=16, kind="reclamo")
        session.flush()
        sweep(session, office, NOW)
        session.flush()
        if outcome:
            settle(session, claim(session, NOW).delivery_id, outcome, NOW)
    session.commit()
    page = words_of(client.get(f"{HOOKS}/{session.scalars(select(Webhook)).one().id}"))
    assert "Se le avisa cuando se radicó, se respondió, se cerró" in page
    assert "1 intento Entregado" in page
    assert "1 intento Pendiente Respondió 503. Próximo intento: mar 3 mar 2026, 10:01" in page
    assert "todavía no se intenta Pendiente" in page


def test_what_is_given_and_taken_is_in_the_ledger_and_no_secret_is(client, session, admin):
    key = shown_once(send(client, KEYS, name="App", per_hour="60"))
    secret = shown_once(send(client, HOOKS, **BOARD))
    number = session.scalars(select(ApiKey.id)).one()
    send(client, KEYS, f"{KEYS}/{number}/revocar")
    look_again(session)
    found = [
        (each.what, each.which, each.before.get("active"), each.after["active"]) for each in latest_changes(session)
    ]
    assert found == [
        ("api_keys", "App", True, False), ("webhooks", "Tablero", None, True), ("api_keys", "App", None, True),
    ]  # fmt: skip
    page = words_of(client.get(CHANGES))
    assert "Clave de programa: App" in page
    assert "hechos: filed, answered, closed" in page
    assert not [each for each in (key, secret) if each in page + str([vars(each) for each in latest_changes(session)])]

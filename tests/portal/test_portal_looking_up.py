"""Who may see a case: whoever filed it in this browser, or holds its number and code; nobody else learns a thing."""

import html
import re
from itertools import product

import pytest

from pqr.app import create_app
from pqr.db import db
from pqr.door import limiter
from tests.installation import make_settings
from tests.portal.visitor import LEAST, code_on, file, text_of

UNKNOWN = "2026-E-999999"


@pytest.fixture
def filed(client) -> tuple[str, str]:
    radicado = file(client)
    return radicado, code_on(client, radicado)


def asked(client, radicado: str, code: str):
    return client.post("/radicado", data={"radicado": radicado, "code": code})


def test_number_and_code_open_the_case_in_another_browser(app, filed):
    other = app.test_client()
    answer = asked(other, *filed)
    assert (answer.status_code, answer.location) == (303, f"/radicado/{filed[0]}")
    page = other.get(answer.location).text
    assert "Lo que ha pasado" in page
    assert LEAST["description"] in html.unescape(page)


def test_number_and_code_are_read_however_people_write_them(app, filed):
    radicado, code = filed
    year, series, number = radicado.split("-")
    loose = f"{year} {series.lower()} {int(number)}"
    answer = asked(app.test_client(), f" {loose} ", f"{code[:5].lower()} - {code[5:].lower()}")
    assert answer.location == f"/radicado/{radicado}"


def test_the_link_of_a_letter_opens_the_case_and_leaves_a_clean_address(app, filed):
    radicado, code = filed
    other = app.test_client()
    answer = other.get(f"/radicado/{radicado}?code={code}")
    assert (answer.status_code, answer.location) == (303, f"/radicado/{radicado}")
    assert other.get(answer.location).status_code == 200
    by_form = app.test_client().get(f"/radicado?radicado={radicado}&code={code}")
    assert by_form.location == f"/radicado/{radicado}"


def test_a_wrong_code_and_an_unknown_number_cannot_be_told_apart(app, filed):
    radicado, code = filed
    wrong = asked(app.test_client(), radicado, "AAAAAAAAAA")
    unknown = asked(app.test_client(), UNKNOWN, code)
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(radicado, "N").replace("AAAAAAAAAA", "C") == unknown.text.replace(UNKNOWN, "N").replace(
        code, "C"
    )
    assert dict(wrong.headers).keys() == dict(unknown.headers).keys()


def test_a_link_with_a_wrong_code_says_the_same(app, filed):
    first = app.test_client().get(f"/radicado/{filed[0]}?code=AAAAAAAAAA")
    second = app.test_client().get(f"/radicado/{UNKNOWN}?code=AAAAAAAAAA")
    assert first.status_code == second.status_code == 422
    assert first.text.replace(filed[0], UNKNOWN) == second.text


def test_another_visitor_is_asked_for_the_code_whether_the_case_exists_or_not(app, filed):
    for radicado, paper in product((filed[0], UNKNOWN), ("", "/constancia.pdf", "/respuesta.pdf", "/archivo/1")):
        answer = app.test_client().get(f"/radicado/{radicado}{paper}")
        assert (answer.status_code, answer.location) == (302, f"/radicado?radicado={radicado}")


def test_the_number_is_already_written_when_the_code_is_asked_for(client):
    assert 'value="2026-E-000007"' in client.get("/radicado?radicado=2026-E-000007").text
    assert "<script>" not in client.get('/radicado?radicado="><script>').text


def test_a_strange_number_is_only_not_found(client):
    assert client.get("/radicado/%00").status_code == 404
    for strange in ("2026-E-%F0%9F%92%A5", "'--", "9" * 300, "2026-S-000001"):
        assert client.get(f"/radicado/{strange}").status_code == 302
        assert client.get(f"/radicado/{strange}?code=AAAAAAAAAA").status_code == 422
        assert client.get(f"/radicado?radicado={strange}&code=AAAAAAAAAA").status_code == 422


def test_an_empty_look_up_says_what_is_missing(client):
    page = client.post("/radicado", data={}).text
    assert "Escriba el número de radicado." in html.unescape(page)
    assert "Escriba el código de consulta." in html.unescape(page)


def test_leaving_forgets_the_cases_on_a_borrowed_telephone(client, filed):
    assert client.get(f"/radicado/{filed[0]}").status_code == 200
    assert client.post("/radicado/salir").status_code == 303
    assert client.get(f"/radicado/{filed[0]}").status_code == 302


def test_a_browser_remembers_twenty_cases_and_no_more(client):
    numbers = [file(client, subject=f"Asunto {number}") for number in range(21)]
    assert [client.get(f"/radicado/{number}").status_code for number in numbers[:2]] == [302, 200]


def test_guessing_is_slowed_down_over_every_way_of_giving_a_code(database_url, tmp_path):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    tries = [asked(client, UNKNOWN, "AAAAAAAAAA").status_code for _ in range(15)]
    tries += [client.get(f"/radicado/{UNKNOWN}?code=AAAAAAAAAA").status_code for _ in range(15)]
    assert set(tries) == {422}
    last = asked(client, UNKNOWN, "AAAAAAAAAA")
    assert last.status_code == 429
    assert re.search(rf'name="radicado"[^>]*value="{UNKNOWN}"', last.text)
    assert client.get(f"/radicado/{UNKNOWN}?code=AAAAAAAAAA").status_code == 429
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("exists", [True, False])
def test_a_number_that_many_sources_try_is_slowed_down_for_each_and_its_owner_still_enters(
    database_url, tmp_path, session, exists
):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    owner = app.test_client()
    radicado = file(owner)
    code = code_on(owner, radicado)
    number = radicado if exists else UNKNOWN

    def tried(source: int, code: str = "AAAAAAAAAA", number: str = number) -> int:
        client = app.test_client()
        given = {"radicado": number, "code": code}
        return client.post("/radicado", data=given, environ_base={"REMOTE_ADDR": f"192.0.2.{source}"}).status_code

    assert {tried(source) for source in range(1, 61)} == {422}
    assert [tried(7) for _ in range(4)] == [422, 422, 422, 429]
    assert [tried(8) for _ in range(4)] == [422, 422, 422, 429]
    assert tried(9, code, radicado) == 303  # the owner, from another place
    assert owner.get(f"/radicado/{radicado}").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_without_redis_each_process_counts_for_itself(database_url, tmp_path, session, monkeypatch):
    monkeypatch.setattr(limiter, "_storage_dead", False)  # puts it back afterwards: this limiter is every test's
    nobody = f"unix://{tmp_path}/no-redis.sock"
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on", PQR_REDIS_URL=nobody))
    client = app.test_client()
    assert [asked(client, UNKNOWN, "AAAAAAAAAA").status_code for _ in range(30)] == [422] * 30
    assert asked(client, UNKNOWN, "AAAAAAAAAA").status_code == 429
    assert file(client)
    with app.app_context():
        db.engine.dispose()


def test_who_lost_the_code_is_first_told_where_it_already_is(client):
    told = text_of(client.get("/radicado").text)
    assert told.index("Busque en su correo la carta «Recibimos su petición»") < told.index("Si no la tiene, escriba a")

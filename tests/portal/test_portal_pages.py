"""The pages that only inform, the pages that say that something failed, and how heavy they are."""

import re

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from pqr.app import create_app
from pqr.portal.pages import database_away
from pqr.terms.choosing import CITIZEN_KINDS, KIND_HELP
from pqr.terms.kinds import TERMS
from tests.installation import make_settings
from tests.portal.visitor import text_of

INFORM = ["/", "/que-necesita", "/radicar", "/radicado", "/ayuda", "/privacidad", "/accesibilidad"]


@pytest.fixture
def bare_app(tmp_path):
    """A service whose database cannot be opened."""
    return create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/no/hay/base.sqlite3"))


@pytest.mark.parametrize("path", INFORM)
def test_every_page_opens_even_without_a_database(bare_app, path):
    page = bare_app.test_client().get(path)
    assert page.status_code == 200
    assert '<html lang="es-CO">' in page.text
    assert page.text.count("<h1>") == 1
    assert "pqr@puerres.example" in page.text


def test_the_form_is_light_enough_for_a_bad_connection(app, session):
    """The whole way is weighed in `tests/browser/test_browser_light.py`; here, what each part may take of it."""
    client = app.test_client()
    for path, most in (("/radicar", 9_500), ("/static/pqr.css", 5_000), ("/static/pqr.js", 4_800)):
        with client.get(path, headers={"Accept-Encoding": "gzip"}) as part:
            assert len(part.data) < most, (path, len(part.data))


@pytest.mark.parametrize("path", INFORM)
def test_no_page_carries_a_style_or_a_script_of_its_own(bare_app, path):
    page = bare_app.test_client().get(path).text
    assert "style=" not in page
    assert "onclick=" not in page
    assert page.count("<script") == 1
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_form_names_every_kind_with_help_and_an_example(bare_app):
    told = text_of(bare_app.test_client().get("/radicar").text)
    for kind in CITIZEN_KINDS:
        assert TERMS[kind].label in told
        assert all(words in told for words in KIND_HELP[kind])


def test_the_help_gives_the_terms_of_the_law_and_how_days_are_counted(bare_app, tmp_path):
    told = text_of(bare_app.test_client().get("/ayuda").text)
    for kind in CITIZEN_KINDS:
        assert f"{TERMS[kind].label} {TERMS[kind].source} {TERMS[kind].length} días hábiles" in told
    assert "Vale el día en que llega, a cualquier hora" in told
    hours = make_settings(tmp_path, f"sqlite:///{tmp_path}/otra.sqlite3", PQR_CLOSING_RULE="office_hours@17:00")
    assert "hasta las 5:00 p. m." in text_of(create_app(hours).test_client().get("/ayuda").text)


def test_the_privacy_page_gives_the_terms_of_habeas_data(bare_app):
    told = text_of(bare_app.test_client().get("/privacidad").text)
    assert "se responde en 10 días hábiles y un reclamo en 15 días hábiles" in told


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500, 503])
def test_every_failure_says_what_to_do_and_another_way_to_be_heard(bare_app, code):
    bare_app.add_url_rule("/falla", view_func=lambda: abort(code))
    page = bare_app.test_client().get("/falla")
    assert page.status_code == code
    assert page.text.count("<h1>") == 1
    assert "pqr@puerres.example" in page.text
    assert f"Error {code}" in page.text


def test_a_fault_of_ours_gives_a_code_that_the_log_holds(bare_app, capfd):
    bare_app.add_url_rule("/falla", view_func=lambda: abort(500))
    page = bare_app.test_client().get("/falla").text
    reference = re.search(r"diga el código de este error: <strong>([0-9A-F]{8})</strong>", page)
    assert reference
    assert f'"request": "{reference[1].lower()}' in capfd.readouterr().err
    assert "venga a la oficina" in page
    assert "código de este error" not in bare_app.test_client().get("/no-existe").text


def test_a_page_that_does_not_exist_leads_to_the_start(bare_app):
    page = bare_app.test_client().get("/no-existe")
    assert page.status_code == 404
    assert 'href="/"' in page.text


def test_a_database_that_does_not_answer_is_told_as_such(bare_app):
    with bare_app.test_request_context("/radicado"):
        page, status = database_away(OperationalError("SELECT 1", {}, Exception()))
    assert status == 503
    assert "no está disponible" in page


def test_machines_find_their_two_files(bare_app):
    client = bare_app.test_client()
    assert "Disallow: /radicado" in client.get("/robots.txt").text
    with client.get("/favicon.ico") as icon:
        assert icon.mimetype == "image/svg+xml"


def test_only_the_demonstration_says_that_it_is_one(tmp_path):
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/x.sqlite3", PQR_DEMO="1")
    assert "Demostración" in create_app(settings).test_client().get("/ayuda").text
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/x.sqlite3", PQR_DEMO="0")
    client = create_app(settings).test_client()
    assert "Demostración" not in client.get("/ayuda").text
    assert client.get("/demo/correo").status_code == 404


def test_a_page_that_does_not_exist_speaks_of_nothing_that_was_sent(client):
    told = text_of(client.get("/no-existe").text)
    assert "escriba a pqr@" in told
    assert "queda radicada" not in told

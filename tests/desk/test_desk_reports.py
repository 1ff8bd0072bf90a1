"""Does the page of figures say what it counts, for any period and filter, and lead to the cases behind each number?"""

import re
from datetime import timedelta
from html import unescape

import pytest

from pqr import clock
from pqr.accounts.roles import Role
from tests.builders import arrive, assigned, filed, office_of, raw_mail
from tests.desk.staff import at_work

YEARS = "desde=2020-01-01&hasta=2039-12-31"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def furnished(session, here):
    now = clock.now()
    assigned(session, here, now=now - timedelta(days=60), channel="counter", place="la plaza")
    assigned(session, here, "hacienda", now=now)
    filed(session, here, now, kind="queja", identity="anonymous")
    arrive(session, here, raw_mail(subject="Boletín", text="x", precedence="bulk"), now)
    session.commit()


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def links_to_cases(text):
    return [
        (path, int(count)) for path, count in re.findall(r'<a href="(/atencion/informes/casos\?[^"]*)">(\d+)</a>', text)
    ]


def listed(text):
    return len(re.findall(r'href="/atencion/radicado/', text)) + len(re.findall(r'href="/atencion/correo/\d', text))


def test_each_number_of_the_page_opens_a_list_of_as_many(client, session, furnished):
    at_work(client, session, Role.DESK)
    found = dict(links_to_cases(page(client, f"/atencion/informes?{YEARS}")))
    assert len(found) > 40
    assert len({path.split("medida=")[1].split("&")[0] for path in found}) >= 10
    for path, count in found.items():
        opened = page(client, path)
        assert listed(opened) == count, path
        assert re.search(rf"<h1>[^<]*: {count}</h1>", opened)


def test_what_was_asked_is_kept_and_can_be_taken_away(client, session, furnished):
    at_work(client, session, Role.DESK)
    text = page(client, f"/atencion/informes?{YEARS}&tipo=queja&lugar=-")
    assert "Tipo: Queja" in text
    assert "Lugar: Sin lugar" in text
    assert ("/atencion/informes?desde=2020-01-01&hasta=2039-12-31&lugar=-",) in [
        (path,) for path in re.findall(r'class="chip" href="([^"]*)"', text)
    ]
    assert {count for _, count in links_to_cases(text)} == {1}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("desde=2026-06-30&hasta=2026-01-01", "se invirtieron las fechas"),
        ("desde=ayer&hasta=hoy", "No se entendió la fecha"),
        ("desde=0001-01-01&hasta=9999-12-31", "El periodo se recortó"),
        ("desde=2005-01-01&hasta=2005-12-31", "Sin datos: en este periodo no llegó nada"),
        ("tipo=%00&canal=' OR 1=1&tema=x&prioridad=99999999999999999999", "Sin datos"),
    ],
)
def test_an_absurd_period_or_filter_is_answered_with_a_sentence(client, session, furnished, asked, said):
    at_work(client, session, Role.DESK)
    assert said in page(client, f"/atencion/informes?{asked}")
    assert client.get(f"/atencion/informes/casos?medida=received&{asked}").status_code == 200


def test_a_list_of_no_figure_is_not_there(client, session, furnished):
    at_work(client, session, Role.DESK)
    assert client.get("/atencion/informes/casos?medida=nada").status_code == 404
    assert client.get("/atencion/informes/casos").status_code == 404


def test_an_office_sees_its_own_figures_and_cases_only(client, session, furnished):
    at_work(client, session, Role.SECRETARIA, "hacienda")
    text = page(client, f"/atencion/informes?{YEARS}&dependencia=planeacion")
    assert max(count for _, count in links_to_cases(text)) == 1
    listing = page(client, f"/atencion/informes/casos?medida=received&{YEARS}&dependencia=planeacion")
    assert listed(listing) == 1
    assert "Secretaría de Hacienda" in listing


def test_the_public_page_needs_no_account_and_shows_no_small_group(client, session, furnished):
    text = page(client, f"/informes?{YEARS}&tipo=queja")
    assert "¿Cómo vamos?" in text
    assert "/atencion/informes/casos" not in text
    assert not re.search(r'class="figure">[1-4]<', text)
    assert "tipo=queja" not in text
    assert page(client, "/informes?desde=2005-02-03&hasta=2005-02-04").count("Sin datos") == 1


def test_the_public_period_grows_to_whole_quarters_and_says_so(client, session, furnished):
    text = page(client, "/informes?desde=2026-02-03&hasta=2026-04-04")
    assert "Aquí las cifras van por trimestres completos" in text
    assert 'value="2026-01-01"' in text
    assert 'value="2026-06-30"' in text

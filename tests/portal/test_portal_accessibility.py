"""The public pages in a real browser: WCAG 2.2 AA by axe, light and dark, narrow, with and without script.

The law asks for AA (Res. MinTIC 1519 de 2020, Anexo 1). A machine finds about half of what can be wrong; it must find
nothing.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from pqr import clock
from pqr.app import create_app
from pqr.db import db, writing
from pqr.publishing.avisos import keep_avisos, publish_owed
from pqr.publishing.opendata import publish_month
from pqr.publishing.opinions import keep_site_opinion
from pqr.reports.readings import Typed, keep_reading
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.filing import PetitionerData
from pqr.tickets.grouping import Founding, GroupReply, Membership, answer_group, found, join
from pqr.tickets.letters import link_for_petitioner, survey_link
from pqr.tickets.ruling import Ruling
from tests.barriers import NARROW, assert_no_barrier, assert_usable
from tests.browser.test_browser_pictures import publish_site
from tests.builders import assigned, filed, office_of
from tests.installation import make_settings
from tests.running import served

SMALLEST_TARGET = 44
OCTOBER = date(2025, 10, 1)


LINKS: dict[str, str] = {}  # to what the fixture filed, with its code


def waiting(session, office) -> str:
    """The link to a case that waits for its person."""
    ticket = assigned(session, office, now=clock.now())
    ask_to_complete(session, Request(ticket, "Falta el plano del predio.", "user:1"), office, clock.now())
    return link_for_petitioner(ticket, replace(office, base_url=""))


def decided(session, office) -> str:
    """Avisos that are up and one that came down, and the link to a decision that waits to be opened."""
    now, before = clock.now(), clock.now() - timedelta(days=30)
    for moment in (before, now):
        hidden = filed(session, office, now=moment, kind="denuncia", identity="anonymous", petitioner=PetitionerData())
        reply = Reply(hidden, "Se abrió la investigación. " + "palabralarguisima" * 6, "user:1", final=True)
        record_answer(session, reply, office, moment)
        publish_owed(session, office, moment)
    keep_avisos(session, office, now)
    told = assigned(session, office, now=now)
    record_answer(session, Reply(told, "Va la cuadrilla.", "user:1", final=True), office, now)
    LINKS["encuesta"] = survey_link(told, replace(office, base_url=""))
    denied = assigned(session, office, now=now, kind="peticion_particular")
    ruling = Ruling(AnswerOutcome.DENIED)
    record_answer(session, Reply(denied, "No se puede.", "user:1", final=True, ruling=ruling), office, now)
    return link_for_petitioner(denied, replace(office, base_url=""))


def read_plan(session) -> None:
    """Readings of the action plan: a course, one by hand with its evidence, and opinions of the site."""
    now = clock.now()
    first = Typed("schools", now.date() - timedelta(days=90), 8, 17, "Acta 3. " + "palabralarguisima" * 6, "user:1")
    for later, share in ((0, 8), (30, 9), (60, 17)):
        keep_reading(session, replace(first, on=first.on + timedelta(days=later), numerator=share), now)
    for is_found in (True,) * 20 + (False,) * 2:
        keep_site_opinion(session, is_found, "", now.date())


def answer_many(session, office) -> None:
    """The one answer to eleven persons."""
    now = clock.now()
    people = (PetitionerData("", f"v{number}@correo.example") for number in range(11))
    tickets = [filed(session, office, now=now, petitioner=person) for person in people]
    group = found(session, Founding(tickets[0], "El acueducto", "user:1"), office, now)
    for ticket in tickets[1:]:
        join(session, Membership(group, ticket, "user:1"), office, now)
    answer_group(session, GroupReply(group, "Va el lunes. " + "palabralarguisima" * 6, "user:1"), office, now)


def old_month(session, settings):
    """A month with enough cases to be published as open data."""
    office = office_of(session, settings)
    for day in range(6):
        filed(session, office, now=datetime.combine(OCTOBER, time(15), UTC) + timedelta(days=day))
    return office


def appealable(session, office) -> str:
    """The link to a decision against which an appeal may be presented."""
    denied = assigned(session, office, now=clock.now(), kind="peticion_particular")
    reply = Reply(denied, "No se puede.", "user:1", final=True, ruling=Ruling(AnswerOutcome.DENIED))
    record_answer(session, reply, office, clock.now())
    communicate(session, denied, "counter", "user:1", office, clock.now())
    return link_for_petitioner(denied, replace(office, base_url=""))


@pytest.fixture(scope="module")
def address(sqlite_template, tmp_path_factory) -> Iterator[str]:
    """A demonstration that answers on a port of this machine."""
    folder = tmp_path_factory.mktemp("visible")
    shutil.copyfile(sqlite_template, folder / "pqr.sqlite3")
    settings = make_settings(folder, f"sqlite:///{folder}/pqr.sqlite3", PQR_DEMO="1")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        LINKS["caso que espera"] = waiting(session, office_of(session, settings))
        publish_site(session, clock.now())
        read_plan(session)
        LINKS["decisión"] = decided(session, office_of(session, settings))
        answer_many(session, office_of(session, settings))
        publish_month(session, OCTOBER, "system", old_month(session, settings), clock.now())
        LINKS["recurso"] = appealable(session, office_of(session, settings))
    with served(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def page(browser, address, request) -> Iterator[Page]:
    """A page on a narrow telephone; the parameter may change the context (dark, without script)."""
    context = browser.new_context(viewport=NARROW, base_url=address, **getattr(request, "param", {}))
    yield context.new_page()
    context.close()


def fill(page: Page) -> None:
    page.goto("/radicar")
    page.check("input[name=kind][value=reclamo]")
    page.fill("#subject", "Hueco en la vía")
    page.fill("#description", "Hay un hueco muy grande en la vía a la vereda.")
    page.check("input[name=identity][value=named]")
    page.fill("#name", "Vecina Prueba")
    page.check("input[name=answer_by][value=email]")
    page.fill("#email", "vecina@correo.example")
    page.check("#accept_notice")


def press(page: Page) -> None:
    page.get_by_role("button", name="Continuar", exact=True).click()


def review(page: Page) -> None:
    fill(page)
    press(page)
    page.get_by_role("heading", name="Revise antes de enviar").wait_for()


def receipt(page: Page) -> None:
    review(page)
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_url("**/radicado/2026-*")


def case(page: Page) -> None:
    receipt(page)
    page.reload()


def errors(page: Page) -> None:
    page.goto("/radicar")
    press(page)
    page.wait_for_selector("#errores")


def searched(page: Page) -> None:
    page.goto("/que-necesita")
    page.fill("#words", "se fue la luz por un transformador y el carro de la basura no sube")
    page.get_by_role("button", name="Buscar").click()
    page.wait_for_selector("#hallado")


def everything_open(page: Page) -> None:
    page.goto("/radicar")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def awaited(page: Page) -> None:
    page.goto(LINKS["caso que espera"])


def to_appeal(page: Page) -> None:
    page.goto(LINKS["recurso"])
    page.get_by_text("Presentar recurso").first.click()


def awaited_and_refused(page: Page) -> None:
    awaited(page)
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_selector("#errores")


def not_found(page: Page) -> None:
    page.goto("/radicado?radicado=2026-E-999999&code=AAAAAAAAAA")


def a_letter(page: Page) -> None:
    receipt(page)
    page.goto("/demo/correo")
    page.locator("ul.letters a").last.click()
    page.wait_for_selector("#responder")


def plan(page: Page) -> None:
    page.goto("/informes/plan")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


PAGES = {
    "inicio": lambda page: page.goto("/"),
    "formulario": everything_open,
    "errores": errors,
    "revisión": review,
    "qué necesita": searched,
    "constancia": receipt,
    "caso": case,
    "caso que espera": awaited,
    "decisión por abrir": lambda page: page.goto(LINKS["decisión"]),
    "recurso por presentar": to_appeal,
    "avisos": lambda page: page.goto("/avisos"),
    "respuestas": lambda page: page.goto("/respuestas"),
    "respuesta a muchos": lambda page: page.goto("/respuestas/1"),
    "aviso desfijado": lambda page: page.goto("/avisos/1"),
    "aviso": lambda page: page.goto("/avisos/2"),
    "caso que espera con error": awaited_and_refused,
    "consulta": lambda page: page.goto("/radicado"),
    "no encontrado": not_found,
    "verificar": lambda page: page.goto("/verificar"),
    "documento que no existe": lambda page: page.goto("/verificar/AAAAAAAAAA"),
    "trámites": lambda page: page.goto("/tramites"),
    "trámite": lambda page: page.goto("/tramites/certificado-de-residencia"),
    "novedades": lambda page: page.goto("/novedades"),
    "datos abiertos": lambda page: page.goto("/datos-abiertos"),
    "diccionario": lambda page: page.goto("/datos-abiertos/diccionario"),
    "encuesta": lambda page: page.goto(LINKS["encuesta"]),
    "plan de acción": plan,
    "opinión": lambda page: page.goto("/opinion"),
    "ayuda": lambda page: page.goto("/ayuda"),
    "privacidad": lambda page: page.goto("/privacidad"),
    "accesibilidad": lambda page: page.goto("/accesibilidad"),
    "no existe": lambda page: page.goto("/no-existe"),
    "buzones": lambda page: page.goto("/demo/correo"),
    "carta": a_letter,
    "correo nuevo": lambda page: page.goto("/demo/correo/nuevo"),
}


PARTS = 2  # each its own test, for several processes


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_used_by_everybody(page, part):
    for name, visit in list(PAGES.items())[part::PARTS]:
        visit(page)
        assert_no_barrier(page, name)
        assert_usable(page, name)


OPEN_TO_ALL = (
    *("/", "/que-necesita", "/radicar", "/radicado", "/verificar", "/avisos", "/avisos/2", "/respuestas"),
    *("/respuestas/1", "/tramites", "/tramites/certificado-de-residencia", "/novedades", "/novedades/1", "/opinion"),
    *("/informes", "/informes/plan", "/informes/publicados", "/datos-abiertos", "/datos-abiertos/diccionario"),
    *("/ayuda", "/privacidad", "/accesibilidad", "/no-existe"),
)


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["without script"], indirect=True)
def test_every_page_says_all_it_has_to_say_without_a_script(page):
    for path in (*OPEN_TO_ALL, *LINKS.values()):
        page.goto(path)
        expect(page.locator("h1").first, path).to_be_visible()
        assert len(page.locator("main").inner_text()) > 60, path


def test_what_is_touched_is_large_enough_for_a_thumb(page):
    for name in ("inicio", "formulario", "revisión", "qué necesita", "consulta"):
        PAGES[name](page)
        for target in page.locator("button:visible, .input:visible, .choice:visible, nav a:visible, .way, .link").all():
            box = target.bounding_box()
            assert box, name
            assert box["height"] >= SMALLEST_TARGET, (name, target.inner_text())


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["without script"], indirect=True)
def test_what_lacks_is_sent_without_a_script(page):
    awaited(page)
    page.fill("#text", "Aquí está el plano.")
    page.set_input_files("#attachments", {"name": "plano.txt", "mimeType": "text/plain", "buffer": b"un plano"})
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_text("Recibimos lo que envió")).to_be_visible()


def test_an_error_takes_the_reader_to_its_field(page):
    errors(page)
    expect(page.locator("#errores")).to_be_focused()
    page.get_by_role("link", name="Escriba el asunto").click()
    expect(page.locator("#subject")).to_be_focused()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["without script"], indirect=True)
def test_filing_needs_no_script(page):
    receipt(page)
    expect(page.get_by_role("heading", name="Quedó radicada")).to_be_visible()


def test_with_a_script_only_what_matters_is_shown(page):
    page.goto("/radicar")
    expect(page.locator("#name")).to_be_visible()
    expect(page.locator("#address")).to_be_hidden()
    page.check("input[name=answer_by][value=postal]")
    expect(page.locator("#address")).to_be_visible()
    page.check("input[name=identity][value=anonymous]")
    expect(page.locator("#name")).to_be_hidden()


def test_two_quick_presses_file_once(page):
    fill(page)
    page.evaluate("const form = document.querySelector('form'); form.requestSubmit(); form.requestSubmit()")
    page.wait_for_url("**/radicado/2026-*")
    first = int(page.url[-6:])
    receipt(page)
    assert int(page.url[-6:]) == first + 1


def test_a_file_that_is_too_large_is_told_before_it_travels(page, tmp_path):
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"x" * (11 * 2**20))
    page.goto("/radicar")
    page.set_input_files("#attachments", photo)
    expect(page.locator("#attachments-size")).to_be_visible()

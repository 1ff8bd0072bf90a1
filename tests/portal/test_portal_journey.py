"""Filing in a real browser: without a signal, with a keyboard, with large letters, on a shared telephone."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from pqr.app import create_app
from pqr.db import db
from pqr.tickets.models import Ticket
from tests.installation import make_settings
from tests.running import served

SECRET = "Vi al inspector recibir plata en la plaza."
DEMO_HINT = "Hay un hueco muy grande en la vía a la vereda."


@pytest.fixture(scope="module")
def app(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("journey")
    shutil.copyfile(sqlite_template, folder / "pqr.sqlite3")
    app = create_app(make_settings(folder, f"sqlite:///{folder}/pqr.sqlite3", PQR_DEMO="1"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def address(app) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def page(browser, address, request) -> Iterator[Page]:
    given = {"viewport": {"width": 360, "height": 700}} | getattr(request, "param", {})
    context = browser.new_context(base_url=address, **given)
    yield context.new_page()
    context.close()


def filed(app) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Ticket))


def fill(page: Page, identity: str = "named", description: str = DEMO_HINT) -> None:
    page.check("input[name=kind][value=reclamo]")
    page.fill("#subject", "Hueco en la vía")
    page.fill("#description", description)
    page.check(f"input[name=identity][value={identity}]")
    if identity != "anonymous":
        page.fill("#name", "Vecina Prueba")
    page.check("input[name=answer_by][value=portal]")
    page.check("#accept_notice")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continuar", exact=True).click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Enviar", exact=True).click()


def kept(page: Page) -> str:
    """All that this browser holds of the service, in words."""
    return page.evaluate(
        """async () => {
          let held = JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
          for (const name of await caches.keys()) {
            const shelf = await caches.open(name);
            for (const each of await shelf.keys()) held += each.url + await (await shelf.match(each)).text();
          }
          return held;
        }"""
    )


def put_away(page: Page) -> None:
    """Opens the form and puts the telephone in the pocket."""
    page.goto("/radicar")
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
          return navigator.serviceWorker.ready.then(() => true);
        }"""
    )


def test_without_a_signal_the_form_opens_is_filled_and_goes_once_when_there_is_one(page, app):
    before = filed(app)
    put_away(page)
    page.context.set_offline(True)
    page.goto("/radicar")
    expect(page.locator("#sin-senal")).to_be_visible()
    go_on(page)  # what is missing is said without the service
    expect(page.locator("[name=kind]:focus")).to_be_visible()
    fill(page)
    go_on(page)
    expect(page.locator("#en-espera")).to_be_focused()
    assert filed(app) == before
    page.reload()  # whoever closes the page finds it waiting
    expect(page.locator("#en-espera")).to_be_visible()

    page.context.set_offline(False)
    page.wait_for_url("**/radicado/2026-*")
    expect(page.get_by_role("heading", name="Quedó radicada")).to_be_visible()
    assert filed(app) == before + 1
    assert DEMO_HINT not in kept(page)
    page.goto("/radicar")
    page.goto("/")
    assert page.url.endswith("/")
    assert filed(app) == before + 1


def test_only_the_empty_form_with_its_style_and_script_is_laid_by(page):
    put_away(page)
    fill(page)
    go_on(page)
    send(page)
    page.wait_for_url("**/radicado/2026-*")
    page.goto("/radicado")
    laid = page.evaluate("caches.open('pqr').then((shelf) => shelf.keys()).then((all) => all.map((each) => each.url))")
    assert sorted(each.split("?")[0].split("/", 3)[3] for each in laid) == [
        "radicar",
        "static/pqr.css",
        "static/pqr.js",
    ]
    empty = page.evaluate("caches.match('/radicar').then((page) => page.text())")
    assert 'name="csrf_token" type="hidden" value=""' in empty
    assert 'name="filing_key" type="hidden" value=""' in empty


def test_what_filled_without_a_signal_can_be_reviewed_when_it_came_back_meanwhile(page, app):
    put_away(page)
    page.context.set_offline(True)
    page.goto("/radicar")
    fill(page)
    page.context.set_offline(False)
    go_on(page)
    expect(page.get_by_role("heading", name="Revise antes de enviar")).to_be_visible()


def test_an_answer_that_was_lost_on_the_way_is_found_and_nothing_is_filed_twice(page, app):
    before = filed(app)
    page.goto("/radicar")
    fill(page)
    go_on(page)

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/radicar", lose, times=1)
    with page.expect_event("requestfailed"):
        send(page)
    assert filed(app) == before + 1
    page = page.context.new_page()
    page.goto("/radicar")
    page.get_by_role("button", name="Seguir con ella").click()
    page.check("#accept_notice")
    go_on(page)
    send(page)
    page.wait_for_url("**/radicado/2026-*")
    assert filed(app) == before + 1


def test_going_back_and_sending_again_shows_the_same_receipt(page, app):
    before = filed(app)
    page.goto("/radicar")
    fill(page)
    go_on(page)
    review = page.content()
    send(page)
    page.wait_for_url("**/radicado/2026-*")
    number = page.url
    page.goto("/radicar")
    fields = page.evaluate(
        """(text) => [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("form [type=hidden]")]
             .map((each) => [each.name, each.value])""",
        review,
    )
    page.evaluate(
        """(fields) => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "/radicar" });
          const field = (given) => Object.assign(document.createElement("input"), given);
          fields.forEach(([name, value]) => form.append(field({ name, value })));
          document.body.append(form);
          form.submit();
        }""",
        fields,
    )
    page.wait_for_url("**/radicado/2026-*")
    expect(page).to_have_url(number)
    assert filed(app) == before + 1


def test_what_a_named_person_typed_is_offered_again_and_can_be_erased(page):
    page.clock.install()
    page.goto("/radicar")
    fill(page)
    page.clock.run_for(1000)
    other = page.context.new_page()
    other.goto("/radicar")
    assert other.input_value("#description") == ""  # whoever borrows the telephone does not read it by opening the page
    other.get_by_role("button", name="Seguir con ella").click()
    assert other.input_value("#description") == DEMO_HINT
    assert other.is_checked("input[name=kind][value=reclamo]")
    other.get_by_role("button", name="Borrar y empezar de nuevo").click()
    other.wait_for_load_state()
    assert other.input_value("#description") == ""
    assert DEMO_HINT not in kept(other)


@pytest.mark.parametrize("identity", ["anonymous", "reserved"])
def test_a_shared_telephone_keeps_nothing_of_who_hides(page, identity):
    page.clock.install()
    page.goto("/radicar")
    fill(page, identity, SECRET)
    page.locator("#subject").press_sequentially(" y más")
    page.clock.run_for(1000)  # longer than the pause after which typing is kept
    other = page.context.new_page()
    other.goto("/radicar")
    assert SECRET not in kept(other)
    expect(other.locator("#borrador")).to_be_hidden()
    go_on(page)
    send(page)
    page.wait_for_url("**/radicado/2026-*")
    assert SECRET not in kept(page)


def test_sensitive_answers_are_never_kept_on_the_device(page):
    page.clock.install()
    page.goto("/radicar")
    fill(page)
    page.get_by_text("Responder unas preguntas").click()
    page.select_option("#ethnic_group", "indigena_pastos")
    page.clock.run_for(1000)
    on_the_device = kept(page)
    assert "Hay un hueco" in on_the_device
    assert 'indigena_pastos"' not in on_the_device.split("<!doctype")[0]


def test_files_go_ahead_with_their_progress_and_one_can_be_left_out(page, app):
    page.goto("/radicar")
    fill(page)
    page.set_input_files(
        "#attachments",
        [
            {"name": "puente.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"x" * 200_000},
            {"name": "nota de voz.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + b"x" * 2000},
        ],
    )
    page.get_by_label("nota de voz.ogg (1 KB)").wait_for()
    assert page.input_value("#attachments") == ""
    expect(page.locator("#subiendo")).to_be_hidden()
    page.uncheck("input[name=held] >> nth=0")
    go_on(page)
    expect(page.get_by_role("heading", name="Revise antes de enviar")).to_be_visible()
    expect(page.get_by_text("nota de voz.ogg (1 KB)")).to_be_visible()
    expect(page.get_by_text("puente.jpg")).to_have_count(0)
    send(page)
    page.wait_for_url("**/radicado/2026-*")
    assert "nota de voz.ogg" in page.inner_text("main")


def test_a_file_that_cannot_go_ahead_goes_with_the_form(page):
    page.goto("/radicar")
    fill(page)
    page.route("**/radicar/archivos", lambda route: route.abort("connectionreset"))
    with page.expect_event("requestfailed"):
        page.set_input_files("#attachments", {"name": "puente.txt", "mimeType": "text/plain", "buffer": b"un puente"})
    expect(page.locator("#subiendo")).to_be_hidden()
    go_on(page)
    expect(page.get_by_text("puente.txt (1 KB)")).to_be_visible()


def reach(page: Page, wanted: str) -> None:
    """Goes there with the tabulator alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"the keyboard never reaches {wanted}")


def test_the_keyboard_alone_files(page, app):
    before = filed(app)
    page.goto("/radicar")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Saltar al contenido"
    page.keyboard.press("Enter")
    reach(page, "[name=kind]")
    page.keyboard.press("Space")
    reach(page, "#subject")
    page.keyboard.type("Puente caído")
    reach(page, "#description")
    page.keyboard.type("Se cayó el puente de la vereda.")
    reach(page, "[name=identity]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    reach(page, "[name=answer_by]")
    reach(page, "#accept_notice")
    page.keyboard.press("Space")
    reach(page, "[name=review]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Revise antes de enviar").wait_for()
    reach(page, "input[aria-label='Cambiar: Asunto']")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" ayer")
    page.keyboard.press("Enter")  # in a field it reviews, it never sends
    page.get_by_role("heading", name="Revise antes de enviar").wait_for()
    expect(page.get_by_text("Puente caído ayer")).to_be_visible()
    reach(page, "button.button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/radicado/2026-*")
    assert filed(app) == before + 1


TOLD = ("heading", "radiogroup", "textbox", "combobox", "button", "checkbox")


def heard_in(page: Page) -> Iterator[tuple[str, str]]:
    """Role and name of what a reader of the screen says, from top to bottom."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    known, waiting = {each["nodeId"]: each for each in nodes}, [nodes[0]["nodeId"]]
    while waiting:
        node = known.get(waiting.pop(), {"childIds": [], "ignored": True})
        waiting.extend(reversed(node["childIds"]))
        if not node["ignored"] and node["role"]["value"] in TOLD:
            yield node["role"]["value"], node["name"]["value"].split(" (")[0]


def test_a_reader_of_the_screen_hears_the_form_in_its_order(page):
    page.goto("/radicar")
    told = list(heard_in(page))
    wanted = [
        ("heading", "Presente su petición, queja o reclamo"),
        ("heading", "El tipo"),
        ("radiogroup", "¿Qué quiere presentar?"),
        ("heading", "Su mensaje"),
        ("textbox", "Asunto"),
        ("textbox", "Cuéntenos qué pasa o qué necesita"),
        ("combobox", "Vereda, barrio o sitio"),
        ("combobox", "Tema"),
        ("heading", "Quién la presenta"),
        ("radiogroup", "¿Cómo quiere presentarla?"),
        ("combobox", "¿Quién la presenta?"),
        ("textbox", "Nombres y apellidos, o nombre de la organización"),
        ("heading", "La respuesta"),
        ("textbox", "Correo electrónico"),
        ("heading", "Sobre usted"),
        ("heading", "Aviso de privacidad"),
        ("checkbox", "Leí este aviso y entiendo para qué usarán mis datos"),
        ("button", "Continuar"),
    ]
    heard = iter(told)
    assert [each for each in wanted if each not in heard] == [], told
    described = page.locator("#subject").evaluate("(each) => each.ariaDescribedByElements[0].textContent")
    assert "En pocas palabras" in described


def test_a_form_that_lacks_something_says_error_first(page):
    page.goto("/radicar")
    go_on(page)
    page.wait_for_selector("#errores")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#errores")).to_be_focused()


def test_the_link_of_a_case_is_shared_without_its_code_unless_the_person_says_so(page, app):
    page.add_init_script(
        """window.given = [];
        Object.defineProperty(navigator, "clipboard", { value: { writeText: async (words) => given.push(words) } });
        Object.defineProperty(navigator, "share", { value: async ({ title, url }) => given.push(title, url) });"""
    )
    page.goto("/radicar")
    fill(page)
    go_on(page)
    send(page)
    radicado, code = page.locator(".number").inner_text(), page.locator(".code").inner_text()
    page.get_by_text("Guardar o compartir el enlace").click()
    page.get_by_role("button", name="Copiar el enlace").click()
    page.get_by_text("Copiado, sin el código.").wait_for()
    page.get_by_role("button", name="Compartir").click()
    page.get_by_label("Poner el código en el enlace").check()
    page.get_by_role("button", name="Copiar el enlace").click()
    page.get_by_text("Copiado, con el código.").wait_for()
    plain, title, shared, whole = page.evaluate("window.given")
    assert plain.endswith(f"/radicado/{radicado}")
    assert (title, shared, whole) == (f"Petición {radicado}", plain, f"{plain}?code={code}")
    expect(page.locator("#enlace")).to_have_text(whole)
    page.emulate_media(media="print")
    expect(page.get_by_text("Guardar o compartir el enlace")).to_be_hidden()
    expect(page.locator(".code")).to_be_visible()

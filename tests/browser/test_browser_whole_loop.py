"""Does the whole loop close with the real processes?  A browser, real SMTP both ways, the citizen's mailbox."""

import smtplib
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.running import Service, environment, started
from tests.sink import Sink, reply_to, sink

CITIZEN = "ana@correo.example"
OFFICE = "servicios@puerres.example"

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture
def relay() -> Iterator[Sink]:
    with sink() as kept:
        yield kept


@pytest.fixture
def service(tmp_path, relay) -> Iterator[Service]:
    configured = {"PQR_SMTP_URL": relay.url, "PQR_SECRET_KEY": "clave-de-las-pruebas-0123456789"}
    yield from stopped_afterwards(started(environment(tmp_path / "var", **configured)))


@pytest.fixture
def demonstration(tmp_path) -> Iterator[Service]:
    yield from stopped_afterwards(started(environment(tmp_path / "var")))


def stopped_afterwards(service: Service) -> Iterator[Service]:
    yield service
    service.process.terminate()
    service.process.communicate(timeout=60)


def address(service: Service) -> str:
    return f"http://127.0.0.1:{service.environ['PQR_PORT']}"


def file_in(page, service: Service) -> str:
    page.goto(f"{address(service)}/radicar")
    page.check("input[name=kind][value=reclamo]")
    page.fill("input[name=subject]", "No llega agua al acueducto")
    page.fill("textarea[name=description]", "Hace dos semanas no llega el agua; hay un tubo roto.")
    page.check("input[name=identity][value=named]")
    page.fill("input[name=name]", "Ana Prueba")
    page.check("input[name=answer_by][value=email]")
    page.fill("input[name=email]", CITIZEN)
    page.check("input[name=accept_notice]")
    page.click("main form button[type=submit]")
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_url("**/radicado/*-E-*")
    return page.url.rsplit("/", 1)[1]


def test_a_citizen_files_in_a_browser_and_has_the_offices_answer_in_the_mailbox(service, relay, browser):
    page = browser.new_page()
    radicado = file_in(page, service)
    assert radicado in page.inner_text("main")
    assignment = relay.wait_for(OFFICE, radicado)
    relay.wait_for(CITIZEN, "Recibimos su petición")

    with smtplib.SMTP("127.0.0.1", int(service.environ["PQR_MAIL_IN_PORT"])) as client:
        raw = reply_to(assignment, OFFICE, "Mañana va la cuadrilla a cambiar el tubo.")
        client.sendmail(OFFICE, [str(assignment["Reply-To"])], raw)

    answer = relay.wait_for(CITIZEN, f"Respuesta a su petición {radicado}")
    assert "Mañana va la cuadrilla" in answer.get_body(("plain",)).get_content()
    page.reload()
    expect(page.locator("main")).to_contain_text("Mañana va la cuadrilla a cambiar el tubo.")


def test_a_newcomer_walks_the_whole_loop_in_the_browser_alone(demonstration, browser):
    page = browser.new_page()
    radicado = file_in(page, demonstration)
    expect(page.locator("body")).to_contain_text("Demostración")

    page.goto(f"{address(demonstration)}/demo/correo")
    page.get_by_role("link", name=radicado).first.wait_for()
    page.locator(f"a:has-text('{radicado}')", has_text="No llega agua").first.click()
    page.fill("textarea[name=text]", "Ya se cambió el tubo; el agua llega desde hoy.")
    page.click("main form button[type=submit]")

    def answered() -> bool:
        page.goto(f"{address(demonstration)}/radicado/{radicado}")
        return "Ya se cambió el tubo" in page.inner_text("main")

    for _ in range(200):  # each turn is a page that the service makes, so this waits by itself
        if answered():
            break
    assert answered()

"""Does the keyboard do a morning's work, in a real browser?  Ten petitions classified without a mouse, or a script."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, reading, writing
from pqr.tickets.counting import count_to_triage
from tests.builders import filed, office_of
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

EMAIL = "mesa@puerres.example"
TEN = 10


@pytest.fixture
def app(sqlite_template, tmp_path):
    """Ten that wait: nine whose words say whose they are, and one that says nothing."""
    shutil.copyfile(sqlite_template, tmp_path / "pqr.sqlite3")
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/pqr.sqlite3")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        now, office = clock.now(), office_of(session, settings, routing="desk")
        _, token = acts.add_user(session, NewUser(EMAIL, Role.DESK), now)
        acts.set_password(session, token, PASSWORD, now)
        for _ in range(TEN - 1):
            filed(session, office, now=now)
        filed(session, office, now=now, subject="Algo", body="Sin pistas.")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def page(browser, app, request) -> Iterator[Page]:
    """The queue, of somebody who has logged in; the parameter may change the context."""
    with served(app) as url:
        context = browser.new_context(base_url=url, **getattr(request, "param", {}))
        page = context.new_page()
        page.goto("/ingresar")
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        lead(page, "Enter")
        yield page
        context.close()


def left(app) -> int:
    with app.app_context(), reading() as session:
        return count_to_triage(session)


def lead(page: Page, *keys: str) -> None:
    """Keys that open another page; a page knows its keys once it is all there."""
    with page.expect_navigation():
        for key in keys:
            page.keyboard.press(key)


def test_ten_petitions_are_classified_with_the_keyboard_alone(page, app):
    lead(page, "g", "c")
    lead(page, "n")  # the first one for later
    for _ in range(TEN - 2):
        lead(page, "a")
    expect(page.get_by_role("heading", name="Algo")).to_be_visible()
    page.get_by_label("Dependencia").focus()
    page.keyboard.type("Secretaría de S")
    page.keyboard.press("Tab")
    page.keyboard.type("aquí n y a son letras")
    assert page.get_by_label("Razón").input_value() == "aquí n y a son letras"
    lead(page, "Enter")
    expect(page.get_by_role("heading", name="Llegó al final")).to_be_visible()
    page.get_by_role("link", name="Volver a empezar").focus()
    lead(page, "Enter")
    lead(page, "a")
    expect(page.get_by_role("heading", name="Todo está clasificado")).to_be_visible()
    assert left(app) == 0


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["without script"], indirect=True)
def test_ten_petitions_are_classified_without_a_script(page, app):
    page.get_by_role("link", name="Clasificar (10)").click()
    for _ in range(TEN - 1):
        page.get_by_role("button", name="Aceptar y siguiente").click()
    page.get_by_label("Dependencia").select_option(label="Secretaría de Salud")
    page.get_by_label("Razón").fill("Es de vacunación")
    page.get_by_role("button", name="Aceptar y siguiente").click()
    expect(page.get_by_role("heading", name="Todo está clasificado")).to_be_visible()
    assert left(app) == 0


def test_the_keys_walk_the_list_choose_in_it_and_open_what_they_stand_on(page):
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#teclas-dicho")).to_have_text("Elegida. 1 elegida en total.")
    expect(page.get_by_label("Asignar las elegidas a")).to_be_visible()
    second = page.locator("[data-rows] tbody tr").nth(1)
    assert second.get_by_role("checkbox").is_checked()
    page.keyboard.press("x")
    expect(page.get_by_label("Asignar las elegidas a")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("jxk?")
    assert page.locator("#q").input_value() == "jxk?"
    second.get_by_role("link").focus()
    lead(page, "Enter")
    expect(page).to_have_url(re.compile("/atencion/radicado/"))
    lead(page, "g", "q")
    expect(page).to_have_url(re.compile(r"/atencion/$"))


def test_the_keys_are_told_and_can_be_switched_off(page):
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Teclas").wait_for()
    page.get_by_label("Usar estas teclas en este navegador").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#teclas")).to_be_hidden()
    page.get_by_role("button", name="Ver las teclas").click()
    assert not page.get_by_label("Usar estas teclas en este navegador").is_checked()

"""Is a day closed with the keyboard alone, in a real browser, with scripts and without?"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, reading, writing
from pqr.terms.calendar import BOGOTA
from pqr.tickets.models import Ticket
from tests.builders import filed, office_of
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

EMAIL = "admin@puerres.example"


@pytest.fixture
def app(sqlite_template, tmp_path):
    """Two petitions of today."""
    shutil.copyfile(sqlite_template, tmp_path / "pqr.sqlite3")
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/pqr.sqlite3")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        now, office = clock.now(), office_of(session, settings)
        _, token = acts.add_user(session, NewUser(EMAIL, Role.ADMIN), now)
        acts.set_password(session, token, PASSWORD, now)
        for _ in range(2):
            filed(session, office, now=now)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def page(browser, app, request) -> Iterator[Page]:
    with served(app) as url:
        context = browser.new_context(base_url=url, locale="es-CO", **request.param)
        page = context.new_page()
        page.goto("/ingresar")
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/atencion/")
        yield page
        context.close()


def tab_to(page: Page, words: str) -> None:
    """With the keyboard alone, to the link, button or field that says this."""
    said = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"  # a date's button is no :focus
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate(said).strip().startswith(words):
            return
    raise AssertionError(f"the keyboard does not reach «{words}»")


def lead(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_day(page: Page, day) -> None:
    """Day and month in whichever order this browser asks for them."""
    for order in ("%m%d%Y", "%d%m%Y"):
        for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft"):
            page.keyboard.press(key)
        page.keyboard.type(f"{day:{order}}")
        if page.evaluate("document.activeElement.value") == f"{day:%Y-%m-%d}":
            return
    raise AssertionError("the day cannot be typed")


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], ids=["scripts", "without"], indirect=True)
def test_a_day_is_closed_with_the_keyboard_alone(page, app):
    with app.app_context(), reading() as session:
        due = session.scalars(select(Ticket.due_on)).all()
    for link in ("Ajustes", "Cierres y festivos"):
        tab_to(page, link)
        lead(page)
    tab_to(page, "Fecha")
    type_day(page, due[0])
    tab_to(page, "Nombre")
    page.keyboard.type("Fiestas patronales")
    tab_to(page, "Acto")
    page.keyboard.type("Decreto 9")
    tab_to(page, "Fecha del acto")
    type_day(page, clock.now().astimezone(BOGOTA))
    lead(page)
    expect(page.get_by_role("heading", name="Esto mueve 2 plazos")).to_be_visible()
    tab_to(page, "Confirmar")
    lead(page)
    expect(page.get_by_text("2 fechas de vencimiento cambiaron")).to_be_visible()
    expect(page.get_by_role("row", name="Fiestas patronales")).to_contain_text("Se cierra")
    with app.app_context(), reading() as session:
        assert min(session.scalars(select(Ticket.due_on))) > max(due)

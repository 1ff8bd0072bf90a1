"""Can an officer do every errand of the day with the keyboard alone, in a real browser, with its scripts or without?"""

import re
import shutil
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, reading, writing
from pqr.mail.inbox import InboxMail
from tests.builders import arrive, letters_of, office_of, raw_mail
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

EMAIL, ANOTHER = "mesa@puerres.example", "lluvia tejado naranja"
FARTHEST = 150  # presses of the Tab key


@pytest.fixture
def app(sqlite_template, tmp_path):
    shutil.copyfile(sqlite_template, tmp_path / "pqr.sqlite3")
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/pqr.sqlite3")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        now = clock.now()
        _, token = acts.add_user(session, NewUser(EMAIL, Role.DESK), now)
        acts.set_password(session, token, PASSWORD, now)
        unasked = raw_mail("salud@puerres.example", subject="Una carta", text="Esto me llegó y no es nuestro.")
        arrive(session, office_of(session, settings), unasked, now)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def page(browser, app, request) -> Iterator[Page]:
    """The door of the desk."""
    with served(app) as url:
        context = browser.new_context(base_url=url, java_script_enabled=request.param)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/ingresar")
        yield page
        context.close()


def tab_to(page: Page, target: Locator) -> None:
    """With the Tab key alone."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("(each) => each === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def write(page: Page, field: str, words: str) -> None:
    """`field`: its id."""
    tab_to(page, page.locator(f"#{field}"))
    page.keyboard.insert_text(words)


def press(page: Page, role: str, name: str) -> None:
    """Goes to a link or a button that opens a page, and presses it."""
    tab_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """With the arrows, one of a group."""
    group = page.locator(f"input[name={name}]")
    tab_to(page, group.and_(page.locator(":checked")) if group.and_(page.locator(":checked")).count() else group.first)
    for _ in range(10):
        if page.locator(f"input[name={name}][value={value}]").is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not reach {value}")


def unfold(page: Page, summary: str) -> None:
    tab_to(page, page.locator("summary", has_text=summary))
    page.keyboard.press("Enter")


def enter(page: Page, password: str = PASSWORD) -> None:
    write(page, "email", EMAIL)
    write(page, "password", password)
    press(page, "button", "Ingresar")


def test_a_petition_is_registered_at_the_counter_answered_and_handed_over(page):
    enter(page)
    press(page, "link", "Registrar una petición")
    write(page, "subject", "Hueco en la vía")
    write(page, "description", "Hay un hueco muy grande.")
    choose(page, "answer_by", "portal")
    press(page, "button", "Radicar")
    press(page, "link", "Ver el caso")
    write(page, "answer-text", "Se arregla el lunes.")
    press(page, "button", "Enviar respuesta")
    choose(page, "way", "counter")
    write(page, "communicate-note", "Firmó el recibido")
    press(page, "button", "Registrar y cerrar")
    expect(page.get_by_text("la petición queda cerrada")).to_be_visible()


def test_a_mail_that_could_not_be_placed_gets_its_fate(page, app):
    enter(page)
    tab_to(page, page.get_by_role("link", name=re.compile("correo por leer")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "link", "Una carta")
    unfold(page, "No es una petición")
    write(page, "discard-reason", "Era un saludo")
    press(page, "button", "Descartar")
    expect(page.get_by_text("No hay correos por leer")).to_be_visible()
    with app.app_context(), reading() as session:
        assert (mail := session.get_one(InboxMail, 1)).closed_by.startswith("user:"), mail.verdict


def test_a_forgotten_password_is_replaced_by_the_link_that_comes_by_mail(page, app):
    press(page, "link", "Olvidé la contraseña")
    write(page, "email", EMAIL)
    press(page, "button", "Enviar enlace")
    with app.app_context(), reading() as session:
        (letter,) = [each for each in letters_of(session) if each.letter == "password_link"]
    page.goto(re.search(r"http://\S+", letter.text)[0].partition("8000")[2])
    write(page, "password", ANOTHER)
    press(page, "button", "Guardar contraseña")
    enter(page, ANOTHER)
    expect(page.get_by_role("heading", name="Peticiones")).to_be_visible()


def test_the_second_step_is_tied_to_a_telephone_and_asked_for(page):
    enter(page)
    press(page, "link", EMAIL)
    press(page, "link", "Activar")
    phone = pyotp.TOTP(page.locator(".code").inner_text().replace(" ", ""))
    write(page, "code", phone.now())
    press(page, "button", "Activar")
    recovery = page.locator(".recovery .code").first.inner_text()
    press(page, "link", "Ya los guardé")
    press(page, "button", "Salir")
    page.goto("/ingresar")
    enter(page)
    write(page, "code", recovery)
    press(page, "button", "Ingresar")
    expect(page.get_by_role("heading", name="Peticiones")).to_be_visible()

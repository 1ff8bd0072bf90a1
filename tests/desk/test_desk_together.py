"""Do two officials in two real browsers see each other, and does a closed page lose nothing of what was typed?"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, writing
from tests.builders import assigned, office_of
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

ONE, OTHER = "mesa@puerres.example", "ventanilla@puerres.example"
LONG = "Una respuesta que costó una hora."


@pytest.fixture
def address(sqlite_template, tmp_path) -> Iterator[str]:
    """A service with one case and two people at the desk."""
    shutil.copyfile(sqlite_template, tmp_path / "pqr.sqlite3")
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path}/pqr.sqlite3")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        now = clock.now()
        for email in (ONE, OTHER):
            _, token = acts.add_user(session, NewUser(email, Role.DESK), now)
            acts.set_password(session, token, PASSWORD, now)
        assigned(session, office_of(session, settings), now=now)
    with served(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def enter(browser, address):
    """Opens a browser of somebody who has logged in; its clock is the test's to move."""
    contexts = []

    def open_browser(email: str) -> Page:
        contexts.append(browser.new_context(base_url=address))
        page = contexts[-1].new_page()
        page.clock.install()
        page.goto("/ingresar")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Ingresar").click()
        page.wait_for_url("**/atencion/")
        return page

    yield open_browser
    for context in contexts:
        context.close()


def case() -> str:
    return f"/atencion/radicado/{clock.now().year}-E-000001"


def write(page: Page, words: str) -> None:
    """Types, and lets the page keep it as it does every few seconds."""
    page.locator("#answer-text").press_sequentially(words)
    with page.expect_response("**/borrador/answer") as kept:
        page.clock.fast_forward(4_000)
    assert kept.value.ok


def test_what_is_typed_is_kept_by_itself_and_is_there_again_in_another_browser(enter):
    page = enter(ONE)
    page.goto(case())
    write(page, LONG)
    expect(page.locator("[data-draft-said]").first).to_contain_text("Borrador guardado el")
    page.close()
    again = enter(ONE)
    again.goto(case())
    expect(again.locator("#answer-text")).to_have_value(LONG)
    expect(again.get_by_text("Borrador guardado el").first).to_be_visible()


def test_what_was_sent_is_no_draft_even_if_it_was_sent_before_it_was_kept(enter):
    page = enter(ONE)
    page.goto(case())
    write(page, LONG)
    page.locator("#answer-text").press_sequentially(" Y algo más.")
    page.get_by_role("button", name="Enviar respuesta").click()
    page.get_by_text("Respuesta registrada.").wait_for()
    page.clock.fast_forward(10_000)
    page.goto(case())
    expect(page.get_by_text(f"{LONG} Y algo más.").first).to_be_visible()
    expect(page.get_by_text("Borrador que usted no envió")).to_be_hidden()


def test_the_page_says_when_it_cannot_keep_the_draft_and_keeps_it_later(enter):
    page = enter(ONE)
    page.goto(case())
    page.route("**/borrador/answer", lambda route: route.abort())
    page.locator("#answer-text").press_sequentially(LONG)
    page.clock.fast_forward(4_000)
    said = page.locator("[data-draft-said]").first
    expect(said).to_contain_text("no se ha podido guardar")
    page.unroute("**/borrador/answer")
    page.clock.fast_forward(21_000)
    expect(said).to_contain_text("Borrador guardado el")


def test_each_of_two_learns_that_the_other_has_the_case_open_without_loading_the_page_again(enter):
    one, other = enter(ONE), enter(OTHER)
    one.goto(case())
    expect(one.locator("[data-presence]")).to_be_hidden()
    other.goto(case())
    expect(other.get_by_text(f"{ONE} también está viendo este caso.")).to_be_visible()
    one.clock.fast_forward(21_000)
    expect(one.get_by_text(f"{OTHER} también está viendo este caso.")).to_be_visible()

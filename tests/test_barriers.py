"""Do the judges of the pages find what is wrong?  A page that is well, and the same with one thing wrong."""

import pytest

from tests.barriers import NARROW, assert_no_barrier, assert_usable

PAGE = '<html lang="es"><head><title>Prueba</title></head><body><main><h1>Prueba</h1>{}</main></body></html>'
PALE_IN_THE_DARK = "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }</style><p>Sí</p>"


@pytest.fixture
def judge(browser):
    """Shows a page with this in it to one of the judges."""
    page = browser.new_page(viewport=NARROW)

    def show(content, verdict):
        page.set_content(PAGE.format(content))
        verdict(page, "prueba")

    yield show
    page.close()


def test_a_barrier_is_found_and_called_by_its_name(judge):
    judge("<p>Sí</p>", assert_no_barrier)
    for content, barrier in (
        ('<img src="data:,">', "image-alt"),
        ("<input>", "label"),
        ('<p style="color: #ccc; background: #fff">Sí</p>', "color-contrast"),
        (PALE_IN_THE_DARK, "wide and dark.*color-contrast"),
    ):
        with pytest.raises(AssertionError, match=barrier):
            judge(content, assert_no_barrier)


def test_what_the_keyboard_does_not_reach_is_found(judge):
    judge('<a href="#">Uno</a> <button>Dos</button>', assert_usable)
    with pytest.raises(AssertionError, match="Tres"):
        judge('<a href="#">Uno</a> <div inert><button>Tres</button></div>', assert_usable)

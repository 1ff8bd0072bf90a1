"""Has a page a barrier that a machine can find?  Narrow and light by every rule, wide and dark by two or three."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}  # WCAG 2.1, 1.4.10: no scrolling in two directions at 320 CSS pixels
WIDE = {"width": 1280, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR_AND_WIDTH = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}}


def assert_no_barrier(page: Page, name: str) -> None:
    """Fails with what axe found. The page is narrow and light, and is so again afterwards."""
    page.emulate_media(reduced_motion="reduce")  # or a colour would be judged on its way to another
    page.evaluate(AXE_SCRIPT)
    _assert_none(page, name, RULES)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(WIDE)
    _assert_none(page, f"{name}, wide and dark", OF_COLOUR_AND_WIDTH)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)


def _assert_none(page: Page, name: str, rules: dict[str, object]) -> None:
    barriers = page.evaluate(_BARRIERS, {**rules, "resultTypes": ["violations"]})  # or it tells all that is well, too
    assert not barriers, (name, barriers)
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


_BARRIERS = """async (rules) => (await axe.run(rules)).violations.map(({ id, nodes }) => [id, nodes[0].html])"""


def assert_usable(page: Page, name: str) -> None:
    """Fails where letters twice as large push something off, where the person's own colours hide an edge, where
    something moves for whoever asked for less, or where the keyboard alone does not reach what a finger does.
    """
    page.set_viewport_size({"width": 640, "height": 700})
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640, name
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(NARROW)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert page.evaluate(_WITHOUT_AN_EDGE) == [], name
    assert page.evaluate(_MOVING) == 0, name
    page.emulate_media(forced_colors="none", reduced_motion="reduce")
    page.evaluate("document.activeElement.blur(); document.getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.evaluate("document.addEventListener('focusin', ({ target }) => { target.dataset.reached = '1' })")
    for _ in range(page.evaluate(f"{_STOPS}.length") + 3):
        page.keyboard.press("Tab")
    unreached = page.evaluate(_UNREACHED)
    assert not unreached, (name, unreached)


_WITHOUT_AN_EDGE = """[...document.querySelectorAll(".button, .input, .way, .card, .notice")]
    .filter((each) => each.checkVisibility() && parseFloat(getComputedStyle(each).borderLeftWidth) < 1)
    .map((each) => each.outerHTML.slice(0, 80))"""
_MOVING = """[...document.querySelectorAll("*")].filter((each) => {
    const style = getComputedStyle(each);
    return parseFloat(style.transitionDuration) || parseFloat(style.animationDuration);
}).length"""
_STOPS = """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => each.checkVisibility() && !each.disabled && each.tabIndex >= 0)"""
# Of the choices of one question the keyboard stops at one, and the arrows lead to the others.
_UNREACHED = f"""{_STOPS}
    .filter((each) => !each.dataset.reached && !(each.type === "radio" &&
        [...document.getElementsByName(each.name)].some((other) => other.dataset.reached)))
    .map((each) => each.outerHTML.slice(0, 120))"""

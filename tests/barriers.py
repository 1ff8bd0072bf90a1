"""Has a page a barrier that a machine can find?  Narrow and light by every rule, wide and dark by two or three."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}  # WCAG 2.1, 1.4.10: no scrolling in two directions at 320 CSS pixels
WIDE = {"width": 1280, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR_AND_WIDTH = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}}


def assert_no_barrier(page: Page, name: str) -> None:
    """Fails with what axe found. The page is narrow and light, and is so again afterwards."""
    page.emulate_media(reduced_motion="reduce")  # or a colour would be judged on its way to another
    _assert_none(page, name, RULES)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(WIDE)
    _assert_none(page, f"{name}, wide and dark", OF_COLOUR_AND_WIDTH)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)


def _assert_none(page: Page, name: str, rules: dict[str, object]) -> None:
    found = Axe().run(page, options=rules).response["violations"]
    barriers = [(each["id"], each["nodes"][0]["html"]) for each in found]
    assert not barriers, (name, barriers)
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name

"""What would a person read of this HTML?

Scripts, styles and hidden text are left out, links keep their address, and what the mail client marked as a
quotation becomes lines that begin with "> ", as in plain text, so that `quoting` needs to know one notation
only. Pages built to exhaust a parser (very long, very deep) are read in a plainer way that takes linear
time.
"""

import re
from html import unescape

import nh3
from inscriptis.css_profiles import STRICT_CSS_PROFILE  # type: ignore[import-untyped]
from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from lxml import etree, html  # type: ignore[import-untyped]

from pqr.mail import charsets

OUTLOOK_RULE = "_" * 32
_LONGEST = 4_000_000
_DEEPEST = 250
_DEEPEST_QUOTE = 10
_LONGEST_LINK = 500
_OPEN, _CLOSE = "\ue000", "\ue001"
_CLOSED_BY_THEMSELVES = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "br",
        "img",
        "hr",
        "meta",
        "link",
        "input",
        "wbr",
        "col",
        "area",
        "dd",
        "dt",
    ]
)
_LINE_BREAKING = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "hr", "table"])
_STRUCTURES = ("table", "ul", "ol", "blockquote", "br", "pre", "h1", "h2", "h3", "h4", "hr")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_QUOTE_CLASS = re.compile(r"quote|cite", re.IGNORECASE)
_PARSER_OPTIONS = {"huge_tree": True, "recover": True}


def to_text(source: str) -> str:
    """Return the readable text of an HTML page; never raises."""
    page = charsets.clean(source).translate({ord(_OPEN): None, ord(_CLOSE): None})
    if len(page) > _LONGEST or _depth(page) > _DEEPEST:
        return _stripped(page)
    try:
        return _rendered(page)
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError, etree.LxmlError):
        return _stripped(page)


def _rendered(page: str) -> str:
    safe = nh3.clean(
        page,
        clean_content_tags={"script", "style", "title", "xml"},
        attributes={"*": {"class", "id", "type", "style"}, "a": {"href"}},
        filter_style_properties={"display", "white-space", "border-left"},
        link_rel=None,
    )
    if not safe.strip():
        return ""
    tree = html.document_fromstring(f"<div>{safe}</div>", parser=html.HTMLParser(**_PARSER_OPTIONS))
    _mark_quotes(tree)
    _write_out_links(tree)
    _flatten_tables(tree)
    rendered: str = Inscriptis(tree, ParserConfig(css=STRICT_CSS_PROFILE)).get_text()
    return _tidy(_prefixed(rendered))


def _mark_quotes(tree: etree._Element) -> None:
    for element in tree.xpath("//blockquote"):
        if _is_quotation(element):
            element.insert(0, _marker(_OPEN, element.text))
            element.text = None
            element.append(_marker(_CLOSE))
    for element in tree.xpath("//*[@id='divRplyFwdMsg' or @id='x_divRplyFwdMsg']"):
        element.addprevious(_marker(OUTLOOK_RULE))


def _is_quotation(element: etree._Element) -> bool:
    """Tell a quotation from text that its writer only indented, which is a blockquote with another style."""
    style = element.get("style") or ""
    named = f"{element.get('type') or ''} {element.get('class') or ''}"
    return "border-left" in style or bool(_QUOTE_CLASS.search(named)) or not element.attrib


def _marker(text: str, tail: str | None = None) -> etree._Element:
    marker = etree.Element("div")
    marker.text, marker.tail = text, tail
    return marker


def _write_out_links(tree: etree._Element) -> None:
    """Photographs and papers are often sent as a link under "here": its address must be readable."""
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        address, shown = link.get("href"), "".join(link.itertext())
        bare = re.sub(r"^https?://|/$", "", address)
        if shown.strip() and bare not in shown and len(address) <= _LONGEST_LINK:
            link.tail = f" <{address}>{link.tail or ''}"


def _flatten_tables(tree: etree._Element) -> None:
    """Turn rows into lines: tables are mostly layout, and padded columns can be made to fill the memory."""
    for cell in tree.xpath("//td | //th"):
        paragraphs = list(cell.iter("p", "div"))
        is_one_line = len(paragraphs) <= 1 and next(cell.iter(*_STRUCTURES), None) is None
        for element in (cell, *paragraphs) if is_one_line else ():
            element.tag = "span"  # Word puts a paragraph into each cell
        if is_one_line:
            cell.tail = f" {cell.tail or ''}"
        else:
            cell.tag = "div"
    for element in tree.xpath("//table | //thead | //tbody | //tfoot | //tr | //caption"):
        element.tag = "div"


def _prefixed(text: str) -> str:
    depth, lines = 0, []
    for line in text.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        depth += opened
        kept = line.replace(_OPEN, "").replace(_CLOSE, "").rstrip()
        if kept or not (opened or closed):
            lines.append(("> " * min(depth, _DEEPEST_QUOTE) + kept).rstrip())
        depth = max(0, depth - closed)
    return "\n".join(lines)


def _tidy(text: str) -> str:
    spaced = text.replace("\xa0", " ")
    return re.sub(r"\n(?:(?:> )*>?[ \t]*\n){2,}", "\n\n", spaced).strip("\n")


def _depth(page: str) -> int:
    depth = deepest = 0
    for closing, name in _TAG.findall(page):
        if name.lower() not in _CLOSED_BY_THEMSELVES:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _stripped(page: str) -> str:
    """Drop tags, scripts and styles in one pass, without building a tree."""
    kept, position, hidden = [], 0, ""
    for match in _TAG.finditer(page):
        name = match[2].lower()
        kept.append("" if hidden else page[position : match.start()])
        position = match.end()
        if hidden == name and match[1]:
            hidden = ""
        elif not hidden and name in ("script", "style"):
            hidden = name
        kept.append("\n" if name in _LINE_BREAKING and not hidden else "")
    kept.append("" if hidden else page[position:])
    return _tidy(charsets.clean(unescape("".join(kept))))

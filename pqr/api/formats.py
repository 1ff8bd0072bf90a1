"""How does an answer look?  XML, or JSON by the same names (the Spark convention that GeoReport v2 asks for)."""

from collections.abc import Callable
from typing import Any, TypeVar
from xml.etree import ElementTree as ET

from flask import g, json, request
from werkzeug.wrappers import Response

from pqr.api import PREFIX, api

XML, JSON = "text/xml", "application/json"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ITEMS = {  # of each list, the name of one
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}

View = TypeVar("View", bound=Callable[..., Any])


def both(rule: str, **options: Any) -> Callable[[View], View]:
    """The route in its three spellings: `.xml`, `.json`, and bare, which is XML unless JSON is asked for."""

    def route(view: View) -> View:
        for path in (rule, f"{rule}.<any(xml, json):form>"):
            api.add_url_rule(path, view_func=view, **options)
        return view

    return route


@api.url_value_preprocessor
def _note_form(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.form = (values or {}).pop("form", "")


def answer(name: str, content: Any, status: int = 200) -> Response:
    """The content under its name; JSON has no name for the outermost."""
    if wants_json():
        return Response(json.dumps(content, ensure_ascii=False), status, content_type=f"{JSON}; charset=utf-8")
    body = ET.tostring(_element(name, content), encoding="unicode")
    return Response(DECLARATION + body, status, content_type=f"{XML}; charset=utf-8")


def refuse(status: int, *sentences: str) -> Response:
    """The errors, as GeoReport words them."""
    return answer("errors", [{"code": status, "description": sentence} for sentence in sentences], status)


def speaks(path: str) -> bool:
    """Whether who asks for this path is a program."""
    return path.startswith(f"{PREFIX}/")


def wants_json() -> bool:
    """By the path's ending or, where it has none, by what the caller prefers."""
    form = g.get("form") or request.path.rpartition(".")[2]
    if form in ("xml", "json"):
        return bool(form == "json")
    return request.accept_mimetypes.best_match((XML, JSON)) == JSON


def _element(name: str, content: Any) -> ET.Element:
    element = ET.Element(name)
    if isinstance(content, list):
        element.extend(_element(ITEMS[name], each) for each in content)
    elif isinstance(content, dict):
        element.extend(_element(key, each) for key, each in content.items())
    elif isinstance(content, bool):
        element.text = str(content).lower()
    elif content is not None:
        element.text = str(content)
    return element

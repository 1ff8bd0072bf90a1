"""How would a program learn all this by itself?  The OpenAPI file, written by hand and held to the routes by tests."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import json
from werkzeug.wrappers import Response

from pqr.api import PREFIX, api
from pqr.api.formats import JSON
from pqr.db import reading
from pqr.door import office

FILE = Path(__file__).with_name("openapi.json")


@api.get("/openapi.json")
def openapi() -> Response:
    """The file, with this installation's address and name."""
    with reading() as session:
        here = office(session)
    told = _written() | {"servers": [{"url": f"{here.base_url}{PREFIX}", "description": here.entity}]}
    return Response(json.dumps(told, ensure_ascii=False), content_type=f"{JSON}; charset=utf-8")


@cache
def _written() -> dict[str, Any]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content

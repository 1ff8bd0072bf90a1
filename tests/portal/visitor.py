"""How does a visitor of the public pages behave in a test?  A browser without JavaScript, or a plain program."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LEAST = {
    "kind": "reclamo",
    "subject": "Hueco en la vía",
    "description": "Hay un hueco muy grande en la vía a la vereda.",
    "identity": "named",
    "name": "Vecina Prueba",
    "answer_by": "email",
    "email": "vecina@correo.example",
    "accept_notice": "y",
}
NAMELESS = {name: LEAST[name] for name in ("kind", "subject", "description", "accept_notice")} | {
    "identity": "anonymous"
}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page has no {name}"
    return html.unescape(found[1])


def send(client: FlaskClient, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Opens the form, fills it in and sends it; `more` changes fields of the least that is needed."""
    token = hidden(client.get("/radicar").text, "csrf_token")
    fields = {"csrf_token": token, **(LEAST if form is None else form), **more}
    answer = client.post("/radicar", data=fields)
    answer.request.input_stream.close()  # of a large body: a temporary file, which the test client leaves open
    return answer


def file(client: FlaskClient, form: dict[str, Any] | None = None, **more: Any) -> str:
    """The same, for a petition that must be taken: its radicado."""
    answer = send(client, form, **more)
    assert answer.status_code == 303, answer.text
    return answer.location.rsplit("/", 1)[1]


def code_on(client: FlaskClient, radicado: str) -> str:
    """The verification code, as the receipt shows it."""
    found = re.search(r'class="code">([0-9A-Z]{10})<', client.get(f"/radicado/{radicado}").text)
    assert found
    return found[1]


def text_of(page: str) -> str:
    """The words of a page, without its tags."""
    body = page[page.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

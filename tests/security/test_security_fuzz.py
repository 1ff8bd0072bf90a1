"""Can anything that somebody types, sends or puts into an address break a page, or leave it as markup?

Nobody lists the fields here: the service says which names it reads, and the pages which forms they have. The short form
asks every address some times; with PQR_TEST_FULL=1 it goes on for some minutes.
"""

import os
import re
from collections import defaultdict
from html.parser import HTMLParser
from io import BytesIO
from random import Random
from typing import ClassVar
from urllib.parse import quote, quote_plus

import pytest
from flask import Request, got_request_exception
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from pqr.accounts.roles import Role
from pqr.tickets import files
from pqr.tickets.letters import code_of
from pqr.tickets.models import Ticket
from tests.builders import office_of
from tests.desk.staff import enter
from tests.portal.visitor import hidden

pytestmark = pytest.mark.xdist_group("security-fuzz")
ROUNDS = 12 if os.environ.get("PQR_TEST_FULL") else 1
EVIL = '"><b id="mal">\'{{7*7}}'
NASTY = (
    *("", " ", "\0", "a\0b", "\ud800", "\udcff\udcfe", "\u202e\u200b\ufeff", "ñ" * 300, "A" * 70_000, "🜛" * 60),
    *("0", "-1", "00", "1.5", "1e309", "NaN", "Infinity", "²", "١٢", "2147483648", "9" * 19, "9" * 400, "0x10", "1_0"),
    *("0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13", "2026-T9", "0000-T1"),
    *("2026-01-01T25:61", "0001-01-01T00:00", "9999-12-31T23:59", "24:00", "a@b", f"{'x' * 250}@correo.example"),
    *(
        "../../etc/passwd",
        "\\..\\x",
        "//mal.example",
        "https://mal.example/",
        "javascript:alert(1)",
        "\r\nBcc: x@y.example",
    ),
    *(
        "'; DROP TABLE tickets;--",
        "%",
        "%00",
        "_",
        "=1+1",
        "true",
        "null",
        "[]",
        "{}",
        "user:1",
        "1,2,x",
        ":",
        "1:1:1:1",
    ),
    *("2026-E-000001", "no-existe", "2026-S-999999", EVIL),
)
NAMES = (
    *(
        "",
        "a.pdf",
        "../../x.pdf",
        "x" * 300 + ".pdf",
        "CON",
        ".htaccess",
        "a\r\nX-Mal: 1.pdf",
        "имя\u202efdp.exe",
        EVIL,
    ),
    "a\0b.jpg",
)
CONTENTS = (
    b"",
    b"x",
    b"%PDF-1.4",
    b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
    b"PK\x03\x04",
    b"GIF89a",
    b"\x89PNG\r\n\x1a\n",
    b"\0" * 999,
)
TYPES = ("", "text/html", "image/svg+xml", "no", 'a/b; c="', "application/pdf", "x" * 300)


class Asked(ImmutableMultiDict):
    """What a request brings; notes which names the service looks for."""

    names: ClassVar[set[str]] = set()

    def get(self, key, *more, **named):
        self.names.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key, *more, **named):
        self.names.add(key)
        return super().getlist(key, *more, **named)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)


class Listening(Request):
    parameter_storage_class = Asked


class FormsOf(HTMLParser):
    """The forms of a page: action, method, and of each field the values that it offers; None for a file."""

    def __init__(self, page, path):
        super().__init__()
        self.forms, self._path, self._name = [], path, ""
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "form":
            self.forms.append((attrs.get("action") or self._path, attrs.get("method", "get").upper(), {}))
        if not self.forms:
            return
        fields, name = self.forms[-1][2], attrs.get("name", "")
        if tag in ("input", "textarea", "select") and name:
            self._name = name
            offered = fields.setdefault(name, [])
            if attrs.get("type") == "file":
                fields[name] = None
            elif tag == "input" and offered is not None:
                offered.append(attrs.get("value") or "")
        elif tag == "option" and fields.get(self._name) is not None:
            fields[self._name].append(attrs.get("value") or "")


class Fuzz:
    """Somebody who tries everything. `reads`: which names each endpoint looks for, as it was found out."""

    def __init__(self, house, seed):
        self.house, self.random = house, Random(seed)  # noqa: S311 - the same at every run
        self.broken, self.found = [], {}
        self.reads = defaultdict(set)
        self.addresses = house.app.url_map.bind("localhost")
        house.app.request_class = Listening
        got_request_exception.connect(self._note, house.app)

    def _note(self, sender, exception, **more):
        self.broken.append(f"{type(exception).__name__}: {exception}"[:300])

    def ask(self, client, endpoint, path, method="GET", **more):
        """Asks, and looks at the answer as its reader's browser would."""
        Asked.names = set()
        answer = client.open(path, method=method, **more)
        body = answer.get_data()
        answer.close()
        answer.request.input_stream.close()
        self.reads[endpoint] |= Asked.names
        for wrong in self._wrong(answer, body, endpoint):
            self.found.setdefault((endpoint, wrong), f"{method} {path[:300]} {str(more.get('data'))[:1500]}")
        return answer

    def _wrong(self, answer, body, endpoint):
        """What no answer may do."""
        while self.broken:
            yield self.broken.pop()
        if answer.status_code >= 500 and endpoint != "health.ready":
            yield f"answers {answer.status_code}"
        if answer.headers["X-Content-Type-Options"] != "nosniff":
            yield "may be sniffed"
        if {"Bcc", "X-Mal"} & set(answer.headers.keys()):
            yield "carries a header of somebody else"
        if b'<b id="mal">' in body and answer.mimetype in ("text/html", "image/svg+xml"):
            yield "shows what was typed as markup"
        if b"'49" in body:
            yield "runs what was typed as a template"
        if answer.location and not re.match(r"(http://localhost)?/(?![/\\])", answer.location):
            yield f"leads to {answer.location}"

    def judge(self):
        """Fails with all that was found, each with what was sent."""
        told = [f"{endpoint}: {wrong}\n    {sent}" for (endpoint, wrong), sent in self.found.items()]
        self.found = {}
        assert not told, "\n".join(told)

    def anything(self):
        return self.random.choice(NASTY)

    def query(self, names):
        """An address's question mark, with names that are read, once or several times."""
        chosen = [self.random.choice(sorted(names)) for _ in range(self.random.randint(1, 4))] if names else ["x"]
        return "&".join(f"{quote_plus(name)}={_quoted(self.anything())}" for name in chosen)

    def filled(self, fields, most=3):
        """A form with some fields spoiled, left out or sent several times, and the others as they were offered."""
        spoiled = set(self.random.sample(sorted(fields), min(len(fields), self.random.randint(1, most))))
        pairs, files = [], []
        for name, offered in fields.items():
            if offered is None:
                files += [(name, self.file())] * self.random.choice((0, 1, 1, 2))
            elif name not in spoiled or name == "csrf_token":
                pairs.append((name, self.random.choice(offered or [""])))
            else:
                pairs += [(name, self.anything())] * self.random.choice((0, 1, 1, 1, 2))
        return pairs, files

    def file(self):
        choose = self.random.choice
        return choose(CONTENTS), choose(NAMES), choose(TYPES)

    def send(self, client, endpoint, path, pairs, files):
        if not files:
            body = "&".join(f"{quote_plus(name)}={_quoted(value)}" for name, value in pairs)
            kind = "application/x-www-form-urlencoded"
            return self.ask(client, endpoint, path, "POST", data=body, content_type=kind)
        data = ImmutableMultiDict(
            [(name, value.encode("utf-8", "replace").decode()) for name, value in pairs]
            + [(name, FileStorage(BytesIO(content), named, name, kind)) for name, (content, named, kind) in files]
        )
        return self.ask(client, endpoint, path, "POST", data=data, content_type="multipart/form-data")


def _quoted(value):
    """As a program writes it that does not care whether it is UTF-8."""
    return quote_plus(value.encode("utf-8", "surrogateescape" if "\udcff" in value else "surrogatepass"))


@pytest.fixture(scope="module")
def fuzz(strict_house):
    return Fuzz(strict_house, int(os.environ.get("PQR_TEST_SEED", "8")))


@pytest.fixture
def visitors(strict_house):
    """An administrator, and somebody who opened cases with their codes."""
    office = office_of(strict_house.session, strict_house.app.extensions["pqr_settings"])
    citizen = strict_house.visitor()
    for ticket in strict_house.session.scalars(select(Ticket).order_by(Ticket.id).limit(15)):
        citizen.get(f"/radicado/{ticket.radicado}?code={code_of(ticket, office)}")
    return {True: strict_house.visitor(Role.ADMIN), False: citizen}


LONG = "9" * 400
FOUND = {  # what broke a page before: method, address, what is sent; and the answer now
    "an id that no row can have": ("GET", "/respuestas/9999999999", {}, 404),
    "an id that no row of the staff can have": ("GET", f"/atencion/correo/{2**63}", {}, 404),
    "a letter that no database keeps": ("GET", "/atencion/radicado/%00", {}, 404),
    "a key of a list that nobody gave out": ("GET", "/atencion/clasificar?despues=0", {}, 200),
    "a topic with too many figures": ("GET", f"/atencion/informes?tema={'9' * 19}", {}, 200),
    "a number too long to be counted with": ("POST", "/atencion/ajustes/conservacion", {"years_in_office": LONG}, 422),
    "figures that are none": ("POST", "/atencion/radicado/{}/mas-plazo", {"seen": "²"}, 409),
    "rows with too many figures": ("POST", "/atencion/personas/decidir", {"ids": "9" * 19, "que": "una"}, 303),
    "looking at the head alone": ("HEAD", "/verificar", {}, 200),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_broke_a_page_once_breaks_none(fuzz, visitors, case):
    method, path, fields, status = FOUND[case]
    client = visitors[path.startswith("/atencion")]
    data = {"csrf_token": _token(fuzz, client, "desk."), **fields} if method == "POST" else None
    answer = fuzz.ask(client, "", path.format(fuzz.house.samples["radicado"]), method, data=data)
    assert answer.status_code == status
    fuzz.judge()


def test_a_file_whose_declared_type_is_none_is_kept_as_bytes(strict_house):
    here = office_of(strict_house.session, strict_house.app.extensions["pqr_settings"])
    for declared in ("x" * 300, "a/b; c=d", "text/" + "x" * 200, ""):
        assert files.keep(b"some words", "a.txt", declared, here).media_type == "application/octet-stream"
    assert files.keep(b"some words", "a.txt", "text/plain", here).media_type == "text/plain"


def is_staff(endpoint):
    return endpoint.startswith("desk.")


def test_no_address_breaks_by_what_stands_in_its_place(fuzz, visitors):
    samples = fuzz.house.samples
    for endpoint, method, arguments in fuzz.house.routes():
        for _ in range(ROUNDS if arguments else 0):
            path = fuzz.house.path(endpoint, arguments)
            for name in arguments:
                value = str(samples.get(name, ""))
                number = name.endswith("_id") or name in ("number", "position")
                put = fuzz.random.choice((str(2**31), str(2**63), "9" * 40)) if number else fuzz.anything() or "-"
                spelled = quote(put.encode("utf-8", "surrogatepass"), safe="")
                path = path.replace(f"/{quote(value)}", f"/{spelled}", 1) if value else path
            if len(path) < 4000:
                fuzz.ask(visitors[is_staff(endpoint)], endpoint, path, method)
    fuzz.judge()


def test_no_page_breaks_by_what_its_address_asks(fuzz, visitors):
    for endpoint, method, arguments in fuzz.house.routes():
        if method == "GET":
            path, client = fuzz.house.path(endpoint, arguments), visitors[is_staff(endpoint) or "atencion" in endpoint]
            fuzz.ask(client, endpoint, path)
            for _ in range(2 * ROUNDS):
                fuzz.ask(client, endpoint, f"{path}?{fuzz.query(fuzz.reads[endpoint])}")
    fuzz.judge()


def test_no_form_breaks_by_what_is_typed(fuzz, visitors):
    """Each route with every field spoiled; the names are those that the service looked for when it got nothing."""
    for endpoint, method, arguments in fuzz.house.routes():
        if method == "POST":
            path, client = fuzz.house.path(endpoint, arguments), visitors[is_staff(endpoint)]
            token = _token(fuzz, client, endpoint)
            fuzz.send(client, endpoint, path, [("csrf_token", token)], [])
            for _ in range(ROUNDS):
                fields = {name: [] for name in fuzz.reads[endpoint] - {"csrf_token", "api_key"}}
                pairs, files = fuzz.filled(fields, most=len(fields) or 1)
                answer = fuzz.send(client, endpoint, path, [("csrf_token", token), *pairs], files)
                if (answer.location or "").startswith("/ingresar"):
                    token = _token(fuzz, client, endpoint)
    fuzz.judge()


def _token(fuzz, client, endpoint):
    """The token of the browser's session, which may have ended by what was sent before."""
    if is_staff(endpoint):
        page = client.get("/atencion/cuenta")
        if page.status_code != 200:
            fuzz.house.session.rollback()
            enter(client, fuzz.house.official(Role.ADMIN))
            page = client.get("/atencion/cuenta")
        return hidden(page.text, "csrf_token")
    return hidden(client.get("/radicar").text, "csrf_token")


def pages(fuzz, staff):
    """Addresses that have forms: the cases' first, since most acts are there."""
    case = "desk.case" if staff else "portal.case"
    for radicado in fuzz.house.session.scalars(select(Ticket.radicado).order_by(Ticket.id).limit(8 + ROUNDS)):
        yield fuzz.house.path(case, {"radicado"}, fuzz.house.samples | {"radicado": radicado})
    for endpoint, method, arguments in fuzz.house.routes():
        if method == "GET" and endpoint.startswith("desk." if staff else "portal.") and endpoint != case:
            yield fuzz.house.path(endpoint, arguments)


@pytest.mark.parametrize("staff", [True, False])
def test_no_form_of_a_page_breaks_when_some_of_it_is_spoiled(fuzz, visitors, staff):
    client = visitors[staff]
    for _ in range(ROUNDS):
        for page in pages(fuzz, staff):
            answer = client.get(page)
            text = answer.text if answer.mimetype == "text/html" else ""
            answer.close()
            forms = [each for each in FormsOf(text, page).forms if each[2] and each[0].startswith("/")]
            for action, method, fields in fuzz.random.sample(forms, min(2, len(forms))):
                if action == "/salir" or method != "POST":
                    continue
                endpoint = fuzz.addresses.match(re.split("[?#]", action)[0], "POST")[0]
                fuzz.send(client, endpoint, action, *fuzz.filled(fields))
    fuzz.judge()

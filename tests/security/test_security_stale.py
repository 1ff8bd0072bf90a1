"""Does a page that stood open too long lose what somebody typed into it?  Every form of every page, found by itself."""

from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from pqr.accounts.roles import Role
from pqr.tickets.letters import code_of
from pqr.tickets.models import Ticket
from tests.builders import office_of

pytestmark = pytest.mark.xdist_group("security-stale")
WORDS = "Palabras que nadie quiere escribir otra vez"
TYPED = {None, "text", "search"}


class Forms(HTMLParser):
    """Of each form that is sent by POST: its address, what it sends, and which fields a person types words into."""

    def __init__(self, page, path):
        super().__init__()
        self.forms, self._path = [], path
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "form":
            self.forms.append((attrs.get("action") or self._path, attrs.get("method"), {}, []))
        name = attrs.get("name")
        if not self.forms or not name:
            return
        fields, typed = self.forms[-1][2:]
        if tag == "textarea" or (tag == "input" and attrs.get("type") in TYPED):
            typed.append(name)
        elif tag == "input" and attrs.get("type") == "hidden":
            fields[name] = attrs.get("value", "")


def forms_of(client, paths):
    """Each form once: its first address stands for all like it."""
    seen = set()
    for path in paths:
        answer = client.get(path)
        text = answer.text if answer.mimetype == "text/html" else ""
        answer.close()
        for action, method, fields, typed in Forms(text, path).forms:
            kind = (action.rpartition("/")[2], tuple(typed))
            if method == "post" and typed and kind not in seen and "csrf_token" in " ".join(fields):
                seen.add(kind)
                yield action.partition("#")[0], fields, typed


def loses(client, action, fields, typed):
    """Whether the words are gone after the form was sent with a token that is over."""
    over = {name: "de ayer" for name in fields if name.endswith("csrf_token")}
    answer = client.post(action, data=fields | over | dict.fromkeys(typed, WORDS))
    return WORDS not in answer.text or answer.status_code not in (409, 422)


def test_no_form_of_the_staff_loses_what_was_typed(house):
    admin = house.visitor(Role.ADMIN)
    radicados = house.session.scalars(select(Ticket.radicado).order_by(Ticket.id).limit(16)).all()
    cases = [f"/atencion/radicado/{radicado}" for radicado in radicados]
    pages = [
        house.path(endpoint, arguments)
        for endpoint, method, arguments in house.routes()
        if endpoint.startswith("desk.") and method == "GET" and endpoint != "desk.case"
    ]
    forms = list(forms_of(admin, [*cases, *pages]))
    assert len(forms) > 30
    assert [action for action, fields, typed in forms if loses(admin, action, fields, typed)] == []


def test_no_form_of_the_portal_loses_what_was_typed(house):
    office = office_of(house.session, house.app.extensions["pqr_settings"])
    citizen, paths = house.visitor(), []
    for ticket in house.session.scalars(select(Ticket).order_by(Ticket.id).limit(15)):
        citizen.get(f"/radicado/{ticket.radicado}?code={code_of(ticket, office)}")
        paths.append(f"/radicado/{ticket.radicado}")
    forms = list(forms_of(citizen, [*paths, "/radicar", "/opinion", "/verificar"]))
    assert len(forms) >= 4
    assert [action for action, fields, typed in forms if loses(citizen, action, fields, typed)] == []

"""How does an official behave in a test?  A browser without JavaScript: opens a page, fills in its form, sends it."""

from html.parser import HTMLParser

from sqlalchemy.orm import object_session
from werkzeug.datastructures import MultiDict

from pqr import clock
from pqr.accounts import entering
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.desk.access import Officer
from pqr.secretarias.directory import by_code
from tests.builders import NOW

PASSWORD = "caballo batería grapa"


def employ(session, role=Role.DESK, code=None, email=""):
    """An account, committed; `code`: of its office."""
    secretaria = by_code(session, code) if code else None
    user = User(
        email=email or f"{code or role}@puerres.example",
        role=role,
        secretaria_id=secretaria.id if secretaria else None,
        session_key="k" * 32,
        created_at=NOW,
    )
    session.add(user)
    session.commit()
    return user


def enter(client, user):
    """Logs the official in without the form."""
    session = object_session(user)
    token = entering.open_session(session, user.id, "Firefox/1 Windows", clock.now())
    name = Officer.of(user).get_id()
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"], cookie["token"] = name, True, token
    return user


def at_work(client, session, role=Role.DESK, code=None):
    """Employs and logs in."""
    return enter(client, employ(session, role, code))


def look_again(session):
    """Forgets what the test has read, so that it reads what the application wrote."""
    session.rollback()
    session.expire_all()


class _Forms(HTMLParser):
    """The forms of a page with what they would send if nobody touched them."""

    def __init__(self, page):
        super().__init__()
        self.forms, self._select, self._area = [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "form":
            self.forms.append((attrs.get("action", ""), MultiDict()))
        elif self.forms:
            self._field(tag, attrs)

    def _field(self, tag, attrs):
        fields, name = self.forms[-1][1], attrs.get("name", "")
        if tag == "input" and name and attrs.get("type") != "file":
            if attrs.get("type") not in ("radio", "checkbox") or "checked" in attrs:
                fields.add(name, attrs.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in attrs or self._select not in fields):
            fields[self._select] = attrs.get("value", "")
        elif tag == "textarea":
            self._area = name
            fields[name] = ""

    def handle_endtag(self, tag):
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data):
        if self._area:
            fields = self.forms[-1][1]  # browsers leave out the first line end of a text area
            fields[self._area] = (fields[self._area] + data).removeprefix("\r\n")


def form_of(page, action=""):
    """What the form with this action holds; the first one without an action if none is named."""
    found = [fields for target, fields in _Forms(page).forms if target == action]
    assert found, f"the page has no form for {action!r}"
    return found[0]


def send(client, page_path, action="", **typed):
    """Opens the page, fills in that form and sends it."""
    page = client.get(page_path)
    assert page.status_code == 200, (page.status_code, page.location)
    fields = form_of(page.text, action)
    for name, value in typed.items():
        fields.setlist(name, value) if isinstance(value, list) else fields.__setitem__(name, value)
    answer = client.post(action or page_path, data=fields)
    answer.request.input_stream.close()  # of a large body: a temporary file, which the test client leaves open
    return answer


def act(client, radicado, name, **typed):
    """An act from the ticket's own page."""
    page = f"/atencion/radicado/{radicado}"
    return send(client, page, f"{page}/{name}", **typed)


def words_of(answer):
    """The words of a page's main part, without tags."""

    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self._inside = [], False

        def handle_starttag(self, tag, attrs):
            self._inside = self._inside or tag == "main"

        def handle_endtag(self, tag):
            self._inside = self._inside and tag != "main"

        def handle_data(self, data):
            if self._inside:
                self.found.append(data)

    parser = Words()
    parser.feed(answer.text)
    return " ".join(" ".join(parser.found).split())

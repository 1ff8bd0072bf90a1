"""Is the empty form, which is made once for all, every visitor's own, and of today's settings?"""

import re

import pytest
from sqlalchemy import event

from pqr.accounts.changes import Witness, witnessed
from pqr.db import db
from pqr.secretarias.models import Topic
from tests.builders import NOW
from tests.portal.visitor import LEAST, hidden, send

TOKENS = ("csrf_token", "filing_key", "opened")


@pytest.fixture
def opened(client):
    """Opened before, so that it is kept."""
    return client.get("/radicar").text


def without_tokens(page):
    return re.sub("|".join(re.escape(hidden(page, name)) for name in TOKENS), "", page)


def test_every_visitor_has_a_form_of_their_own_and_the_rest_is_the_same(app, opened):
    other = app.test_client().get("/radicar").text
    assert without_tokens(other) == without_tokens(opened)
    for name in ("csrf_token", "filing_key"):
        assert hidden(other, name) != hidden(opened, name)


def test_a_form_that_was_copied_is_taken(app, opened):
    assert send(app.test_client(), LEAST).status_code == 303


def test_what_an_administrator_changes_is_on_the_next_form(client, session, opened):
    topic = session.get_one(Topic, 1)
    assert "Acueducto de la luna" not in opened
    with witnessed(session, topic, Witness("user:1", NOW)):
        topic.name = "Acueducto de la luna"
    session.commit()
    assert "Acueducto de la luna" in client.get("/radicar").text


def test_a_form_that_is_asked_for_with_a_kind_is_not_the_one_that_is_kept(client, opened):
    assert re.search(r'value="queja"[^>]*(selected|checked)', client.get("/radicar?tipo=queja").text)
    assert not re.search(r'value="queja"[^>]*(selected|checked)', client.get("/radicar").text)


def test_a_form_that_is_kept_costs_one_statement(app, client, opened):
    with app.app_context():
        engine = db.engine
    seen = []
    listener = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    client.get("/radicar")
    event.remove(engine, "before_cursor_execute", listener)
    assert [each for each in seen if each.startswith("SELECT")] == [seen[-1]]

"""Is every day sealed once, over all that is settled, and does Control Interno have it in its hands?"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from pqr.secretarias.directory import by_code
from pqr.tickets.anchoring import Anchor, anchor, broken_anchors, has_anchor
from pqr.tickets.events import Event
from tests.builders import NOW, assigned, filed, letters_of, office_of
from tests.tickets.test_tickets_letters import check

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def test_a_day_has_one_seal_and_a_day_without_news_none(session, here):
    assert anchor(session, here, NOW) is None
    assigned(session, here)
    session.flush()
    first = anchor(session, here, NOW + DAY)
    assert first.events == session.scalar(select(func.count(Event.id)))
    assert anchor(session, here, NOW + DAY + HOUR) is None
    assert anchor(session, here, NOW + 2 * DAY) is None
    filed(session, here, now=NOW + 2 * DAY)
    session.flush()
    second = anchor(session, here, NOW + 3 * DAY)
    assert second.events == session.scalar(select(func.count(Event.id))) - first.events
    assert second.digest != first.digest
    assert list(broken_anchors(session)) == []


def test_what_happened_within_the_hour_waits_for_the_next_seal(session, here):
    filed(session, here)
    session.flush()
    assert anchor(session, here, NOW + HOUR / 2) is None
    filed(session, here, now=NOW + 2 * HOUR)
    session.flush()
    of_the_first = session.scalar(select(func.count(Event.id)).where(Event.ticket_id == 1))
    assert anchor(session, here, NOW + 2.5 * HOUR).events == of_the_first


def test_control_interno_has_the_seal_by_mail_and_can_ask_for_it_years_later(session, here):
    assigned(session, here)
    session.flush()
    made = anchor(session, here, NOW + DAY)
    (letter,) = letters_of(session, "anchor")
    assert letter.recipient == by_code(session, "control_interno").email
    assert made.digest in letter.text
    assert has_anchor(session, f" {made.digest.upper()}\n")
    assert not has_anchor(session, "0" * 64)
    check(letter, "anchor")


def test_a_seal_is_never_changed(session, here):
    filed(session, here)
    session.flush()
    anchor(session, here, NOW + DAY)
    session.commit()
    for change in ("UPDATE anchors SET events = 0", "DELETE FROM anchors"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
    assert session.scalar(select(func.count(Anchor.id))) == 1

"""Does the head of the entity read once a week how things stand, what is late first, and nothing about a person?"""

import pytest

from pqr.mail.addresses import Action, read
from pqr.reminders.remind import remind_all
from pqr.secretarias.directory import by_code
from pqr.tickets.answering import Reply, record_answer
from tests.builders import CITIZEN, WATER, assigned, at, letters_of, office_of
from tests.tickets.test_tickets_letters import check


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def remind(session, here, *moments):
    for moment in moments:
        remind_all(session, here, at(moment))
    session.flush()
    return letters_of(session, "weekly")


def test_the_week_begins_with_what_is_late_by_office(session, here):
    assigned(session, here, "hacienda")  # all until the 25th
    for _ in range(2):
        assigned(session, here)
    assigned(session, here, "salud", now=at("2026-03-12 10:00"))  # until Monday the 6th of April
    answered = assigned(session, here, now=at("2026-03-24 10:00"))
    record_answer(session, Reply(answered, "Listo", "secretaria:planeacion"), here, at("2026-03-27 10:00"))
    (letter,) = remind(session, here, "2026-04-06 08:00", "2026-04-06 15:00", "2026-04-07 08:00")
    assert letter.recipient == "despacho@puerres.example"
    leave = letter.headers["List-Unsubscribe"].removeprefix("<mailto:").partition("?")[0]
    assert read(leave, here.keys, here.mail_domain).action == Action.UNSUBSCRIBE
    places = [letter.text.index(name) for name in ("Secretaría de Planeación (2)", "Hacienda", "Salud")]
    assert places == sorted(places)
    assert not [word for word in ("Ana", CITIZEN, WATER[0]) if word in letter.text + letter.html + letter.subject]
    check(letter, "weekly")


def test_a_week_that_begins_with_a_holiday_or_an_outage_is_told_on_the_first_day_of_work(session, here):
    assigned(session, here)
    written = remind(session, here, "2026-03-09 08:00", "2026-03-23 08:00", "2026-03-25 08:00", "2026-03-26 08:00")
    assert [f"{letter.created_at:%d}" for letter in written] == ["09", "25"]  # Monday the 23rd is a holiday


def test_who_wants_no_digest_gets_none_and_nothing_to_tell_is_not_told(session, here):
    assert remind(session, here, "2026-03-02 08:00") == []
    assigned(session, here)
    by_code(session, "despacho").wants_digest = False
    assert remind(session, here, "2026-03-16 08:00") == []

"""Is the operator told what is not well, once, by a letter that leaves although nobody works?"""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pqr import guard
from pqr.app import create_app
from pqr.checkups import expect, note_findings
from pqr.db import db
from pqr.mail.outbox import LetterState
from pqr.watching import models
from pqr.watching.models import Alarm, Checkup
from pqr.watching.rules import CALM, SILENT, VERIFIED, WATCH
from pqr.watching.telling import tell
from tests.builders import NOW, letters_of, office_of
from tests.installation import make_settings
from tests.sink import sink
from tests.tickets.test_tickets_letters import check
from tests.watching.test_watching_rules import DAY, HOUR, MINUTE, reading

TO = ("sistemas@puerres.example", "jefe@puerres.example")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def test_one_letter_tells_all_that_changed_and_the_next_looks_nothing(session, here):
    ill = [reading("backup"), reading("mail_in")]
    letter = tell(session, ill, TO, here, NOW)
    assert (letter.recipient, letter.copies) == TO
    session.flush()
    assert tell(session, ill, TO, here, NOW + MINUTE) is None
    first_well = NOW + HOUR
    assert tell(session, [reading("backup"), reading("mail_in", alarm=False)], TO, here, first_well) is None
    over = tell(session, [reading("backup"), reading("mail_in", alarm=False)], TO, here, first_well + CALM)
    assert over.subject == "Ya está bien: Mail_In"
    session.flush()
    last = tell(session, [reading("backup"), reading("relay")], TO, here, NOW + DAY)
    session.flush()
    assert len(letters_of(session, "alarm")) == 3
    assert session.scalars(select(Alarm.code).where(Alarm.ended_at.is_(None)).order_by(Alarm.id)).all() == [
        "backup",
        "relay",
    ]
    check(last, "alarm")


def test_without_an_address_the_alarm_is_on_all_the_same(session, here):
    assert tell(session, [reading("backup")], (), here, NOW) is None
    assert [each.code for each in models.alarms_on(session)] == ["backup"]
    assert letters_of(session, "alarm") == []


def test_what_was_missed_while_all_was_off_may_be_made_up_for(session):
    models.expect(session, {WATCH: 60, "upkeep.daily": 86400, "old.task": 60}, NOW)
    models.note(session, "listener", NOW, every=60)
    back = NOW + 9 * DAY
    models.expect(session, {WATCH: 60, "upkeep.daily": 86400}, back)
    session.flush()
    session.expire_all()
    rows = {each.name: each.ran_at for each in session.scalars(select(Checkup))}
    assert rows == {WATCH: back - MINUTE, "upkeep.daily": back - DAY, "listener": NOW}
    models.note(session, WATCH, back, every=60)
    models.expect(session, {WATCH: 60, "upkeep.daily": 86400}, back + MINUTE)  # a worker that starts again and again
    session.expire_all()
    assert session.get(Checkup, "upkeep.daily").ran_at == back - DAY


def test_trouble_stays_until_it_was_well_again(session):
    for minutes, trouble in ((0, ""), (5, "KeyError"), (9, "KeyError")):
        models.note(session, "plan.keep", NOW + minutes * MINUTE, every=60, trouble=trouble)
    session.expire_all()
    row = session.get(Checkup, "plan.keep")
    assert (row.ran_at, row.well_at, row.trouble) == (NOW + 9 * MINUTE, NOW, "KeyError")


@pytest.fixture
def relay():
    with sink() as kept:
        yield kept


def test_when_the_scheduler_stands_still_the_mail_listener_tells_it_by_itself(database_url, tmp_path, relay):
    given = {"PQR_SMTP_URL": relay.url, "PQR_ALERTS_TO": ", ".join(TO), "PQR_BASE_URL": "http://pqr.example"}
    app = create_app(make_settings(tmp_path, database_url, **given))
    with app.app_context(), time_machine.travel(NOW, tick=False) as time:
        expect({WATCH: 60})
        guard.stand_in()
        assert relay.letters == []
        time.shift(SILENT + timedelta(seconds=1))
        guard.stand_in()
        (letter,) = relay.letters
        assert "Programador de tareas" in letter["Subject"]
        assert TO[0] in letter["To"]
        assert TO[1] in letter["Cc"]
        assert "encienda otra vez" in letter.get_body(("plain",)).get_content()
        time.shift(HOUR)
        guard.stand_in()
        (row,) = letters_of(db.session(), "alarm")
        assert (len(relay.letters), row.state) == (1, LetterState.SENT)
        db.session.remove()
        db.engine.dispose()


def test_a_fault_that_verify_finds_is_told_until_it_finds_none(app, settings):
    with app.app_context(), time_machine.travel(NOW, tick=False) as time:
        note_findings(VERIFIED, ["2026-E-000002: falta; el número se dio y no está."])
        guard.look()
        assert [each.code for each in models.alarms_on(db.session())] == [VERIFIED]
        db.session.rollback()
        note_findings(VERIFIED, [])
        for _ in range(2):
            guard.look()
            time.shift(CALM)
        assert models.alarms_on(db.session()) == []
        db.session.remove()


def test_mail_goes_on_coming_in_where_nobody_can_look(tmp_path, capfd):
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/empty.sqlite3"))
    stop = threading.Event()
    stop.set()
    with app.app_context():
        guard.keep_standing_in(stop)
        db.engine.dispose()
    assert '"event": "watch_failed"' in capfd.readouterr().err

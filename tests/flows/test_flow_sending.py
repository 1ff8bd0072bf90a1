"""From outbox to relay: what the case and the desk learn of each letter, whatever the relay does."""

import re
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from pqr import mailroom, posting
from pqr.app import create_app
from pqr.cli import main
from pqr.db import db
from pqr.mail import outbox
from pqr.mail.dead_addresses import DeadAddress
from pqr.mail.outbox import LEASE, MAX_ATTEMPTS, Letter, LetterState
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from tests.builders import CITIZEN, NOW, assigned, letters_of, office_of
from tests.desk.staff import at_work, look_again, words_of
from tests.installation import make_settings
from tests.mail.test_mail_outbox import put
from tests.peer import CONTENT, DROP, peer

OFFICE, CONTROL = "planeacion@puerres.example", "control-interno@puerres.example"


@pytest.fixture
def relay():
    with peer() as one:
        yield one


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def settings(database_url, tmp_path, relay, clock):
    return make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url(), PQR_SMTP_TIMEOUT="1")


@pytest.fixture
def ticket(session, settings):
    """A petition that Ana filed and planning has; its acknowledgement and assignment wait to leave."""
    ticket = assigned(session, office_of(session, settings), subject="Consulta", body="Una pregunta.")
    session.commit()
    return ticket


def sent(app):
    """One round of the worker; how many letters it tried."""
    with app.app_context():
        return mailroom.send_waiting()


def told(session, ticket):
    look_again(session)
    return [event.kind for event in history(session, ticket.id)]


def the(session, name):
    look_again(session)
    return letters_of(session, name)[0]


def test_a_batch_leaves_over_one_connection_and_keeps_what_the_relay_said(app, session, ticket, relay, client):
    relay.says[CONTENT] = "250 2.0.0 Ok: queued as 4F1A"
    assert sent(app) == 2
    assert relay.calls == 1
    acknowledgement = the(session, "acknowledgement")
    assert (acknowledgement.state, acknowledgement.response) == ("sent", "250 2.0.0 Ok: queued as 4F1A")
    assert told(session, ticket).count("letter_sent") == 2
    at_work(client, session)
    assert "queued as 4F1A" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))


def test_with_nothing_to_send_the_relay_is_not_called(app, session, relay):
    assert sent(app) == 0
    assert relay.calls == 0


def test_an_address_that_does_not_exist_brings_the_letter_back_and_is_not_written_to_again(
    app, session, ticket, relay, settings, monkeypatch
):
    relay.says[f"RCPT {CITIZEN}"] = "550 5.1.1 no such user"
    sent(app)
    assert the(session, "acknowledgement").state == LetterState.BOUNCED
    assert session.get_one(Ticket, ticket.id).acknowledgement_failed_at == NOW
    assert "letter_bounced" in told(session, ticket)
    heard = len(relay.heard)
    second = put(session, ticket_id=ticket.id)
    session.commit()
    sent(app)
    assert not [line for line in relay.heard[heard:] if "RCPT" in line.upper()]
    look_again(session)
    assert second.state == LetterState.BOUNCED
    assert "la dirección no existe, según su servidor el martes 3 de marzo de 2026" in second.last_error
    assert "550 5.1.1 no such user" in second.last_error

    relay.says.clear()
    revive(settings, monkeypatch, CITIZEN.upper(), 0)
    revive(settings, monkeypatch, CITIZEN, 1)
    look_again(session)
    third = put(session, ticket_id=ticket.id)
    session.commit()
    sent(app)
    look_again(session)
    assert third.state == LetterState.SENT


def revive(settings, monkeypatch, address, code):
    given = {
        "PQR_DATA_DIR": str(settings.data_dir),
        "PQR_DATABASE_URL": settings.database_url,
        "PQR_SECRET_KEY": settings.secret_keys[0],
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(main, ["outbox", "revive", address]).exit_code == code


def test_a_full_mailbox_brings_the_letter_back_but_the_next_one_is_tried(app, session, ticket, relay):
    relay.says[f"RCPT {CITIZEN}"] = "552 5.2.2 mailbox full"
    sent(app)
    assert the(session, "acknowledgement").state == LetterState.BOUNCED
    assert not session.scalars(select(DeadAddress)).all()


def test_sent_again_from_the_desk_a_letter_to_a_dead_address_is_tried_again(app, session, ticket, relay, client):
    relay.says[f"RCPT {CITIZEN}"] = ["550 5.1.1 no such user"]
    sent(app)
    at_work(client, session)
    page = client.get("/atencion/cartas").text
    path = re.search(r'action="(/atencion/cartas/\d+/reintentar)"', page)[1]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    assert client.post(path, data={"csrf_token": token}).status_code == 303
    sent(app)
    assert the(session, "acknowledgement").state == LetterState.SENT


def test_our_own_fault_delays_letters_for_five_days_then_fails_them_and_tells_the_desk(
    app, session, ticket, relay, clock, client
):
    relay.says["MAIL"] = "530 5.7.0 Authentication required"
    for _ in range(MAX_ATTEMPTS):
        sent(app)
        letter = the(session, "acknowledgement")
        assert letter.last_error == "530 5.7.0 Authentication required"
        clock.move_to(letter.next_try_at)
    assert (letter.state, letter.attempts) == (LetterState.FAILED, MAX_ATTEMPTS)
    assert session.get_one(Ticket, ticket.id).acknowledgement_failed_at is not None
    assert not session.scalars(select(DeadAddress)).all()
    at_work(client, session)
    words = words_of(client.get("/atencion/cartas"))
    assert "No pudo salir 16 intentos. 530 5.7.0 Authentication required" in words


def test_a_letter_whose_connection_broke_leaves_later_under_the_same_message_id(app, session, ticket, relay, clock):
    relay.says[CONTENT] = [DROP, DROP]
    sent(app)
    assert the(session, "acknowledgement").state == LetterState.QUEUED
    clock.shift(timedelta(minutes=1))
    sent(app)
    letter = the(session, "acknowledgement")
    assert letter.state == LetterState.SENT
    assert [taken.mail["Message-ID"] for taken in relay.to(CITIZEN)] == [letter.message_id]


def test_a_worker_that_dies_after_sending_repeats_that_one_letter_under_the_same_message_id(
    app, session, ticket, relay, clock, monkeypatch
):
    class Killed(BaseException):
        """As a signal would: nothing catches it."""

    def die(*_given):
        raise Killed

    with monkeypatch.context() as at_that_moment:
        at_that_moment.setattr(posting, "_settle", die)
        with pytest.raises(Killed):
            sent(app)
    assert len(relay.taken) == 1
    clock.shift(LEASE)
    sent(app)
    ids = [taken.mail["Message-ID"] for taken in relay.taken]
    assert (len(ids), len(set(ids))) == (3, 2)
    look_again(session)
    assert {letter.state for letter in letters_of(session)} == {LetterState.SENT}


def test_a_letter_that_is_given_up_because_the_service_kept_dying_is_told_to_its_case(app, session, ticket):
    letter = the(session, "acknowledgement")
    letter.attempts = MAX_ATTEMPTS
    session.commit()
    sent(app)
    assert the(session, "acknowledgement").state == LetterState.FAILED
    assert "letter_bounced" in told(session, ticket)


def test_a_late_copy_arrives_later_and_the_person_s_letter_is_not_repeated(app, session, relay, clock):
    put(session, OFFICE, copies=CONTROL)
    session.commit()
    relay.says[f"RCPT {CONTROL}"] = ["450 4.2.0 greylisted"]
    sent(app)
    clock.shift(timedelta(minutes=1))
    sent(app)
    assert [taken.recipients for taken in relay.taken] == [(OFFICE,), (CONTROL,)]
    for taken in relay.taken:
        assert (taken.mail["To"], taken.mail["Cc"]) == (OFFICE, CONTROL)
    look_again(session)
    assert {letter.state for letter in letters_of(session)} == {LetterState.SENT}


def test_a_copy_to_an_address_that_does_not_exist_is_shown_on_the_desk(app, session, relay, clock):
    put(session, OFFICE, copies=CONTROL)
    session.commit()
    relay.says[f"RCPT {CONTROL}"] = "550 5.1.1 no such user"
    sent(app)
    clock.shift(timedelta(minutes=1))
    sent(app)
    look_again(session)
    letter, copy = letters_of(session)
    assert (letter.state, copy.recipient, copy.state) == (LetterState.SENT, CONTROL, LetterState.BOUNCED)
    assert outbox.stuck(session) == [copy]


def test_a_late_person_gets_the_letter_later_and_the_copy_is_not_repeated(app, session, relay, clock):
    put(session, OFFICE, copies=CONTROL)
    session.commit()
    relay.says[f"RCPT {OFFICE}"] = ["450 4.2.2 mailbox full"]
    sent(app)
    clock.shift(timedelta(minutes=1))
    sent(app)
    assert [taken.recipients for taken in relay.taken] == [(CONTROL,), (OFFICE,)]
    assert len(letters_of(session)) == 1


@pytest.mark.parametrize(("recipient", "place"), [(CITIZEN, "/radicado/{}?code="), (OFFICE, "/atencion/radicado/{}")])
def test_a_file_too_large_to_send_is_told_with_the_reader_s_own_link(app, session, ticket, relay, recipient, place):
    large = {"sha256": "c" * 64, "name": "visita.mp4", "media_type": "video/mp4", "size": 40_000_000}
    letter = put(session, recipient, ticket_id=ticket.id, files=[large])
    session.commit()
    sent(app)
    text = relay.to(recipient)[-1].mail.get_body(("plain",)).get_content()
    assert "visita.mp4 (40,0 MB)" in text
    assert place.format(ticket.radicado) in text
    look_again(session)
    assert letter.text == text  # what the file keeps is what the person was told
    assert letter.files == [large | {"linked": True}]


def test_in_test_mode_nobody_but_the_one_address_gets_anything_and_no_address_is_buried(
    database_url, tmp_path, session, ticket, relay
):
    relay.says["RCPT"] = ["550 5.1.1 no such user"]
    url, ensayo = relay.url(), "ensayo@puerres.example"
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=url, PQR_MAIL_ALL_TO=ensayo))
    sent(app)
    assert [taken.recipients for taken in relay.taken] == [(ensayo,)]
    assert not session.scalars(select(DeadAddress)).all()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_letter_is_claimed_by_one_worker_alone(app, session, ticket):
    with app.app_context():
        first = posting._claim_letter()
        second = posting._claim_letter()
        assert posting._claim_letter() is None
    assert first != second
    assert {letter.id for letter in session.scalars(select(Letter))} == {first, second}
    assert outbox.claim(session, NOW) is None

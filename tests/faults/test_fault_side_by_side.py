"""Do threads and processes that work side by side stand in each other's way, or fall over a log that nobody reads?"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine

from pqr import logs, mailroom
from pqr.db import writing
from pqr.mail.outbox import LetterState
from pqr.tickets.events import first_broken, history, record
from tests.builders import NOW, filed, letters_of, office_of
from tests.installation import make_settings
from tests.mail.test_mail_outbox import put
from tests.peer import peer

THREADS, LETTERS = 4, 20


@pytest.fixture
def relay():
    with peer() as one:
        yield one


@pytest.fixture
def settings(database_url, tmp_path, relay):
    return make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url())


def test_events_of_one_ticket_that_are_written_at_the_same_time_form_one_chain(app, session, settings, database_url):
    ticket = filed(session, office_of(session, settings))
    before = len(history(session, ticket.id))
    session.commit()
    engine = create_engine(database_url)

    def write(number):
        with app.app_context(), writing(engine) as own:
            record(own, ticket.id, "letter_sent", "system", NOW, letter=number)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(LETTERS)))
    engine.dispose()
    session.rollback()
    events = history(session, ticket.id)
    assert len(events) == before + LETTERS
    assert first_broken(events) is None


def test_a_process_sends_one_letter_at_a_time_however_many_threads_are_asked(app, session, relay):
    for number in range(LETTERS):
        put(session, f"persona-{number}@correo.example")
    session.commit()

    def send(_):
        with app.app_context():
            return mailroom.send_waiting()

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(send, range(THREADS))) == LETTERS
    said = [line[:4].upper() for line in relay.heard]
    assert [word for word in said if word in ("MAIL", "RCPT", "DATA")] == ["MAIL", "RCPT", "DATA"] * LETTERS


def test_a_letter_counts_as_sent_even_where_nobody_reads_the_log_any_more(app, session, relay, monkeypatch):
    put(session)
    session.commit()
    nobody, end = os.pipe()
    os.close(nobody)
    with monkeypatch.context() as gone, open(end, "w", buffering=1) as log, app.app_context():
        gone.setattr(sys, "stderr", log)
        logs.configure("logfmt")
        mailroom.send_waiting()
        os.dup2(os.open(os.devnull, os.O_WRONLY), end)
    session.rollback()
    assert [letter.state for letter in letters_of(session)] == [LetterState.SENT]
    assert len(relay.taken) == 1

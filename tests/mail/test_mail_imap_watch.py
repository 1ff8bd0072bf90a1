"""Is a new message seen at once?  The watching process over a real Dovecot: IDLE, a fall, an orderly end."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from pqr.app import create_app
from pqr.db import db, reading
from pqr.fetching import fetch_mailbox
from pqr.mail.inbox import InboxMail
from pqr.mail.transport.imap import DONE_FOLDER
from tests.installation import make_settings, prepare
from tests.mailbox import PASSWORD, count, deliver, dovecot, mail_directory, server
from tests.running import ROOT, environment, started
from tests.sink import petition

MET = '"event": "mailbox_met"'
TAKEN = '"event": "mail_stored"'
LOST = '"event": "mailbox_unavailable"'
MAIL = petition("ana@correo.example", "No llega agua", "El acueducto no llega hace dos semanas.")


@pytest.fixture
def installed(tmp_path):
    """A migrated database of this test."""
    url = f"sqlite:///{tmp_path / 'pqr.sqlite3'}"
    prepare(make_settings(tmp_path, url))
    return tmp_path


@contextmanager
def watching(directory, url, **more):
    """The process, as `pqr up` starts it."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PQR_DATA_DIR": str(directory),
        "PQR_SECRET_KEY": "clave-de-las-pruebas-0123456789",
        "PQR_IMAP_URL": url,
        "PQR_REDIS_URL": "redis://127.0.0.1:1/0",  # nobody there: the nudge is dropped
    }
    command = [sys.executable, "-m", "workers.mailbox"]
    process = subprocess.Popen(command, env=environ | more, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def says(process, words):
    """The first line with these words; the process ends the test by ending."""
    heard = []
    for line in process.stderr:
        heard.append(line)
        if words in line:
            return line
    pytest.fail(f"it never said {words}:\n{''.join(heard)}")


def stored(directory):
    app = create_app(make_settings(directory))
    with app.app_context():
        with reading() as session:
            found = len(session.scalars(select(InboxMail.id)).all())
        db.engine.dispose()
    return found


def test_a_message_that_arrives_is_stored_at_once_and_a_request_to_stop_is_obeyed(installed):
    with dovecot() as url, watching(installed, url) as process:
        says(process, MET)
        deliver(url, MAIL)
        says(process, TAKEN)
        deliver(url, MAIL.replace(b"agua", b"luz"))
        says(process, TAKEN)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert count(url, "INBOX") == 0
    assert stored(installed) == 2


def test_when_the_server_falls_it_connects_again_and_takes_what_came_meanwhile(installed):
    with mail_directory() as mails, server(mails) as first, watching(installed, first.url) as process:
        says(process, MET)
        first.kill()
        says(process, LOST)
        with server(mails, port=first.port) as second:
            deliver(second.url, MAIL)
            says(process, TAKEN)
    assert stored(installed) == 1


def test_a_watcher_killed_while_it_works_leaves_every_message_with_one_row_in_the_folder(installed):
    with dovecot() as url:
        deliver(url, *(MAIL.replace(b"dos semanas", f"{number} semanas".encode()) for number in range(40)))
        for _ in range(2):
            with watching(installed, url, PQR_IMAP_SINCE="2026-01-01") as process:
                for _ in range(5):
                    says(process, TAKEN)
                process.kill()
        app = create_app(make_settings(installed, PQR_IMAP_URL=url))
        with app.app_context():
            fetch_mailbox()
            db.engine.dispose()
        assert (count(url, "INBOX"), count(url, DONE_FOLDER)) == (0, 40)
    assert stored(installed) == 40


def test_a_server_that_cannot_announce_new_mail_is_looked_at_now_and_then(installed):
    with mail_directory() as mails, server(mails, "imap_capability = IMAP4rev1 MOVE\n") as poor:
        deliver(poor.url, MAIL)
        with watching(installed, poor.url, PQR_IMAP_SINCE="2026-01-01") as process:
            says(process, TAKEN)
            process.terminate()
            assert process.wait(60) == 0
    assert stored(installed) == 1


def test_a_wrong_password_is_said_without_it_and_tried_again_with_growing_pauses(installed):
    with dovecot() as url, watching(installed, url.replace(PASSWORD, "equivocada")) as process:
        lines = [says(process, LOST) for _ in range(2)]
        assert [json.loads(line)["next_try_in_seconds"] for line in lines] == [1, 2]
        assert "equivocada" not in "".join(lines)
        assert "contraseña de puerres" in lines[0]
        process.terminate()
        assert process.wait(60) == 0


def test_an_old_mailbox_waits_for_the_day_and_the_reason_is_said(installed):
    with dovecot() as url:
        deliver(url, MAIL)
        with watching(installed, url) as process:
            assert "PQR_IMAP_SINCE" in says(process, LOST)
        assert count(url, "INBOX") == 1
    assert stored(installed) == 0


@pytest.mark.xdist_group("up")
def test_the_whole_service_watches_the_mailbox_where_one_is_set_and_ends_in_order(tmp_path):
    with dovecot() as url:
        key = "clave-de-las-pruebas-0123456789"
        service = started(environment(tmp_path, PQR_IMAP_URL=url, PQR_SECRET_KEY=key))
        assert any("mailbox" in line for line in service.children().values())
        service.process.terminate()
        log, _ = service.process.communicate(timeout=60)
        assert service.process.returncode == 0, log


def test_without_a_mailbox_there_is_nothing_to_watch(installed):
    with watching(installed, "") as process:
        assert process.wait(60) == 0

"""Does mail come in by every door?  A real IMAP mailbox, and the SMTP and LMTP listener with real clients."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from pqr import fetching, mailroom
from pqr.app import create_app
from pqr.db import db
from pqr.mail.inbox import InboxMail, Received
from pqr.mail.transport.imap import DONE_FOLDER
from pqr.mail.transport.listen import MAX_BYTES, serve
from pqr.tickets.models import Ticket
from tests.installation import make_settings
from tests.mailbox import count, deliver, dovecot
from tests.servers import free_port
from tests.sink import petition

RAW = petition("ana@correo.example", "No llega agua", "El acueducto no llega hace dos semanas.")


@contextmanager
def listening(app, settings) -> Iterator[None]:
    loop, ready = asyncio.new_event_loop(), threading.Event()

    def store(received: Received) -> None:
        with app.app_context():
            mailroom.store(received)

    task = loop.create_task(serve(settings, store, ready.set))

    def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(60)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


@pytest.fixture
def mail_door(database_url, tmp_path):
    """The listener on both protocols; gives the settings."""
    more = {"PQR_MAIL_IN_PORT": str(free_port()), "PQR_LMTP_SOCKET": str(tmp_path / "lmtp")}
    settings = make_settings(tmp_path, database_url, **more)
    app = create_app(settings)
    with app.app_context(), listening(app, settings):
        yield settings
        db.session.remove()
        db.engine.dispose()


def test_a_mail_in_the_mailbox_becomes_a_ticket_and_stays_in_the_mailbox(database_url, tmp_path):
    with dovecot() as url:
        app = create_app(make_settings(tmp_path, database_url, PQR_IMAP_URL=url, PQR_IMAP_SINCE="2026-01-01"))
        with app.app_context():
            deliver(url, RAW, b"From: x@y.example\n\n\xff\xfe\x00 roto")
            assert fetching.fetch_mailbox() == 2
            mailroom.process_waiting()
            assert fetching.fetch_mailbox() == 0
            subjects = set(db.session.scalars(select(Ticket.subject)))
            db.session.remove()
            db.engine.dispose()
        assert "No llega agua" in subjects
        assert len(subjects) == 2
        assert (count(url, "INBOX"), count(url, DONE_FOLDER)) == (0, 2)


def test_a_message_is_acknowledged_only_once_it_is_stored(mail_door):
    with smtplib.SMTP("127.0.0.1", mail_door.mail_in_port) as client:
        client.sendmail("ana@correo.example", ["PQR@Puerres.example"], RAW.replace(b"\n", b"\r\n"))
    row = db.session.scalars(select(InboxMail)).one()
    assert row.raw.replace(b"\r\n", b"\n") == RAW
    assert (row.source, row.envelope_from, row.envelope_to) == ("smtp", "ana@correo.example", "pqr@puerres.example")


def test_any_other_recipient_is_refused_at_once_with_a_sentence(mail_door):
    with smtplib.SMTP("127.0.0.1", mail_door.mail_in_port) as client:
        client.ehlo()
        client.mail("ana@correo.example")
        for stranger in ("alcalde@puerres.example", "pqr@otra.example", "pqr+raa-aaaaaaaaaaaaaaaa@puerres.example"):
            code, words = client.rcpt(stranger)
            assert code == 550
            assert b"escriba a pqr@puerres.example" in words


def test_a_line_longer_than_the_standard_is_taken_and_a_message_too_large_is_refused(mail_door):
    with smtplib.SMTP("127.0.0.1", mail_door.mail_in_port) as client:
        client.sendmail("ana@correo.example", ["pqr@puerres.example"], RAW + b"x" * 200_000)
        client.ehlo()
        code, words = client.mail("ana@correo.example", [f"SIZE={MAX_BYTES + 1}"])
        assert code == 552
        assert words.startswith(b"5.3.4 El mensaje pesa mas de 40 MB")
        assert words.endswith(b"/radicar")
    assert db.session.scalars(select(InboxMail.size)).one() > 200_000


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_a_message_that_turns_out_too_large_is_refused_with_what_to_do(mail_door, protocol):
    port, socket = mail_door.mail_in_port, mail_door.lmtp_socket
    with smtplib.SMTP("127.0.0.1", port) if protocol == "smtp" else smtplib.LMTP(socket) as client:
        client.ehlo()
        client.mail("ana@correo.example")
        client.rcpt("pqr@puerres.example")
        code, words = client.data(RAW + (b"x" * 76 + b"\r\n") * (MAX_BYTES // 78))
    assert (code, b"varios correos o mas livianos" in words) == (552, True)
    assert db.session.scalars(select(InboxMail)).all() == []


def test_a_local_mail_server_delivers_by_lmtp_with_an_answer_for_each_recipient(mail_door):
    with smtplib.LMTP(mail_door.lmtp_socket) as client:
        assert client.sendmail("ana@correo.example", ["pqr@puerres.example"], RAW) == {}
    assert db.session.scalars(select(InboxMail.source)).one() == "lmtp"


def test_a_message_that_cannot_be_stored_stays_with_the_sender(tmp_path):
    settings = make_settings(tmp_path, PQR_MAIL_IN_PORT=str(free_port()))
    app = create_app(settings)  # a database without tables: storing fails
    with app.app_context(), listening(app, settings):
        with smtplib.SMTP("127.0.0.1", settings.mail_in_port) as client, pytest.raises(smtplib.SMTPDataError) as said:
            client.sendmail("ana@correo.example", ["pqr@puerres.example"], RAW)
        db.engine.dispose()
    assert said.value.smtp_code == 451

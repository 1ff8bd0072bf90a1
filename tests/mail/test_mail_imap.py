"""Is all that reaches the mailbox filed exactly once?  A real Dovecot, and persons who work in the same mailbox."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from pqr import comparing
from pqr.db import reading
from pqr.fetching import fetch_mailbox
from pqr.mail.inbox import InboxMail
from pqr.mail.mailbox import Position
from pqr.mail.transport.imap import DONE_FOLDER, MailboxUnavailable
from tests.mail.imap_service import LONG_AGO, YESTERYEAR, mail, rows, subjects
from tests.mailbox import count, deliver, server, webmail

WITHOUT_MOVE = "imap_capability = IMAP4rev1 IDLE UIDPLUS NAMESPACE\n"


def test_a_message_is_stored_and_moved_with_its_flags_and_nothing_is_deleted(dovecot, enter):
    enter(dovecot.url)
    assert fetch_mailbox() == 0
    deliver(dovecot.url, mail(1), mail(2))
    assert fetch_mailbox() == 2
    assert (count(dovecot.url, "INBOX"), count(dovecot.url, DONE_FOLDER)) == (0, 2)
    assert subjects() == ["Petición 1", "Petición 2"]
    with webmail(dovecot.url, DONE_FOLDER) as person:
        assert person.search(None, "UNSEEN")[1] == [b"1 2"]
    assert comparing.compare_mailbox() == []


def test_a_message_that_a_person_has_read_flagged_or_marked_deleted_is_filed_all_the_same(dovecot, enter):
    enter(dovecot.url)
    fetch_mailbox()
    deliver(dovecot.url, mail(1), mail(2), mail(3))
    with webmail(dovecot.url) as person:
        person.store("1", "+FLAGS", r"(\Seen \Answered)")
        person.store("2", "+FLAGS", r"(\Seen \Flagged)")
        person.store("3", "+FLAGS", r"(\Deleted)")
        person.unselect()
    assert fetch_mailbox() == 3
    assert len(subjects()) == 3


def test_a_message_that_a_person_moves_back_to_the_inbox_is_filed_once(dovecot, enter):
    enter(dovecot.url)
    fetch_mailbox()
    deliver(dovecot.url, mail(1))
    fetch_mailbox()
    with webmail(dovecot.url, DONE_FOLDER) as person:
        person.uid("MOVE", "1", "INBOX")
    fetch_mailbox()
    assert subjects() == ["Petición 1"]
    assert (count(dovecot.url, "INBOX"), count(dovecot.url, DONE_FOLDER)) == (0, 1)


def test_an_old_message_that_a_person_moves_to_the_inbox_is_filed(dovecot, enter):
    """It was taken for spam years ago; whoever moves it to the inbox wants it answered."""
    enter(dovecot.url, PQR_IMAP_SINCE=YESTERYEAR)
    fetch_mailbox()
    with webmail(dovecot.url) as person:
        person.create("Spam")
    deliver(dovecot.url, mail(1), folder="Spam", at=LONG_AGO)
    with webmail(dovecot.url, "Spam") as person:
        person.uid("MOVE", "1", "INBOX")
    assert fetch_mailbox() == 1
    assert subjects() == ["Petición 1"]


def test_when_the_server_numbers_the_folder_anew_everything_is_read_again_and_nothing_filed_twice(dovecot, enter):
    with webmail(dovecot.url) as person:
        person.create("Entrada")
    url = dovecot.url.replace("/INBOX", "/Entrada")
    enter(url)
    fetch_mailbox()
    deliver(url, mail(1), mail(2), folder="Entrada")
    assert fetch_mailbox() == 2
    with webmail(url) as person:
        person.rename("Entrada", "Vieja")
        person.create("Entrada")
        person.select(DONE_FOLDER)
        person.copy("1:2", "Entrada")
    deliver(url, mail(3), folder="Entrada")
    assert fetch_mailbox() == 3
    assert subjects() == ["Petición 1", "Petición 2", "Petición 3"]
    assert count(url, "Entrada") == 0
    with reading() as session:
        assert len(set(session.scalars(select(Position.uidvalidity)))) == 2


def test_a_lost_index_of_the_server_files_nothing_twice(mails, enter):
    with server(mails) as running:
        enter(running.url)
        fetch_mailbox()
        deliver(running.url, mail(1))
        fetch_mailbox()
        with webmail(running.url, DONE_FOLDER) as person:
            person.copy("1", "INBOX")
        port = running.port
    for path in (mails / "mail").rglob("dovecot*"):
        path.unlink()
    with server(mails, port=port) as running:
        fetch_mailbox()
        assert count(running.url, "INBOX") == 0
    assert subjects() == ["Petición 1"]


def test_a_server_that_cannot_move_keeps_the_original_and_gets_one_copy_in_the_folder(mails, enter):
    with server(mails, WITHOUT_MOVE) as running:
        enter(running.url)
        fetch_mailbox()
        deliver(running.url, mail(1))
        assert (fetch_mailbox(), fetch_mailbox()) == (1, 0)
        assert (count(running.url, "INBOX"), count(running.url, DONE_FOLDER)) == (1, 1)
        assert comparing.compare_mailbox() == []
    assert subjects() == ["Petición 1"]


def test_a_message_that_was_stored_but_not_moved_is_moved_later_and_stored_once(mails, enter):
    """The mail server falls between our commit and the move."""
    with server(mails) as running:
        enter(running.url)
        fetch_mailbox()
        deliver(running.url, mail(1))
        with killing(running, Session, "after_commit"), pytest.raises(MailboxUnavailable):
            fetch_mailbox()
        assert len(rows()) == 1
        with server(mails, port=running.port) as again:
            assert count(again.url, "INBOX") == 1
            assert fetch_mailbox() == 0
            assert (count(again.url, "INBOX"), count(again.url, DONE_FOLDER)) == (0, 1)
    assert len(rows()) == 1


@contextmanager
def killing(running, target, moment, when=lambda *_what: True):
    """The mail server is killed at this moment of the database's work."""

    def kill(*what):
        if when(*what):
            running.kill()

    event.listen(target, moment, kill)
    try:
        yield
    finally:
        event.remove(target, moment, kill)


def is_third(_mapper, _connection, row):
    return row.id == 3


def test_a_mail_server_killed_in_the_middle_loses_nothing_and_repeats_nothing(mails, enter):
    with server(mails) as running:
        enter(running.url)
        fetch_mailbox()
        deliver(running.url, *(mail(number) for number in range(6)))
        with killing(running, InboxMail, "after_insert", is_third), pytest.raises(MailboxUnavailable):
            fetch_mailbox()
        with server(mails, port=running.port) as again:
            fetch_mailbox()
            assert (count(again.url, "INBOX"), count(again.url, DONE_FOLDER)) == (0, 6)
    assert len(subjects()) == 6


def test_one_message_that_cannot_be_stored_stays_and_the_next_ones_go_on(dovecot, enter, capsys):
    enter(dovecot.url)
    fetch_mailbox()
    deliver(dovecot.url, mail(1), mail(2), mail(3))

    def refuse(_mapper, _connection, row):
        if b"mero 2 sigue" in row.raw:
            raise ValueError("Ana Pérez")

    event.listen(InboxMail, "before_insert", refuse)
    try:
        assert fetch_mailbox() == 2
    finally:
        event.remove(InboxMail, "before_insert", refuse)
    assert count(dovecot.url, "INBOX") == 1
    said = capsys.readouterr().err
    assert "mail_not_taken" in said
    assert "Ana" not in said
    assert fetch_mailbox() == 1
    assert len(subjects()) == 3


@pytest.mark.parametrize("configured", ["", WITHOUT_MOVE], ids=["moves", "copies"])
def test_two_machines_that_read_one_mailbox_at_once_file_everything_once(mails, enter, configured):
    """Each has its own connection to both servers; what they share is the ledger."""
    with server(mails, configured) as running:
        app = enter(running.url)
        fetch_mailbox()
        deliver(running.url, *(mail(number) for number in range(6)))
        together = Barrier(2)

        def machine():
            with app.app_context():
                together.wait(60)
                return sum(iter(fetch_mailbox, 0))

        with ThreadPoolExecutor(2) as machines:
            for done in [machines.submit(machine) for _ in range(2)]:
                done.result(120)
        # Each puts away what it finds stored and still there, and no server promises that two moves at once are one
        # (RFC 6851): both may leave a copy there, which nobody reads.
        assert count(running.url, DONE_FOLDER) >= 6
        assert count(running.url, "INBOX") == (6 if configured else 0)
        assert fetch_mailbox() == 0
        assert len(rows()) == len(subjects()) == 6
        assert comparing.compare_mailbox() == []

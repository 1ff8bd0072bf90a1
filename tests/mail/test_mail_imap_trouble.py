"""What about an old mailbox, a message too large, a difference, a server that says no?  A real Dovecot."""

from datetime import date

import pytest
from sqlalchemy import select

from pqr import comparing, mailroom
from pqr.db import reading, transaction
from pqr.fetching import SinceNeeded, fetch_mailbox
from pqr.mail.inbox import Verdict
from pqr.mail.mailbox import Mailbox
from pqr.mail.transport.imap import DONE_FOLDER, REVIEW_FOLDER, MailboxUnavailable
from tests.builders import letters_of
from tests.mail.imap_service import LONG_AGO, YESTERYEAR, mail, rows, subjects
from tests.mailbox import PASSWORD, count, deliver, server, webmail
from workers.upkeep import daily


def test_an_old_mailbox_is_not_touched_until_somebody_says_from_which_day_on(dovecot, enter):
    deliver(dovecot.url, mail(1), mail(2))
    enter(dovecot.url)
    with pytest.raises(SinceNeeded, match=r"PQR_IMAP_SINCE.*2 mensajes"):
        fetch_mailbox()
    assert count(dovecot.url, "INBOX") == 2
    assert rows() == []


def test_what_came_before_that_day_stays_untouched_and_is_answered_to_nobody(dovecot, enter):
    deliver(dovecot.url, mail(1), mail(2), at=LONG_AGO)
    deliver(dovecot.url, mail(3))
    enter(dovecot.url, PQR_IMAP_SINCE=YESTERYEAR)
    assert fetch_mailbox() == 1
    assert subjects() == ["Petición 3"]
    assert (count(dovecot.url, "INBOX"), count(dovecot.url, DONE_FOLDER)) == (2, 1)
    assert comparing.compare_mailbox() == []
    with reading() as session:
        assert session.scalars(select(Mailbox.since)).one() == date.fromisoformat(YESTERYEAR)


def test_the_past_stays_the_past_when_the_setting_is_gone_and_the_server_numbers_anew(dovecot, enter):
    with webmail(dovecot.url) as person:
        person.create("Entrada")
    url = dovecot.url.replace("/INBOX", "/Entrada")
    deliver(url, mail(1), folder="Entrada", at=LONG_AGO)
    enter(url, PQR_IMAP_SINCE=YESTERYEAR)
    fetch_mailbox()
    with webmail(url) as person:
        person.rename("Entrada", "Vieja")
        person.create("Entrada")
        person.select("Vieja")
        person.copy("1", "Entrada")
    enter(url)
    assert fetch_mailbox() == 0
    assert count(url, "Entrada") == 1


def test_a_message_too_large_waits_for_a_person_with_its_headers_and_the_next_one_goes_on(dovecot, enter):
    enter(dovecot.url)
    fetch_mailbox()
    deliver(dovecot.url, mail(1) + (b"x" * 77 + b"\n") * 540_000, mail(2))
    assert fetch_mailbox() == 2
    large = rows()[0]
    assert (large.verdict, large.sender, large.subject) == (Verdict.NEEDS_HUMAN, "ana@correo.example", "Petición 1")
    assert large.reason.startswith("Pesa 41 MB y se reciben hasta 40 MB")
    assert REVIEW_FOLDER in large.reason
    assert large.size < 1000
    assert subjects() == ["Petición 2"]
    assert (count(dovecot.url, REVIEW_FOLDER), count(dovecot.url, DONE_FOLDER)) == (1, 1)


def test_who_sent_a_message_too_large_is_told_how_to_send_it_once_a_day_and_a_machine_never(dovecot, enter):
    enter(dovecot.url)
    fetch_mailbox()
    much = (b"x" * 77 + b"\n") * 540_000
    machine = b"Auto-Submitted: auto-generated\n" + mail(3).replace(b"ana@", b"robot@")
    ours = mail(4).replace(b"ana@correo.example", b"pqr@puerres.example")
    deliver(dovecot.url, mail(1) + much, mail(2) + much, machine + much, ours + much)
    assert fetch_mailbox() == 4
    with reading() as session:
        (told,) = letters_of(session)
    assert (told.letter, told.recipient) == ("not_understood", "ana@correo.example")
    assert told.headers["Auto-Submitted"] == "auto-replied"
    assert "pesa 41 MB y por correo se reciben hasta 40 MB" in told.text
    assert "repartidos en varios correos, o preséntelo en la página" in told.text
    assert {row.said for row in rows()} == {""}


def test_a_message_of_the_folder_without_a_row_is_found_by_the_daily_comparison(dovecot, enter):
    enter(dovecot.url)
    fetch_mailbox()
    deliver(dovecot.url, mail(1), mail(2), mail(3))
    fetch_mailbox()
    mailroom.process_waiting()
    deliver(dovecot.url, mail(4), b"Subject: sin numero\n\nhola", folder=DONE_FOLDER, at=LONG_AGO)
    deliver(dovecot.url, b"Subject: tampoco\n\nhola")
    first, second = comparing.compare_mailbox()
    assert first.startswith(f"{DONE_FOLDER}: el mensaje 4 (llegó el 2020-")
    assert second.startswith(f"{DONE_FOLDER}: el mensaje 5 ")
    with webmail(dovecot.url, DONE_FOLDER) as person:
        person.uid("MOVE", "4,5", "INBOX")
    fetch_mailbox()
    assert comparing.compare_mailbox() == []


def test_the_daily_upkeep_raises_the_alarm_and_a_mailbox_that_is_shut_does_not_stop_it(dovecot, enter, capsys):
    enter(dovecot.url)
    fetch_mailbox()
    with webmail(dovecot.url) as person:
        person.create(DONE_FOLDER)
    deliver(dovecot.url, mail(1), folder=DONE_FOLDER)
    daily.run()
    assert "mailbox_differs" not in capsys.readouterr().err  # it has only just come
    deliver(dovecot.url, mail(2), folder=DONE_FOLDER, at=LONG_AGO)
    daily.run()
    assert f'{{"finding": "{DONE_FOLDER}: el mensaje 2 ' in capsys.readouterr().err
    dovecot.kill()
    daily.run()
    assert "mailbox_unavailable" in capsys.readouterr().err


def test_a_message_that_stays_in_the_inbox_longer_than_an_hour_is_found_by_the_comparison(dovecot, enter):
    enter(dovecot.url, PQR_IMAP_SINCE="2019-01-01")
    fetch_mailbox()
    deliver(dovecot.url, mail(1), at=LONG_AGO)
    deliver(dovecot.url, mail(2))
    (finding,) = comparing.compare_mailbox()
    assert finding.startswith("INBOX: el mensaje 1 ")


@pytest.mark.parametrize("password", ["equivocada", "contraseña-eñe"])
def test_a_wrong_password_is_said_without_the_password(dovecot, enter, password):
    enter(dovecot.url.replace(PASSWORD, password.replace("ñ", "%C3%B1")))
    with pytest.raises(MailboxUnavailable, match="no aceptó el usuario o la contraseña") as said:
        fetch_mailbox()
    assert password not in str(said.value)
    assert said.value.__suppress_context__


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://a:secreta@127.0.0.1:1/INBOX", "no responde"),
        ("imaps://a:secreta@127.0.0.1:{port}/INBOX", "no responde"),
        ("imap+starttls://a:secreta@127.0.0.1:{port}/INBOX", "no responde"),
    ],
)
def test_a_server_that_cannot_be_had_is_said_in_one_sentence(dovecot, enter, url, words):
    enter(url.format(port=dovecot.port))
    with pytest.raises(MailboxUnavailable, match=words) as said:
        fetch_mailbox()
    assert "secreta" not in str(said.value)


def test_a_folder_that_is_not_there_is_named(dovecot, enter):
    enter(dovecot.url.replace("/INBOX", "/Ninguna"))
    with pytest.raises(MailboxUnavailable, match="no tiene la carpeta Ninguna"):
        fetch_mailbox()


def test_where_folders_live_under_the_inbox_the_done_folder_does_too(mails, enter):
    namespace = "namespace inbox {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\n"
    with server(mails, namespace) as running:
        enter(running.url)
        fetch_mailbox()
        deliver(running.url, mail(1))
        assert fetch_mailbox() == 1
        assert count(running.url, f"INBOX.{DONE_FOLDER}") == 1
        assert comparing.compare_mailbox() == []


def test_a_service_without_a_mailbox_has_nothing_to_fetch(enter):
    enter("")
    assert fetch_mailbox() == 0
    assert comparing.compare_mailbox() == []
    with transaction() as session:
        assert session.scalars(select(Mailbox)).all() == []

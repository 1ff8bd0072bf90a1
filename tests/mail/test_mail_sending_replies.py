"""What does each refusal of a mail server mean for the letter, and for its address?"""

import pytest

from pqr.mail.dead_addresses import is_gone
from pqr.mail.transport.replies import Delayed, Refused, Stage, judge, said, status_of

CONNECT, MAIL, RCPT, DATA = Stage


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        (RCPT, "550 5.1.1 <ana@correo.example>: Recipient address rejected: User unknown in virtual mailbox table"),
        (RCPT, "550-5.1.1 The email account that you tried to reach does not exist."),
        (RCPT, "550 No such user here"),
        (RCPT, "550 5.7.1 <ana@correo.example>... User unknown"),
        (RCPT, "552 5.2.2 Mailbox full"),
        (RCPT, "550 5.4.1 Recipient address rejected: Access denied."),
        (RCPT, "553 5.1.3 Invalid address format"),
        (DATA, "554 5.6.0 Malformed message"),
        (DATA, "552 5.3.4 Message size exceeds fixed limit"),
        (DATA, "554 Transaction failed"),
        (MAIL, "552 5.3.4 Message size exceeds fixed limit"),
        (MAIL, "552 message exceeds fixed maximum message size"),
    ],
)
def test_a_refusal_of_the_person_or_of_the_letter_is_for_good(stage, reply):
    assert isinstance(judge(stage, int(reply[:3]), reply[4:]), Refused)


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        (CONNECT, "554 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a list"),
        (MAIL, "530 5.7.0 Must issue a STARTTLS command first"),
        (MAIL, "553 5.7.1 <pqr@puerres.example>: Sender address rejected: not owned by user"),
        (RCPT, "554 5.7.1 <ana@correo.example>: Relay access denied"),
        (RCPT, "550 5.7.1 Unable to relay"),
        (RCPT, "550 relay not permitted"),
        (RCPT, "530 Authentication required"),
        (RCPT, "535 5.7.8 Error: authentication failed"),
        (RCPT, "550 5.1.8 Sender address rejected: Domain not found"),
        (RCPT, "550 Sender address rejected: Domain not found"),
        (RCPT, "503 5.5.1 Error: need MAIL command"),
        (DATA, "550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass"),
        (DATA, "554 Message rejected as spam"),
        (RCPT, "450 4.2.0 <ana@correo.example>: Recipient address rejected: Greylisted"),
        (RCPT, "452 4.2.2 Mailbox full"),
        (DATA, "451 4.3.0 Error: queue file write error"),
    ],
)
def test_a_refusal_of_us_or_a_please_wait_never_gives_the_letter_up(stage, reply):
    trouble = judge(stage, int(reply[:3]), reply[4:])
    assert isinstance(trouble, Delayed)
    assert str(trouble) == reply


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        ("550 5.1.1 whatever", True),
        ("550 5.1.2 Bad destination host", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("550 No such user", True),
        ("550 5.0.0 El usuario no existe", True),
        ("550 5.2.2 mailbox full: user not found in quota table", False),
        ("554 5.6.0 content refused", False),
        ("550 not today", False),
        ("550 Sender address rejected: Domain not found", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_remembered_as_dead(reply, gone):
    assert is_gone(status_of(reply), reply) is gone


def test_a_reply_of_several_lines_is_kept_in_one():
    assert said(550, b"5.1.1 no\r\n 5.1.1 such\n\xff user") == "550 5.1.1 no 5.1.1 such � user"
    assert status_of("250 2.0.0 Ok: queued as 4F1A") == "2.0.0"
    assert status_of("250 Ok") == ""

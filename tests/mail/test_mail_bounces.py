import pytest

from pqr.mail.bounces import DeliveryReport, read_report

STATUS = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example>
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{recipients}

--b
Content-Type: {kind}

{original}
--b--
"""
ORIGINAL = "From: pqr@puerres.example\nMessage-ID: <carta@puerres.example>\nSubject: Radicado\n\nHola\n"


def report(recipients: str, kind: str = "message/rfc822", original: str = ORIGINAL) -> DeliveryReport | None:
    return read_report(STATUS.format(recipients=recipients, kind=kind, original=original).encode())


def block(recipient: str, action: str, status: str) -> str:
    return f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"


@pytest.mark.parametrize(
    ("action", "failed"),
    [
        ("failed", True),
        ("Failed", True),
        ("failed (bad destination)", True),
        ("delayed", False),
        ("delivered", False),
        ("relayed", False),
        ("expanded", False),
    ],
)
def test_only_a_server_that_gave_up_makes_a_letter_failed(action, failed):
    found = report(block("ana@correo.example", action, "5.0.0"))
    assert found is not None
    assert found.failed is failed
    assert found.recipient == "ana@correo.example"
    assert found.original_message_id == "<carta@puerres.example>"


def test_of_several_recipients_the_one_that_failed_is_told():
    found = report("\n".join([block("uno@a.example", "delivered", "2.0.0"), block("dos@b.example", "failed", "5.1.1")]))
    assert found is not None
    assert (found.failed, found.recipient, found.status) == (True, "dos@b.example", "5.1.1")


def test_the_address_that_we_wrote_to_counts_not_where_it_was_forwarded():
    found = report("Original-Recipient: rfc822;Ana@Correo.example\n" + block("otra@x.example", "failed", "5.1.1"))
    assert found is not None
    assert found.recipient == "ana@correo.example"


def test_a_status_hidden_in_the_diagnostic_is_found():
    found = report(
        "Final-Recipient: rfc822; ana@correo.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.7.1 Blocked\n"
    )
    assert found is not None
    assert (found.status, found.diagnostic) == ("5.7.1", "550 5.7.1 Blocked")


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_our_letter_is_named_by_the_copy_that_the_server_returns(kind):
    found = report(block("ana@correo.example", "failed", "5.1.1"), kind=kind)
    assert found is not None
    assert found.original_message_id == "<carta@puerres.example>"


def test_a_report_without_a_copy_of_the_letter_names_none():
    found = report(block("ana@correo.example", "failed", "5.1.1"), kind="text/plain", original="nothing")
    assert found is not None
    assert found.original_message_id == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff\xfe",
        b"From: ana@correo.example\nSubject: Undelivered Mail Returned to Sender\n\nEsto me llego, que es?\n",
        b"From: ana@correo.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        + STATUS.format(recipients=block("x@y.example", "failed", "5.1.1"), kind="message/rfc822", original="").encode()
        + b"\n--b--\n",
        b"From: ana@correo.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n"
        b"\n--b\n\nread\n--b--\n",
    ],
    ids=["empty", "binary", "person", "forwarded-by-a-person", "read-receipt"],
)
def test_a_mail_of_a_person_is_never_a_report(raw):
    assert read_report(raw) is None


def test_a_report_that_lost_its_status_part_says_what_it_can():
    found = read_report(
        b"From: mailer-daemon@mx.example\nReferences: <carta@puerres.example>\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nUnknown user\n--b--\n"
    )
    assert found == DeliveryReport(False, "", "", "", "<carta@puerres.example>")

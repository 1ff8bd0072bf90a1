"""Can any bytes make the reading of mail fail, or lose a line?"""

import struct
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pqr.intake.classify import Facts, classify
from pqr.mail import bounces, markup, message, quoting, rtf

MAILS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))]
QUIET = settings(
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
FRAGMENTS = [
    *(
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"=?utf-8?B?",
        b"?=",
        b"--",
        b"boundary=",
        b"multipart/mixed; ",
        b'"',
        b"<",
    ),
    *(
        b"Content-Type: ",
        b"Content-Transfer-Encoding: base64\n",
        b"message/rfc822\n\n",
        b"charset*0*=x''%ff;",
        b";",
    ),
    *(
        b"message/delivery-status\n\n",
        b"charset=undefined",
        b"charset=utf-7\n\n+2AA-",
        b"From: ",
        b"Subject: ",
        b"(",
    ),
]
LINES = [
    *(
        "",
        " ",
        "> cita",
        "> > cita",
        "respuesta",
        "El 3 feb 2026 a las 9:15, PQRSD <pqr@puerres.example> escribió:",
    ),
    *(
        "De: Ana",
        "Enviado: martes",
        "Asunto: x",
        "-- ",
        "--",
        "Ana",
        "Enviado desde mi iPhone",
        "escribió:",
        "_" * 32,
    ),
    *("--- Escriba su respuesta encima de esta línea ---", "-----Mensaje original-----", "AVISO LEGAL"),
    *(
        "Este mensaje es confidencial para su destinatario; se prohíbe su copia",
        "\u2028",
        "\x85x",
        "\r",
        "a\x0bb",
    ),
]


def readable(mail: message.IncomingMail) -> bool:
    texts = (
        mail.text,
        mail.subject,
        mail.sender,
        mail.sender_name,
        mail.reply_to,
        mail.message_id,
        *mail.recipients,
    )
    names = tuple(file.name for file in mail.attachments)
    return all(text.encode("utf-8").find(b"\0") == -1 for text in (*texts, *names, *mail.in_reply_to)) and all(names)


def check(raw: bytes) -> None:
    mail = message.parse(raw)
    assert isinstance(mail, message.IncomingMail)
    assert readable(mail)
    bounces.read_report(raw)
    classify(mail, Facts())
    assert_nothing_lost(mail.text)


def assert_nothing_lost(text: str) -> None:
    reply = quoting.split(text)
    written = sorted(line for line in text.split("\n") if line.strip())
    assert written == sorted(line for line in f"{reply.new}\n{reply.quoted}".split("\n") if line.strip())
    assert reply.new.strip() or not text.strip()


@given(st.binary(max_size=2_000))
@QUIET
def test_no_bytes_are_refused(raw):
    check(raw)


@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=40))
@QUIET
def test_no_heap_of_mail_fragments_is_refused(pieces):
    check(b"From: a@b.example\n" + b"".join(pieces))


@given(st.sampled_from(MAILS), st.data())
@QUIET
def test_no_damaged_mail_is_refused(raw, data):
    start = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 60))
    patch = data.draw(st.sampled_from(FRAGMENTS) | st.binary(max_size=20))
    check(raw[:start] + patch + raw[start + length :])


@given(st.sampled_from(MAILS), st.floats(0, 1))
@QUIET
def test_no_truncated_mail_is_refused(raw, share):
    check(raw[: int(len(raw) * share)])


@given(st.lists(st.sampled_from(LINES), max_size=25))
@QUIET
def test_no_line_is_lost_in_folding(lines):
    assert_nothing_lost("\n".join(lines))


@given(st.text())
@QUIET
def test_no_line_of_any_text_is_lost_in_folding(text):
    assert_nothing_lost(text)


@given(st.binary(max_size=400), st.binary(max_size=400))
@QUIET
def test_no_winmail_dat_is_refused(letter, rest):
    attributes = b"".join(
        struct.pack("<BII", 1, kind, len(letter)) + letter + b"\0\0"
        for kind in (0x00069003, 0x00069002, 0x00069005, 0x00018010, 0x0006800F)
    )
    check(b"From: a@b.example\nContent-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0" + attributes + rest)
    rtf.to_text(b"{\\rtf1" + letter)
    rtf.decompressed(struct.pack("<IIII", 9, 500, 0x75465A4C, 0) + letter)


@given(st.text(alphabet=st.sampled_from("<>/ab divpblockquotetabletr\n\"'&;=!-\ue000\0\ud800")))
@QUIET
def test_no_page_is_refused(page):
    markup.to_text(page).encode("utf-8")

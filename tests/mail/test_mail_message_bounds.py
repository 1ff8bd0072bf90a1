"""Does a mail made to exhaust us get read in bounded time, and kept whole?"""

import pytest

from pqr.mail import message
from pqr.mail.message import IncomingMail


def mail(headers: str = "", body: str | bytes = "Hola", kind: str = "text/plain; charset=utf-8") -> IncomingMail:
    head = f"From: Ana <ana@correo.example>\n{headers}Content-Type: {kind}\n\n".encode("utf-8", "surrogateescape")
    return message.parse(head + (body.encode() if isinstance(body, str) else body))


def multipart(*parts: str, kind: str = "mixed") -> IncomingMail:
    body = "".join(f"--limite\n{part}\n" for part in parts) + "--limite--\n"
    return mail(body=body, kind=f"multipart/{kind}; boundary=limite")


def test_a_mail_in_more_parts_than_anybody_sends_is_kept_whole():
    parts = ["Content-Type: image/png\n\nx"] * 1_200
    found = multipart("Content-Type: text/plain\n\nHola", *parts)
    assert found.text == "Hola"
    assert found.defects == ("too-many-parts",)
    assert found.attachments[-1].name == "mensaje-original.eml"
    assert len(found.attachments) == 1_001


def test_a_mail_of_a_million_parts_is_not_unfolded():
    raw = b"From: a@b.example\nSubject: Hola\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n\n" * 200_000
    found = message.parse(raw)
    assert (found.subject, found.defects) == ("Hola", ("too-many-parts",))
    assert found.attachments[0].content == raw


@pytest.mark.parametrize("depth", [35, 250, 5_000])
def test_a_mail_nested_without_end_is_kept_whole(depth):
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    raw = f"From: a@b.example\n{nested}Content-Type: text/plain\n\nEn el fondo\n".encode()
    found = message.parse(raw)
    assert "En el fondo" in found.text
    assert found.defects[0].startswith("too-")
    assert found.attachments[-1].content == raw


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "Hola",
        "<b><p>" * 20_000 + "Hola",
        f"<table><tr><td>{'x' * 100_000}</td></tr>{'<tr><td>a</td></tr>' * 10_000}<tr><td>Hola",
        "<!--" * 50_000 + "-->Hola",
        "<script>" + "<" * 100_000 + "</script>Hola",
    ],
    ids=["deep", "unclosed", "wide-table", "comments", "script"],
)
def test_a_page_made_to_exhaust_us_is_read_all_the_same(page):
    assert mail(body=page, kind="text/html").text.endswith("Hola")

"""Is what old and careful programs wrap up laid open, and kept?"""

import binascii
import struct

import pytest

from pqr.mail import message, rtf, winmail
from pqr.mail.message import IncomingMail

PNG = "Content-Type: image/png; name=f.png\nContent-ID: <f@x>\nContent-Disposition: inline\n\n"


def mail(body: bytes, kind: str) -> IncomingMail:
    return message.parse(f"From: Ana <ana@correo.example>\nContent-Type: {kind}\n\n".encode() + body)


def attribute(kind: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) % 65536)


def value(kind: int, number: int, content: bytes) -> bytes:
    padded = content + b"\0" * (-len(content) % 4)
    return struct.pack("<HHII", kind, number, 1, len(content)) + padded


def tnef(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def letter(*values: bytes) -> bytes:
    return attribute(0x00069003, struct.pack("<I", len(values)) + b"".join(values))


def file(name: str, content: bytes) -> bytes:
    named = struct.pack("<I", 1) + value(0x1F, 0x3707, f"{name}\0".encode("utf-16-le"))
    title = attribute(0x00018010, b"CORTO~1.PDF\0")
    return attribute(0x00069002, b"\0" * 14) + title + attribute(0x0006800F, content) + attribute(0x00069005, named)


def compressed(text: bytes) -> bytes:
    pieces = b"".join(b"\0" + text[start : start + 8] for start in range(0, len(text), 8))
    return struct.pack("<IIII", len(pieces) + 12, len(text), 0x75465A4C, 0) + pieces


WINMAIL = tnef(letter(value(0x1F, 0x1000, "Petición de agua\0".encode("utf-16-le"))), file("petición.pdf", b"%PDF-1"))


def test_the_letter_and_the_files_of_a_winmail_dat_appear_beside_it():
    found = mail(WINMAIL, "application/ms-tnef; name=winmail.dat")
    assert found.text == "Petición de agua"
    assert [(each.name, each.content) for each in found.attachments] == [
        ("winmail.dat", WINMAIL),
        ("petición.pdf", b"%PDF-1"),
    ]
    assert found.defects == ()


def test_the_letter_of_a_winmail_dat_is_not_shown_twice():
    parts = b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + "Petición de\nagua".encode() + b"\n--b\n"
    raw = parts + b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n"
    found = mail(raw + binascii.b2a_base64(WINMAIL) + b"\n--b--\n", "multipart/mixed; boundary=b")
    assert found.text == "Petición de\nagua"
    assert [each.name for each in found.attachments] == ["adjunto-1.bin", "petición.pdf"]


@pytest.mark.parametrize("length", [0, 3, 6, 20, 60, 100, len(WINMAIL) - 3])
def test_a_winmail_dat_cut_anywhere_is_kept_as_it_came(length):
    found = mail(WINMAIL[:length], "application/ms-tnef; name=winmail.dat")
    assert found.attachments[0].content == WINMAIL[:length]


def test_a_letter_in_compressed_rtf_is_read():
    source = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Petici\'f3n\par No hay agua\u33?\par}"
    assert rtf.decompressed(compressed(source)) == source
    assert rtf.to_text(source) == "Petición\nNo hay agua!"
    found = winmail.read(tnef(letter(value(0x102, 0x1009, compressed(source)))))
    assert found is not None
    assert found.text == "Petición\nNo hay agua!"


def test_a_file_that_was_written_into_the_text_becomes_a_file():
    content = bytes(range(90))
    lines = b"".join(binascii.b2a_uu(content[start : start + 45]) for start in (0, 45))
    found = mail(b"Va el acta.\n\nbegin 644 ../acta.pdf\n" + lines + b"`\nend\n\nGracias\n", "text/plain")
    assert found.text == "Va el acta.\n\nGracias"
    assert [(each.name, each.content) for each in found.attachments] == [("acta.pdf", content)]


@pytest.mark.parametrize("text", ["begin 644 acta\nHola a todos los vecinos\nend", "begin 644 acta\nHola"])
def test_a_text_that_only_looks_like_a_file_stays_text(text):
    assert (mail(text.encode(), "text/plain").text, mail(text.encode(), "text/plain").attachments) == (text, ())


def test_a_signed_letter_is_shown_without_its_armour_and_an_encrypted_one_says_so():
    signature = "-----BEGIN PGP SIGNATURE-----\n\niHUEARYI\n=Ab1C\n-----END PGP SIGNATURE-----"
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHola\n- -- \nAna\n{signature}\n"
    assert mail(signed.encode(), "text/plain").text == "Hola\n-- \nAna"
    cut = signed.replace("-----END PGP SIGNATURE-----", "")
    assert mail(cut.encode(), "text/plain").text == cut.strip("\n")
    sealed = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"
    assert (mail(sealed.encode(), "text/plain").text, mail(sealed.encode(), "text/plain").defects) == (
        sealed,
        ("encrypted",),
    )


@pytest.mark.parametrize(
    ("page", "content", "inline", "logo"),
    [
        ('<p>Hola</p><img src="cid:f@x">', "x", True, True),
        ('<p>Hola</p><img src="cid:f%40x">', "x", True, True),
        ('<p>Hola</p><img src="cid:f@x">', "x" * 60_000, True, False),
        ("<p>Hola</p>", "x", False, False),
        ('<img src="cid:f@x">', "x", False, False),
    ],
    ids=["logo", "escaped", "photograph", "not-shown", "only-the-picture"],
)
def test_a_picture_that_only_decorates_the_letter_is_told_from_evidence(page, content, inline, logo):
    body = f"--b\nContent-Type: text/html\n\n{page}\n--b\n{PNG}{content}\n--b--\n"
    (found,) = mail(body.encode(), "multipart/related; boundary=b").attachments
    assert (found.inline, found.is_logo) == (inline, logo)


def test_of_a_letter_of_many_pages_the_beginning_is_read_and_the_whole_kept():
    raw = b"From: a@b.example\n\n" + b"Hola vecinos\n" * 40_000
    found = message.parse(raw)
    assert len(found.text) <= message.LONGEST_TEXT
    assert (found.defects, found.attachments[0].content) == (("too-long",), raw)

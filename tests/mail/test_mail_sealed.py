"""Is a file that asks for a password told from one that opens?  PDFs by a real tool, the rest from their formats."""

import io
import zipfile
from base64 import b64decode
from struct import pack

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pqr.mail.sealed import Seal, seal_of
from tests.mail.test_mail_message_fuzz import QUIET

pytestmark = pytest.mark.filterwarnings("ignore:Encryption R=5 is deprecated")
OBJECTS = (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate)


def pdf(encryption=None, objects=OBJECTS[0], linearize=False):
    document, saved = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.docinfo["/Title"] = "Certificado (de \\ vecindad)"
    document.save(saved, encryption=encryption, object_stream_mode=objects, linearize=linearize)
    return saved.getvalue()


def locked(revision, user, **more):
    strong = revision >= 4
    options = pikepdf.Encryption(owner="oficina", user=user, R=revision, aes=strong, metadata=strong)
    return pdf(options, **more)


@pytest.mark.parametrize("revision", range(2, 7))
@pytest.mark.parametrize("objects", OBJECTS, ids=lambda mode: mode.name)
def test_a_pdf_with_a_password_is_sealed_and_one_that_only_forbids_changes_opens(revision, objects):
    assert seal_of(locked(revision, "clave", objects=objects)) == Seal.PASSWORD
    assert seal_of(locked(revision, "", objects=objects)) is None
    assert seal_of(locked(revision, "", objects=objects, linearize=True)) is None


def test_a_pdf_whose_metadata_are_open_is_sealed_all_the_same():
    for user, seal in (("clave", Seal.PASSWORD), ("", None)):
        options = pikepdf.Encryption(owner="oficina", user=user, R=4, metadata=False)
        assert seal_of(pdf(options)) == seal


def test_a_plain_pdf_opens_and_one_that_nobody_understands_counts_as_sealed():
    assert seal_of(pdf()) is None
    assert seal_of(b"\r\n\r\n" + locked(3, "clave")) == Seal.PASSWORD  # senders put junk before it
    assert seal_of(b"%PDF-1.7\ntrailer <</Encrypt <</Filter /Adobe.PubSec /V 4>> >>") == Seal.PASSWORD
    assert seal_of(b"%PDF-1.7\ntrailer <</Encrypt 9 0 R>>") == Seal.PASSWORD
    assert seal_of(b"%PDF-1.7 Se explica la palabra /Encrypt y nada mas") is None


def zipped(files, flags=0):
    """A ZIP; the last file has these flags, in its own header and in the directory."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    content = bytearray(saved.getvalue())
    for place in (content.rfind(b"PK\3\4") + 6, content.rfind(b"PK\1\2") + 8):
        content[place : place + 2] = pack("<H", flags)
    return bytes(content)


def test_a_zip_with_one_sealed_file_is_sealed():
    files = {"a.txt": b"hola", "b.txt": b"adios"}
    assert seal_of(zipped(files)) is None
    assert seal_of(zipped(files, flags=0x0001)) == Seal.PASSWORD
    assert seal_of(zipped(files, flags=0x2041)) == Seal.PASSWORD  # its names are masked, too
    assert seal_of(zipped({"a.txt": b"hola"}, flags=1)[:40]) == Seal.PASSWORD  # cut short on the way


def test_an_opendocument_with_a_password_is_sealed():
    words = b"<manifest:manifest>%s</manifest:manifest>"
    for said, seal in ((b"", None), (b"<manifest:encryption-data/>", Seal.PASSWORD)):
        files = {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": words % said}
        assert seal_of(zipped(files)) == seal


SEVEN_ZIP = {
    "open": (
        "N3q8ryccAAReeXT0aAAAAAAAAAAUAAAAAAAAAJpOC4rgAPkAC10ANBvJzUTB6/1JgAAA4ABQAE1dAACBMweuD88n8IwHsMPaKtdY"
        "ZKyzeM5U3jceoOiEfa4K2cSATgNU972JPH/sj2eMX86Mm5sIkw/UQALSQBORc7gGMosUFdEa4+IAAAAAABcGEwEJVQAHCwEAASEh"
        "ARgMUQAA"
    ),
    "header": (
        "N3q8ryccAAQ4i/cFkAAAAAAAAAAoAAAAAAAAAEAPn5wQD1MIlfY5+vQzIsh+DSD8OFR3byjRTD7tJIkHihauJGmtEHfJeQoerppK"
        "/g2FUO6kAJvPhFa/qbp98bvmRThAeP+P8GoNuWHuOrrtv7W/ZVNCTb6nVbRKFkXa3fEe9QvPivhvnRV+8rAS8CKiJ7vWDsQLvVHY"
        "XELzMoAX/TuhgMZ0LEJldAj4PteHioSGTdIXBiABCXAABwsBAAEkBvEHARJTD7gep62UNQ2KfhqwZsqU1CIMaQAA"
    ),
    "plain header": (
        "N3q8ryccAAQ8/V7OIAAAAAAAAABpAAAAAAAAALPbKWZjcCQgeNi7vPRUpk1Q58LgDuSZZY81EKcRyCLu0d868gEEBgABCSAKAeNC"
        "WyYABwsBAAIkBvEHARJTDynW9JUI8XFTtd4jB5ey1qkhIQEYAQAME4D6AAgKAZP5NgsAAAUBGQEAEQ0AYQAuAHQAeAB0AAAAFAoB"
        "ACD3wkCret0BFQYBACCApIEAAA=="
    ),
}


@pytest.mark.parametrize("kind", SEVEN_ZIP)
def test_a_7z_whose_header_names_the_cipher_is_sealed(kind):
    """Made by py7zr 1.0: nothing sealed; the header, too; the content alone, with a header that is not packed."""
    assert seal_of(b64decode(SEVEN_ZIP[kind])) == (None if kind == "open" else Seal.PASSWORD)


def rar_4(kind=0x73, flags=0):
    """A RAR 4 with its first header and that of a file."""
    first = pack("<HBHHHI", 0, 0x73, flags if kind == 0x73 else 0, 13, 0, 0)
    file = pack("<HBHHI", 0, 0x74, 0x8000 | (flags if kind == 0x74 else 0), 11, 4)
    return b"Rar!\x1a\x07\x00" + first + file + b"hola" + pack("<HBHH", 0, 0x7B, 0, 7)


def rar_5(*blocks):
    """A RAR 5 of these blocks, each a type and its extra area."""
    found = b"Rar!\x1a\x07\x01\x00"
    for kind, extra in blocks:
        header = bytes([kind, 1, len(extra)]) + b"\0" * 6 + extra if extra else bytes([kind, 0]) + b"\0" * 6
        found += b"\0" * 4 + bytes([len(header)]) + header
    return found


def test_a_rar_is_sealed_by_its_headers_or_by_a_file():
    assert seal_of(rar_4()) is None
    assert seal_of(rar_4(0x73, 0x80)) == Seal.PASSWORD
    assert seal_of(rar_4(0x74, 0x04)) == Seal.PASSWORD
    hashed, sealed = b"\x03\x02\0\0", b"\x03\x01\0\0"
    assert seal_of(rar_5((1, b""), (2, hashed))) is None
    assert seal_of(rar_5((1, b""), (2, b""), (2, hashed + sealed))) == Seal.PASSWORD
    assert seal_of(rar_5((4, b""))) == Seal.PASSWORD


def compound(name, stream=b""):
    """A compound file with a directory of two entries, in the second sector, and a stream in the third."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + pack("<H", 9)

    def entry(name, kind, start):
        written = (name + "\0").encode("utf-16-le")
        return written.ljust(64, b"\0") + pack("<HB", len(written), kind) + b"\0" * 49 + pack("<I", start) + b"\0" * 8

    directory = entry("Root Entry", 5, 0) + entry(name, 2, 1)
    return head.ljust(512, b"\0") + directory.ljust(512, b"\0") + stream.ljust(512, b"\0")


def records(*kinds):
    return b"".join(pack("<HH", kind, 4) + b"\0" * 4 for kind in kinds)


@pytest.mark.parametrize(
    ("content", "seal"),
    [
        (compound("EncryptedPackage"), Seal.PASSWORD),  # .docx, .xlsx, .pptx
        (compound("EncryptedSummary"), Seal.PASSWORD),  # .ppt
        (compound("WordDocument", pack("<HHHHHH", 0xA5EC, 193, 0, 0, 0, 0x0100)), Seal.PASSWORD),
        (compound("WordDocument", pack("<HHHHHH", 0xA5EC, 193, 0, 0, 0, 0x0200)), None),
        (compound("Workbook", records(0x0809, 0x002F)), Seal.PASSWORD),
        (compound("Book", records(0x0809, 0x0086, 0x002F)), Seal.PASSWORD),
        (compound("Workbook", records(0x0809, 0x00E1, 0x0042, 0x0809, 0x002F)), None),
        (compound("Contents", "Se explica EncryptedPackage\0".encode("utf-16-le")), None),
    ],
    ids=["new", "slides", "doc", "open doc", "xls", "old xls", "open xls", "text about it"],
)
def test_an_office_document_says_by_itself_that_it_is_sealed(content, seal):
    assert seal_of(content) == seal


def cms(kind, head=b"\x30\x82\x02\x83"):
    """The beginning of a CMS message of this content type."""
    return head + kind + b"\xa0\x82\x02\x74\x30\x82"


SIGNED, ENVELOPED, SEALED_DATA = (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" + last for last in (b"\2", b"\3", b"\6"))
AUTHENTICATED = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"


@pytest.mark.parametrize(
    ("content", "media_type", "seal"),
    [
        (cms(ENVELOPED), "application/pkcs7-mime", Seal.KEY),
        (cms(ENVELOPED, head=b"\x30\x80"), "application/octet-stream", Seal.KEY),
        (cms(SEALED_DATA), "application/pkcs7-mime", Seal.KEY),
        (cms(AUTHENTICATED), "application/pkcs7-mime", Seal.KEY),
        (cms(SIGNED), "application/pkcs7-mime", None),  # a signed document is read by everybody
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA", "application/octet-stream", Seal.KEY),
        (b"\x85\x01\x0c\x03", "application/pgp-encrypted", Seal.KEY),
        (b"Version: 1\r\n", "application/pgp-encrypted", None),  # only says that the next part is sealed
        (b"-----BEGIN PGP SIGNATURE-----\n\niQEz", "application/pgp-signature", None),
    ],
)
def test_sealed_mail_needs_a_key_and_signed_mail_none(content, media_type, seal):
    assert seal_of(content, media_type) == seal


def test_what_is_no_such_file_is_open():
    for content in (b"", b"hola", b"\x89PNG\r\n\x1a\n", b"PK", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"):
        assert seal_of(content) is None


SAMPLES = (
    locked(3, "clave"), locked(4, "", objects=OBJECTS[1]), zipped({"a": b"b"}, flags=1), compound("EncryptedPackage"),
    compound("Workbook", records(0x0809, 0x002F)), rar_4(0x74, 4), rar_5((2, b"\x03\x01\0\0")), cms(ENVELOPED),
    zipped({"META-INF/manifest.xml": b"encryption-data"}),
)  # fmt: skip


@QUIET
@given(st.data())
def test_no_damage_makes_the_look_at_a_file_fail(data):
    content = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    assert seal_of(bytes(content[:cut])) in (None, *Seal)


@QUIET
@given(st.sampled_from([sample[:8] for sample in SAMPLES]), st.binary(max_size=300))
def test_no_bytes_make_the_look_at_a_file_fail(beginning, rest):
    assert seal_of(beginning + rest) in (None, *Seal)

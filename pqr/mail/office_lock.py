"""Does an Office document ask for a password?

All of them are compound files (MS-CFB): the new formats with a password are wrapped in one (MS-OFFCRYPTO §2.3.4), the
old ones say it at the beginning of their main stream (MS-DOC §2.5.1, MS-XLS §2.4.117).
"""

import re
from itertools import islice

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128  # bytes of an entry of the directory, which lies at a multiple of it
_MOST_FOUND = 100
_WORD, _BOF, _FILE_PASS = 0xA5EC, 0x0809, 0x002F
_MOST_RECORDS = 20
_SEALED = ("EncryptedPackage", "EncryptedSummary")


def is_locked(content: bytes) -> bool:
    """Whether a password is needed; False for what is no Office document."""
    if not content.startswith(_COMPOUND):
        return False
    if any(_entry(content, name) is not None for name in _SEALED):
        return True
    return _word_is_locked(_stream(content, "WordDocument")) or any(
        _book_is_locked(_stream(content, name)) for name in ("Workbook", "Book")
    )


def _entry(content: bytes, name: str) -> int | None:
    """Where the directory's entry of this name is."""
    written = (name + "\0").encode("utf-16-le")
    found = re.finditer(re.escape(written), content)
    places = (each.start() for each in islice(found, _MOST_FOUND))
    return next((place for place in places if place % _ENTRY == 0 and _is_entry(content, place, written)), None)


def _is_entry(content: bytes, place: int, written: bytes) -> bool:
    return _number(content, place + 64, 2) == len(written) and _number(content, place + 66, 1) == 2


def _stream(content: bytes, name: str) -> bytes:
    """The first sector of this stream; b"" where there is none."""
    entry = _entry(content, name)
    if entry is None:
        return b""
    sector = 1 << min(_number(content, 30, 2), 16)
    start = (_number(content, entry + 116, 4) + 1) * sector
    return content[start : start + sector]


def _word_is_locked(stream: bytes) -> bool:
    return _number(stream, 0, 2) == _WORD and bool(_number(stream, 10, 2) & 0x0100)


def _book_is_locked(stream: bytes) -> bool:
    """FilePass follows the beginning of the book, at most a few records later."""
    place = 0
    for number in range(_MOST_RECORDS):
        kind, size = _number(stream, place, 2), _number(stream, place + 2, 2)
        if (number == 0) != (kind == _BOF):
            return False
        if kind == _FILE_PASS:
            return True
        place += 4 + size
    return False


def _number(content: bytes, place: int, size: int) -> int:
    return int.from_bytes(content[place : place + size], "little")

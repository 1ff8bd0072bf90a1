"""What is inside a winmail.dat?

Outlook wraps a letter and its files in Microsoft's TNEF ([MS-OXTNEF]) when it takes the receiver for an Exchange
server. The one library for Python, tnefparse, has had no release since January 2021; the format needs this one file.
Lengths are checked against the bytes at hand, nothing is unpacked (LZFu text aside, which says its length and is
bounded), and whatever is broken ends the reading: the caller keeps the file itself in any case.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pqr.mail import charsets, rtf

_SIGNATURE = 0x223E9F78
_BODY, _PROPERTIES, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_TEXT, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_CONTENT, _SHORT_NAME, _LONG_NAME, _SHOWN_NAME, _MEDIA_TYPE = 0x3701, 0x3704, 0x3707, 0x3001, 0x370E
_STRING, _UNICODE, _OBJECT, _BINARY, _MANY = 0x1E, 0x1F, 0x0D, 0x102, 0x1000
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_NAMED = 0x8000
_MOST_FILES = 200
_MOST_VALUES = 100_000
_DEEPEST = 3
_GUID = 16


@dataclass
class WinmailFile:
    """A file inside; `name` is as written there, with whatever path, or ""."""

    name: str = ""
    media_type: str = ""
    content: bytes = b""


@dataclass
class Winmail:
    """What could be read: the letter as plain text and as HTML ("" where it has none) and its files."""

    text: str = ""
    html: str = ""
    files: list[WinmailFile] = field(default_factory=list)
    codepage: str = "cp1252"


class _Broken(ValueError):
    """The bytes end before what they announce."""


def read(data: bytes, depth: int = 0) -> Winmail | None:
    """Return what is inside, as far as it can be read, or None when it is no TNEF or holds nothing; never raises."""
    found = Winmail()
    try:
        for kind, value in _attributes(data):
            _take(found, kind, value, depth)
    except (_Broken, struct.error, LookupError):
        pass  # what came before the broken place has been read
    return found if found.text or found.html or found.files else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    signature, _ = struct.unpack_from("<IH", data)
    position = 6
    while signature == _SIGNATURE and position + 9 <= len(data):
        _, kind, length = struct.unpack_from("<BII", data, position)
        start = position + 9
        yield kind, _piece(data, start, length)
        position = start + length + 2  # a checksum that senders get wrong


def _piece(data: bytes, start: int, length: int) -> bytes:
    if start + length > len(data):
        raise _Broken
    return data[start : start + length]


def _take(found: Winmail, kind: int, value: bytes, depth: int) -> None:
    if kind == _CODEPAGE:
        found.codepage = f"cp{struct.unpack_from('<I', value)[0]}"
    elif kind == _BODY:
        found.text = found.text or _string(value, found.codepage)
    elif kind == _PROPERTIES:
        _take_letter(found, dict(_properties(value)))
    elif kind == _NEW_FILE and len(found.files) < _MOST_FILES:
        found.files.append(WinmailFile())
    elif found.files:
        _take_file(found, kind, value, depth)


def _take_letter(found: Winmail, values: Mapping[int, tuple[int, bytes]]) -> None:
    found.text = _text_in(values, found, _TEXT) or found.text
    kind, page = values.get(_HTML, (0, b""))
    found.html = _decoded(kind, page, found.codepage)
    if not found.text and not found.html and _RTF in values:
        found.text = rtf.to_text(rtf.decompressed(values[_RTF][1]))


def _take_file(found: Winmail, kind: int, value: bytes, depth: int) -> None:
    file = found.files[-1]
    if kind == _TITLE:
        file.name = file.name or _string(value, found.codepage)
    elif kind == _DATA:
        file.content = value
    elif kind == _FILE_PROPERTIES:
        values = dict(_properties(value))
        names = (_text_in(values, found, number) for number in (_LONG_NAME, _SHOWN_NAME, _SHORT_NAME))
        file.name = next(filter(None, names), file.name)
        file.media_type = _text_in(values, found, _MEDIA_TYPE).lower()
        how, content = values.get(_CONTENT, (0, b""))
        if how == _OBJECT:
            _take_message(found, file, content[_GUID:], depth)
        elif not file.content:
            file.content = content


def _take_message(found: Winmail, file: WinmailFile, content: bytes, depth: int) -> None:
    """Lay open a message that was attached to the message: its text as a file, its files beside ours."""
    inner = read(content, depth + 1) if depth < _DEEPEST else None
    if inner is None:
        file.content = content
        return
    page = inner.text or inner.html
    file.name = f"{file.name or 'mensaje'}.{'txt' if inner.text else 'html'}"
    file.media_type = "text/plain" if inner.text else "text/html"
    file.content = page.encode("utf-8", "replace")
    found.files.extend(inner.files[: max(0, _MOST_FILES - len(found.files))])
    found.files.append(found.files.pop(found.files.index(file)))  # what follows belongs to this file still


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield number → (type, first value) of each MAPI property; the named ones of programs are passed over."""
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, _MOST_VALUES)):
        kind, number = struct.unpack_from("<HH", data, position)
        position += 4
        if number >= _NAMED:
            position = _after_name(data, position)
        values, position = _values(data, position, kind)
        yield number, (kind & ~_MANY, values)


def _after_name(data: bytes, position: int) -> int:
    (is_string,) = struct.unpack_from("<I", data, position + _GUID)
    position += _GUID + 4
    (length,) = struct.unpack_from("<I", data, position)
    return position + 4 + (_padded(length) if is_string else 0)


def _values(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    basic = kind & ~_MANY
    if basic in _SIZES and kind == basic:
        return _piece(data, position, _SIZES[basic]), position + _SIZES[basic]
    (count,) = struct.unpack_from("<I", data, position)
    position += 4
    if basic in _SIZES:
        return b"", position + count * _SIZES[basic]
    if basic not in (_STRING, _UNICODE, _OBJECT, _BINARY) or count > _MOST_VALUES:
        raise _Broken
    first = b""
    for number in range(count):
        (length,) = struct.unpack_from("<I", data, position)
        value = _piece(data, position + 4, length)
        first, position = (first if number else value), position + 4 + _padded(length)
    return first, position


def _padded(length: int) -> int:
    return length + -length % 4


def _text_in(values: Mapping[int, tuple[int, bytes]], found: Winmail, number: int) -> str:
    kind, value = values.get(number, (0, b""))
    return _decoded(kind, value, found.codepage)


def _decoded(kind: int, value: bytes, codepage: str) -> str:
    if kind == _UNICODE:
        return charsets.clean(value.decode("utf-16-le", "replace")).rstrip("\0")
    return _string(value, codepage)


def _string(value: bytes, codepage: str) -> str:
    return charsets.decode(value.rstrip(b"\0"), codepage)

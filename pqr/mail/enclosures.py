"""Which files did old programs put inside a part?

A winmail.dat (TNEF) and uuencoded files in a plain text become parts of their own. What cannot be opened stays as it
came; a winmail.dat stays in any case.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from pqr.mail import headers, winmail
from pqr.mail.mime import Part

WINMAIL = "multipart/x-winmail"
"""Media type given to an opened winmail.dat; its children: the file itself, its letter, its files."""

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TNEF_SIGNATURE = b"\x78\x9f\x3e\x22"
_UU_FILE = re.compile(rb"^begin(?:-[a-z0-9]+)? [0-7]{3,4} +([^\r\n]{1,200})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$\n?", re.MULTILINE)
_MOST_FILES = 100


def is_winmail(part: Part) -> bool:
    """Say whether the part is a winmail.dat, by its label or by its first bytes."""
    return part.media_type in _TNEF or (not part.children and part.content.startswith(_TNEF_SIGNATURE))


def opened(part: Part) -> Part:
    """Return the tree with the files of old programs laid open; never raises."""
    if part.children:
        children = tuple(opened(child) for child in part.children)
        unchanged = all(new is old for new, old in zip(children, part.children, strict=True))
        return part if unchanged else replace(part, children=children)
    if is_winmail(part):
        return _with_winmail(part)
    if part.media_type == "text/plain" and b"begin" in part.content and not part.is_attached:
        return _with_uuencoded(part)
    return part


def _with_winmail(part: Part) -> Part:
    found = winmail.read(part.content)
    if found is None:
        return part
    page = ("text/html", found.html) if found.html else ("text/plain", found.text)
    letter = _piece(page[0], page[1].encode("utf-8", "replace"))
    files = [_file(file.name, file.media_type, file.content) for file in found.files if file.content]
    return replace(part, media_type=WINMAIL, content=b"", children=(part, letter, *files))


def _with_uuencoded(part: Part) -> Part:
    pieces = tuple(_uu_pieces(part))
    if len(pieces) < 2:
        return part
    return replace(part, media_type="multipart/mixed", content=b"", children=pieces)


def _uu_pieces(part: Part) -> Iterator[Part]:
    """Yield the text before, between and after the files, and the files."""
    text, start = part.content, 0
    for number, begin in enumerate(_UU_FILE.finditer(text)):
        end = _UU_END.search(text, begin.end()) if number < _MOST_FILES and begin.start() >= start else None
        content = _uudecoded(text[begin.end() : end.start()]) if end else b""
        if end and content:
            yield replace(part, content=text[start : begin.start()], defects=())
            yield _file(begin[1].decode("utf-8", "replace"), "application/octet-stream", content)
            start = end.end()
    yield replace(part, content=text[start:])


def _uudecoded(body: bytes) -> bytes:
    """Return the file, or b"" where a line is none of uuencode: then all of it stays text."""
    try:
        return b"".join(binascii.a2b_uu(line) for line in body.splitlines())
    except binascii.Error:
        return b""


def _piece(media_type: str, content: bytes) -> Part:
    return Part(media_type, {"content-type": (f"{media_type}; charset=utf-8",)}, content=content)


def _file(name: str, media_type: str, content: bytes) -> Part:
    safe = quote(headers.file_name(name), errors="replace")
    disposition = f"attachment; filename*=utf-8''{safe}" if safe else "attachment"
    return Part(media_type or "application/octet-stream", {"content-disposition": (disposition,)}, content=content)

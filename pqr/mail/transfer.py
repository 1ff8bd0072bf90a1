"""Which bytes did the sender encode?

The transfer encodings of RFC 2045 §6 and the uuencode of old programs. Broken encodings give what can be
had: the decoders of the standard library stop, raise or warn at the first surprise.
"""

import base64
import binascii
import re
from contextlib import suppress
from itertools import takewhile
from quopri import decodestring

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]*\s*")
_UU_BODY = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n(.*?)^end\s*$", re.MULTILINE | re.DOTALL)


def decode(body: bytes, encoding: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded bytes of a body under its Content-Transfer-Encoding, and the names of what was
    wrong.
    """
    name = encoding.lower().strip(" \"';")
    if name == "base64":
        return _from_base64(body)
    if name == "quoted-printable":
        return decodestring(body), ()
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uuencode(body), ()
    return body, ()


def unbase64(data: bytes) -> bytes:
    """Return what base64 data holds, over foreign characters, lost padding and several pieces in a row."""
    pieces = re.findall(rb"[A-Za-z0-9+/]+", re.sub(rb"[^A-Za-z0-9+/=]", b"", data))
    return b"".join(_base64_piece(piece) for piece in pieces)


def _base64_piece(piece: bytes) -> bytes:
    whole = piece[: -1 if len(piece) % 4 == 1 else None]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _from_base64(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Decode the lines that are base64; what follows is text that somebody, a mailing list perhaps, added."""
    with suppress(binascii.Error):  # the ordinary case, at a tenth of the time and the memory
        return binascii.a2b_base64(body.translate(None, b" \t\r\n"), strict_mode=True), ()
    lines = body.splitlines(keepends=True)
    encoded = list(takewhile(_BASE64_LINE.fullmatch, lines))
    rest = b"".join(lines[len(encoded) :])
    decoded = unbase64(b"".join(encoded))
    return (decoded + b"\n" + rest, ("text-in-base64",)) if rest.strip() else (decoded, ())


def _from_uuencode(body: bytes) -> bytes:
    found = _UU_BODY.search(body)
    try:
        return b"".join(binascii.a2b_uu(line) for line in found[1].splitlines()) if found else body
    except binascii.Error:
        return body

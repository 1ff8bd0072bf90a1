"""What does this RTF say?

Exchange sends letters as compressed RTF ([MS-OXRTFCP]) inside winmail.dat. Only the words matter here: fonts, colours
and pictures are passed over, and HTML that Outlook carries inside RTF ([MS-OXRTFEX]) loses its tags. Time is linear.
"""

import re
import struct

from pqr.mail import charsets

_COMPRESSED = 0x75465A4C  # "LZFu"
_PLAIN = 0x414C454D  # "MELA"
_HEADER = 16
_LONGEST = 4_000_000
_WINDOW = 4096
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I)
_PASSED_OVER = frozenset(
    ["fonttbl", "colortbl", "stylesheet", "info", "pict", "htmltag", "pntext", "object", "themedata", "generator"]
)
_BREAKS = {"par": "\n", "line": "\n", "tab": "\t", "row": "\n", "cell": " ", "emdash": "—", "endash": "–"}
_MARKS = {"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}


def decompressed(data: bytes) -> bytes:
    """Return the RTF of a compressed stream, at most 4 MB of it; b"" when it is none."""
    if len(data) < _HEADER:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[_HEADER : _HEADER + size][:_LONGEST]
    return _expanded(data[_HEADER:], min(size, _LONGEST)) if kind == _COMPRESSED else b""


def _expanded(data: bytes, size: int) -> bytes:
    out, position, offset = bytearray(_DICTIONARY), 0, len(_DICTIONARY)
    while position < len(data) and len(out) - offset < size:
        flags, position = data[position], position + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            token = int.from_bytes(data[position : position + 2].ljust(2, b"\0"), "big")
            position += 2
            if token >> 4 == len(out) % _WINDOW or position > len(data):
                return bytes(out[offset : offset + size])
            _copy(out, token >> 4, (token & 15) + 2)
    return bytes(out[offset : offset + size])


def _copy(out: bytearray, place: int, length: int) -> None:
    """Repeat what stood at this place of the window of 4,096 bytes; a copy may run into what it writes."""
    back = (len(out) - place) % _WINDOW
    start = len(out) - back
    for number in range(length):
        out.append(out[start + number] if 0 <= start + number < len(out) else 0x20)


def to_text(data: bytes) -> str:
    """Return the words of an RTF document, cleaned; "" when it is none; never raises."""
    source = data.decode("latin-1")
    if not source.lstrip().startswith("{\\rtf"):
        return ""
    pieces: list[bytes | str] = []
    hidden: list[bool] = [False]
    skip = 0
    for found in _TOKEN.finditer(source):
        word, number, code, symbol, brace, plain = found.groups()
        if brace:
            _nest(hidden, brace)
        elif (word and word.lower() in _PASSED_OVER) or symbol == "*":
            hidden[-1] = True
        elif word and word.lower() == "htmlrtf":
            hidden[-1] = number != "0"
        elif not hidden[-1]:
            skip = _write(pieces, (word, number, code, symbol, plain), skip)
    return charsets.clean("".join(_strings(pieces))).strip("\n")


def _nest(hidden: list[bool], brace: str) -> None:
    if brace == "{":
        hidden.append(hidden[-1])
    elif len(hidden) > 1:
        hidden.pop()


def _write(pieces: list[bytes | str], token: tuple[str | None, ...], skip: int) -> int:
    """Add what one token shows; return how many characters after it only repeat a Unicode one."""
    word, number, code, symbol, plain = token
    if word == "u" and number:
        pieces.append(chr(int(number) % 0x10000))
        return 1
    if word:
        pieces.append(_BREAKS.get(word.lower(), _MARKS.get(word.lower(), "")))
        return skip
    if code:
        pieces.append(b"" if skip else bytes.fromhex(code))
        return 0
    shown = {"~": " ", "_": "-"}.get(symbol, symbol) if symbol else plain or ""
    pieces.append(shown[skip:].encode("latin-1", "replace"))
    return 0


def _strings(pieces: list[bytes | str]) -> list[str]:
    return [piece if isinstance(piece, str) else piece.decode("cp1252", "replace") for piece in pieces]

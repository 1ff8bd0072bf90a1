"""Which characters are these bytes?

The label on a mail often lies: Latin-1 bytes that are called UTF-8, UTF-8 that is called Latin-1, a charset
that nobody knows. Labels of one-byte and UTF-8 charsets are therefore only a hint, and nothing here ever
raises.
"""

import codecs
import re

_MANY_BYTES = re.compile(r"utf-?(7|16|32)|iso2022|gb|big5|shift_jis|euc|hz|johab|cp(932|949|950)")
_ONE_BYTE = re.compile(r"iso8859|cp\d|koi8|mac|ptcp|tis|kz")
_WESTERN = frozenset({"iso8859-1", "cp1252"})
_BOM = 0xFEFF
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys([*range(9), *range(14, 32), 127, _BOM]),
    11: "\n",
    12: "\n",
}
_LONGEST_LABEL = 60
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNCLEAN = re.compile("[\0-\x08\x0b-\x1f\x7f\ufeff\ud800-\udfff]")


def _western_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("pqr-western", _western_byte)


def decode(data: bytes, declared: str = "") -> str:
    """Return the cleaned text of the bytes: as declared, else as UTF-8, and what is neither as Windows-1252.

    Spanish text in Latin-1 is practically never valid UTF-8 by chance, so bytes that read as UTF-8 are UTF-8
    whatever one-byte charset the label says.
    """
    if data.isascii() and not (declared and _MANY_BYTES.match(declared.strip(" \"'").lower().replace("-", ""))):
        return clean(data.decode("ascii"))
    for codec in _candidates(declared, data):
        try:
            return clean(data.decode(codec))
        except ValueError:
            continue
    return clean(data.decode("utf-8", "pqr-western"))


def clean(text: str) -> str:
    """Return text that every database, page and document accepts: no NUL or other control, no lone surrogate,
    lines ended by one line feed.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if not _UNCLEAN.search(lines):
        return lines
    return _SURROGATES.sub("\ufffd", lines.translate(_CONTROLS))


def one_line(text: str, limit: int) -> str:
    """Return cleaned text with every run of white space as one space, of at most `limit` characters."""
    return " ".join(clean(text[: 8 * limit]).split())[:limit]


def _candidates(declared: str, data: bytes) -> tuple[str, ...]:
    try:
        name = codecs.lookup(declared[:_LONGEST_LABEL].strip(" \"'")).name
    except (LookupError, ValueError):
        return ()
    if name in _WESTERN:
        return ()
    if _MANY_BYTES.match(name):
        return () if name.startswith(("utf-16", "utf-32")) and b"\0" not in data else (name,)
    return ("utf-8", name) if _ONE_BYTE.match(name) else ()

"""What does this header say?

Senders write headers in every way but the right one: raw 8-bit text, encoded words cut in the middle of a
letter or put inside quotes (RFC 2047 forbids both), file names in four notations. The standard library
raises on some of them and drops text on others, so each header is read here on its own, bounded in length,
and nothing raises.
"""

import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from email.errors import MessageError
from email.message import Message
from functools import lru_cache

from pqr.mail import charsets, transfer

BROKEN_INPUT = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    MessageError,
)
"""What the standard library's mail package has been seen to raise on hostile or broken input."""

LONGEST_SUBJECT = 998  # one line of RFC 5322 §2.1.1
LONGEST_NAME = 200
_LONGEST_HEADER = 16_000
_MOST_IDS = 100

Headers = Mapping[str, Sequence[str]]
"""Decoded but still encoded-word text of every header, by lower-case name, in the order of the message."""

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?(.*?)\?=", re.IGNORECASE | re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)", re.IGNORECASE)
_MAILBOX = re.compile(r'(?:"(?:[^"\\]|\\.){0,300}"|<[^<>]{0,500}>|\((?:[^()\\]|\\.){0,300}\)|[^,;])+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,300}"(?!@)|\((?:[^()\\]|\\.){0,300}\)')
_ANGLE = re.compile(r"<\s{0,9}([^<>@]{1,200}@[^<>]{1,300})>")
_ADDRESS = re.compile(r"[^\s<>()\[\]:,;@\"]{1,200}@[^\s<>()\[\]:,;@\"]{1,300}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_UNSAFE_IN_NAMES = re.compile('[/\\\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def read_all(message: Message) -> Headers:
    """Return all headers of a part, each folded line joined, 8-bit bytes read as UTF-8 or Windows-1252."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.strip().lower(), []).append(_unfolded(str(value)))
    return found


def first(headers: Headers, name: str) -> str:
    """Return the raw text of the first header of that name, or ""."""
    return headers.get(name, ("",))[0]


def text(value: str, limit: int = LONGEST_SUBJECT) -> str:
    """Return what a person reads: encoded words (RFC 2047) resolved, one line, at most `limit` characters."""
    if "=?" not in value:
        return charsets.one_line(value[:_LONGEST_HEADER], limit)
    words = _BETWEEN_WORDS.sub(r"\1", value[:_LONGEST_HEADER])
    return charsets.one_line("".join(_resolved(words)), limit)


def mailboxes(value: str) -> tuple[tuple[str, str], ...]:
    """Return (name, lower-case address) of each mailbox of From, To and their kin (RFC 5322 §3.4)."""
    return _mailboxes(value[:_LONGEST_HEADER])


@lru_cache(maxsize=64)  # From alone is asked for by four
def _mailboxes(value: str) -> tuple[tuple[str, str], ...]:
    pieces = _MAILBOX.findall(value)
    found = tuple(box for piece in pieces if (box := _mailbox(piece)) is not None)
    if found or "=?" not in value:
        return found
    return mailboxes(text(value, _LONGEST_HEADER).replace("=?", ""))  # all of it was encoded: not allowed, seen


def message_ids(value: str) -> tuple[str, ...]:
    """Return the message ids of a header in its order, each once, with angle brackets; the last ones if too
    many.
    """
    tail = value[-_LONGEST_HEADER:]
    ids = _MESSAGE_ID.findall(tail) or [f"<{bare}>" for bare in _ADDRESS.findall(tail)]
    return tuple(dict.fromkeys(ids))[-_MOST_IDS:]


def parameter(value: str, name: str) -> str:
    """Return a parameter of Content-Type or Content-Disposition, in plain, RFC 2231 or RFC 2047 notation,
    or "".
    """
    return _parameter(value[:_LONGEST_HEADER], name) if ";" in value else ""


@lru_cache(maxsize=256)  # one Content-Type is asked for its name, its charset and its format
def _parameter(value: str, name: str) -> str:
    holder = Message()
    holder["X"] = value
    try:
        found = holder.get_param(name, header="X")
    except BROKEN_INPUT:
        return ""
    if isinstance(found, tuple):
        return charsets.decode(found[2].encode("raw-unicode-escape"), found[0] or "")
    return text(found, _LONGEST_HEADER) if isinstance(found, str) else ""


def file_name(value: str) -> str:
    """Return a file's name without its folder, unsafe characters or more than 200 characters; the ending is
    kept.
    """
    flat = charsets.one_line(value, _LONGEST_HEADER)
    name = _UNSAFE_IN_NAMES.sub("_", re.split(r"[/\\]", flat.rstrip("/\\"))[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(ending) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _unfolded(value: str) -> str:
    if value.isascii() and "\n" not in value and "\r" not in value:
        return charsets.clean(value).strip()
    raw = value.encode("utf-8", "surrogateescape")
    return charsets.clean(re.sub(r"\r?\n(?=[ \t])", "", charsets.decode(raw))).replace("\n", " ").strip()


def _resolved(value: str) -> Iterator[str]:
    """Yield plain and decoded stretches; neighbouring words of one charset are joined as bytes, for some
    senders cut them in the middle of a letter.
    """
    position, pending, charset = 0, b"", ""
    for match in _ENCODED_WORD.finditer(value):
        declared = match[1].partition("*")[0].lower()
        if pending and (match.start() > position or declared != charset):
            yield charsets.decode(pending, charset)
            pending = b""
        yield value[position : match.start()]
        pending, charset, position = pending + _word_bytes(match[2], match[3]), declared, match.end()
    yield charsets.decode(pending, charset)
    yield value[position:]


def _word_bytes(encoding: str, encoded: str) -> bytes:
    raw = encoded.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"\n", b"").replace(b" ", b"_"), header=True)
    return transfer.unbase64(raw)


def _mailbox(piece: str) -> tuple[str, str] | None:
    bare = _QUOTED.sub(" ", piece)
    angle = _ANGLE.findall(bare)
    found = _ADDRESS.findall(angle[-1]) if angle else _ADDRESS.findall(bare)
    if not found:
        return None
    name = piece.rpartition("<")[0] if angle else "".join(re.findall(r"\(([^()]*)\)", piece))
    return text(re.sub(r'["\\]', "", name), LONGEST_NAME), charsets.one_line(found[-1], 320).lower().strip(".")

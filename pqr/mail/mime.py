"""Which parts does this message have?

Bytes become a bounded tree of parts (RFC 2045, 2046), whatever the bytes. What the limits or the standard
library refuse to unfold stays whole: nothing is dropped, and `Part.defects` says what was wrong.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from functools import cached_property

from pqr.mail import headers, transfer
from pqr.mail.headers import BROKEN_INPUT, Headers

MOST_PARTS = 1_000
DEEPEST = 30
_MOST_SEPARATORS = 20_000
_MOST_CONTAINERS = 300
_MOST_BLOCKS = 5_000
_STATUS = re.compile(rb"message/delivery-status", re.IGNORECASE)
_CONTAINER = re.compile(rb"multipart/|message/", re.IGNORECASE)
_LONGEST_WHOLE = 1_000_000
_LONGEST_HEAD = 65_536
_KNOWN_HEADERS = frozenset(
    [
        *("from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "reply-to", "sender"),
        *("content-type", "mime-version", "content-transfer-encoding", "delivered-to", "in-reply-to"),
        *("references", "auto-submitted"),
    ]
)
_BLANK_LINE = re.compile(rb"(?:\r?\n){2}|\r\r")
_STRAY_LINE = re.compile(rb"^(?!From )(?![!-9;-~]+[ \t]*:)[^ \t\r\n]", re.MULTILINE)
_SURE_HEADER = re.compile(
    rb"^(?:From|To|Date|Message-ID|MIME-Version|Content-Type|Received|Reply-To):",
    re.MULTILINE | re.IGNORECASE,
)
_SEPARATOR = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """One part: its media type in lower case, its headers, and either children or content (decoded bytes).

    `preamble` and `epilogue` are the bytes around the children of a multipart; `content` of a
    message/rfc822 is the enclosed message as bytes.
    """

    media_type: str
    headers: Headers
    content: bytes = b""
    children: tuple["Part", ...] = ()
    preamble: bytes = b""
    epilogue: bytes = b""
    defects: tuple[str, ...] = ()

    @cached_property
    def charset(self) -> str:
        """The declared charset, or ""."""
        return headers.parameter(headers.first(self.headers, "content-type"), "charset")

    @cached_property
    def is_attached(self) -> bool:
        """Whether the sender meant a file and not a piece of the letter."""
        disposition = headers.first(self.headers, "content-disposition").lower()
        return disposition.startswith("attachment") or bool(self.name)

    @cached_property
    def name(self) -> str:
        """The file's name as sent, made safe, or ""."""
        disposition = headers.parameter(headers.first(self.headers, "content-disposition"), "filename")
        named = disposition or headers.parameter(headers.first(self.headers, "content-type"), "name")
        return headers.file_name(named)

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, in order; enclosed messages are not entered."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_defects(self) -> tuple[str, ...]:
        """Return what is wrong here and below, each once."""
        return tuple(dict.fromkeys(defect for part in self.walk() for defect in part.defects))


def read(raw: bytes) -> Part:
    """Return the tree of a message; never raises.

    A defect whose name starts with "too-" or "unreadable-" says that the tree does not hold all of the
    message (more than 30 levels or 1,000 parts, or a structure that the standard library refuses).
    """
    data = raw.lstrip(b"\xef\xbb\xbf\r\n")
    if _is_bomb(data):
        return _whole(data, "too-many-parts")
    mended = _with_mended_headers(data)
    try:
        tree = _part(message_from_bytes(mended), depth=0)
    except RecursionError:
        return _whole(data, "too-deep")
    except BROKEN_INPUT:
        return _whole(data, "unreadable-structure")
    if not _KNOWN_HEADERS & tree.headers.keys():
        return Part("text/plain", {}, content=data, defects=("no-headers",))
    excess = ["too-many-parts"] if sum(1 for _ in tree.walk()) > MOST_PARTS else []
    return replace(tree, defects=(*tree.defects, *excess, *(["broken-header-line"] if mended != data else [])))


def _is_bomb(data: bytes) -> bool:
    """Tell from the bytes alone: the standard library would unfold all of it before we could count."""
    containers = sum(1 for _ in _CONTAINER.finditer(data))
    if containers > _MOST_CONTAINERS or data.count(b"\n--") > _MOST_SEPARATORS:
        return True
    blocks = data.count(b"\n\n") + data.count(b"\n\r\n")  # the library makes a message of each block of a status
    return blocks > _MOST_BLOCKS and _STATUS.search(data) is not None


def _with_mended_headers(data: bytes) -> bytes:
    """Indent lines among the headers that are none, a subject broken by its sender's program for instance.

    The standard library would take the first of them for the end of the headers and the sender for text.
    """
    end = _BLANK_LINE.search(data)
    head = data[: end.start()] if end else data
    stray = next((line for line in _STRAY_LINE.finditer(head)), None)
    if stray is None or not _SURE_HEADER.search(head, stray.end()):
        return data
    last = max(found.start() for found in _SURE_HEADER.finditer(head))
    return _STRAY_LINE.sub(rb" \g<0>", head[:last]) + data[last:]


def _whole(data: bytes, defect: str) -> Part:
    """Return the beginning of the message as one text, with the headers that can still be read."""
    end = _BLANK_LINE.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (b"", data)
    try:
        found = headers.read_all(message_from_bytes(head[:_LONGEST_WHOLE] + b"\n\n"))
    except BROKEN_INPUT:
        found = {}
    unlabelled = {name: values for name, values in found.items() if not name.startswith("content-")}
    return Part("text/plain", unlabelled, content=body[:_LONGEST_WHOLE], defects=(defect,))


def only_headers(raw: bytes, defect: str) -> Part:
    """Return the headers that stand in the first 64 KB, and nothing else; never raises."""
    head = raw[:_LONGEST_HEAD].lstrip(b"\xef\xbb\xbf\r\n")
    end = _BLANK_LINE.search(head)
    return replace(_whole(head[: end.end()] if end else head + b"\n\n", defect), content=b"")


def _part(message: Message, depth: int) -> Part:
    found = headers.read_all(message)
    media_type = message.get_content_type().lower()
    if depth > DEEPEST:
        leaves = [leaf for leaf in message.walk() if not leaf.is_multipart()]
        flat = tuple(_leaf(leaf, leaf.get_content_type(), headers.read_all(leaf)) for leaf in leaves)
        return Part(media_type, found, children=flat, defects=("too-deep",))
    if media_type.startswith("multipart/"):
        return _multipart(message, media_type, found, depth)
    if message.is_multipart():
        return Part(media_type, found, content=_enclosed(message, found))
    return _leaf(message, media_type, found)


def _multipart(message: Message, media_type: str, found: Headers, depth: int) -> Part:
    opened, defects = (message, ()) if message.is_multipart() else _reopened(message)
    if opened is None:
        return Part("text/plain", found, content=_body(message), defects=("no-boundary",))
    children = tuple(_part(child, depth + 1) for child in _children(opened))
    before, after = _bytes(opened.preamble), _bytes(opened.epilogue)
    return Part(media_type, found, b"", children, before, after, defects)


def _reopened(message: Message) -> tuple[Message | None, tuple[str, ...]]:
    """Look for the boundary in the body where the header has none, or another one."""
    body = _body(message)
    separator = _SEPARATOR.search(body)
    if separator is None:
        return None, ()
    boundary = separator[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    opened = message_from_bytes(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n' + body)
    return (opened, ("guessed-boundary",)) if opened.is_multipart() else (None, ())


def _leaf(message: Message, media_type: str, found: Headers) -> Part:
    encoding = headers.first(found, "content-transfer-encoding")
    content, defects = transfer.decode(_body(message), encoding)
    return Part(media_type, found, content=content, defects=defects)


def _enclosed(message: Message, found: Headers) -> bytes:
    """Return the bytes of an enclosed message, or of the blocks of a delivery status, with CRLF line ends."""
    blocks = b"\r\n".join(_serialised(child) for child in _children(message))
    in_base64 = headers.first(found, "content-transfer-encoding").lower() == "base64"  # forbidden, and sent
    return transfer.unbase64(blocks) if in_base64 else blocks


def _serialised(message: Message) -> bytes:
    out = io.BytesIO()
    as_received = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(out, mangle_from_=False, policy=as_received).flatten(message)
    return out.getvalue()


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _body(message: Message) -> bytes:
    """Return the bytes of a body as they were sent; get_payload() would put a wrong charset between."""
    payload = vars(message)["_payload"]  # what is not ASCII stands there as surrogates
    if not isinstance(payload, str):
        return b""
    try:
        return payload.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return payload.encode("utf-8", "surrogateescape")


def _bytes(value: str | None) -> bytes:
    return (value or "").encode("utf-8", "surrogateescape")

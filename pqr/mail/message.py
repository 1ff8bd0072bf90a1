"""What does this mail say, who sent it, and what came with it?

Bytes become an `IncomingMail`, whatever the bytes: a part that cannot be read is kept as an attachment, a
message that cannot be unfolded as one text with the whole message attached. It does not say what the mail
means; the intake does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pqr.mail import bodies, charsets, headers, machine_mail, mime
from pqr.mail.headers import Headers
from pqr.mail.mime import Part

_RECIPIENT_HEADERS = (
    *("to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to"),
    *("x-delivered-to", "x-forwarded-to", "x-gm-original-to", "x-rcpt-to", "resent-to", "resent-cc"),
)
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "video/mp4": ".mp4",
}
_STUB_RATIO = 4
_MIME_PREAMBLE = re.compile(r"multi-?part|\bMIME\b", re.IGNORECASE)
_LETTER = bodies.SPOKEN | {"text/x-amp-html", "text/watch-html"}
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail; `name` is never empty and has no folder, `media_type` is as declared."""

    name: str
    media_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass(frozen=True)
class IncomingMail:
    """A mail as far as it could be read; every text is free of NUL and encodes to UTF-8.

    Addresses are in lower case, message ids have their angle brackets, `in_reply_to` is nearest first,
    `automatic` is "" or one of the reasons of `machine_mail.reason`, `defects` are short English names for
    the log and the desk.
    """

    message_id: str
    sender: str
    sender_name: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    in_reply_to: tuple[str, ...]
    text: str
    attachments: tuple[Attachment, ...]
    automatic: str
    defects: tuple[str, ...]
    is_delivery_report: bool


def parse(raw: bytes) -> IncomingMail:
    """Return what the message says; never raises, whatever the bytes."""
    tree = mime.read(raw)
    found = tree.headers
    sender_name, sender = _sender(found)
    return IncomingMail(
        message_id=next(iter(headers.message_ids(headers.first(found, "message-id"))), ""),
        sender=sender,
        sender_name=sender_name,
        reply_to=_first_address(found, "reply-to") or sender,
        recipients=_recipients(found),
        subject=headers.text(headers.first(found, "subject")),
        in_reply_to=_answered_ids(found),
        text=_readable_text(tree),
        attachments=_attachments(tree, raw),
        automatic=machine_mail.reason(tree),
        defects=(*tree.all_defects(), *_oddities(tree)),
        is_delivery_report=machine_mail.is_delivery_report(tree),
    )


def _sender(found: Headers) -> tuple[str, str]:
    for name in ("from", "sender"):
        boxes = headers.mailboxes(headers.first(found, name))
        if boxes:
            return boxes[0]
    return headers.text(headers.first(found, "from"), headers.LONGEST_NAME), ""


def _first_address(found: Headers, name: str) -> str:
    return next((address for _, address in headers.mailboxes(headers.first(found, name))), "")


def _recipients(found: Headers) -> tuple[str, ...]:
    values = [value for name in _RECIPIENT_HEADERS for value in found.get(name, ())]
    return tuple(dict.fromkeys(address for value in values for _, address in headers.mailboxes(value)))


def _answered_ids(found: Headers) -> tuple[str, ...]:
    direct = headers.message_ids(headers.first(found, "in-reply-to"))
    chain = headers.message_ids(" ".join(found.get("references", ())))
    return tuple(dict.fromkeys((*direct, *reversed(chain))))


def _readable_text(tree: Part) -> str:
    """Return the letter; where it has none, whatever text came in another place: better odd than lost."""
    spoken = _joined(_spoken(tree))
    return spoken or _joined(_hidden_text(tree)) or _enclosed_text(tree)


def _joined(texts: Iterator[str]) -> str:
    """Join the pieces, each once: an invitation often comes as a version of the letter and as a file too."""
    return "\n\n".join(dict.fromkeys(text for text in texts if text.strip()))


def _spoken(part: Part) -> Iterator[str]:
    if part.media_type == "multipart/alternative":
        yield _joined(_best_alternative(part))
    elif part.children:
        for child in part.children:
            yield from _spoken(child)
    elif part.media_type == "text/calendar" or (part.media_type in bodies.SPOKEN and not part.is_attached):
        yield bodies.text_of(part)
    yield charsets.decode(part.epilogue).strip("\n")


def _best_alternative(part: Part) -> Iterator[str]:
    """Prefer plain text, unless it is a stub ("your program cannot show this mail") beside a real letter."""
    calendars = [child for child in part.children if child.media_type == "text/calendar"]
    plain = [child for child in part.children if child.media_type == "text/plain"]
    rich = [child for child in part.children if child not in calendars and child not in plain]
    plain_text = _joined(text for child in plain for text in _spoken(child))
    rich_text = _joined(text for child in rich for text in _spoken(child))
    yield rich_text if len(plain_text) * _STUB_RATIO < len(rich_text) else plain_text
    yield from (bodies.text_of(child) for child in calendars)


def _hidden_text(tree: Part) -> Iterator[str]:
    for part in tree.walk():
        if part.media_type in bodies.SPOKEN:
            yield bodies.text_of(part)
        preamble = charsets.decode(part.preamble).strip("\n")
        if not _MIME_PREAMBLE.search(preamble):
            yield preamble


def _enclosed_text(tree: Part) -> str:
    """Return the letter that was forwarded as an attachment, where the mail itself says nothing."""
    for part in tree.walk():
        if part.media_type == "message/rfc822":
            inner = mime.read(part.content)
            subject = headers.text(headers.first(inner.headers, "subject"))
            return _joined(iter((subject, *_spoken(inner))))
    return ""


def _attachments(tree: Part, raw: bytes) -> tuple[Attachment, ...]:
    files = [part for part in islice(_files(tree), mime.MOST_PARTS) if part.content or part.name]
    kept = [_attachment(part, number) for number, part in enumerate(files, start=1)]
    if any(defect.startswith(("too-", "unreadable-")) for defect in tree.all_defects()):
        kept.append(Attachment("mensaje-original.eml", "message/rfc822", raw))
    return tuple(kept)


def _files(part: Part) -> Iterator[Part]:
    """Yield every part that is not a piece of the letter, or another version of it."""
    if part.children:
        for child in part.children:
            yield from _files(child)
    elif part.is_attached or not (part.media_type in _LETTER or part.media_type.startswith("multipart/")):
        yield part


def _attachment(part: Part, number: int) -> Attachment:
    ending = _ENDINGS.get(part.media_type, ".bin")
    return Attachment(part.name or f"adjunto-{number}{ending}", part.media_type, part.content)


def _oddities(tree: Part) -> Iterator[str]:
    kinds = {part.media_type for part in tree.walk()}
    if kinds & _SEALED:
        yield "encrypted"
    if "application/ms-tnef" in kinds:
        yield "winmail-dat"
    if not headers.mailboxes(headers.first(tree.headers, "from")):
        yield "no-sender"

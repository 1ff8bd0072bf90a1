"""What does this mail say, who sent it, and what came with it?

Bytes become an `IncomingMail`, whatever the bytes: a part that cannot be read is kept as an attachment, a
message that cannot be unfolded as one text with the whole message attached. It does not say what the mail
means; the intake does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pqr.mail import armour, bodies, charsets, enclosures, headers, machine_mail, mime, trust
from pqr.mail.attached import Attachment, attachments, original
from pqr.mail.headers import Headers
from pqr.mail.mime import Part

_RECIPIENT_HEADERS = (
    *("to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to"),
    *("x-delivered-to", "x-forwarded-to", "x-gm-original-to", "x-rcpt-to", "resent-to", "resent-cc"),
)
__all__ = ["Attachment", "IncomingMail", "parse", "set_aside"]
LONGEST_TEXT = 300_000
"""Characters, about a hundred pages; of a longer letter the beginning is read, and the whole kept as a file."""
_STUB_RATIO = 4
_MOST_VOUCHERS = 20
_UNSEEN = re.compile(rb"<(?![^<>]{0,500}https?:)[^<>]*>|[ \t\r\n]{2,}")
_NO_LETTER = re.compile(r"\W+")
_MIME_PREAMBLE = re.compile(r"multi-?part|\bMIME\b", re.IGNORECASE)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


TOO_COSTLY = "too-costly"  # the defect of a message that was not read whole: see `intake.bounded`


@dataclass(frozen=True)
class IncomingMail:
    """A mail as far as it could be read; every text is free of NUL and encodes to UTF-8.

    Addresses are in lower case, message ids have their angle brackets, `in_reply_to` is nearest first,
    `automatic` is "" or one of the reasons of `machine_mail.reason`, `defects` are short English names for
    the log and the desk. `vouchers`: the values of Authentication-Results, topmost first. `is_spam`: a filter
    on the way said so.
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
    vouchers: tuple[str, ...] = ()
    is_spam: bool = False


def parse(raw: bytes) -> IncomingMail:
    """Return what the message says; never raises, whatever the bytes."""
    tree = mime.read(raw)
    opened = enclosures.opened(tree)
    whole = _readable_text(opened)
    text = whole if len(whole) <= LONGEST_TEXT else whole[:LONGEST_TEXT].rpartition("\n")[0] or whole[:LONGEST_TEXT]
    known = tree.all_defects()
    is_cut = text != whole and not any(defect.startswith("too-") for defect in known)
    defects = (*known, *(("too-long",) if is_cut else ()), *_oddities(opened, text))
    return _mail(tree, text, attachments(opened, raw, defects, bool(text.strip())), defects)


def set_aside(raw: bytes, defect: str) -> IncomingMail:
    """Return only what the headers say, with the message itself as a file; for what must not be unfolded."""
    return _mail(mime.only_headers(raw, defect), "", (original(raw),), (defect,))


def _mail(tree: Part, text: str, files: tuple[Attachment, ...], defects: tuple[str, ...]) -> IncomingMail:
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
        text=text,
        attachments=files,
        automatic=machine_mail.reason(tree),
        defects=defects,
        is_delivery_report=machine_mail.is_delivery_report(tree),
        vouchers=tuple(found.get("authentication-results", ()))[:_MOST_VOUCHERS],
        is_spam=trust.says_spam(found),
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
    spoken = _with_winmail_letters(tree, _joined(_spoken(tree)))
    return spoken or _joined(_hidden_text(tree)) or _enclosed_text(tree)


def _with_winmail_letters(tree: Part, spoken: str) -> str:
    """Outlook puts the letter into its winmail.dat once more; it is shown where the mail itself lacks its words."""
    for part in tree.walk():
        if part.media_type == enclosures.WINMAIL:
            letter = bodies.text_of(part.children[1])
            known = _NO_LETTER.sub("", letter) in _NO_LETTER.sub("", spoken)
            spoken = spoken if known else f"{spoken}\n\n{letter}".strip("\n")
    return spoken


def _joined(texts: Iterator[str]) -> str:
    """Join the pieces, each once: an invitation often comes as a version of the letter and as a file too."""
    return "\n\n".join(dict.fromkeys(text for text in texts if text.strip()))


def _spoken(part: Part) -> Iterator[str]:
    if part.media_type == enclosures.WINMAIL:
        return
    if part.media_type == "multipart/alternative":
        yield _joined(_best_alternative(part))
    elif part.children:
        for child in part.children:
            yield from _spoken(child)
    elif part.media_type == "text/calendar" or (part.media_type in bodies.SPOKEN and not part.is_attached):
        yield bodies.text_of(part)
    if part.epilogue:
        yield charsets.decode(part.epilogue).strip("\n")


def _best_alternative(part: Part) -> Iterator[str]:
    """Prefer plain text, unless it is a stub ("your program cannot show this mail") beside a real letter."""
    calendars = [child for child in part.children if child.media_type == "text/calendar"]
    plain = [child for child in part.children if child.media_type == "text/plain"]
    rich = [child for child in part.children if child not in calendars and child not in plain]
    plain_text = _joined(text for child in plain for text in _spoken(child))
    enough = len(plain_text) * _STUB_RATIO
    if plain_text.strip() and sum(map(_longest_shown, rich)) <= enough:
        yield plain_text
    else:
        rich_text = _joined(text for child in rich for text in _spoken(child))
        yield rich_text if enough < len(rich_text) else plain_text
    yield from (bodies.text_of(child) for child in calendars)


def _longest_shown(part: Part) -> int:
    """Return how long the text of a page may be at most, nearly: rendering it takes longer than all the rest."""
    letters = [leaf.content for leaf in part.walk() if not leaf.children and leaf.media_type in bodies.SPOKEN]
    return sum(len(_UNSEEN.sub(b"", content)) for content in letters)


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


def _oddities(tree: Part, text: str) -> Iterator[str]:
    kinds = {part.media_type for part in tree.walk()}
    if kinds & _SEALED or armour.is_encrypted(text):
        yield "encrypted"
    if any(enclosures.is_winmail(part) for part in tree.walk()) and enclosures.WINMAIL not in kinds:
        yield "winmail-dat"
    if not headers.mailboxes(headers.first(tree.headers, "from")):
        yield "no-sender"

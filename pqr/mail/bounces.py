"""What became of a letter that a mail server writes about?

Reads delivery status notifications (RFC 3464 in a multipart/report, RFC 6522) as Postfix, Exchange, Gmail
and Exim send them, and the older notices of Exim and qmail. It does not find our letter; whoever asks knows
its Message-ID.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pqr.mail import charsets, headers, machine_mail, mime
from pqr.mail.mime import Part

_LONGEST_DIAGNOSTIC = 500
_LONGEST_REPORT = 300_000  # bytes; what it says of the letter comes before the letter that it returns (RFC 3464 §2)
_FULL = "5.2.2"
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_MESSAGE_ID = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_QMAIL = re.compile(r"^<([^<>\s@]+@[^<>\s]+)>:\n(.+(?:\n.+)*)", re.MULTILINE)
_TEMPORARY = re.compile(r"\bwarning\b|\bdelayed\b|retras", re.IGNORECASE)

Fields = Mapping[str, str]


@dataclass(frozen=True)
class DeliveryReport:
    """What the report says of one recipient: of the first that failed, else of the first.

    `failed`: the server has given up (`Action: failed`); a delayed letter has not failed yet. `status` is the
    enhanced code of RFC 3463 ("5.1.1") or "". `original_message_id` has its angle brackets, or is "" where the
    report does not tell.
    """

    failed: bool
    recipient: str
    status: str
    diagnostic: str
    original_message_id: str

    @property
    def is_temporary(self) -> bool:
        """Say whether the same letter may arrive another day: the far side was down or busy, or the mailbox is full."""
        return self.status.startswith("4.") or self.status == _FULL


def read_report(raw: bytes) -> DeliveryReport | None:
    """Return what a delivery report says, or None for any other mail; never raises. A long one is read in part."""
    tree = mime.read(raw[:_LONGEST_REPORT])
    if not machine_mail.is_delivery_report(tree):
        return None
    told = [fields for part in tree.walk() for fields in _recipient_blocks(part)]
    if told:
        return _report(next((fields for fields in told if _has_failed(fields)), told[0]), tree)
    return _old_notice(tree)


def _recipient_blocks(part: Part) -> Iterator[Fields]:
    if part.media_type not in ("message/delivery-status", "message/global-delivery-status"):
        return
    for block in re.split(r"\n[ \t]*\n", charsets.decode(part.content)):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
        if "action" in fields or "final-recipient" in fields:
            yield fields


def _report(fields: Fields, tree: Part) -> DeliveryReport:
    diagnostic = fields.get("diagnostic-code", "")
    status = _STATUS.search(fields.get("status", "")) or _STATUS.search(diagnostic)
    return DeliveryReport(
        failed=_has_failed(fields),
        recipient=_typed(fields, "original-recipient") or _typed(fields, "final-recipient"),
        status=status[1] if status else "",
        diagnostic=re.sub(r"^[\w-]+\s*;\s*", "", diagnostic)[:_LONGEST_DIAGNOSTIC],
        original_message_id=_original_message_id(tree),
    )


def _has_failed(fields: Fields) -> bool:
    return fields.get("action", "").lower().startswith("failed")


def _typed(fields: Fields, name: str) -> str:
    """Return the address of a field like "rfc822; x@y" (RFC 3464 §2.3.1), in lower case, or ""."""
    boxes = headers.mailboxes(fields.get(name, "").partition(";")[2])
    return boxes[0][1] if boxes else ""


def _original_message_id(tree: Part) -> str:
    enclosed = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
    for part in tree.walk():
        found = _MESSAGE_ID.search(charsets.decode(part.content)) if part.media_type in enclosed else None
        if found:
            return found[1]
    answered = ("x-original-message-id", "in-reply-to", "references")
    ids = [message_id for name in answered for message_id in headers.message_ids(headers.first(tree.headers, name))]
    return ids[0] if ids else ""


def _old_notice(tree: Part) -> DeliveryReport:
    """Read Exim's X-Failed-Recipients and qmail's text; both are only sent when the server has given up."""
    letters = [part for part in tree.walk() if not part.children]
    text = "\n\n".join(charsets.decode(part.content, part.charset) for part in letters)
    notice = _QMAIL.search(text)
    named = headers.mailboxes(headers.first(tree.headers, "x-failed-recipients"))
    status = _STATUS.search(text)
    original = _MESSAGE_ID.search(text)
    subject = headers.text(headers.first(tree.headers, "subject"))
    return DeliveryReport(
        failed=bool(named or notice) and not _TEMPORARY.search(subject),
        recipient=named[0][1] if named else notice[1].lower() if notice else "",
        status=status[1] if status else "",
        diagnostic=" ".join(notice[2].split())[:_LONGEST_DIAGNOSTIC] if notice else "",
        original_message_id=original[1] if original else _original_message_id(tree),
    )

"""Which files came with this mail?

Every part that is not a piece of the letter. Pictures that the letter itself shows are marked: the logos of
signatures come with every mail, and nobody filed them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

from pqr.mail import bodies, headers, mime
from pqr.mail.mime import Part

LARGEST_LOGO = 50_000
"""Bytes; a photograph pasted into a letter is larger, and is evidence."""

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
_LETTER = bodies.SPOKEN | {"text/x-amp-html", "text/watch-html"}
_SHOWN = re.compile(rb"""cid:([^"'\s<>)]{1,300})""", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail; `name` is never empty and has no folder, `media_type` is as declared.

    `inline`: a picture that the letter's page shows where it belongs (RFC 2392), not a file that somebody attached.
    """

    name: str
    media_type: str
    content: bytes
    inline: bool = False

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def is_logo(self) -> bool:
        """Whether it only decorates the letter: a small picture shown in it."""
        return self.inline and self.size <= LARGEST_LOGO


def attachments(tree: Part, raw: bytes, defects: Sequence[str], says_something: bool) -> tuple[Attachment, ...]:
    """Return the files of the mail, and the mail itself where its defects say that it is not all laid open.

    `says_something`: the letter has words. Where it has none its pictures are what it says, and none is inline.
    """
    shown = frozenset(_shown(tree)) if says_something else frozenset()
    files = [part for part in islice(_files(tree), mime.MOST_PARTS) if part.content or part.name]
    kept = [_attachment(part, number, shown) for number, part in enumerate(files, start=1)]
    if any(defect.startswith(("too-", "unreadable-")) for defect in defects):
        kept.append(original(raw))
    return tuple(kept)


def original(raw: bytes) -> Attachment:
    """Return the message itself as a file."""
    return Attachment("mensaje-original.eml", "message/rfc822", raw)


def _shown(tree: Part) -> Iterator[bytes]:
    for part in tree.walk():
        if part.media_type == "text/html":
            yield from (unquote_to_bytes(name) for name in _SHOWN.findall(part.content))


def _files(part: Part) -> Iterator[Part]:
    """Yield every part that is not a piece of the letter, or another version of it."""
    if part.children:
        for child in part.children:
            yield from _files(child)
    elif part.is_attached or not (part.media_type in _LETTER or part.media_type.startswith("multipart/")):
        yield part


def _attachment(part: Part, number: int, shown: frozenset[bytes]) -> Attachment:
    ending = _ENDINGS.get(part.media_type, ".bin")
    content_id = headers.first(part.headers, "content-id").strip(" <>").encode("utf-8", "replace")
    inline = part.media_type.startswith("image/") and content_id in shown
    return Attachment(part.name or f"adjunto-{number}{ending}", part.media_type, part.content, inline)

"""What does this text part say?

Plain text with flowed lines (RFC 3676), HTML, and calendar invitations (RFC 5545), each as the text a
person reads.
"""

import re

from pqr.mail import armour, charsets, headers, markup
from pqr.mail.mime import Part

SPOKEN = frozenset({"text/plain", "text/html", "text/markdown", "text/enriched", "text/richtext"})
_QUOTE_DEPTH = re.compile(r">*")
_CALENDAR_LABELS = {
    "SUMMARY": "Invitación",
    "DTSTART": "Comienza",
    "DTEND": "Termina",
    "LOCATION": "Lugar",
    "DESCRIPTION": "Descripción",
}
_CALENDAR_LINE = re.compile(r"^([A-Z-]+)(?:;[^:\n]*)?:(.*)$", re.MULTILINE)
_CALENDAR_ESCAPE = re.compile(r"\\([nN,;\\])")


def text_of(part: Part) -> str:
    """Return the text of a text part, cleaned, without blank lines around it; never raises."""
    decoded = charsets.decode(part.content, part.charset)
    if part.media_type in ("text/html", "text/enriched", "text/richtext"):
        return markup.to_text(decoded)
    if part.media_type == "text/calendar":
        return _invitation(decoded)
    content_type = headers.first(part.headers, "content-type")
    if headers.parameter(content_type, "format").lower() == "flowed":
        decoded = _unflowed(decoded, headers.parameter(content_type, "delsp").lower() == "yes")
    return armour.opened(decoded.replace("\xa0", " ").strip("\n"))


def _unflowed(text: str, delete_space: bool) -> str:
    """Join the lines that the mail client broke (RFC 3676 §4.2): those that end in a space, at one quote
    depth.
    """
    joined: list[tuple[str, str]] = []
    open_line = False
    for line in text.split("\n"):
        depth = _QUOTE_DEPTH.match(line)[0]  # type: ignore[index]
        words = line[len(depth) :].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if flows and delete_space:
            words = words[:-1]
        if open_line and joined[-1][0] == depth and words != "-- ":
            joined[-1] = (depth, joined[-1][1] + words)
        else:
            joined.append((depth, words))
        open_line = flows
    return "\n".join(f"{depth} {words}" if depth and words else depth or words for depth, words in joined)


def _invitation(source: str) -> str:
    """Return what an invitation is about, one line a field; the source itself when it has none of these
    fields.
    """
    event = source.partition("BEGIN:VEVENT")[2] or source
    unfolded = re.sub(r"\n[ \t]", "", event.partition("END:VEVENT")[0])
    fields: dict[str, str] = dict(reversed(_CALENDAR_LINE.findall(unfolded)))
    lines = [f"{label}: {_readable(fields[name])}" for name, label in _CALENDAR_LABELS.items() if fields.get(name)]
    return "\n".join(lines) or source.strip("\n")


def _readable(value: str) -> str:
    moment = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?", value.strip())
    if moment is None:
        return _CALENDAR_ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
    day = f"{moment[1]}-{moment[2]}-{moment[3]}"
    clock = f" {moment[4]}:{moment[5]}" if moment[4] else ""
    return f"{day}{clock}{' (hora UTC)' if moment[6] else ''}"

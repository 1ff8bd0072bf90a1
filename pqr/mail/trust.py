"""Does the server that received this mail vouch for it?  What it wrote into the headers, and nothing else. Pure.

Anybody can write such headers. `Authentication-Results` (RFC 8601) counts only under the name of the server that
receives our mail (`PQR_MAIL_AUTHSERV_ID`), the topmost first: that one was put on last. A spam verdict is believed
whoever wrote it, since it only brings the message before a person.
"""

import re
from collections.abc import Iterable

from pqr.mail import headers
from pqr.mail.headers import Headers

_COMMENT = re.compile(r'\((?:[^()\\]|\\.){0,300}\)|"((?:[^"\\]|\\.){0,300})"')
_NAME = re.compile(r"\s*([^\s;]{1,250})")
_DMARC = re.compile(r";\s*dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_YES = re.compile(r"\s*yes\b", re.IGNORECASE)
_MICROSOFT_SPAM = re.compile(r"(?:^|;)\s*SFV:\s*(?:SPM|SKB|SKS)\b", re.IGNORECASE)
_LOWEST_SPAM_LEVEL = 5  # Exchange's SCL: 5 and 6 are spam, 7 to 9 surely spam


def fails_dmarc(results: Iterable[str], authserv_id: str) -> bool:
    """Say whether our own receiving server found that the author's domain disowns the message (RFC 7489).

    `results`: the values of Authentication-Results, topmost first. False where it found nothing, or no server is ours.
    """
    return bool(authserv_id) and _dmarc(results, authserv_id.lower()) == "fail"


def names_of_servers(results: Iterable[str]) -> tuple[str, ...]:
    """Return the authserv-ids of the values, topmost first."""
    found = (_NAME.match(_bare(value)) for value in results)
    return tuple(match[1].lower() for match in found if match)


def says_spam(found: Headers) -> bool:
    """Say whether a filter on the way held the message for spam: SpamAssassin, Rspamd, Exchange."""
    flags = [value for name in ("x-spam-flag", "x-spam-status", "x-spam") for value in found.get(name, ())]
    if any(_YES.match(value) for value in flags):
        return True
    level = headers.first(found, "x-ms-exchange-organization-scl").strip()
    if level.isascii() and level.isdigit() and int(level[:3]) >= _LOWEST_SPAM_LEVEL:
        return True
    return _MICROSOFT_SPAM.search(headers.first(found, "x-forefront-antispam-report")) is not None


def _dmarc(results: Iterable[str], authserv_id: str) -> str:
    for value in results:
        told = _bare(value)
        name = _NAME.match(told)
        verdict = _DMARC.search(told) if name and name[1].lower() == authserv_id else None
        if verdict:
            return verdict[1].lower()
    return ""


def _bare(value: str) -> str:
    """Return the value without comments, and quoted strings as they read, so that neither can hide a result."""
    shown = value[:16_000]
    for _ in range(3):  # comments nest; who nests deeper has something to hide, and is read as it stands
        shown = _COMMENT.sub(lambda match: (match[1] or " ").replace(";", " "), shown)
    return shown

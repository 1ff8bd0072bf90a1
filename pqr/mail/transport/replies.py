"""What does a mail server's answer mean for the letter?  Refused for good, or to be tried again later.

RFC 5321 §4.2.1 and RFC 3463. A refusal of the recipient or of the content is for good. A refusal of us (password,
relaying, sender, policy) is for our administrator to mend: no letter may be given up for it at once.
"""

import re
from enum import StrEnum

from pqr.mail.dead_addresses import says_unknown

CLOSING = 421
OUR_CODES = frozenset((500, 501, 502, 503, 504, 530, 534, 535, 538, 555))
OUR_STATUSES = ("5.5.", "5.1.7", "5.1.8", "5.3.5")
POLICY = "5.7."
OUR_WORDS = re.compile(
    r"\brelay|authenticat|not permitted|not allowed|access denied|sender|\bspf\b|\bdkim\b|dmarc|black ?list|block ?list"
    r"|blocked|\bspam|polic|reputation|helo|client host|rate limit",
    re.IGNORECASE,
)
OF_THE_LETTER = ("5.3.4", "5.2.3", "5.6.")  # too large, or an alphabet that the server does not know
_STATUS = re.compile(r"\A\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Stage(StrEnum):
    """What the server was asked for when it answered."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


class Refused(Exception):
    """The far side will never take this letter; the text is its answer."""


class Delayed(Exception):
    """The letter could not leave now; the text says why."""


def said(code: int, words: bytes | str) -> str:
    """A reply in one line: `550 5.1.1 no such user`."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:500]


def status_of(reply: str) -> str:
    """The enhanced code (RFC 3463) of a reply in one line, "" where it has none."""
    match = _STATUS.match(reply[3:])
    return match[1] if match else ""


def judge(stage: Stage, code: int, words: bytes | str) -> Refused | Delayed:
    """What a reply other than success means for the letter."""
    reply = said(code, words)
    for_good = code >= 500 and not _is_our_fault(stage, code, reply)
    return Refused(reply) if for_good else Delayed(reply)


def _is_our_fault(stage: Stage, code: int, reply: str) -> bool:
    status = status_of(reply)
    if stage in (Stage.CONNECT, Stage.MAIL):
        return stage == Stage.CONNECT or not (status.startswith(OF_THE_LETTER) or code == 552)
    if status:
        return status.startswith(OUR_STATUSES) or (status.startswith(POLICY) and not says_unknown(reply))
    return code in OUR_CODES or (OUR_WORDS.search(reply) is not None and not says_unknown(reply))

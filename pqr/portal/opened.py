"""How did this form come to be filled in?  A signed note of when it was opened, and how often the same was sent.

A form without the note, or with one that nobody signed, is filed all the same (see `tickets.suspicion`).
"""

from contextlib import suppress
from datetime import datetime

from flask import current_app, g
from flask_limiter import RateLimitExceeded
from itsdangerous import BadSignature, URLSafeSerializer

from pqr.door import limiter, visitor
from pqr.portal.forms import FilingForm
from pqr.sealing import alias
from pqr.tickets.suspicion import Arrival, doubts

SAME_TEXT = "20/hour"  # of one text from one source: a whole vereda may send the same paper from one computer


def note(now: datetime) -> str:
    """What the form carries from its opening on."""
    return str(_signer().dumps(int(now.timestamp())))


def doubts_about(form: FilingForm, now: datetime) -> tuple[str, ...]:
    """The signs of a program, if there are enough of them."""
    words = f"{form.subject.data or ''}\n{form.description.data or ''}"
    trapped, seconds = bool(form.website.data), _seconds(form.opened.data or "", now)
    return doubts(Arrival(words, trapped, seconds, is_repeated(words, visitor())))


def _seconds(signed: str, now: datetime) -> float | None:
    with suppress(BadSignature):
        return now.timestamp() - float(_signer().loads(signed))
    return None


def is_repeated(words: str, source: str) -> bool:
    """Counted under an alias of both: the counters know neither who wrote nor what."""
    g.said = alias(f"{source} {' '.join(words.split())}")
    try:
        with limiter.shared_limit(SAME_TEXT, scope="same_text", key_func=lambda: str(g.said)):
            return False
    except RateLimitExceeded:
        return True


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"][::-1], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="pqr-opened")

"""The empty form: the same for all but for its tokens, so it is made once for what the settings say, and then copied.

Making it is a third of what a filing costs. Another version of the settings (see `settled`) and another day make it
anew.
"""

import secrets
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from pqr import clock
from pqr.db import db
from pqr.portal import opened
from pqr.settled import version
from pqr.terms.calendar import BOGOTA

KEY_BYTES = 24
_KEPT = "pqr_blank_form"
_MARKS = ("\0csrf\0", "\0key\0", "\0opened\0")
Key = tuple[str, date, str]


@dataclass(frozen=True)
class Tokens:
    """What differs from one form to the next: against forgery, against sending twice, and since when it is open."""

    csrf: str
    filing_key: str
    opened: str

    @classmethod
    def fresh(cls) -> "Tokens":
        """Those of this visitor's form."""
        return cls(generate_csrf(), secrets.token_urlsafe(KEY_BYTES), opened.note(clock.now()))


def page(tokens: Tokens, make: Callable[[], str]) -> str:
    """The form with these tokens; `make` renders it with them where it is not kept. Without a database nothing is."""
    key = _key()
    kept: dict[Key, str] = current_app.extensions.setdefault(_KEPT, {})
    if key is not None and key in kept:
        return _replaced(kept[key], _MARKS, astuple(tokens))
    made = make()
    if key is not None and key == _key():  # nothing changed while it was made, and the database was there
        kept.clear()
        kept[key] = _replaced(made, astuple(tokens), _MARKS)
    return made


def _key() -> Key | None:
    try:
        now = version(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return None
    return None if now is None else (now, clock.now().astimezone(BOGOTA).date(), request.script_root)


def _replaced(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    for old, new in zip(before, after, strict=True):
        text = text.replace(old, new)
    return text

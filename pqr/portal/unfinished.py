"""How does somebody go on after the page was closed?  What a named person typed waits an hour, sealed.

Of who hides, wholly or in part, nothing waits: the next to use a shared telephone would read it. Sensitive answers
do not wait either.
"""

import json
from typing import Any

from flask import request, session
from werkzeug.datastructures import MultiDict

from pqr.config import Office
from pqr.portal.choices import PROFILE
from pqr.portal.forms import FilingForm
from pqr.portal.held import FIELD
from pqr.tickets import files
from pqr.tickets.models import Identity

WAITING = "draft"
LEFT_OUT = {*PROFILE, "condition", "accept_sensitive", "csrf_token", "review", "change", "website"}


def leave(form: FilingForm, office: Office) -> None:
    """Keeps what was typed for an hour; forgets what this browser had left before."""
    forget()
    if form.identity.data != Identity.NAMED:
        return
    typed = {name: values for name, values in request.form.lists() if name not in (*LEFT_OUT, FIELD)}
    typed[FIELD] = [each.note for each in form.held]
    session[WAITING] = files.hold(json.dumps(typed).encode(), office)


def is_waiting() -> bool:
    """Whether this browser left something; it may have been forgotten meanwhile."""
    return WAITING in session


def left(office: Office) -> "MultiDict[str, Any] | None":
    """What this browser left, as a form would send it; None when its hour is over."""
    kept = files.read_held(session[WAITING], office) if is_waiting() else None
    return MultiDict(json.loads(kept)) if kept else None


def forget() -> None:
    """Nothing waits any more."""
    session.pop(WAITING, None)

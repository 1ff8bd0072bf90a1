"""How do files come before the form?  One call of the script, so that their progress is seen; they are held.

Without a script they come with the form. See `held` for what happens to them.
"""

from flask import jsonify, request
from flask_limiter import RateLimitExceeded
from flask_wtf import FlaskForm
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from wtforms import MultipleFileField

from pqr.db import reading
from pqr.door import limiter, office
from pqr.portal import portal
from pqr.portal.held import hold_all
from pqr.portal.uploads import LARGEST_READ, what_cannot_be_taken
from pqr.tickets.scanner import InfectedFile

LIMIT = "120/hour"  # per address
EMPTY = "Llegó sin contenido: {}. Escójalo otra vez."


class BringingForm(FlaskForm):  # type: ignore[misc]
    """Files, and the token of the form that they are for."""

    attachments = MultipleFileField()


@portal.post("/radicar/archivos")
def bring() -> tuple[Response, int]:
    """JSON: `held`, a note and a label of each file; `trouble`, why one is not, in Spanish."""
    request.max_content_length = LARGEST_READ
    form = BringingForm()
    try:
        with limiter.limit(LIMIT):
            if not form.validate():
                return jsonify(held=[], trouble=""), 403
            return _hold(form)
    except (RateLimitExceeded, SQLAlchemyError, BaseError, OSError):
        return jsonify(held=[], trouble=""), 503  # they will come with the form


def _hold(form: BringingForm) -> tuple[Response, int]:
    trouble = what_cannot_be_taken(form.attachments.data)
    if trouble:
        return jsonify(held=[], trouble=trouble), 422
    with reading() as session:
        here = office(session)
    try:
        held, empty = hold_all(form.attachments.data, here, bare=False)
    except InfectedFile as refusal:
        return jsonify(held=[], trouble=str(refusal)), 422
    notes = [{"note": each.note, "label": each.label} for each in held]
    return jsonify(held=notes, trouble=EMPTY.format(", ".join(empty)) if empty else ""), 200

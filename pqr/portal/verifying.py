"""Is this paper ours?  Whoever holds a letter sees its number, date, state and digest, never content nor names.

A wrong code learns only that no such document exists. A file that is compared is read and forgotten.
"""

import hashlib

from flask import redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField
from wtforms.validators import Length

from pqr.db import db
from pqr.door import limiter
from pqr.mail.outbox import Letter
from pqr.portal import portal
from pqr.portal.cleaning import clean_line
from pqr.portal.looking_up import TOO_MANY, Page
from pqr.tickets.issuing import Document, by_code, by_digest

LIMIT = "30/minute"  # per address, over every way of asking
UNKNOWN = "No existe un documento con ese código. Revíselo: está al pie de la carta."
ALIEN = "Ningún documento expedido tiene la huella de ese archivo. Pudo cambiar, o no ser la carta en PDF que recibió."
NOTHING = "Escriba el código o escoja el archivo en PDF."


class VerifyForm(FlaskForm):  # type: ignore[misc]
    """A code, a file, or both."""

    code = StringField("Código del documento", filters=[clean_line], validators=[Length(max=40, message=UNKNOWN)])
    pdf = FileField("La carta en PDF")


@portal.route("/verificar", methods=["GET", "POST"])
def verify() -> Page:
    """The form; a code leads to its document, a file is compared here and now."""
    form = VerifyForm()
    if request.method != "POST":
        return _show(form)
    try:
        with limiter.shared_limit(LIMIT, scope="documents"):
            return _compare(form)
    except RateLimitExceeded:
        return _show(form, 429, trouble=TOO_MANY)


@portal.get("/verificar/<code>")
def verify_code(code: str) -> Page:
    """The document that a code or its QR leads to."""
    form = VerifyForm(code=code[:40])
    try:
        with limiter.shared_limit(LIMIT, scope="documents"):
            document = by_code(db.session(), code)
    except RateLimitExceeded:
        return _show(form, 429, trouble=TOO_MANY)
    if document is None:
        form.code.errors = [UNKNOWN]
        return _show(form, 404)
    return _show(form, document=document)


def _compare(form: VerifyForm) -> Page:
    if not form.validate_on_submit():
        return _show(form, 422)
    code, digest = form.code.data or "", _digest(form.pdf.data)
    if not code and not digest:
        form.code.errors = [NOTHING]
        return _show(form, 422)
    if not digest:
        return redirect(url_for("portal.verify_code", code=code), 303)
    document = by_code(db.session(), code) if code else by_digest(db.session(), digest)
    if document is None:
        (form.code if code else form.pdf).errors = [UNKNOWN if code else ALIEN]
        return _show(form, 422)
    return _show(form, document=document, same=document.sha256 == digest)


def _digest(file: FileStorage | None) -> str:
    """SHA-256 of the file; "" where none was chosen."""
    return hashlib.sha256(file.stream.read()).hexdigest() if file and file.filename else ""


def _show(
    form: VerifyForm,
    status: int = 200,
    *,
    document: Document | None = None,
    same: bool | None = None,
    trouble: str = "",
) -> tuple[str, int]:
    """The page. `same`: whether the file that was chosen is that document; None where none was."""
    letter = db.session().get(Letter, document.letter_id) if document and document.letter_id else None
    sent_at = letter.sent_at if letter else None
    page = render_template(
        "portal/verify.html", form=form, document=document, same=same, sent_at=sent_at, trouble=trouble
    )
    return page, status

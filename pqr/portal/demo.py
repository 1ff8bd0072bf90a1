"""How does a newcomer walk the whole loop?  Letters that would leave are read here, and answered from here.

Only registered in the demonstration. A reply goes through the real SMTP door, so what it does is what a mail
program would do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from obstore.exceptions import BaseError
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from pqr.db import db
from pqr.door import office, settings
from pqr.mail.addresses import service_address
from pqr.mail.outbox import Letter, LetterState
from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with
from pqr.portal.postbox import Note, NotTaken, Way, send, ways_to_reply
from pqr.secretarias.models import Secretaria
from pqr.tickets import files

demo = Blueprint("demo", __name__, url_prefix="/demo")
IN_A_BOX = 100
ON_THE_LIST = 5
STATES = {
    LetterState.QUEUED: "Por salir",
    LetterState.SENT: "Entregada",
    LetterState.FAILED: "No salió",
    LetterState.BOUNCED: "Devuelta",
    LetterState.DISMISSED: "Descartada",
}
# The letter's own page: nothing in it runs, loads or leads out of its frame.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

Page = tuple[str, int] | Response


@dataclass(frozen=True)
class Mailbox:
    """One address, whose it is ("" for a citizen's), how many letters it has, and the newest."""

    address: str
    owner: str
    count: int
    newest: Sequence[Letter]


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """A reply to a letter."""

    subject = StringField(
        "Asunto", filters=[clean_line], validators=[DataRequired("Escriba el asunto."), Length(max=250)]
    )
    text = TextAreaField("Mensaje", filters=[clean_text], validators=[DataRequired("Escriba el mensaje.")])


class NewForm(ReplyForm):
    """A mail out of the blue, as any citizen would write it."""

    sender = StringField(
        "De", filters=[clean_address], validators=[DataRequired("Escriba el correo de quien escribe.")]
    )

    def validate_sender(self, field: StringField) -> None:
        """It only has to look like an address: nothing leaves."""
        problem = what_is_wrong_with(field.data or "")
        if problem:
            raise ValidationError(problem)


@demo.get("/correo")
def mailboxes() -> str:
    """Every mailbox with its newest letters, or all letters of one."""
    chosen = request.args.get("buzon", "")
    boxes = _mailboxes(db.session(), chosen)
    return render_template(
        "demo/mailboxes.html",
        chosen=chosen,
        citizens=[box for box in boxes if not box.owner],
        offices=[box for box in boxes if box.owner],
        states=STATES,
    )


@demo.route("/correo/nuevo", methods=["GET", "POST"])
def new_mail() -> Page:
    """Writes to the service as any citizen."""
    form = NewForm(sender="vecina@correo.example")
    service = service_address(settings().mail_domain)
    if request.method != "POST":
        return _show_new(form, service, 200)
    if not form.validate():
        return _show_new(form, service, 422)
    note = Note(form.sender.data or "", service, form.subject.data or "", form.text.data or "")
    return _try(note) or _show_new(form, service, 503)


@demo.route("/correo/<int:letter_id>", methods=["GET", "POST"])
def letter(letter_id: int) -> Page:
    """Reads a letter and replies to it as whoever received it. `via`: which of the ways that it offers."""
    found = _letter(letter_id)
    ways = ways_to_reply(found, service_address(settings().mail_domain))
    via = min(request.args.get("via", 0, type=int) % 100, len(ways) - 1)
    form = ReplyForm(subject=ways[via].subject, text=ways[via].text)
    if request.method != "POST":
        return _show_letter(found, ways, via, form), 200
    if not form.validate():
        return _show_letter(found, ways, via, form), 422
    note = Note(found.recipient, ways[via].to, form.subject.data or "", form.text.data or "", found)
    return _try(note) or (_show_letter(found, ways, via, form), 503)


@demo.get("/correo/<int:letter_id>/diseno")
def as_html(letter_id: int) -> Response:
    """The letter as a mail program would draw it, shut in by its own policy."""
    headers = {"Content-Security-Policy": LETTER_POLICY}
    return Response(_letter(letter_id).html, headers=headers, mimetype="text/html")


@demo.get("/correo/<int:letter_id>/adjunto/<int:number>")
def enclosure(letter_id: int, number: int) -> Response:
    """One of the letter's files, counted from 1."""
    rows = _letter(letter_id).files
    if not 1 <= number <= len(rows):
        abort(404)
    row = rows[number - 1]
    try:
        content = files.read(row["sha256"], office(db.session()))
    except (BaseError, OSError):
        abort(503)
    return send_file(BytesIO(content), mimetype=row["media_type"], as_attachment=True, download_name=row["name"])


def _letter(letter_id: int) -> Letter:
    found = db.session.get(Letter, letter_id)
    if found is None:
        abort(404)
    return found


def _mailboxes(session: Session, chosen: str) -> list[Mailbox]:
    owners = {
        address: secretaria.name
        for secretaria in session.scalars(select(Secretaria))
        for address in secretaria.addresses
    }
    boxes: dict[str, list[int]] = {}  # gathered here: of a sealed address, the database makes a box for each letter
    for number, address in session.execute(select(Letter.id, Letter.recipient).order_by(Letter.id.desc())):
        if chosen in ("", address):
            boxes.setdefault(str(address), []).append(number)
    limit = IN_A_BOX if chosen else ON_THE_LIST
    return [
        Mailbox(address, owners.get(address.lower(), ""), len(numbers), _newest(session, numbers[:limit]))
        for address, numbers in islice(boxes.items(), IN_A_BOX)
    ]


def _newest(session: Session, numbers: Sequence[int]) -> Sequence[Letter]:
    return session.scalars(select(Letter).where(Letter.id.in_(numbers)).order_by(Letter.id.desc())).all()


def _try(note: Note) -> Response | None:
    """Sends, and leads back to the mailboxes; None, with the reason on the page, when it was not taken."""
    try:
        send(note, settings())
    except NotTaken as error:
        flash(str(error), "not_taken")
        return None
    flash(f"Enviado de {note.sender} a {note.to}. En unos segundos verá aquí lo que el servicio contesta.", "sent")
    return redirect(url_for("demo.mailboxes"), 303)


def _show_new(form: NewForm, service: str, status: int) -> tuple[str, int]:
    return render_template("demo/new.html", form=form, service=service), status


def _show_letter(found: Letter, ways: list[Way], via: int, form: ReplyForm) -> str:
    state = STATES[LetterState(found.state)]
    return render_template("demo/letter.html", letter=found, ways=ways, via=via, form=form, state=state)

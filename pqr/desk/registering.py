"""How is a petition registered that came by hand?  Counter, telephone, paper, box: the same act as on the web.

A verbal petition is noted as such, with who received it (law: Decreto 1166 de 2016; D.1069/2015 art. 2.2.3.12.3).
"""

import hashlib
import json
import secrets
from datetime import datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.alike import already_asked, read_alike
from pqr.desk.noting import Note, add_note
from pqr.desk.register_form import VERBAL, RegisterForm
from pqr.desk.uploads import keep_all
from pqr.desk.wording import CHANNELS, STATES
from pqr.door import nudge, office
from pqr.mail.letters import instant
from pqr.secretarias.directory import active_topics
from pqr.terms.kinds import TicketKind
from pqr.tickets.events import history
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.letters import code_of
from pqr.tickets.models import Channel, Identity, Ticket
from pqr.tickets.persons import latest_of_document
from pqr.tickets.states import OPEN
from pqr.tickets.suspensions import explanation


@desk.route("/atencion/nueva", methods=["GET", "POST"])
@needs(Right.TRIAGE)
def register() -> Response | tuple[str, int]:
    """The form, and its filing."""
    form = _form()
    if "buscar" in request.form:
        known = _fill_in(form)
        before = already_asked(db.session(), form.document_number.data or "", officer()) if known else ()
        return render_template(
            "desk/register.html", form=form, known=known, asked=True, before=before, states=STATES
        ), 200
    if not (form.validate_on_submit() and keep_all(form, office(db.session()))):
        return render_template("desk/register.html", form=form), 422 if form.errors else 200
    with transaction() as session:
        ticket = _file(session, form, office(session), form.now)
    nudge()
    return redirect(url_for("desk.registered", radicado=ticket.radicado), 303)


@desk.get("/atencion/radicado/<radicado>/registrada")
@needs(Right.TRIAGE)
def registered(radicado: str) -> str:
    """What the person takes home: number, date, code, and the receipt to print."""
    here = office(db.session())
    ticket = find_ticket(db.session(), radicado, Right.TRIAGE)
    return render_template(
        "desk/registered.html",
        ticket=ticket,
        code=code_of(ticket, here),
        explanation=explanation(db.session(), ticket, here),
        likely=read_alike(db.session(), ticket, officer()).likely,
        states=STATES,
        open_states=OPEN,
    )


def _form() -> RegisterForm:
    form = RegisterForm()
    form.now = clock.now()
    topics = active_topics(db.session())
    form.topic.choices = {"": "Que lo proponga el sistema", **{str(each.id): each.name for each in topics}}
    form.filing_key.data = form.filing_key.data or secrets.token_urlsafe(24)
    form.received_by.data = form.received_by.data if form.is_submitted() else officer().email
    return form


def _fill_in(form: RegisterForm) -> bool:
    """Whether somebody with this document is known; then the form holds what they said of themselves the last time."""
    person = latest_of_document(db.session(), form.document_number.data or "")
    if person is None or form.identity.data == Identity.ANONYMOUS:
        return False
    form.petitioner_type.data = person.kind
    for name in ("name", "document_type", "email", "phone", "address", "municipality"):
        form[name].data = getattr(person, name) or form[name].data
    return True


def _file(session: Session, form: RegisterForm, here: Office, now: datetime) -> Ticket:
    ticket = file_ticket(session, _draft(form), here, now)
    if "registered" not in {event.kind for event in history(session, ticket.id)}:  # a second click has its note
        verbal = form.channel.data in VERBAL
        note = Note(ticket, "registered", _note(form), officer().actor, {"verbal": verbal, "late": form.is_late})
        add_note(session, note, now)
    return ticket


def _note(form: RegisterForm) -> str:
    verbal = "Petición verbal" if form.channel.data in VERBAL else "Petición escrita"
    lines = [f"{verbal}. {CHANNELS[Channel(form.channel.data)]}: la recibió {form.received_by.data}."]
    if form.is_late:
        lines.append(f"Llegó el {instant(form.received_at)} y se registró después: {form.late_reason.data}")
    return "\n".join(lines)


def _draft(form: RegisterForm) -> Draft:
    return Draft(
        kind=TicketKind(form.kind.data),
        subject=form.subject.data or "",
        body=form.description.data or "",
        channel=Channel(form.channel.data),
        received_at=form.received_at,
        identity=Identity(form.identity.data),
        petitioner=_petitioner(form),
        topic_id=int(form.topic.data) if form.topic.data else None,
        place=form.place.data or "",
        priority=_priority(form),
        files=form.kept,
        profile=form.profile if form.identity.data != Identity.ANONYMOUS else None,
        filing_key=_filing_key(form),
        author=officer().actor,
        lacking=form.lacking.data or "",
    )


def _filing_key(form: RegisterForm) -> str:
    """What makes a double click file once; another petition typed over the same page is another one."""
    typed = [str(field.data) for field in form if field.name not in ("csrf_token", "attachments")]
    return hashlib.sha256(json.dumps([typed, *(file.sha256 for file in form.kept)]).encode()).hexdigest()


def _priority(form: RegisterForm) -> tuple[str, ...]:
    """The flags marked, and a child's own turn (DL 19 de 2012, art. 12)."""
    flags = list(form.priority.data or ())
    if form.petitioner_type.data == "menor" and form.identity.data != Identity.ANONYMOUS and "nna" not in flags:
        flags.append("nna")
    return tuple(flags)


def _petitioner(form: RegisterForm) -> PetitionerData:
    return PetitionerData(
        name=form.name.data or "",
        email=form.email.data or "",
        kind=form.petitioner_type.data,
        document_type=form.document_type.data,
        document_number=form.document_number.data or "",
        answer_by=form.answer_by.data,
        phone=form.phone.data or "",
        address=form.address.data or "",
        municipality=form.municipality.data or "",
        accepts_electronic_notification=form.accept_electronic_notification.data,
        accepted_notice=form.accept_notice.data,
    )

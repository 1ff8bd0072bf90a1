"""What waits for a person?  Mails that could not be placed, shown as text, each with its few possible fates.

Beside them what was set aside, with the way back.
"""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.mail_forms import (
    FATE_FORMS,
    AddForm,
    AnswerByMailForm,
    ContributeByMailForm,
    DiscardForm,
    FileMailForm,
    ReopenForm,
)
from pqr.desk.uploads import download
from pqr.desk.wording import VERDICTS
from pqr.door import nudge, office, settings
from pqr.errors import PqrError
from pqr.intake.apart import set_aside
from pqr.intake.attending import Attendance, Fate, attend, reopen
from pqr.intake.bounded import parse_bounded
from pqr.intake.kind import kind_by_words
from pqr.intake.process import prepare
from pqr.intake.work import Prepared
from pqr.mail import quoting
from pqr.mail.inbox import APART, InboxMail, waiting_for_a_person
from pqr.mail.message import IncomingMail
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets.contributions import pending_of
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.radicado import find_radicado
from pqr.tickets.scanner import InfectedFile, refuse_infected

Forms = FileMailForm | AddForm | AnswerByMailForm | DiscardForm
DONE = {
    Fate.NEW_TICKET: "Radicada: la persona recibe su acuse por correo.",
    Fate.ADD: "Agregado al caso.",
    Fate.ANSWER: "Registrado como respuesta de la dependencia.",
    Fate.CONTRIBUTE: "Registrado como aporte: ya lo tiene quien responde el caso.",
    Fate.DISCARD: "Mensaje descartado. Se conserva el original, en Apartados.",
}
# What the reading of mail calls a machine (`mail.machine_mail`), where it stands in a reason.
MACHINES = {
    " (auto-replied)": "",
    "(auto-generated)": "(lo escribió un programa)",
    "(bulk)": "(va a muchas personas a la vez)",
    "(delivery-report)": "(aviso de entrega)",
}
EXPIRED = "La página estuvo abierta mucho tiempo. Oprima el botón otra vez."


@desk.get("/atencion/correo")
@needs(Right.TRIAGE)
def mails() -> str:
    """The mails that nobody has dealt with, oldest first; or, by `?vista=ignorados`, those set aside, latest first."""
    if request.args.get("vista") != "ignorados":
        waiting = waiting_for_a_person(db.session())
        return render_template("desk/mails.html", mails=waiting, masked=_masked(db.session(), waiting))
    after = request.args.get("despues", "")
    page = set_aside(db.session(), after)
    return render_template("desk/mails_apart.html", page=page, first=not after, says=VERDICTS)


@desk.get("/atencion/correo/<int:mail_id>")
@needs(Right.TRIAGE)
def mail(mail_id: int) -> str:
    """One of them."""
    return _show(_find(db.session(), mail_id))


@desk.post("/atencion/correo/<int:mail_id>/<any(radicar, agregar, responder, aportar, descartar):fate>")
@needs(Right.TRIAGE)
def attend_mail(mail_id: int, fate: str) -> Response | tuple[str, int]:
    """Does with the mail what was decided."""
    row, chosen = _find(db.session(), mail_id), Fate(fate)
    form = FATE_FORMS[chosen]()
    if not form.validate_on_submit():
        return _show(row, {chosen: form}), 422
    prepared = prepare(row.raw, office(db.session()))
    try:
        with transaction() as session:
            now = clock.now()
            locked = _find(session, mail_id, lock=True)
            decided = _decision(session, locked, prepared, form)
            ticket = attend(session, decided, office(session), now)
    except PqrError as refusal:
        db.session.rollback()
        return _show(_find(db.session(), mail_id), {chosen: form}, str(refusal)), 409
    nudge()
    flash(DONE[chosen], "success")
    there = url_for("desk.case", radicado=ticket.radicado) if ticket else url_for("desk.mails")
    return redirect(there, 303)


@desk.post("/atencion/correo/<int:mail_id>/recuperar")
@needs(Right.TRIAGE)
def reopen_mail(mail_id: int) -> Response | tuple[str, int]:
    """Puts one that was set aside among those that wait."""
    row = _find(db.session(), mail_id)
    if not ReopenForm().validate_on_submit():
        return _show(row, refusal=EXPIRED), 422
    try:
        with transaction() as session:
            reopen(session, _find(session, mail_id, lock=True), officer().actor, clock.now())
    except PqrError as refusal:
        db.session.rollback()
        return _show(_find(db.session(), mail_id), refusal=str(refusal)), 409
    flash("El mensaje está por leer. Decida ahora qué hacer con él.", "success")
    return redirect(url_for("desk.mail", mail_id=mail_id), 303)


@desk.get("/atencion/correo/<int:mail_id>/original.eml")
@needs(Right.TRIAGE)
def original(mail_id: int) -> Response:
    """The message as it arrived, to the byte; never that of a case whose petitioner keeps the name: its head tells."""
    row = _find(db.session(), mail_id)
    if _masked(db.session(), [row]):
        abort(404)
    return download(row.raw, f"correo-{mail_id}.eml", "message/rfc822")


@desk.get("/atencion/correo/<int:mail_id>/adjunto/<int:position>")
@needs(Right.TRIAGE)
def enclosed(mail_id: int, position: int) -> Response | tuple[str, int]:
    """A file of the message; the first is 1. One that carries a virus stays in the message."""
    row = _find(db.session(), mail_id)
    files = parse_bounded(row.raw).attachments
    if not 1 <= position <= len(files):
        abort(404)
    file = files[position - 1]
    try:
        refuse_infected([(file.name, file.content)], settings().clamd_url)
    except InfectedFile as refusal:
        return _show(row, refusal=f"{refusal} No se entrega; queda en el mensaje original."), 403
    return download(file.content, file.name, file.media_type)


@desk.app_template_filter()
def in_words(reason: str, hidden: str = "") -> str:
    """Why a mail is where it is, without the program's own words. `hidden`: an address that must not be read."""
    for code, words in {**MACHINES, **({hidden: "quien escribe"} if hidden else {})}.items():
        reason = reason.replace(code, words)
    return reason


def _find(session: Session, mail_id: int, *, lock: bool = False) -> InboxMail:
    """The mail; 404 for an unknown one and for one of a person who asked for reserve."""
    row = session.get(InboxMail, mail_id, with_for_update=lock)
    if row is None:
        abort(404)
    if row.closed_at is not None or row.verdict != "needs_human":
        ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
        if ticket is not None and ticket.identity != Identity.NAMED:
            abort(404)
    g.ticket_id = row.ticket_id
    return row


def _masked(session: Session, mails: Sequence[InboxMail]) -> frozenset[int]:
    """Which of these mails are about a case whose petitioner does not show the name, and so hide their sender."""
    about = {mail.ticket_id for mail in mails if mail.ticket_id is not None}
    hides = set(session.scalars(select(Ticket.id).where(Ticket.id.in_(about), Ticket.identity != Identity.NAMED)))
    return frozenset(mail.id for mail in mails if mail.ticket_id in hides)


def _show(row: InboxMail, typed: dict[Fate, Forms] | None = None, refusal: str = "") -> str:
    parsed = parse_bounded(row.raw)
    about = db.session.get(Ticket, row.ticket_id) if row.ticket_id else None
    return render_template(
        "desk/mail.html",
        row=row,
        mail=parsed,
        masked=about is not None and about.identity != Identity.NAMED,
        reply=quoting.split(parsed.text),
        verdict=VERDICTS.get(row.verdict, row.verdict),
        waits=row.verdict == "needs_human" and row.closed_at is None,
        apart=ReopenForm() if row.verdict in APART else None,
        about=about,
        forms={**_fresh(parsed, about), **(typed or {})},
        refusal=refusal,
        likely=_likely(parsed, about),
    )


def _fresh(parsed: IncomingMail, about: Ticket | None) -> dict[Fate, Forms]:
    """The forms with what the message itself suggests."""
    radicado = about.radicado if about else find_radicado(f"{parsed.subject} {parsed.text}") or ""
    file_form, add, answer = (
        FileMailForm(formdata=None),
        AddForm(formdata=None),
        AnswerByMailForm(formdata=None),
    )
    file_form.kind.data = kind_by_words(parsed.subject, parsed.text).value
    if about is None or about.identity == Identity.NAMED:
        file_form.name.data, file_form.email.data = parsed.sender_name, parsed.reply_to or parsed.sender
    add.radicado.data = answer.radicado.data = radicado
    forms: dict[Fate, Forms] = {Fate.NEW_TICKET: file_form, Fate.ADD: add, Fate.ANSWER: answer}
    if about is not None and pending_of(db.session(), about):
        forms[Fate.CONTRIBUTE] = ContributeByMailForm(formdata=None, radicado=radicado)
    return {**forms, Fate.DISCARD: DiscardForm(formdata=None)}


def _likely(parsed: IncomingMail, about: Ticket | None) -> Fate:
    """The form that stands open."""
    if about is None:
        return Fate.NEW_TICKET
    today = clock.now().astimezone(BOGOTA).date()
    offices = about.secretaria.addresses_on(today) if about.secretaria else frozenset()
    if any(parsed.sender in each.secretaria.addresses_on(today) for each in pending_of(db.session(), about)):
        return Fate.CONTRIBUTE
    return Fate.ANSWER if parsed.sender in offices else Fate.ADD


def _decision(session: Session, row: InboxMail, prepared: Prepared, form: Forms) -> Attendance:
    actor = officer().actor
    if isinstance(form, FileMailForm):
        person = PetitionerData(name=form.name.data or "", email=form.email.data or "")
        kind = TicketKind(form.kind.data)
        return Attendance(row, prepared, Fate.NEW_TICKET, actor, kind=kind, petitioner=person)
    if isinstance(form, DiscardForm):
        return Attendance(row, prepared, Fate.DISCARD, actor, reason=form.reason.data or "")
    fate = next(each for each, kind in FATE_FORMS.items() if type(form) is kind)
    ticket = find_ticket(session, form.radicado.data or "", Right.TRIAGE, lock=True)
    return Attendance(row, prepared, fate, actor, ticket=ticket)

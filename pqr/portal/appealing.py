"""How does the person present an appeal, or insist, and open what was decided on it?  On the case's own page."""

from flask import flash, redirect, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy.orm import Session

from pqr import clock
from pqr.db import db, transaction
from pqr.door import limiter, nudge, office
from pqr.errors import ActNotAllowed
from pqr.portal import portal
from pqr.portal.adding import LIMIT, TOO_MANY, Page
from pqr.portal.appeal_form import AppealForm
from pqr.portal.case import ask_for_code, show_case, visible_ticket
from pqr.portal.forms import OpenDecisionForm
from pqr.portal.uploads import Uploads, keep_all
from pqr.tickets.accepting import Acceptance, accept_electronic
from pqr.tickets.appealing import Appeal, note_told, present
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.merging import hold
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.scanner import InfectedFile


@portal.post("/radicado/<radicado>/recurso")
def appeal(radicado: str) -> Page:
    """Received now, with its reasons."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    form = AppealForm(prefix="recurso")
    try:
        with limiter.limit(LIMIT):
            return _receive(form, ticket)
    except RateLimitExceeded:
        form.text.errors = [TOO_MANY]
        return show_case(ticket, appealing=form), 429


def _receive(form: AppealForm, ticket: Ticket) -> Page:
    if not form.validate():
        return show_case(ticket, appealing=form), 422
    here = office(db.session())
    try:
        uploads = keep_all(form.attachments.data, here, bare=ticket.identity != Identity.NAMED)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} Envíelo sin él, o con una copia sana."]
        return show_case(ticket, appealing=form), 422
    radicado, ticket_id = ticket.radicado, ticket.id
    db.session.rollback()  # the page is read anew, with what is written below
    try:
        with transaction() as session:
            _present(session, hold(session, ticket_id), form, uploads)
    except ActNotAllowed as refusal:
        flash(str(refusal), "sent")
        return redirect(url_for("portal.case", radicado=radicado), 303)
    nudge()
    flash("Recibido: quedó con la fecha y la hora de hoy. Mire abajo qué sigue.", "sent")
    return redirect(url_for("portal.case", radicado=radicado), 303)


def _present(session: Session, ticket: Ticket, form: AppealForm, uploads: Uploads) -> None:
    here, now = office(session), clock.now()
    message = add_message(session, FollowUp(ticket, form.text.data or "", "citizen", tuple(uploads.kept)), here, now)
    present(session, Appeal(ticket, message, now, "citizen", bool(form.higher.data)), here, now)


@portal.post("/radicado/<radicado>/abrir-recurso")
def open_appeal(radicado: str) -> Page:
    """Notifies whoever has the code of what was decided on it, at this instant (CPACA arts. 56 and 67)."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    if not OpenDecisionForm().validate_on_submit():
        return show_case(ticket), 422
    now, ticket_id = clock.now(), ticket.id
    db.session.rollback()
    try:
        with transaction() as session:
            held = hold(session, ticket_id)
            note_told(session, held, "electronic", "citizen", now)
            if held.petitioner is not None and not held.petitioner.accepts_electronic_notification:
                accept_electronic(session, Acceptance(held, True, "citizen"), now)
    except ActNotAllowed:
        pass  # a second window was faster
    return redirect(url_for("portal.case", radicado=radicado), 303)

"""How does somebody add to their case without mail?  Number and code are enough: also for who is anonymous.

The same act as for mail and telephone. What is sent twice in a row is added once.
"""

from flask import flash, redirect, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy import select
from werkzeug.wrappers import Response

from pqr import clock
from pqr.db import db, reading, transaction
from pqr.door import limiter, nudge, office
from pqr.portal import portal
from pqr.portal.case import ask_for_code, show_case, visible_ticket
from pqr.portal.forms import AddingForm
from pqr.portal.uploads import Uploads, keep_all
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Identity, Message, Ticket
from pqr.tickets.scanner import InfectedFile

LIMIT = "30/hour"
TOO_MANY = "Desde esta conexión se ha enviado mucho en la última hora. Su texto sigue aquí: espere unos minutos."
Page = tuple[str, int] | Response


@portal.post("/radicado/<radicado>/mensaje")
def add(radicado: str) -> Page:
    """Adds what was written to the case that this visitor may see."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    form = AddingForm()
    try:
        with limiter.limit(LIMIT):
            return _receive(form, ticket)
    except RateLimitExceeded:
        form.text.errors = [TOO_MANY]
        return show_case(ticket, adding=form), 429


def _receive(form: AddingForm, ticket: Ticket) -> Page:
    if not form.validate():
        return show_case(ticket, adding=form), 422
    with reading() as session:
        here = office(session)
    try:
        uploads = keep_all(form.attachments.data, here, bare=ticket.identity != Identity.NAMED)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} Envíelo sin él, o con una copia sana."]
        return show_case(ticket, adding=form), 422
    number = ticket.radicado
    db.session.rollback()  # the page is read anew, with what is written below
    _add(number, form.text.data or "", uploads)
    nudge()
    flash(number, "added")
    return redirect(url_for("portal.case", radicado=number, _anchor="agregado"), 303)


def _add(radicado: str, text: str, uploads: Uploads) -> None:
    with transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.radicado == radicado).with_for_update(of=Ticket)).one()
        newest = session.scalars(
            select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id.desc()).limit(1)
        ).one_or_none()
        if newest is None or (newest.author, newest.text) != ("citizen", text) or uploads.kept:
            follow_up = FollowUp(ticket, text, "citizen", tuple(uploads.kept))
            add_message(session, follow_up, office(session), clock.now())

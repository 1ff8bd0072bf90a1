"""How does the person send what their petition lacks?  On the case's own page; whoever asked for it looks at it."""

from flask import flash, redirect, request, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy import select
from werkzeug.wrappers import Response

from pqr import clock
from pqr.db import db, transaction
from pqr.door import limiter, nudge, office
from pqr.portal import portal
from pqr.portal.case import ask_for_code, show_case, visible_ticket
from pqr.portal.forms import CompleteForm
from pqr.portal.uploads import LARGEST_READ, keep_all
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.scanner import InfectedFile
from pqr.tickets.states import State

LIMIT = "30/hour"  # per address
TOO_MANY = "Se han enviado muchos mensajes desde esta conexión. Su texto sigue aquí: espere unos minutos y envíelo."


@portal.post("/radicado/<radicado>/completar")
def complete(radicado: str) -> tuple[str, int] | Response:
    """Adds it to the case and tells whoever asked."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    if ticket.state != State.AWAITING_PETITIONER:
        flash("Su caso ya no espera nada de usted: mire aquí en qué va.", "sent")
        return redirect(url_for("portal.case", radicado=ticket.radicado), 303)
    request.max_content_length = LARGEST_READ
    form = CompleteForm()
    try:
        with limiter.limit(LIMIT):
            return _receive(ticket, form)
    except RateLimitExceeded:
        form.text.errors = [TOO_MANY]
        return show_case(ticket, form), 429


def _receive(ticket: Ticket, form: CompleteForm) -> tuple[str, int] | Response:
    if not form.validate():
        return show_case(ticket, form), 422
    here = office(db.session())
    try:
        uploads = keep_all(form.attachments.data, here, bare=ticket.identity != Identity.NAMED)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} Envíe una copia sana, o tráigalo a la oficina con su número."]
        return show_case(ticket, form), 422
    radicado = ticket.radicado
    db.session.rollback()  # the page is read anew, with what is written below
    with transaction() as session:
        locked = session.scalars(select(Ticket).where(Ticket.radicado == radicado).with_for_update(of=Ticket)).one()
        follow_up = FollowUp(locked, form.text.data or "", "citizen", tuple(uploads.kept))
        add_message(session, follow_up, here, clock.now())
    nudge()
    flash("Recibimos lo que envió. La persona que lo pidió lo va a mirar y le contamos aquí en qué va.", "sent")
    for name in uploads.empty:
        flash(name, "empty_file")
    return redirect(url_for("portal.case", radicado=radicado), 303)

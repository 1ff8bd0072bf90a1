"""How does a person end their case, ask for more time, or say that the answer does not answer?  On the case's page."""

from flask import abort, flash, redirect, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy import select
from werkzeug.wrappers import Response

from pqr import clock
from pqr.db import db, transaction
from pqr.door import limiter, nudge, office
from pqr.errors import ActNotAllowed
from pqr.portal import portal
from pqr.portal.case import WISHES, ask_for_code, show_case, visible_ticket
from pqr.portal.forms import WishForm
from pqr.portal.looking_up import Page
from pqr.tickets.models import Ticket
from pqr.tickets.wishing import Wish, Wished, make_wish

LIMIT = "30/hour"  # per address
TOO_MANY = "Desde esta conexión se ha enviado mucho en la última hora. Su texto sigue aquí: espere unos minutos."
DONE = {
    Wish.WITHDRAW: "Recibimos su desistimiento. Un funcionario cierra el caso, o le dice por qué debe seguir.",
    Wish.MORE_TIME: "Listo: tiene un mes más. Aquí está la nueva fecha.",
    Wish.CONTEST: "Recibimos lo que le falta a la respuesta. Queda en su caso y lo lee quien respondió.",
}


@portal.post("/radicado/<radicado>/pedir/<path>")
def wish(radicado: str, path: str) -> Page | Response:
    """One of `WISHES`."""
    wanted, label = WISHES.get(path) or abort(404)
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    form = WishForm.of(path, label)
    try:
        with limiter.limit(LIMIT):
            accepted = form.validate()
    except RateLimitExceeded:
        form.text.errors = [TOO_MANY]
        return show_case(ticket, wishing=form), 429
    if not accepted:
        return show_case(ticket, wishing=form), 422
    number = ticket.radicado
    db.session.rollback()  # the page is read anew, with what is written below
    try:
        with transaction() as session:
            locked = session.scalars(select(Ticket).where(Ticket.radicado == number).with_for_update(of=Ticket)).one()
            make_wish(session, Wished(locked, wanted, form.text.data or ""), office(session), clock.now())
    except ActNotAllowed as refusal:
        flash(str(refusal), "sent")
    else:
        nudge()
        flash(DONE[wanted], "sent")
    return redirect(url_for("portal.case", radicado=number), 303)

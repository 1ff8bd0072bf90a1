"""Who else has this case open?  Said on its page, and asked again by the page while it stays open."""

from flask import Response, jsonify
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.tickets.models import Ticket
from pqr.tickets.presence import look, others_looking


@desk.get("/atencion/radicado/<radicado>/presencia")
@needs(Right.READ)
def presence(radicado: str) -> Response:
    """The sentence that the page shows, empty where nobody else is there."""
    session = db.session()
    ticket = find_ticket(session, radicado)
    say_present(ticket)
    return jsonify(others=others_here(session, ticket))


def say_present(ticket: Ticket) -> None:
    """The reader has the case open."""
    with transaction() as session:
        look(session, ticket.id, officer().id, clock.now())


def others_here(session: Session, ticket: Ticket) -> str:
    """The colleagues who have it open, in a sentence."""
    names = others_looking(session, ticket.id, officer().id, clock.now())
    if not names:
        return ""
    *first, last = names
    who = f"{', '.join(first)} y {last}" if first else last
    return f"{who} {'también están' if first else 'también está'} viendo este caso."

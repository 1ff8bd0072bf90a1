"""How does a person open a decision that must be notified?  With a button, since programs follow links.

The page says what opening it means. Who had not accepted the electronic notification accepts it with that same
button (CPACA art. 56); the instant is the moment of effect (art. 67 num. 1).
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from pqr import clock
from pqr.db import db, transaction
from pqr.door import nudge, office
from pqr.portal import portal
from pqr.portal.case import ask_for_code, show_case, visible_ticket
from pqr.portal.forms import OpenDecisionForm
from pqr.portal.looking_up import Page
from pqr.tickets.accepting import Acceptance, accept_electronic
from pqr.tickets.communicating import communicate
from pqr.tickets.merging import hold
from pqr.tickets.opening import note_opening
from pqr.tickets.states import State


@portal.post("/radicado/<radicado>/abrir")
def open_decision(radicado: str) -> Page | Response:
    """Notifies whoever has the code, at this instant."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    form = OpenDecisionForm()
    if not form.validate_on_submit():
        return show_case(ticket, form), 422
    here, now = office(db.session()), clock.now()
    ticket_id = ticket.id
    db.session.rollback()
    with transaction() as session:
        held = hold(session, ticket_id)
        if held.state == State.ANSWERED and held.answer is not None:
            if held.petitioner is not None and not held.petitioner.accepts_electronic_notification:
                accept_electronic(session, Acceptance(held, True, "citizen"), now)
            note_opening(session, held, "citizen", now)
            communicate(session, held, "electronic", "citizen", here, now)
    nudge()
    return redirect(url_for("portal.case", radicado=radicado), 303)

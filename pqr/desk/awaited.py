"""What does a clock that stands still wait for, and which act may be decreed once nobody came?"""

from flask import render_template
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.desk import case_forms
from pqr.desk.situation import Situation
from pqr.desk.waiting import CAUSES, waiting
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.terms.deadlines import amount
from pqr.tickets.states import Outcome
from pqr.tickets.suspensions import read_clock


def told(session: Session, situation: Situation, here: Office) -> dict[str, object]:
    """What the clock waits for, in words, where it stands still; else until when something may be asked for."""
    asked, ticket = situation.asked, situation.ticket
    rule = completing(ticket.kind)
    if asked is None:
        return {
            "awaited": None,
            "ask_until": read_clock(session, ticket, here).ask_until(),
            "rule": rule,
            "amount": amount,
        }
    return {
        "awaited": asked,
        "cause": CAUSES[Cause(asked.cause)],
        "asked_for": next((each.text for each in ticket.messages if each.id == asked.message_id), ""),
        "waits": waiting(asked, ticket.due_on, situation.today),
    }


def proposed(situation: Situation) -> dict[str, str]:
    """The acts that may be decreed now, written out to be changed."""
    asked, ticket = situation.asked, situation.ticket
    if asked is None:
        return {}
    values = {
        "ticket": ticket,
        "requested_on": asked.requested_at.astimezone(BOGOTA).date(),
        "words": next((each.text for each in ticket.messages if each.id == asked.message_id), ""),
        "last_day": asked.last_day,
        "extended": asked.extended_until is not None,
        "rule": completing(ticket.kind),
    }
    acts = {"tacit": Outcome.WITHDRAWN_TACIT, "archive": Outcome.ARCHIVED_UNCLEAR}
    names = [name for name in acts if name in case_forms.admitted(situation)]
    return {name: render_template(f"desk/acts/{acts[name]}.txt", **values) for name in names}

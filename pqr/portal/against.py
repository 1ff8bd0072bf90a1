"""What may the person present against a decision, and what became of it?  The block of the case's page."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.portal.appeal_form import AppealForm
from pqr.portal.forms import OpenDecisionForm
from pqr.terms.appealing import NAMES, TERM_OF, Remedy, appeal_until
from pqr.terms.calendar import BOGOTA
from pqr.tickets.appealing import APPEAL, RESULTS, Result
from pqr.tickets.appeals import Presented, presented, remedy_of
from pqr.tickets.documents import TO_PETITIONER
from pqr.tickets.duties import pending_duty
from pqr.tickets.events import Event
from pqr.tickets.issuing import Document
from pqr.tickets.models import Ticket
from pqr.tickets.states import State


def against(
    session: Session, ticket: Ticket, events: Sequence[Event], today: date, here: Office, form: AppealForm | None
) -> dict[str, object]:
    """The block's values. `form`: what was just refused."""
    filed = presented(events)
    if filed is None:
        return {"appeal": None, "lies": _lies(ticket, today, here, form), "appealing": form}
    duty, person = pending_duty(session, ticket, APPEAL), ticket.petitioner
    return {
        "appeal": filed,
        "appeal_name": NAMES[filed.remedy],
        "appeal_due": duty.due_on if duty else None,
        "appeal_result": RESULTS[Result(filed.decision["result"])] if filed.decision and filed.told else "",
        "appeal_form": OpenDecisionForm(formdata=None) if filed.waits_to_be_told else None,
        "accepts": person is not None and person.accepts_electronic_notification,
        "lies": None,
        "appealing": None,
    }


def may_be_read(document: Document, filed: Presented | None) -> bool:
    """Whether this letter may be read on the page: the decision of an appeal, once it was opened."""
    if document.kind != "appeal_decision":
        return document.kind in TO_PETITIONER
    if filed is None or filed.told or filed.decision is None:
        return True
    return bool(filed.decision["radicado"] != document.radicado)


def _lies(ticket: Ticket, today: date, here: Office, form: AppealForm | None) -> dict[str, object] | None:
    """What may still be presented in time; late, or before the decision was opened, nothing is offered."""
    remedy = remedy_of(ticket)
    if remedy is None or ticket.state == State.ANSWERED:
        return None
    told = ticket.communicated_at
    until = appeal_until(remedy, told.astimezone(BOGOTA).date(), here.calendar) if told else None
    if until is not None and today > until and form is None:
        return None
    return {
        "name": NAMES[remedy],
        "until": until,
        "source": TERM_OF[remedy].source,
        "insists": remedy is Remedy.INSISTENCE,
        "appeals": remedy is Remedy.REPOSICION,
        "form": form or AppealForm(formdata=None, prefix="recurso"),
    }

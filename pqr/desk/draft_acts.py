"""How is a draft kept?  By a button, or by the page itself every few seconds; for who wrote it and nobody else."""

from flask import abort, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import case_forms, desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.case import Refusal, show
from pqr.desk.case_acts import Answered
from pqr.desk.case_kinds import KINDS
from pqr.desk.contribution_forms import ContributeForm
from pqr.desk.forms import LONGEST_TEXT, StaffForm
from pqr.desk.urgency import short_instant
from pqr.portal.cleaning import clean_text
from pqr.tickets.contributions import pending_of
from pqr.tickets.models import Ticket
from pqr.tickets.unsent import Place, drop, keep

JSON = "application/json"


class DraftForm(StaffForm):
    """The words of any of the page's forms."""

    text = TextAreaField("Texto", [Length(max=LONGEST_TEXT)], filters=[clean_text])


@desk.post("/atencion/radicado/<radicado>/borrador/<any(answer, contribute, message, note):kind>")
@needs(Right.READ)
def save_draft(radicado: str, kind: str) -> Answered:
    """Keeps what was typed, or drops it by the button `descartar`. A script is told when; a person sees the page."""
    ticket, form = find_ticket(db.session(), radicado, KINDS[kind].right), DraftForm()
    by_script = request.accept_mimetypes.best == JSON
    if not form.validate_on_submit():
        return abort(422) if by_script else _again(ticket, kind)
    place, text, now = Place(officer().id, ticket.id, kind), form.text.data or "", clock.now()
    dropped = "descartar" in request.form
    with transaction() as session:
        drop(session, place) if dropped else keep(session, place, text, now)
    return _told(text, short_instant(now)) if by_script else _back(ticket, kind, dropped)


def _told(text: str, when: str) -> Response:
    return jsonify(saved=when if text.strip() else "")


def _back(ticket: Ticket, kind: str, dropped: bool) -> Response:
    flash("Borrador descartado." if dropped else "Borrador guardado. Solo lo ve usted.", "success")
    return redirect(url_for("desk.case", radicado=ticket.radicado, _anchor=f"{kind}-text"), 303)


def _again(ticket: Ticket, kind: str) -> tuple[str, int]:
    """With all that was typed."""
    form = KINDS[kind].form()
    if isinstance(form, ContributeForm):
        form.offer(case_forms.to_give(pending_of(db.session(), ticket), officer()))
    return show(ticket, Refusal(kind, form, "El borrador no se guardó. Oprima el botón otra vez.")), 422

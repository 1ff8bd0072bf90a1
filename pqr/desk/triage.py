"""What is this new petition, and whose?  One screen for each, the most dangerous first; accepted, the next comes.

What is left for later leaves no trace: the list goes on behind it until it is begun again.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db, transaction
from pqr.desk import desk, petitioner
from pqr.desk.access import check_version, find_ticket, needs, officer
from pqr.desk.proposing import Proposal, propose
from pqr.desk.reading import read_story
from pqr.desk.timeline import Entry, since
from pqr.desk.triage_form import TriageForm
from pqr.desk.urgency import urgency
from pqr.desk.wording import CHANNELS, TROUBLES
from pqr.door import nudge, office
from pqr.errors import EditedMeanwhile, PqrError
from pqr.secretarias.directory import active_secretarias, active_topics
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.counting import COUNT_AT_MOST, count_to_triage
from pqr.tickets.events import history
from pqr.tickets.labelling import Label, label
from pqr.tickets.models import Channel, Ticket
from pqr.tickets.moderating import why_doubted
from pqr.tickets.prioritising import Turn, prioritise
from pqr.tickets.priority import urgent_words
from pqr.tickets.queries import key_to_triage, next_to_triage
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.states import State

Answered = Response | tuple[str, int]


@desk.get("/atencion/clasificar")
@needs(Right.TRIAGE)
def triage() -> str:
    """The next one behind `?despues=`."""
    session, after = db.session(), request.args.get("despues", "")
    radicado = next_to_triage(session, after)
    if radicado is None:
        return render_template("desk/triage_done.html", left=count_to_triage(session))
    ticket = find_ticket(session, radicado, Right.TRIAGE)
    form, proposal = TriageForm(formdata=None), propose(session, ticket, active_secretarias(session))
    form.fill(ticket, proposal)
    form.after.data = after
    return _show(ticket, form.shown(ticket, _last_event(session, ticket)), proposal)


@desk.post("/atencion/clasificar/<radicado>")
@needs(Right.TRIAGE)
def accept_triage(radicado: str) -> Answered:
    """Carries out all that was decided, in one transaction, and leads to the next."""
    session, form = db.session(), TriageForm()
    ticket, offices = find_ticket(session, radicado, Right.TRIAGE), active_secretarias(session)
    form.offer(ticket, offices, active_topics(session))
    if not form.validate_on_submit():
        return _again(radicado, form), 422
    try:
        with transaction() as writing:
            locked = find_ticket(writing, radicado, Right.TRIAGE, lock=True)
            check_version(locked, form.version.data or "")
            _decide(writing, locked, form, office(writing), clock.now())
    except EditedMeanwhile as refusal:
        return _again(radicado, form, str(refusal)), 409
    except PqrError as refusal:
        return _again(radicado, form, str(refusal)), 422
    nudge()
    given = next(each.name for each in offices if str(each.id) == form.secretaria.data)
    flash(f"{ticket.radicado} va a {given}.", "success")
    return redirect(url_for("desk.triage", despues=form.after.data or None), 303)


def _decide(session: Session, ticket: Ticket, form: TriageForm, here: Office, now: datetime) -> None:
    actor, reason = officer().actor, form.reason.data or ""
    topic = session.get_one(Topic, int(form.topic.data)) if form.topic.data else None
    reclassify(session, Reclassification(ticket, TicketKind(form.kind.data), reason, actor), here, now)
    prioritise(session, Turn(ticket, frozenset(form.priority.data or ()), actor), now)
    label(session, Label(ticket, topic, actor), now)
    secretaria = session.get_one(Secretaria, int(form.secretaria.data))
    assign(session, Assignment(ticket, secretaria, reason, actor), here, now)


def _again(radicado: str, form: TriageForm, sentence: str = "") -> str:
    """The page as it was left, of the ticket as it is now: sending it again is a decision."""
    session = db.session()
    session.rollback()
    ticket, changes = find_ticket(session, radicado, Right.TRIAGE), list[Entry]()
    if sentence:
        changes = since(read_story(session, ticket), str(form.seen.data or ""))
        form.shown(ticket, _last_event(session, ticket))
    return _show(ticket, form, propose(session, ticket, active_secretarias(session)), sentence, changes)


def _last_event(session: Session, ticket: Ticket) -> int:
    return max(event.seq for event in history(session, ticket.id))


def _show(
    ticket: Ticket, form: TriageForm, proposal: Proposal, sentence: str = "", changes: Sequence[Entry] = ()
) -> str:
    session, here, today = db.session(), office(db.session()), clock.now().astimezone(BOGOTA).date()
    form.offer(ticket, active_secretarias(session), active_topics(session))
    left = count_to_triage(session)
    return render_template(
        "desk/triage.html",
        ticket=ticket,
        form=form,
        proposal=proposal,
        sentence=sentence,
        changes=changes,
        open=ticket.state == State.FILED,
        person=petitioner.shown(ticket, officer()),
        urgency=urgency(ticket.state, ticket.due_on, today, here.calendar, ticket.suspended_on),
        urgent=urgent_words(f"{ticket.subject} {ticket.body}"),
        channel=CHANNELS.get(Channel(ticket.channel), ticket.channel),
        doubted=why_doubted(ticket, history(session, ticket.id)),
        troubles=TROUBLES,
        left=str(left) if left <= COUNT_AT_MOST else f"más de {COUNT_AT_MOST}",
        later=url_for("desk.triage", despues=key_to_triage(ticket)),
    )

"""What does an official see of a group?  Its petitions, how many persons asked, until when, and what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk.access import officer
from pqr.desk.case import Refusal
from pqr.desk.case_forms import offer_offices
from pqr.desk.forms import StaffForm
from pqr.desk.group_forms import AddForm, EntrustForm, GroupAnswerForm, OfGroupForm, PrintedForm, RemoveForm
from pqr.desk.urgency import Urgency, urgency
from pqr.desk.wording import IDENTITIES, STATES
from pqr.door import office
from pqr.secretarias.directory import active_secretarias
from pqr.terms.calendar import BOGOTA
from pqr.terms.grouping import FEWEST_PERSONS
from pqr.tickets.grouping import may_join, members_of, waiting_members
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.headcount import hidden, persons
from pqr.tickets.likeness import CANDIDATES, likely_duplicates
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.search import Reach
from pqr.tickets.states import State

FORMS: dict[str, type[OfGroupForm]] = {
    "answer": GroupAnswerForm,
    "add": AddForm,
    "entrust": EntrustForm,
    "remove": RemoveForm,
    "printed": PrintedForm,
}


@dataclass(frozen=True)
class Member:
    """One petition as the page lists it."""

    ticket: Ticket
    state: str
    identity: str
    urgency: Urgency


def show(group: PetitionGroup, refusal: Refusal | None = None) -> str:
    """The page, with what was refused in this very request."""
    session, here, today = db.session(), office(db.session()), clock.now().astimezone(BOGOTA).date()
    members, waiting = members_of(session, group), waiting_members(session, group)
    readable = [ticket for ticket in members if officer().may(Right.READ, ticket)]
    forms = _forms(session, group, refusal)
    running = [ticket for ticket in waiting if ticket.suspended_on is None]
    return render_template(
        "desk/group.html",
        group=group,
        members=[_member(ticket, here, today) for ticket in readable],
        elsewhere=len(members) - len(readable),
        counted_persons=persons(waiting),
        waiting=waiting,
        hidden=hidden(waiting),
        fewest=FEWEST_PERSONS,
        first=min(running, key=lambda ticket: ticket.due_on, default=None),
        late=[ticket for ticket in running if ticket.due_on < today],
        today=today,
        forms=forms,
        admitted=list(forms),
        refusal=refusal,
        reviewed=here.answer_mode == "review" and not officer().may(Right.APPROVE),
    )


def may_answer(session: Session, group: PetitionGroup) -> bool:
    """Whether this official answers them all: each is theirs, and nobody has to review what they write."""
    waiting, reader = waiting_members(session, group), officer()
    reviewed = office(session).answer_mode == "review" and not reader.may(Right.APPROVE)
    return group.answered_at is None and not reviewed and all(reader.may(Right.ANSWER, each) for each in waiting)


def offer(form: StaffForm, session: Session, group: PetitionGroup) -> None:
    """Fills the form's lists."""
    if isinstance(form, AddForm):
        form.offer(companions(session, group))
    if isinstance(form, RemoveForm):
        form.offer(waiting_members(session, group))
    if isinstance(form, EntrustForm):
        offer_offices(form.secretaria, list(active_secretarias(session)))


def companions(session: Session, group: PetitionGroup) -> Sequence[Ticket]:
    """The petitions that seem to ask the same as the first of the group and may join it, the likeliest first."""
    waiting = waiting_members(session, group)
    if not waiting:
        return ()
    alike = likely_duplicates(session, waiting[0], Reach(officer().only_office), by_person=False, most=CANDIDATES)
    found = session.scalars(select(Ticket).where(Ticket.radicado.in_([like.radicado for like in alike])))
    joining = {ticket.radicado: ticket for ticket in found if may_join(ticket)}
    return [joining[like.radicado] for like in alike if like.radicado in joining]


def _forms(session: Session, group: PetitionGroup, refusal: Refusal | None) -> dict[str, OfGroupForm]:
    names = [name for name in FORMS if _admits(session, name, group)]
    forms = {name: FORMS[name](formdata=None) for name in names}
    entrusted = forms.get("entrust")
    if isinstance(entrusted, EntrustForm):
        entrusted.secretaria.data = str(group.secretaria_id or "")
    if refusal is not None and refusal.name in forms and isinstance(refusal.form, OfGroupForm):
        forms[refusal.name] = refusal.form  # told what changed, sending it again is a decision
    for form in forms.values():
        form.shown(group)
        offer(form, session, group)
    return forms


def _admits(session: Session, name: str, group: PetitionGroup) -> bool:
    if name == "answer":
        return officer().may(Right.ANSWER) and may_answer(session, group)
    answered = group.answered_at is not None
    return officer().may(Right.TRIAGE) and answered == (name == "printed")


def _member(ticket: Ticket, here: Office, today: date) -> Member:
    return Member(
        ticket,
        STATES[State(ticket.state)],
        "" if ticket.identity == Identity.NAMED else IDENTITIES[Identity(ticket.identity)],
        urgency(ticket.state, ticket.due_on, today, here.calendar, ticket.suspended_on),
    )

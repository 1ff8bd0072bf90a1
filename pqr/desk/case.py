"""What does an official see of one ticket?  What is asked, until when, whose it is, what happened, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk import appeals, awaited, case_forms, desk, petitioner
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.alike import read_alike
from pqr.desk.delivery import read_delivery, read_proof
from pqr.desk.drafting import Begun, begin
from pqr.desk.export_form import ExportForm
from pqr.desk.forms import ActForm
from pqr.desk.owed import owed
from pqr.desk.presence import others_here
from pqr.desk.proposing import APART, propose, stays_apart
from pqr.desk.reading import read_story
from pqr.desk.retention import kept
from pqr.desk.situation import Situation
from pqr.desk.timeline import Reader, Story, since, timeline
from pqr.desk.urgency import urgency
from pqr.desk.wording import CHANNELS, OUTCOMES, RUNGS, STATES, TROUBLES
from pqr.door import office
from pqr.mail.outbox import LetterState
from pqr.secretarias.directory import active_bodies, active_secretarias
from pqr.terms.calendar import BOGOTA
from pqr.terms.fixing import FIXED_BY
from pqr.terms.kinds import TicketKind
from pqr.terms.silence import Silence, silence
from pqr.terms.transferring import transfer_term, transfer_until
from pqr.tickets.appeals import presented
from pqr.tickets.duties import pending_of
from pqr.tickets.groups import waiting_groups
from pqr.tickets.internal_dates import proposed
from pqr.tickets.models import Channel, Identity, Ticket
from pqr.tickets.moderating import why_doubted
from pqr.tickets.priority import LABELS, urgent_words
from pqr.tickets.states import OPEN, Outcome, State
from pqr.tickets.suspensions import explanation, open_suspensions
from pqr.tickets.templates import AnswerTemplate, fill, templates_for
from pqr.tickets.transfers import transfers_of


@dataclass(frozen=True)
class Refusal:
    """Why the page comes back instead of the act being done. `name`: of its form, which keeps what was typed.

    `sentence`: what the law or the state says. `meanwhile`: the page that was acted upon is no longer the case.
    """

    name: str
    form: ActForm
    sentence: str = ""
    meanwhile: bool = False


@desk.get("/atencion/radicado/<radicado>")
@needs(Right.READ)
def case(radicado: str) -> str:
    """The ticket's page; that its reader is here is said as it leaves, with the look (see `reads`)."""
    return show(find_ticket(db.session(), radicado))


def show(
    ticket: Ticket, refusal: Refusal | None = None, revealed: bool = False, export: ExportForm | None = None
) -> str:
    """The page, with what was refused or revealed in this very request. `export`: of the whole file, refused."""
    session, reader = db.session(), officer()
    story, here, today = read_story(session, ticket), office(session), clock.now().astimezone(BOGOTA).date()
    situation, texts = _situation(session, story, today, here), templates_for(session, ticket.secretaria_id)
    eyes = Reader(petitioner.sees_contact(ticket, reader), _opens_mails(ticket))
    return render_template(
        "desk/case.html",
        ticket=ticket,
        reader=reader,
        urgency=urgency(ticket.state, ticket.due_on, today, here.calendar, ticket.suspended_on),
        explanation=explanation(session, ticket, here),
        person=petitioner.shown(ticket, reader, revealed),
        revealed=revealed,
        entries=timeline(story, eyes),
        proof=read_proof(session, story, eyes),
        delivery=situation.delivery,
        reviews=here.answer_mode == "review",
        alike=read_alike(session, ticket, reader),
        others=others_here(session, ticket),
        states=STATES,
        rungs=RUNGS,
        open_states=OPEN,
        troubles=TROUBLES,
        today=today,
        fixed_by=FIXED_BY.get(TicketKind(ticket.kind), ""),
        transfer_source=transfer_term(TicketKind(ticket.kind)).source,
        silence=_silence(ticket, today, here),
        transfer_by=transfer_until(TicketKind(ticket.kind), ticket.day_zero, here.calendar),
        **_said(ticket),
        **awaited.told(session, situation, here),
        **appeals.told(situation, here),
        texts=texts,
        kept=kept(session, ticket),
        doubted=why_doubted(ticket, story.events),
        export=export or ExportForm(formdata=None),
        **_work(situation, story, refusal, begin(session, ticket, reader, _template(texts, ticket)), here),
    )


def _silence(ticket: Ticket, today: date, here: Office) -> Silence | None:
    """What the law presumes by now, where nobody was answered."""
    if ticket.state == State.CLOSED or ticket.suspended_on is not None:
        return None
    return silence(TicketKind(ticket.kind), ticket.day_zero, ticket.due_on, today, here.calendar)


def _template(texts: Sequence[AnswerTemplate], ticket: Ticket) -> str:
    """The ready text that `?plantilla=` names, filled in for this ticket."""
    wanted = request.args.get("plantilla", "")
    return next((fill(each.text, ticket, clock.now()) for each in texts if str(each.id) == wanted), "")


def _situation(session: Session, story: Story, today: date, here: Office) -> Situation:
    offices = list(active_secretarias(session))
    return Situation(
        ticket=story.ticket,
        reader=officer(),
        last_event=story.events[-1].seq if story.events else 0,
        today=today,
        offices=offices,
        proposal=propose(session, story.ticket, offices),
        answered_with=_answered_with(session, story.ticket),
        pending=[each for each in story.contributions if each.is_pending],
        contribute_by=proposed(today, story.ticket.due_on, here.calendar),
        asked=open_suspensions(session, [story.ticket.id]).get(story.ticket.id),
        delivery=read_delivery(session, story, here, today),
        bodies=active_bodies(session),
        groups=waiting_groups(session) if officer().may(Right.TRIAGE) else (),
        transfers=transfers_of(session, story.ticket),
        duties=pending_of(session, story.ticket),
        presented=presented(story.events),
    )


def _answered_with(session: Session, ticket: Ticket) -> str:
    """The words that the petitioner of a duplicate still waits for, to be freed of what is another person's."""
    main = session.get(Ticket, ticket.duplicate_of_id) if ticket.duplicate_of_id and ticket.state in OPEN else None
    readable = main is not None and officer().may(Right.READ, main)
    return main.answer.text if main is not None and readable and main.answer is not None else ""


def _said(ticket: Ticket) -> dict[str, object]:
    """The ticket's codes in words."""
    return {
        "state": STATES[State(ticket.state)],
        "outcome": OUTCOMES.get(Outcome(ticket.outcome), "") if ticket.outcome else "",
        "channel": CHANNELS.get(Channel(ticket.channel), ticket.channel),
        "flags": [LABELS.get(flag, flag) for flag in ticket.priority],
        "urgent": urgent_words(f"{ticket.subject} {ticket.body}"),
    }


def _work(situation: Situation, story: Story, refusal: Refusal | None, begun: Begun, here: Office) -> dict[str, object]:
    """What may be done, what is proposed, and what was refused."""
    seen = str(refusal.form.seen.data or "") if refusal and refusal.meanwhile else ""
    changes = since(story, seen)  # before the form is marked with the state of now
    forms = _forms(situation, refusal, begun)
    return {
        "forms": forms,
        "owed": owed(situation, forms, here),
        "admitted": case_forms.admitted(situation),
        "next_act": "answer" if begun.answers else _next_act(situation, story),
        "begun": begun,
        "drafts": case_forms.drafts(situation.ticket),
        "why": _why(situation),
        "pending": situation.pending,
        "undelivered": situation.undelivered,
        "apart": APART if stays_apart(situation.ticket) else "",
        "refusal": refusal,
        "changes": changes,
    }


def _forms(situation: Situation, refusal: Refusal | None, begun: Begun) -> dict[str, ActForm]:
    forms = case_forms.fresh(situation)
    for name, words in {**awaited.proposed(situation), **begun.texts}.items():
        if name in forms:
            forms[name].text.data = words
    if refusal is not None and refusal.name in forms:
        if refusal.meanwhile:  # told what changed, sending it again is a decision
            refusal.form.shown(situation.ticket, situation.last_event)
        forms[refusal.name] = refusal.form
    elif "merge" in forms:
        forms["merge"].into.data = request.args.get("unir", "")[:20]
    return forms


def _why(situation: Situation) -> Sequence[str]:
    """Why another office than the one that has it, or another entity, is proposed."""
    proposal, ticket = situation.proposal, situation.ticket
    elsewhere = proposal.transfer_to or proposal.secretaria_id not in (None, ticket.secretaria_id)
    return proposal.why if elsewhere and ticket.state in OPEN else ()


def _opens_mails(ticket: Ticket) -> bool:
    """A message's head names its writer, so nobody opens those of a person who asked for reserve."""
    return ticket.identity == Identity.NAMED and officer().may(Right.TRIAGE, ticket)


def _next_act(situation: Situation, story: Story) -> str:
    """The form that stands open: the act that the law waits for; none while the answer is on its way by mail."""
    names = case_forms.admitted(situation)
    if any(letter.letter == "answer" and letter.state == LetterState.QUEUED for letter in story.letters):
        return ""
    if request.args.get("unir") and "merge" in names:
        return "merge"
    if request.args.get("corregir") and "correct" in names:
        return "correct"
    asked = situation.asked
    if asked is not None and situation.ticket.state in OPEN:
        due = "complete" if asked.supplied_at else "tacit" if "tacit" in names else "archive"
        return due if due in names and "approve" not in names else ""
    delivery = situation.delivery
    told = "tell" if delivery is not None and delivery.proposed else "communicate"
    if situation.ticket.group is not None and situation.ticket.state in OPEN and "approve" not in names:
        return ""  # it is answered on the group's page
    unassigned = "transfer" if situation.body_proposed else "assign"
    first = unassigned if situation.ticket.secretaria_id is None else "answer"
    fixed = "fix_date" if situation.ticket.fixed_at is None else ""
    order = (fixed, "approve", told, "deliver", first, "contribute")
    written = ("present",) if appeals.written_since(situation.ticket) else ()
    return next((name for name in (*order, *written) if name in names), "")

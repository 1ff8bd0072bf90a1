"""What does a petitioner see of their case?  The receipt, where it stands, what happened, the answer."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from flask import get_flashed_messages, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from pqr import clock
from pqr.config import Office
from pqr.db import db, transaction
from pqr.door import nudge, office
from pqr.errors import ActNotAllowed
from pqr.mail.outbox import Letter, LetterState
from pqr.portal import access, portal, story
from pqr.portal.against import against, may_be_read
from pqr.portal.appeal_form import AppealForm
from pqr.portal.forms import AddingForm, CompleteForm, LookUpForm, OpenDecisionForm, WishForm
from pqr.portal.looking_up import Page, open_case
from pqr.secretarias.directory import office_names
from pqr.terms.calendar import BOGOTA
from pqr.terms.completing import completing
from pqr.terms.deadlines import business_days_left
from pqr.tickets.appeals import presented
from pqr.tickets.communicating import communicate
from pqr.tickets.events import history
from pqr.tickets.groups import group_answered_by
from pqr.tickets.issuing import documents_of
from pqr.tickets.letters import code_of, survey_link
from pqr.tickets.models import Answer, Attachment, Identity, Ticket
from pqr.tickets.opening import note_opening
from pqr.tickets.radicado import find_radicado
from pqr.tickets.states import OPEN, Outcome, State
from pqr.tickets.surveying import answer_to_judge, has_spoken
from pqr.tickets.suspensions import Suspension, clock_of, explained, suspensions_of
from pqr.tickets.wishing import Wish, possible_wishes

DECISIONS = (
    Outcome.WITHDRAWN_TACIT, Outcome.ARCHIVED_UNCLEAR, Outcome.TRANSFERRED, Outcome.REJECTED, Outcome.VOIDED,
    "answered_by_reference",
)  # fmt: skip
WISHES = {
    "mas-plazo": (Wish.MORE_TIME, "Por qué lo necesita"),
    "no-responde": (Wish.CONTEST, "Qué le faltó a la respuesta"),
    "desistir": (Wish.WITHDRAW, "Por qué desiste"),
}
log = structlog.get_logger(__name__)


@portal.get("/radicado/<radicado>")
def case(radicado: str) -> Page:
    """The case, for whoever filed it in this browser or gave its code; a letter's link brings the code along."""
    if "code" in request.args:
        return open_case(LookUpForm(MultiDict({"radicado": radicado, "code": request.args["code"]})))
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    reads = ticket.answer is not None and ticket.answer.opened_at is None and not sealed(ticket)
    if reads or _waits_to_be_read(db.session(), ticket):
        _hand_over(ticket.radicado)
        ticket = visible_ticket(radicado) or ticket
    return show_case(ticket), 200


def visible_ticket(radicado: str) -> Ticket | None:
    """The ticket with this number if the visitor may see it; whether it exists is told to nobody else."""
    number = find_radicado(radicado)
    if number is None or not access.may_see(number):
        return None
    return db.session.scalar(select(Ticket).where(Ticket.radicado == number))


def ask_for_code(radicado: str) -> Response:
    """Where a visitor without permission goes, whether or not the number exists."""
    return redirect(url_for("portal.look_up", radicado=find_radicado(radicado) or radicado[:20]))


def sent_answers(ticket: Ticket) -> list[Answer]:
    """The answers that left, oldest first; one that waits for review, or to be notified, cannot be read yet."""
    return [] if sealed(ticket) else [answer for answer in ticket.answers if answer.radicado]


def sealed(ticket: Ticket) -> bool:
    """Whether there is a decision that has effect when it is opened, and was not."""
    return ticket.state == State.ANSWERED and ticket.answer is not None and ticket.answer.must_be_notified


def answer_files(ticket: Ticket) -> list[Attachment]:
    """The files that left with an answer."""
    return [file for file in ticket.attachments if file.belongs_to == "answer"] if sent_answers(ticket) else []


def _waits_to_be_read(session: Session, ticket: Ticket) -> bool:
    """Whether opening the page is what communicates the answer: it was to be read here, or no mail took it."""
    if ticket.state != State.ANSWERED or ticket.answer is None or sealed(ticket):
        return False
    person, letter_id = ticket.petitioner, ticket.answer.letter_id
    if letter_id is None or (person is not None and person.answer_by == "portal"):
        return True
    return session.get_one(Letter, letter_id).state in (LetterState.FAILED, LetterState.BOUNCED, LetterState.DISMISSED)


def _hand_over(radicado: str) -> None:
    """Notes that its petitioner reads the answer, and closes the case where that is what communicates it.

    Nothing that goes wrong here hides the answer.
    """
    here, now = office(db.session()), clock.now()
    db.session.rollback()  # the page is read anew, with what is written below
    try:
        with transaction() as session:
            mine = select(Ticket).where(Ticket.radicado == radicado).with_for_update(of=Ticket)
            ticket = session.scalars(mine).one()
            note_opening(session, ticket, "citizen", now)
            if _waits_to_be_read(session, ticket):
                communicate(session, ticket, "portal", "citizen", here, now)
    except ActNotAllowed:
        return  # a second window was faster
    except SQLAlchemyError as error:
        log.error("not_marked_as_read", radicado=radicado, error=type(error).__name__)
        return
    nudge()


def show_case(
    ticket: Ticket,
    form: FlaskForm | None = None,
    adding: AddingForm | None = None,
    wishing: WishForm | None = None,
    appealing: AppealForm | None = None,
) -> str:
    """The case's page. `form`: what was just refused, of what the person is asked for; `adding`: of what they add;
    `wishing`: of what they want; `appealing`: of what they present against the decision.
    """
    session = db.session()
    here, today = office(session), clock.now().astimezone(BOGOTA).date()
    events, stood = history(session, ticket.id), suspensions_of(session, ticket.id)
    requests = {each.message_id for each in stood} | {
        each.data["message"] for each in events if each.kind == "still_lacking"
    }
    return render_template(
        "portal/case.html",
        ticket=ticket,
        fresh=ticket.radicado in get_flashed_messages(category_filter=["filed"]) and ticket.state in OPEN,
        empty_files=get_flashed_messages(category_filter=["empty_file"]),
        code=code_of(ticket, here),
        link=f"{here.base_url}/radicado/{ticket.radicado}",
        standing=story.standing(ticket, today),
        promised=story.promised(ticket),
        reads_here=story.reads_here(ticket),
        survey=_survey(ticket, here),
        days_left=business_days_left(ticket.due_on, today, here.calendar),
        explanation=explained(ticket, clock_of(ticket, stood, here)),
        steps=story.tell(events, office_names(session)),
        answers=sent_answers(ticket),
        sealed=_sealed(ticket, form),
        group_answered_by=group_answered_by,
        questions=[
            message
            for message in ticket.messages
            if message.author.startswith("secretaria:") and message.id not in requests
        ],
        **_awaited(ticket, stood, form),
        lacking=_said(ticket, next((e.data["message"] for e in reversed(events) if e.kind == "still_lacking"), None)),
        sent=get_flashed_messages(category_filter=["sent"]),
        decision=_said(ticket, next((each.data["message"] for each in events if each.kind in DECISIONS), None)),
        today=today,
        answer_files=answer_files(ticket),
        sent_to=_address_to_show(ticket),
        papers=[each for each in documents_of(session, ticket.id) if may_be_read(each, presented(events))],
        **against(session, ticket, events, today, here, appealing),
        own_files=[file for file in ticket.attachments if file.belongs_to == "petition"],
        adding=adding or AddingForm(formdata=None),
        added=ticket.radicado in get_flashed_messages(category_filter=["added"]),
        own_words=[message for message in ticket.messages if message.author == "citizen"],
        is_open=ticket.state in OPEN,
        wishing=wishing,
        wishes=_wishes(ticket, stood, wishing),
    )


def _awaited(ticket: Ticket, stood: Sequence[Suspension], form: FlaskForm | None) -> dict[str, object]:
    """What the person is asked for, with the form to send it; nothing where nothing is."""
    asked = stood[-1] if stood and ticket.state == State.AWAITING_PETITIONER else None
    if asked is None:
        return {"asked": None}
    return {
        "asked": asked,
        "asked_for": _said(ticket, asked.message_id),
        "form": form or CompleteForm(formdata=None),
        "rule": completing(ticket.kind),
    }


def _wishes(ticket: Ticket, stood: Sequence[Suspension], tried: WishForm | None) -> dict[str, WishForm]:
    """The forms for what the person may want now, by path."""
    asked = stood[-1] if stood and stood[-1].resumed_at is None else None
    possible = possible_wishes(ticket, asked, clock.now())
    return {
        path: tried if tried and tried.text.name.startswith(path) else WishForm.of(path, label, formdata=None)
        for path, (wish, label) in WISHES.items()
        if wish in possible
    }


def _sealed(ticket: Ticket, form: FlaskForm | None) -> dict[str, object] | None:
    """The decision that can be opened, with the form to open it."""
    person = ticket.petitioner
    if not sealed(ticket):
        return None
    accepts = person is not None and person.accepts_electronic_notification
    return {"answer": ticket.answer, "accepts": accepts, "form": form or OpenDecisionForm(formdata=None)}


def _said(ticket: Ticket, message_id: int | None) -> str:
    return next((each.text for each in ticket.messages if each.id == message_id), "")


def _survey(ticket: Ticket, here: Office) -> str:
    """Where to say what one thinks of the answer, for who gets no letter that asks; "" once it was said."""
    if not story.reads_here(ticket) or answer_to_judge(ticket) is None or has_spoken(db.session(), ticket):
        return ""
    return survey_link(ticket, replace(here, base_url=request.script_root))


def _address_to_show(ticket: Ticket) -> str:
    """So that a mistyped address is noticed on the receipt; nothing of who is anonymous or reserved."""
    person = ticket.petitioner
    return person.email if person is not None and ticket.identity == Identity.NAMED else ""

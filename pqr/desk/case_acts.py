"""How does an official act on a ticket?  One route an act, one way to carry it out.

The ticket is locked while it changes. A page that was read before somebody else's act is told so and loses
nothing of what was typed; an act that the law or the state refuses says why.
"""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db, transaction
from pqr.desk import case_forms, desk
from pqr.desk.access import check_version, find_ticket, needs, officer
from pqr.desk.case import Refusal, show
from pqr.desk.case_kinds import KINDS
from pqr.desk.drafting import sent
from pqr.desk.forms import (
    ActForm,
    AnswerForm,
    ApproveForm,
    AssignForm,
    CommunicateForm,
    ExtendForm,
    MessageForm,
    ReturnForm,
    RevealForm,
)
from pqr.desk.noting import Note, add_note
from pqr.desk.numbers import number_in
from pqr.desk.uploads import keep_all
from pqr.door import nudge, office
from pqr.errors import EditedMeanwhile, PqrError
from pqr.publishing.avisos import publish_if_owed
from pqr.secretarias.directory import active_secretarias
from pqr.secretarias.models import Secretaria
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer, send_answer
from pqr.tickets.assigning import Assignment, Return, assign, return_to_desk
from pqr.tickets.communicating import communicate, notify_closing
from pqr.tickets.events import Event
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.merging import hold
from pqr.tickets.models import Ticket
from pqr.tickets.reaching import is_unnotified
from pqr.tickets.revealing import Revelation, reveal
from pqr.tickets.ruling import Ruling
from pqr.tickets.wishing import Wish

TELLING = ("follow_up", "answer_drafted", "contribution_given", *Wish)
Answered = Response | tuple[str, int]
Work = Callable[[Session, Ticket, Office, datetime], object]

ANSWERED = "Respuesta registrada. En «Constancia de entrega» está si ya le llegó a la persona."
TO_REVIEW = "Respuesta guardada: sale cuando atención al usuario la revise."


@desk.post("/atencion/radicado/<radicado>/asignar")
@needs(Right.TRIAGE)
def assign_ticket(radicado: str) -> Answered:
    """To an office, with a reason."""
    form = AssignForm()
    case_forms.offer_offices(form.secretaria, list(active_secretarias(db.session())))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        secretaria = session.get_one(Secretaria, int(form.secretaria.data))
        assign(session, Assignment(ticket, secretaria, form.reason.data or "", officer().actor), here, now)

    return carry_out(radicado, "assign", form, work, "Asignada: la dependencia recibe la carta por correo.")


@desk.post("/atencion/radicado/<radicado>/responder")
@needs(Right.ANSWER)
def answer_ticket(radicado: str) -> Answered:
    """The answer; an office's own waits for review where the entity reviews."""
    form = AnswerForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        final = officer().may(Right.APPROVE, ticket)
        chosen = form.outcome.data
        ruling = Ruling(AnswerOutcome(chosen), form.provision.data or "") if chosen else None
        reply = Reply(ticket, form.text.data or "", officer().actor, form.kept, final=final, ruling=ruling)
        record_answer(session, reply, here, now)
        publish_if_owed(session, ticket, here, now)

    waits = office(db.session()).answer_mode == "review" and not officer().may(Right.APPROVE)
    return carry_out(radicado, "answer", form, work, TO_REVIEW if waits else ANSWERED)


@desk.post("/atencion/radicado/<radicado>/aprobar")
@needs(Right.APPROVE)
def approve_answer(radicado: str) -> Answered:
    """Lets a draft leave."""
    form = ApproveForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        waiting = {str(draft.id): draft for draft in case_forms.drafts(ticket)}
        draft = waiting.get(form.answer.data or "")
        if draft is None:
            raise EditedMeanwhile("Esa respuesta ya no espera revisión.")
        send_answer(session, draft, officer().actor, here, now)
        publish_if_owed(session, ticket, here, now)

    return carry_out(radicado, "approve", form, work, "Respuesta aprobada: sale con su radicado de salida.")


@desk.post("/atencion/radicado/<radicado>/prorrogar")
@needs(Right.EXTEND)
def extend_ticket(radicado: str) -> Answered:
    """More days, told to the person."""
    form = ExtendForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        extension = Extension(ticket, form.days.data or 0, form.reason.data or "", officer().actor)
        extend_term(session, extension, here, now)

    return carry_out(radicado, "extend", form, work, "Término prorrogado: la persona recibe el aviso si dejó correo.")


@desk.post("/atencion/radicado/<radicado>/comunicar")
@needs(Right.TRIAGE)
def communicate_answer(radicado: str) -> Answered:
    """The person has the answer, by hand, by post or by notice."""
    form = CommunicateForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        if is_unnotified(ticket):
            notify_closing(session, ticket, form.way.data, officer().actor, now, handed_at=form.handed_at)
        else:
            communicate(session, ticket, form.way.data, officer().actor, here, now, handed_at=form.handed_at)
        add_note(session, Note(ticket, "proof_noted", form.note.data or "", officer().actor), now)

    return carry_out(radicado, "communicate", form, work, "Entrega registrada: la petición queda cerrada.")


@desk.post("/atencion/radicado/<radicado>/mensaje")
@needs(Right.TRIAGE)
def write_down(radicado: str) -> Answered:
    """What the person says by telephone or at the counter."""
    form = MessageForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        add_message(session, FollowUp(ticket, form.text.data or "", officer().actor, form.kept), here, now)

    return carry_out(radicado, "message", form, work, "Mensaje agregado al caso.")


@desk.post("/atencion/radicado/<radicado>/devolver")
@needs(Right.RETURN)
def return_ticket(radicado: str) -> Answered:
    """Another office's: back to the desk."""
    form = ReturnForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        return_to_desk(session, Return(ticket, form.reason.data or "", officer().actor), now)

    return carry_out(radicado, "return", form, work, "Devuelta a atención al usuario.")


@desk.post("/atencion/radicado/<radicado>/identidad")
@needs(Right.REVEAL)
def reveal_identity(radicado: str) -> Answered:
    """Shows a reserved identity in this one page; who saw it and why is written down and told to Control Interno."""
    form = RevealForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        reveal(session, Revelation(ticket, form.reason.data or "", officer().actor, officer().email), here, now)

    refused = _attempt(radicado, "reveal", form, work)
    if refused is not None:
        return refused
    nudge()
    db.session.rollback()  # the page tells this very act, too
    return show(find_ticket(db.session(), radicado, Right.REVEAL), revealed=True), 200


def carry_out(radicado: str, name: str, form: ActForm, work: Work, done: str) -> Answered:
    """Does the work and leads back to the ticket, or to the queue once it was given away."""
    refused = _attempt(radicado, name, form, work)
    if refused is not None:
        return refused
    nudge()
    flash(done, "success")
    there = url_for("desk.queue") if name == "return" else url_for("desk.case", radicado=radicado)
    return redirect(there, 303)


def _attempt(radicado: str, name: str, form: ActForm, work: Work) -> tuple[str, int] | None:
    """Checks the form and does the work on the locked ticket; the page to show where it was refused."""
    right = KINDS[name].right
    ticket = find_ticket(db.session(), radicado, right)
    if not (form.validate_on_submit() and keep_all(form, office(db.session()))):
        return show(ticket, Refusal(name, form)), 422
    try:
        with transaction() as session:
            if ticket.duplicate_of_id is not None:
                hold(session, ticket.duplicate_of_id)
            locked = find_ticket(session, radicado, right, lock=True)
            check_version(locked, form.version.data or "")
            _check_heard(session, locked, name, str(form.seen.data or ""))
            work(session, locked, office(session), clock.now())
            sent(session, locked, name)
    except EditedMeanwhile as refusal:
        return _again(radicado, Refusal(name, form, str(refusal), meanwhile=True)), 409
    except PqrError as refusal:
        return _again(radicado, Refusal(name, form, str(refusal))), 422
    return None


def _check_heard(session: Session, ticket: Ticket, name: str, seen: str) -> None:
    """Raises EditedMeanwhile where somebody said what an act that moves the case should be decided upon."""
    last = number_in(seen)
    if KINDS[name].act is None or last is None:
        return
    told = select(Event.id).where(Event.ticket_id == ticket.id, Event.seq > last, Event.kind.in_(TELLING))
    if session.scalar(told.where(Event.actor != officer().actor).limit(1)) is not None:
        raise EditedMeanwhile("Llegó algo nuevo a este caso después de que usted abrió la página. No se guardó nada.")


def _again(radicado: str, refusal: Refusal) -> str:
    db.session.rollback()  # what this request read before is older than what refused it
    return show(find_ticket(db.session(), radicado), refusal)

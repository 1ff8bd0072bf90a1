"""How does an official register and decide an appeal, send a file to the judge, or mark a claim on its data?"""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.appeal_forms import (
    AppealToldForm,
    DecideForm,
    JudgedForm,
    MarkForm,
    OrderedForm,
    PresentForm,
    ToJudgeForm,
)
from pqr.desk.appeals import written_since
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.noting import Note, add_note
from pqr.secretarias.directory import active_bodies
from pqr.secretarias.models import ExternalBody
from pqr.terms.appealing import Remedy
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply
from pqr.tickets.appealing import Appeal, Resolution, Result, decide, note_told, present
from pqr.tickets.claiming import Marking, mark_claim
from pqr.tickets.following import FollowUp, add_message, arrived
from pqr.tickets.insisting import Judged, Judgement, Referral, deliver_ordered, note_judgement, send_to_judge
from pqr.tickets.models import Message, Ticket
from pqr.tickets.ruling import Ruling


@desk.post("/atencion/radicado/<radicado>/recurso")
@needs(Right.TRIAGE)
def present_appeal(radicado: str) -> Answered:
    """What the person wrote, or brought; late ones, too."""
    form = PresentForm()
    form.offer(written_since(find_ticket(db.session(), radicado, Right.TRIAGE)))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        message, at = _presented(session, form, ticket, here, now)
        remedy = Remedy(form.remedy.data) if form.remedy.data else None
        present(session, Appeal(ticket, message, at, officer().actor, bool(form.higher.data), remedy), here, now)

    return carry_out(radicado, "present", form, work, "Registrado: mire abajo hasta cuándo hay plazo.")


def _presented(
    session: Session, form: PresentForm, ticket: Ticket, here: Office, now: datetime
) -> tuple[Message, datetime]:
    """The words and when they reached the municipality; of a day alone, its end."""
    chosen = next((each for each in ticket.messages if str(each.id) == form.message.data), None)
    if chosen is not None:
        return chosen, arrived(session, chosen)
    message = add_message(session, FollowUp(ticket, form.text.data or "", officer().actor), here, now)
    day = form.received_on.data or date.min
    return message, min(datetime.combine(day, time(23, 59), BOGOTA), now)


@desk.post("/atencion/radicado/<radicado>/decidir-recurso")
@needs(Right.APPROVE)
def decide_appeal(radicado: str) -> Answered:
    """With its number, and then notified."""
    form = DecideForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        result, text = Result(form.result.data), form.text.data or ""
        decide(session, Resolution(ticket, result, text, officer().actor, bool(form.elevated.data)), here, now)

    return carry_out(radicado, "decide_appeal", form, work, "Recurso decidido: falta que la persona quede notificada.")


@desk.post("/atencion/radicado/<radicado>/recurso-notificado")
@needs(Right.TRIAGE)
def note_appeal_told(radicado: str) -> Answered:
    """The person has the decision."""
    form = AppealToldForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        note_told(session, ticket, form.way.data, officer().actor, now)
        add_note(session, Note(ticket, "proof_noted", form.note.data or "", officer().actor), now)

    return carry_out(radicado, "appeal_told", form, work, "Notificación registrada.")


@desk.post("/atencion/radicado/<radicado>/enviar-al-juez")
@needs(Right.TRIAGE)
def refer_to_judge(radicado: str) -> Answered:
    """With its file."""
    form = ToJudgeForm()
    form.offer(active_bodies(db.session()))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        judge = session.get_one(ExternalBody, int(form.judge.data))
        send_to_judge(session, Referral(ticket, judge, officer().actor, form.late_reason.data or ""), here, now)

    return carry_out(radicado, "to_judge", form, work, "Enviado al juez. Mire en la historia si salió por correo.")


@desk.post("/atencion/radicado/<radicado>/decision-del-juez")
@needs(Right.TRIAGE)
def note_judge(radicado: str) -> Answered:
    """What was decided, and until when it must be done."""
    form = JudgedForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        judgement = Judgement(
            ticket, Judged(form.judged.data), form.decided_on.data or date.min, form.text.data or "",
            officer().actor, form.by.data,
        )  # fmt: skip
        note_judgement(session, judgement, here, now)

    return carry_out(radicado, "judged", form, work, "Decisión del juez anotada: se le cuenta a la persona.")


@desk.post("/atencion/radicado/<radicado>/cumplir-orden")
@needs(Right.APPROVE)
def deliver_to_person(radicado: str) -> Answered:
    """What the judge ordered."""
    form = OrderedForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        granted = Ruling(AnswerOutcome.GRANTED)
        reply = Reply(ticket, form.text.data or "", officer().actor, form.kept, final=True, ruling=granted)
        deliver_ordered(session, reply, here, now)

    return carry_out(radicado, "ordered", form, work, "Entregado: sale como complemento de la respuesta.")


@desk.post("/atencion/radicado/<radicado>/leyenda")
@needs(Right.ANSWER)
def mark_data_claim(radicado: str) -> Answered:
    """Where the mark was put."""
    form = MarkForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        day = form.put_on.data or date.min
        marking = Marking(ticket, form.where.data or "", day, form.reason.data or "", officer().actor)
        mark_claim(session, marking, now)

    return carry_out(radicado, "mark_claim", form, work, "Leyenda anotada en el caso.")

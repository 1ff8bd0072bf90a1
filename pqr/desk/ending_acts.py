"""How does an official reject a petition, void its number, open it again or say what was done at once?"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.ending_forms import MeasureForm, ReferForm, RejectForm, ReopenForm, VoidForm
from pqr.desk.merge_acts import find_typed
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.tickets.closing import Decision
from pqr.tickets.models import Ticket
from pqr.tickets.referring import Reference, find_answer, refer
from pqr.tickets.rejecting import reject
from pqr.tickets.relieving import Measure, take_measure
from pqr.tickets.reopening import Reopening, reopen
from pqr.tickets.voiding import Mistake, Voiding, void


@desk.post("/atencion/radicado/<radicado>/rechazar")
@needs(Right.APPROVE)
def reject_ticket(radicado: str) -> Answered:
    """As disrespectful, with reasons."""
    form = RejectForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        reject(session, Decision(ticket, form.text.data or "", officer().actor), here, now)

    return carry_out(
        radicado, "reject", form, work, "Petición rechazada: la persona recibe las razones si dejó correo."
    )


@desk.post("/atencion/radicado/<radicado>/remitir")
@needs(Right.APPROVE)
def refer_ticket(radicado: str) -> Answered:
    """To the answer that it had before."""
    form = ReferForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        earlier = find_answer(session, form.earlier.data or "")
        if earlier is None or not officer().may(Right.READ, earlier.ticket):
            raise ActNotAllowed(f"No hay ninguna respuesta con el radicado «{form.earlier.data}».")
        confirmed = bool(form.lapses.data), bool(form.unmended.data)
        refer(session, Reference(ticket, earlier, form.reason.data or "", officer().actor, *confirmed), here, now)

    return carry_out(radicado, "refer", form, work, "Remitida: la persona recibe la respuesta anterior si dejó correo.")


@desk.post("/atencion/radicado/<radicado>/anular")
@needs(Right.APPROVE)
def void_ticket(radicado: str) -> Answered:
    """The number stays, marked."""
    form = VoidForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        typed = form.other.data or ""
        other = find_typed(session, typed) if typed else None
        mistake = Mistake(form.mistake.data)
        voiding = Voiding(ticket, mistake, form.act.data or "", form.reason.data or "", officer().actor, other)
        void(session, voiding, here, now)

    return carry_out(radicado, "void", form, work, "Radicado anulado: el número queda en la serie, con su acta.")


@desk.post("/atencion/radicado/<radicado>/reabrir")
@needs(Right.APPROVE)
def reopen_ticket(radicado: str) -> Answered:
    """With its legal date."""
    form = ReopenForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        by = form.by.data or date.min
        reopen(session, Reopening(ticket, form.reason.data or "", by, officer().actor), here, now)

    return carry_out(radicado, "reopen", form, work, "Petición reabierta, con la fecha legal que tenía.")


@desk.post("/atencion/radicado/<radicado>/medida-urgente")
@needs(Right.ANSWER)
def note_measure(radicado: str) -> Answered:
    """The clock runs on."""
    form = MeasureForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        taken_at = form.taken_at.data.replace(tzinfo=BOGOTA) if form.taken_at.data else now
        take_measure(session, Measure(ticket, form.what.data or "", taken_at, officer().actor), now)

    return carry_out(radicado, "measure", form, work, "Medida anotada. La petición todavía se debe responder.")

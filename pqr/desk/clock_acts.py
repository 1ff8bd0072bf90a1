"""How does an official stop a ticket's clock, let it go on, or end a case that got no answer?"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.clock_forms import (
    ArchiveForm,
    AskForm,
    CompleteForm,
    LackingForm,
    MoreTimeForm,
    PauseForm,
    SettleForm,
    TacitForm,
    WithdrawForm,
)
from pqr.terms.clock import Cause
from pqr.tickets.clarifying import archive_unclear, ask_to_clarify
from pqr.tickets.closing import Decision
from pqr.tickets.completing import Completion, Request, ask_to_complete, complete, give_more_time, say_still_lacking
from pqr.tickets.models import Ticket
from pqr.tickets.pausing import Pause, Settlement, pause, settle
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly, withdraw_tacitly


@desk.post("/atencion/radicado/<radicado>/pedir")
@needs(Right.ANSWER)
def ask_person(radicado: str) -> Answered:
    """To complete or to clarify it; the clock stands still meanwhile."""
    form = AskForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        act = ask_to_complete if form.cause.data == Cause.COMPLETION else ask_to_clarify
        act(session, Request(ticket, form.text.data or "", officer().actor), here, now)

    done = "Plazo suspendido: la persona recibe la carta si dejó correo; si no, avísele por otro medio y anótelo."
    return carry_out(radicado, "ask", form, work, done)


@desk.post("/atencion/radicado/<radicado>/completa")
@needs(Right.ANSWER)
def take_as_complete(radicado: str) -> Answered:
    """What was asked for has come."""
    form = CompleteForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        complete(session, Completion(ticket, form.supplied_on.data or date.min, officer().actor), here, now)

    return carry_out(radicado, "complete", form, work, "El plazo volvió a correr, con los días que quedaban.")


@desk.post("/atencion/radicado/<radicado>/falta")
@needs(Right.ANSWER)
def still_lacking(radicado: str) -> Answered:
    """What came is not yet what was asked for."""
    form = LackingForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        say_still_lacking(session, Request(ticket, form.text.data or "", officer().actor), here, now)

    return carry_out(radicado, "lacking", form, work, "Se le dice a la persona qué falta; su plazo sigue igual.")


@desk.post("/atencion/radicado/<radicado>/mas-plazo")
@needs(Right.TRIAGE)
def more_time(radicado: str) -> Answered:
    """The person asked for it."""

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        give_more_time(session, ticket, officer().actor, here, now)

    return carry_out(radicado, "more_time", MoreTimeForm(), work, "La persona tiene más plazo: se le avisa por correo.")


@desk.post("/atencion/radicado/<radicado>/desistimiento-tacito")
@needs(Right.APPROVE)
def decree_withdrawal(radicado: str) -> Answered:
    """The month passed in silence."""
    form = TacitForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        withdraw_tacitly(session, Decision(ticket, form.text.data or "", officer().actor), here, now)

    return carry_out(radicado, "tacit", form, work, "Desistimiento tácito decretado. Falta notificarlo personalmente.")


@desk.post("/atencion/radicado/<radicado>/archivar")
@needs(Right.APPROVE)
def archive_ticket(radicado: str) -> Answered:
    """Nobody made it clear."""
    form = ArchiveForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        archive_unclear(session, Decision(ticket, form.text.data or "", officer().actor), here, now)

    return carry_out(radicado, "archive", form, work, "Petición archivada: la persona recibe la carta si dejó correo.")


@desk.post("/atencion/radicado/<radicado>/desistir")
@needs(Right.TRIAGE)
def withdraw_ticket(radicado: str) -> Answered:
    """The person's own word."""
    form = WithdrawForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        interest = form.public_interest.data or ""
        withdrawal = Withdrawal(ticket, form.statement.data or "", officer().actor, interest)
        withdraw_expressly(session, withdrawal, here, now)

    return carry_out(radicado, "withdraw", form, work, "Desistimiento registrado: se le confirma a la persona.")


@desk.post("/atencion/radicado/<radicado>/suspender")
@needs(Right.APPROVE)
def pause_ticket(radicado: str) -> Answered:
    """Who decides is in doubt."""
    form = PauseForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        pause(session, Pause(ticket, Cause(form.cause.data), form.reason.data or "", officer().actor), here, now)

    return carry_out(radicado, "pause", form, work, "Plazo suspendido: la persona recibe el aviso si dejó correo.")


@desk.post("/atencion/radicado/<radicado>/reactivar")
@needs(Right.APPROVE)
def settle_ticket(radicado: str) -> Answered:
    """Who decides is settled."""
    form = SettleForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        decided_on = form.decided_on.data or date.min
        settle(session, Settlement(ticket, decided_on, form.reason.data or "", officer().actor), here, now)

    return carry_out(radicado, "settle", form, work, "El plazo volvió a correr, con los días que quedaban.")

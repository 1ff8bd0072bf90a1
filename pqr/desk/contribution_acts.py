"""How does a second office come to help with a case?  It is asked, says what it knows, or is needed no more."""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.case_forms import offer_others, to_cancel, to_give
from pqr.desk.contribution_forms import AskOfficeForm, CancelContributionForm, ContributeForm
from pqr.secretarias.directory import active_secretarias
from pqr.secretarias.models import Secretaria
from pqr.tickets.contributing import Asking, Gift, ask_office, cancel, contribute
from pqr.tickets.contributions import hold, pending_of
from pqr.tickets.models import Ticket


@desk.post("/atencion/radicado/<radicado>/pedir-aporte")
@needs(Right.ASK_OFFICE)
def ask_for_contribution(radicado: str) -> Answered:
    """Of another office, with a day of its own."""
    form, ticket = AskOfficeForm(), find_ticket(db.session(), radicado, Right.ASK_OFFICE)
    offer_others(form, ticket, list(active_secretarias(db.session())))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        asked, own = session.get_one(Secretaria, int(form.secretaria.data)), officer().only_office
        asker = session.get(Secretaria, own) if own else None
        assert form.due_on.data is not None  # the form has been validated
        asking = Asking(ticket, asked, form.question.data or "", form.due_on.data, asker, officer().actor)
        ask_office(session, asking, here, now)

    return carry_out(radicado, "ask_office", form, work, "Aporte pedido: la dependencia recibe la carta por correo.")


@desk.post("/atencion/radicado/<radicado>/aportar")
@needs(Right.CONTRIBUTE)
def give_contribution(radicado: str) -> Answered:
    """For the staff alone."""
    form, ticket = ContributeForm(), find_ticket(db.session(), radicado, Right.CONTRIBUTE)
    form.offer(to_give(pending_of(db.session(), ticket), officer()))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        gift = Gift(hold(session, int(form.contribution.data)), form.text.data or "", officer().actor, form.kept)
        contribute(session, gift, here, now)

    return carry_out(radicado, "contribute", form, work, "Aporte enviado a quienes responden el caso.")


@desk.post("/atencion/radicado/<radicado>/cancelar-aporte")
@needs(Right.ASK_OFFICE)
def cancel_contribution(radicado: str) -> Answered:
    """By who asked."""
    form, ticket = CancelContributionForm(), find_ticket(db.session(), radicado, Right.ASK_OFFICE)
    form.offer(to_cancel(pending_of(db.session(), ticket), officer()))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        cancel(session, hold(session, int(form.contribution.data)), officer().actor, here, now)

    return carry_out(radicado, "cancel_contribution", form, work, "Aporte cancelado: se le avisa a la dependencia.")

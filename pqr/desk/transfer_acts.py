"""How does an official send a petition to another authority, and say that the paper arrived?"""

from datetime import datetime

from flask import Response, abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.downloads import PDF, stored
from pqr.desk.transfer_forms import DeliverForm, TransferForm
from pqr.desk.uploads import download
from pqr.errors import EditedMeanwhile
from pqr.secretarias.directory import active_bodies
from pqr.secretarias.models import ExternalBody
from pqr.tickets.models import Ticket
from pqr.tickets.transferring import Sending, note_delivery, transfer
from pqr.tickets.transfers import Transfer, transfers_of


@desk.post("/atencion/radicado/<radicado>/trasladar")
@needs(Right.TRIAGE)
def transfer_ticket(radicado: str) -> Answered:
    """Whole or in part."""
    form = TransferForm()
    form.offer(active_bodies(db.session()), "")

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        sending = Sending(
            ticket,
            session.get_one(ExternalBody, int(form.body.data)),
            form.reason.data or "",
            officer().actor,
            part=form.part.data or "",
            late_reason=form.late_reason.data or "",
        )
        transfer(session, sending, here, now)

    return carry_out(radicado, "transfer", form, work, "Traslado hecho. Mire en la historia si salió por correo.")


@desk.post("/atencion/radicado/<radicado>/traslado-entregado")
@needs(Right.TRIAGE)
def deliver_transfer(radicado: str) -> Answered:
    """Taken there by hand or by post."""
    form = DeliverForm()
    form.offer(transfers_of(db.session(), find_ticket(db.session(), radicado, Right.TRIAGE)))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        sent = next((each for each in transfers_of(session, ticket) if str(each.id) == form.transfer.data), None)
        if sent is None:
            raise EditedMeanwhile("Ese traslado ya no espera.")
        note_delivery(session, sent, form.proof.data or "", officer().actor, now)

    return carry_out(radicado, "deliver", form, work, "Entrega del traslado registrada.")


@desk.get("/atencion/radicado/<radicado>/traslado/<int:transfer_id>.pdf")
@needs(Right.TRIAGE)
def transfer_letter(radicado: str, transfer_id: int) -> Response:
    """The letter to the other authority, to be printed."""
    ticket = find_ticket(db.session(), radicado, Right.TRIAGE)
    sent = db.session.scalar(select(Transfer).where(Transfer.id == transfer_id, Transfer.ticket_id == ticket.id))
    if sent is None:
        abort(404)
    return download(stored(sent.pdf_sha256), f"traslado-{sent.radicado}.pdf", PDF)

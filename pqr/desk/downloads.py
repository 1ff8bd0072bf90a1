"""How do a ticket's files leave?  Each asks again whether this official may see that ticket."""

from flask import Response, abort
from sqlalchemy import select

from pqr.accounts.permissions import Right
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs
from pqr.desk.uploads import download
from pqr.door import office
from pqr.tickets import files
from pqr.tickets.documents import receipt_pdf
from pqr.tickets.issuing import letter_of
from pqr.tickets.lacking import lacking_of
from pqr.tickets.models import Attachment
from pqr.tickets.suspensions import explanation

PDF = "application/pdf"


@desk.get("/atencion/radicado/<radicado>/archivo/<int:file_id>")
@needs(Right.READ)
def attachment(radicado: str, file_id: int) -> Response:
    """A file of the case."""
    ticket = find_ticket(db.session(), radicado)
    file = db.session.scalar(select(Attachment).where(Attachment.id == file_id, Attachment.ticket_id == ticket.id))
    if file is None:
        abort(404)
    return download(stored(file.sha256), file.name, file.media_type)


@desk.get("/atencion/radicado/<radicado>/carta/<exit_number>.pdf")
@needs(Right.READ)
def official_letter(radicado: str, exit_number: str) -> Response:
    """An official letter of the case, as it left."""
    ticket = find_ticket(db.session(), radicado)
    document = letter_of(db.session(), ticket.id, exit_number)
    if document is None:
        abort(404)
    return download(stored(document.sha256), document.file_name, PDF)


@desk.get("/atencion/radicado/<radicado>/constancia.pdf")
@needs(Right.TRIAGE)
def receipt(radicado: str) -> Response:
    """The receipt to print and hand over; it carries the person's code, so only who may register prints it."""
    ticket = find_ticket(db.session(), radicado, Right.TRIAGE)
    here = office(db.session())
    told = explanation(db.session(), ticket, here)
    pdf = receipt_pdf(ticket, told, here, lacking_of(db.session(), ticket))
    return download(pdf, f"constancia-{ticket.radicado}.pdf", PDF)


def stored(sha256: str) -> bytes:
    """The bytes of a paper or a file; 404 where the store has lost them."""
    try:
        return files.read(sha256, office(db.session()))
    except FileNotFoundError:
        abort(404)

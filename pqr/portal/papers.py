"""Which papers may a petitioner take home?  The receipt, the answer's letter and the files that came with it."""

from io import BytesIO

from flask import abort, request, send_file
from obstore.exceptions import BaseError
from werkzeug.wrappers import Response

from pqr.db import db
from pqr.door import office
from pqr.portal import portal
from pqr.portal.against import may_be_read
from pqr.portal.case import answer_files, ask_for_code, sent_answers, visible_ticket
from pqr.tickets import files
from pqr.tickets.appeals import presented
from pqr.tickets.documents import receipt_pdf
from pqr.tickets.events import history
from pqr.tickets.issuing import letter_of
from pqr.tickets.lacking import lacking_of
from pqr.tickets.suspensions import explanation

PDF = "application/pdf"


@portal.get("/radicado/<radicado>/constancia.pdf")
def receipt(radicado: str) -> Response:
    """The receipt, as PDF/A."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    here = office(db.session())
    told = explanation(db.session(), ticket, here)
    pdf = receipt_pdf(ticket, told, here, lacking_of(db.session(), ticket))
    return _download(pdf, f"constancia-{ticket.radicado}.pdf", PDF)


@portal.get("/radicado/<radicado>/respuesta.pdf")
def answer(radicado: str) -> Response:
    """The letter of the answer that `?salida=` names, else of the newest: the very bytes that left."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    answers, wanted = sent_answers(ticket), request.args.get("salida")
    chosen = next((each for each in reversed(answers) if wanted in (None, each.radicado)), None)
    if chosen is None:
        abort(404)
    return _kept(chosen.pdf_sha256, f"respuesta-{chosen.radicado}.pdf", PDF)


@portal.get("/radicado/<radicado>/carta/<exit_number>.pdf")
def official_letter(radicado: str, exit_number: str) -> Response:
    """Another official letter of the case, as it left."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    document = letter_of(db.session(), ticket.id, exit_number)
    filed = presented(history(db.session(), ticket.id))
    if document is None or not may_be_read(document, filed):
        abort(404)
    return _kept(document.sha256, document.file_name, PDF)


@portal.get("/radicado/<radicado>/archivo/<int:number>")
def answer_file(radicado: str, number: int) -> Response:
    """A file that came with the answer. `number`: its position among them, from 1."""
    ticket = visible_ticket(radicado)
    if ticket is None:
        return ask_for_code(radicado)
    enclosed = answer_files(ticket)
    if not 1 <= number <= len(enclosed):
        abort(404)
    chosen = enclosed[number - 1]
    return _kept(chosen.sha256, chosen.name, chosen.media_type)


def _kept(sha256: str, name: str, media_type: str) -> Response:
    try:
        content = files.read(sha256, office(db.session()))
    except (BaseError, OSError):
        abort(503)
    return _download(content, name, media_type)


def _download(content: bytes, name: str, media_type: str) -> Response:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)

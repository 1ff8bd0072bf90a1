"""How does the whole file of a case leave the desk?  As one ZIP, with no more than its reader may see."""

from collections.abc import Iterator

from flask import Response, stream_with_context
from sqlalchemy import select

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import Officer, find_ticket, needs, officer
from pqr.desk.case import show
from pqr.desk.export_form import ExportForm
from pqr.desk.petitioner import can_reveal, sees_contact
from pqr.door import office
from pqr.tickets.expediente import Export, record_export, stream
from pqr.tickets.models import Ticket


@desk.post("/atencion/radicado/<radicado>/expediente.zip")
@needs(Right.READ)
def expediente(radicado: str) -> Response | tuple[str, int]:
    """The ZIP; the case tells who took it."""
    form, reader = ExportForm(), officer()
    if not form.validate_on_submit():
        return show(find_ticket(db.session(), radicado), export=form), 422
    with transaction() as session:
        ticket = find_ticket(session, radicado)
        whole = _is_whole(ticket, reader, form)
        export = Export(ticket, whole, reader.actor, reader.email, form.reason.data or "")
        record_export(session, export, office(session), clock.now())
        number, name = ticket.id, f"expediente-{ticket.radicado}.zip"
    response = Response(stream_with_context(_read(number, export.whole)), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _is_whole(ticket: Ticket, reader: Officer, form: ExportForm) -> bool:
    """Whether who asks goes in: named, for who may open their mails; reserved, with a reason; anonymous, never."""
    if can_reveal(ticket, reader):
        return bool(form.reason.data)
    return sees_contact(ticket, reader) and reader.may(Right.TRIAGE, ticket)


def _read(number: int, whole: bool) -> Iterator[bytes]:
    session = db.session()
    ticket = session.scalars(select(Ticket).where(Ticket.id == number)).one()
    yield from stream(session, ticket, whole, office(session))

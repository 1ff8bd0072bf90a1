"""What was promised or is owed besides the answers?  Extensions, transfers to take, contributions, duties."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.reports.official import Column, Section, Table, Type
from pqr.secretarias.models import Secretaria
from pqr.terms.spanish import counted
from pqr.tickets.contributions import IS_PENDING, Contribution
from pqr.tickets.duties import pending_duties
from pqr.tickets.models import Ticket
from pqr.tickets.states import OPEN
from pqr.tickets.transfers import Transfer

AGREEMENTS = "Acuerdos y deberes pendientes"
NOBODY = "Sin dependencia todavía"


def agreements(session: Session, today: date) -> Section:
    """All of it, the nearest day first; what has no day last."""
    rows = sorted(
        (*_extensions(session), *_transfers(session), *_contributions(session), *_duties(session)),
        key=lambda row: (row[3] is None, row[3] or today, row[0]),
    )
    columns = (*map(Column, ("Radicado", "Qué", "Dependencia")), Column("Para cuándo", Type.DATE))
    said = counted(len(rows), "acuerdo o deber por cumplir.", "acuerdos o deberes por cumplir.") if rows else "Ninguno."
    return Section(
        AGREEMENTS, (said,), Table("Lo que se prometió o se debe, además de responder", columns, tuple(rows))
    )


_Promise = tuple[str, str, str, date | None]


def _extensions(session: Session) -> Iterator[_Promise]:
    found = select(Ticket.radicado, Ticket.extension, Secretaria.name, Ticket.due_on).outerjoin(Ticket.secretaria)
    for radicado, days, name, due_on in session.execute(found.where(Ticket.extension > 0, Ticket.state.in_(OPEN))):
        yield radicado, f"Prórroga concedida de {counted(days, 'día', 'días')}", name or NOBODY, due_on


def _transfers(session: Session) -> Iterator[_Promise]:
    found = (
        select(Ticket.radicado, Transfer.body_name, Secretaria.name)
        .join(Transfer, Transfer.ticket_id == Ticket.id)
        .outerjoin(Ticket.secretaria)
        .where(Transfer.letter_id.is_(None), Transfer.delivered_at.is_(None))
    )
    for radicado, body, name in session.execute(found):
        yield radicado, f"Traslado por llevar a {body}", name or NOBODY, None


def _contributions(session: Session) -> Iterator[_Promise]:
    found = (
        select(Ticket.radicado, Secretaria.name, Contribution.due_on)
        .join(Contribution, Contribution.ticket_id == Ticket.id)
        .join(Secretaria, Secretaria.id == Contribution.secretaria_id)
        .where(IS_PENDING)
    )
    for radicado, name, due_on in session.execute(found):
        yield radicado, "Aporte que se le pidió", name, due_on


def _duties(session: Session) -> Iterator[_Promise]:
    for duty in pending_duties(session):
        name = duty.ticket.secretaria.name if duty.ticket.secretaria else NOBODY
        yield duty.ticket.radicado, duty.term.label, name, duty.due_on

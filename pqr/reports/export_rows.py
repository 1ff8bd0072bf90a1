"""What does an exported list hold?  Facts of each ticket and nothing of who asks: no name, no text, no place."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.reports.dimensions import CHANNELS
from pqr.reports.official import Cell, Column, Type
from pqr.reports.spreadsheets import Book, csv_cell, csv_rows
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import LOWEST_PRIORITY, Channel, Ticket
from pqr.tickets.states import PUBLIC_LABELS, Outcome, State

OUTCOMES: dict[str, str] = {
    Outcome.ANSWERED: "Respondida",
    Outcome.TRANSFERRED: "Trasladada",
    Outcome.WITHDRAWN_EXPRESS: "Desistida",
    Outcome.WITHDRAWN_TACIT: "Desistimiento tácito",
    Outcome.ARCHIVED_UNCLEAR: "Archivada sin aclarar",
    Outcome.REJECTED: "Rechazada",
    Outcome.BY_REFERENCE: "Remitida a una respuesta anterior",
    Outcome.DUPLICATE: "Duplicada",
    Outcome.VOIDED: "Anulada",
}
COLUMNS = (
    Column("Radicado"), Column("Tipo"), Column("Canal"), Column("Estado"), Column("Final"), Column("Dependencia"),
    Column("Tema"), Column("Prioridad"), Column("Recibida", Type.DATE), Column("Vence", Type.DATE),
    Column("Días de prórroga", Type.NUMBER), Column("Respondida", Type.DATE), Column("Días hábiles", Type.NUMBER),
    Column("A tiempo"),
)  # fmt: skip
_SELECTED = (
    Ticket.radicado, Ticket.kind, Ticket.channel, Ticket.state, Ticket.outcome, Secretaria.name, Topic.name,
    Ticket.priority_rank, Ticket.received_on, Ticket.due_on, Ticket.extension, Ticket.communicated_at, Ticket.days_used,
    Ticket.in_time,
)  # fmt: skip


def rows_of(session: Session, ids: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
    """These tickets, in the order of their ids."""
    found = (
        select(*_SELECTED)
        .outerjoin(Secretaria, Secretaria.id == Ticket.secretaria_id)
        .outerjoin(Topic, Topic.id == Ticket.topic_id)
        .where(Ticket.id.in_(ids))
        .order_by(Ticket.id)
    )
    for (
        number,
        kind,
        channel,
        state,
        outcome,
        office,
        topic,
        rank,
        received,
        due,
        more,
        told,
        used,
        kept,
    ) in session.execute(found):
        yield (
            number, TERMS[TicketKind(kind)].label, CHANNELS[Channel(channel)], PUBLIC_LABELS[State(state)],
            OUTCOMES.get(outcome, outcome), office or "", topic or "", "sí" if rank < LOWEST_PRIORITY else "no",
            received, due, more, in_bogota(told).date() if told else "", used if used is not None else "",
            "" if kept is None else "sí" if kept else "no",
        )  # fmt: skip


def write_rows(path: Path, form: str, rows: Iterable[Sequence[Cell]], made_at: datetime) -> None:
    """Writes the file as the rows come."""
    if form == "xlsx":
        book = Book(str(path), "Peticiones", made_at)
        book.table("Peticiones", COLUMNS, rows)
        book.close()
        return
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        write = csv_rows(target)
        write([column.title for column in COLUMNS])
        for row in rows:
            write([csv_cell(cell, column.type) for cell, column in zip(row, COLUMNS, strict=True)])

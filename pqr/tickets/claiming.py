"""Is the person's claim marked on the data that it is about?  Ley 1581 de 2012 art. 15 num. 2.

Two business days after the claim is complete, «reclamo en trámite» and its reason stand on the record, until it is
decided: where and when it was put is noted here. A claim that lacks something is not yet due to be marked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets.duties import meet, owe, release
from pqr.tickets.events import record
from pqr.tickets.models import Ticket

MARK = "leyenda_reclamo_en_tramite"


@dataclass(frozen=True)
class Marking:
    """`where`: the record or data base; `put_on`: the day; `reason`: of the claim, as it was written there."""

    ticket: Ticket
    where: str
    put_on: date
    reason: str
    actor: str


def owe_mark(session: Session, ticket: Ticket, since: date, office: Office, now: datetime) -> None:
    """Makes the mark due for a claim that is complete since that day; nothing for another kind."""
    if ticket.kind == TicketKind.HABEAS_DATA_RECLAMO:
        owe(session, ticket, MARK, since, office, now)


def release_mark(session: Session, ticket: Ticket) -> None:
    """It is no longer due: the claim waits for the person, is of another kind, or was decided."""
    release(session, ticket, MARK)


def mark_claim(session: Session, marking: Marking, now: datetime) -> None:
    """Writes down that the mark was put. Raises ActNotAllowed where none is due, or for a day that cannot be."""
    ticket = marking.ticket
    if not ticket.received_on <= marking.put_on <= now.astimezone(BOGOTA).date():
        raise ActNotAllowed("La leyenda se puso después de recibir el reclamo y no más tarde de hoy.")
    duty = meet(session, ticket, MARK, now)
    record(
        session, ticket.id, "data_claim_marked", marking.actor, now, where=marking.where.strip(),
        put_on=marking.put_on.isoformat(), reason=marking.reason.strip(), until=duty.due_on.isoformat(),
        late=marking.put_on > duty.due_on,
    )  # fmt: skip

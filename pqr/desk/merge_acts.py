"""How does an official join a petition to another, separate it, leave a note, or say that it is a petition?"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.merge_forms import MergeForm, NoteForm, TrustForm, UnmergeForm
from pqr.errors import ActNotAllowed
from pqr.tickets.annotating import Annotation, annotate
from pqr.tickets.merging import Merge, Separation, merge, unmerge
from pqr.tickets.models import Ticket
from pqr.tickets.moderating import Trust, trust
from pqr.tickets.radicado import find_radicado


@desk.post("/atencion/radicado/<radicado>/unir")
@needs(Right.TRIAGE)
def merge_ticket(radicado: str) -> Answered:
    """Into another one, with which it is answered."""
    form = MergeForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        into = find_typed(session, form.into.data or "")
        merge(session, Merge(ticket, into, form.reason.data or "", officer().actor), here, now)

    return carry_out(radicado, "merge", form, work, "Unida: cada persona recibe su propia respuesta.")


@desk.post("/atencion/radicado/<radicado>/separar")
@needs(Right.TRIAGE)
def unmerge_ticket(radicado: str) -> Answered:
    """To be answered by itself."""
    form = UnmergeForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        unmerge(session, Separation(ticket, form.reason.data or "", officer().actor), here, now)

    return carry_out(radicado, "unmerge", form, work, "Separada: se responde por su cuenta.")


@desk.post("/atencion/radicado/<radicado>/nota")
@needs(Right.ANSWER)
def write_note(radicado: str) -> Answered:
    """For colleagues alone."""
    form = NoteForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        annotate(session, Annotation(ticket, form.text.data or "", officer().actor), now)

    return carry_out(radicado, "note", form, work, "Nota guardada. Solo la ve quien trabaja en el caso.")


@desk.post("/atencion/radicado/<radicado>/es-peticion")
@needs(Right.TRIAGE)
def trust_ticket(radicado: str) -> Answered:
    """Somebody's, though it looked like a program's: it goes on as usual."""

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        trust(session, Trust(ticket, officer().actor), here, now)

    return carry_out(radicado, "trust", TrustForm(), work, "Es una petición: sigue su curso.")


def find_typed(session: Session, typed: str) -> Ticket:
    """The ticket that was typed; whoever triages may see them all."""
    number = find_radicado(typed)
    ticket = session.scalar(select(Ticket).where(Ticket.radicado == number)) if number else None
    if ticket is None or not officer().may(Right.TRIAGE, ticket):
        raise ActNotAllowed(f"No hay ninguna petición con el radicado «{typed}».")
    return ticket

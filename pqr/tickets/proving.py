"""Do the rows of the petitions say what their events say?  One pass over all chains, beside the rows.

The first link of a chain that does not hold is named, and nothing is believed of what that chain says.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pqr.secretarias.models import Secretaria
from pqr.tickets.annotating import InternalNote
from pqr.tickets.contact import differing
from pqr.tickets.contributions import Contribution
from pqr.tickets.events import Event, digest_of_text, first_broken
from pqr.tickets.issuing import Document
from pqr.tickets.models import IDENTIFYING, Answer, Attachment, Message, Petitioner, Ticket
from pqr.tickets.states import OPEN
from pqr.tickets.witness import Case, told_by

BATCH = 1000
COLUMNS = {
    "radicado": "el radicado", "kind": "el tipo", "channel": "el medio", "identity": "la identidad",
    "received_at": "la hora de llegada", "due_on": "la fecha de vencimiento",
}  # fmt: skip
TEXTS: Mapping[str, tuple[Any, Any, str]] = {
    "answers": (Answer.id, Answer.text, "la respuesta"),
    "messages": (Message.id, Message.text, "el mensaje"),
    "notes": (InternalNote.id, InternalNote.text, "la nota"),
    "contributions": (Contribution.id, Contribution.text, "el aporte"),
    "questions": (Contribution.id, Contribution.question, "la pregunta del aporte"),
}
_EVENTS = select(
    Event.ticket_id, Event.seq, Event.at, Event.actor, Event.kind, Event.data, Event.prev_hash, Event.hash
).order_by(Event.ticket_id, Event.seq)
_TICKETS = (
    select(
        Ticket.id, Ticket.radicado, Ticket.kind, Ticket.channel, Ticket.identity, Ticket.received_at, Ticket.due_on,
        Ticket.suspended_on, Ticket.state, Ticket.subject, Ticket.body, Secretaria.code.label("office"),
        *(getattr(Petitioner, name) for name in IDENTIFYING),
    )
    .outerjoin(Secretaria, Ticket.secretaria_id == Secretaria.id)
    .outerjoin(Petitioner, Ticket.petitioner_id == Petitioner.id)
    .order_by(Ticket.id)
)  # fmt: skip


def what_differs(session: Session, keys: Sequence[bytes]) -> Iterator[str]:
    """A sentence for each thing, the radicado first. `keys`: what persons' data may be sealed with; see `contact`."""
    hanging = _Hanging()
    chains = groupby(_stream(session, _EVENTS), key=lambda event: event.ticket_id)
    ticket_id, chain = next(chains, (None, ()))
    for ticket in _stream(session, _TICKETS):
        while ticket_id is not None and ticket_id < ticket.id:
            yield f"petición {ticket_id}: falta; quedan sus eventos."
            ticket_id, chain = next(chains, (None, ()))
        if ticket_id != ticket.id:
            yield f"{ticket.radicado}: no tiene eventos."
            continue
        events = list(chain)
        broken = first_broken(events)
        if broken is not None:
            yield f"petición {ticket.id}: el evento {broken.seq} ({broken.kind}) no encadena con el anterior."
        else:
            yield from _compared(ticket, events, keys, hanging)
        ticket_id, chain = next(chains, (None, ()))
    while ticket_id is not None:
        yield f"petición {ticket_id}: falta; quedan sus eventos."
        ticket_id, chain = next(chains, (None, ()))
    yield from hanging.what_differs(session)


def _compared(ticket: Row[Any], events: Sequence[Any], keys: Sequence[bytes], hanging: "_Hanging") -> Iterator[str]:
    try:
        case = told_by(events)
        differing_things = list(_of_the_ticket(ticket, case, keys))
    except (KeyError, TypeError, ValueError):  # a chain that somebody wrote anew, and not as this program does
        yield f"{ticket.radicado}: su historia no se entiende."
        return
    yield from differing_things
    hanging.expect(ticket, case)


def _of_the_ticket(ticket: Row[Any], case: Case, keys: Sequence[bytes]) -> Iterator[str]:
    radicado = ticket.radicado
    for name, said in case.ticket.items():
        value = getattr(ticket, name)
        moves = name == "due_on" and ticket.suspended_on is not None  # what the person sends moves it, unsaid
        if not moves and value != (said if isinstance(value, str) else value.fromisoformat(said)):
            yield f"{radicado}: {COLUMNS[name]} no es lo que dice su historia."
    if (ticket.state in OPEN) != case.is_open:
        yield f"{radicado}: el estado no es el que dice su historia."
    if case.office is not None and (ticket.office or "") != case.office:
        yield f"{radicado}: la dependencia no es la que dice su historia."
    if digest_of_text(ticket.body) != case.body:
        yield f"{radicado}: el texto no es el que se radicó."
    if case.subject and digest_of_text(ticket.subject) != case.subject:
        yield f"{radicado}: el asunto no es el que se radicó."
    if case.person is not None:
        person = {name: getattr(ticket, name) or "" for name in IDENTIFYING}
        if differing(case.ticket["radicado"], person, case.person, keys):
            yield f"{radicado}: los datos de la persona cambiaron, o falta la clave de entonces en PQR_SECRET_KEY."


class _Hanging:
    """What the events say that hangs on the petitions: texts, papers and files, until their rows are met."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int], tuple[str, str]] = {}
        self._papers: dict[str, tuple[str, str]] = {}
        self._files: set[tuple[int, str]] = set()
        self._radicados: dict[int, str] = {}

    def expect(self, ticket: Row[Any], case: Case) -> None:
        """Of one ticket."""
        for row, sha256 in case.texts.items():
            self._texts[row] = ticket.radicado, sha256
        for number, sha256 in case.papers.items():
            self._papers[number] = ticket.radicado, sha256
        if case.files:
            self._radicados[ticket.id] = ticket.radicado
            self._files |= {(ticket.id, sha256) for sha256 in case.files}

    def what_differs(self, session: Session) -> Iterator[str]:
        """When all tickets have been seen."""
        for table, (row_id, text, name) in TEXTS.items():
            for number, words in _stream(session, select(row_id, text)):
                radicado, sha256 = self._texts.pop((table, number), ("", ""))
                if sha256 and digest_of_text(words) != sha256:
                    yield f"{radicado}: {name} {number} no dice lo que decía."
        for (table, number), (radicado, _) in self._texts.items():
            yield f"{radicado}: falta {TEXTS[table][2]} {number}."
        for paper in _stream(session, select(Document.radicado, Document.sha256)):
            radicado, sha256 = self._papers.pop(paper.radicado, ("", ""))
            if sha256 and paper.sha256 != sha256:
                yield f"{paper.radicado}: el documento no es el que salió."
        for number, (radicado, _) in self._papers.items():
            yield f"{radicado}: falta el documento {number}."
        attached = _stream(session, select(Attachment.ticket_id, Attachment.sha256))
        missing = self._files - {(each.ticket_id, each.sha256) for each in attached}
        for ticket_id, sha256 in sorted(missing):
            yield f"{self._radicados[ticket_id]}: ya no tiene el archivo {sha256[:12]}…"


def _stream(session: Session, query: Any) -> Iterator[Any]:
    yield from session.execute(query.execution_options(yield_per=BATCH))

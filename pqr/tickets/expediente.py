"""What is the whole file of a case?  One ZIP: what was asked and said, mails, letters, attachments, the events' chain.

It is written while it is read, in one order, with a fixed date, so that nothing large is held in memory. Whoever may
not see who asks gets it without mails and without letters to the person: the index says so. Internal notes stay in.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import TEMPLATES, Office
from pqr.mail.inbox import InboxMail
from pqr.mail.letters import instant
from pqr.mail.outbox import Letter
from pqr.terms.calendar import BOGOTA
from pqr.tickets import files
from pqr.tickets.contributions import contributions_of
from pqr.tickets.events import GENESIS, Event, history, record
from pqr.tickets.issuing import documents_of
from pqr.tickets.letters import name_for_office
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.revealing import Revelation, reveal

HOW_TO_CHECK = (
    "La huella (hash) de cada evento es el SHA-256, en hexadecimal, del JSON de sus otros siete campos (ticket, seq, "
    "at, actor, kind, data, prev), con las claves en orden alfabético, sin espacios y en UTF-8. El campo prev es la "
    "huella del evento anterior; el del primero son 64 ceros. Si algo cambió después, alguna huella ya no coincide."
)


@dataclass(frozen=True)
class Export:
    """`whole`: with who asks, the mails and the letters to the person. `reason`: why a reserved identity goes in.

    `actor`: user:<id>; `who`: the official's account, as Control Interno reads it.
    """

    ticket: Ticket
    whole: bool
    actor: str
    who: str
    reason: str = ""


@dataclass(frozen=True)
class Piece:
    """A file of the ZIP; its bytes are read when its turn comes."""

    path: str
    title: str
    read: Callable[[], bytes]


def record_export(session: Session, export: Export, office: Office, now: datetime) -> None:
    """Writes down who took the file of the case; where it names a reserved person, that is a revelation."""
    ticket = export.ticket
    if export.whole and ticket.identity == Identity.RESERVED:
        reveal(session, Revelation(ticket, export.reason, export.actor, export.who), office, now)
    record(session, ticket.id, "expediente_exported", export.actor, now, whole=export.whole)


def stream(session: Session, ticket: Ticket, whole: bool, office: Office) -> Iterator[bytes]:
    """The ZIP, piece by piece; last its index. A file that the store has lost is told there."""
    outlet, moment = _Outlet(), ticket.filed_at.astimezone(BOGOTA).timetuple()[:6]
    rows: list[dict[str, Any]] = []

    def put(path: str, content: bytes) -> bytes:
        entry = zipfile.ZipInfo(f"{ticket.radicado}/{path}", moment)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        archive.writestr(entry, content)
        return outlet.taken()

    with zipfile.ZipFile(outlet, "w") as archive:
        for piece in _pieces(session, ticket, whole, office):
            row = {"archivo": piece.path, "que_es": piece.title}
            try:
                content = piece.read()
            except FileNotFoundError:
                rows.append({**row, "sha256": "", "bytes": None})
                continue
            rows.append({**row, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
            yield put(piece.path, content)
        index = {"radicado": ticket.radicado, "entidad": office.entity, "completo": whole, "piezas": rows}
        yield put("indice.json", _json(index))
        page = _environment().get_template("indice.html").render(index=index, ticket=ticket, how=HOW_TO_CHECK)
        yield put("indice.html", page.encode())
    yield outlet.taken()


def _pieces(session: Session, ticket: Ticket, whole: bool, office: Office) -> Iterator[Piece]:
    yield Piece("caso.json", "Lo que se pidió, se dijo y se respondió", lambda: _json(_case(session, ticket, whole)))
    yield Piece("eventos.json", "La cadena de eventos", lambda: _json(_chain(history(session, ticket.id))))
    for each in documents_of(session, ticket.id):
        yield Piece(f"cartas/{each.file_name}", each.title, partial(files.read, each.sha256, office))
    for file in sorted(ticket.attachments, key=lambda each: each.id):
        path = f"archivos/{file.id:06d}-{file.name}"
        yield Piece(path, _ATTACHED.get(file.belongs_to, "Archivo"), partial(files.read, file.sha256, office))
    if whole:
        yield from _correspondence(session, ticket)


_ATTACHED = {
    "petition": "Archivo de la petición",
    "answer": "Archivo de la respuesta",
    "message": "Archivo de un mensaje",
}


def _correspondence(session: Session, ticket: Ticket) -> Iterator[Piece]:
    arrived = select(InboxMail.id, InboxMail.received_at).where(InboxMail.ticket_id == ticket.id)
    for number, moment in session.execute(arrived.order_by(InboxMail.id)).all():
        title = f"Correo que llegó el {instant(moment)}, en sus bytes originales"
        yield Piece(f"correos/{number:06d}.eml", title, partial(_raw, session, number))
    left = select(Letter).where(Letter.ticket_id == ticket.id).order_by(Letter.id)
    for letter in session.scalars(left).all():
        title = f"Correo que salió el {instant(letter.created_at)}"
        yield Piece(f"enviados/{letter.id:06d}-{letter.letter}.txt", title, partial(_as_text, letter))


def _raw(session: Session, number: int) -> bytes:
    return session.execute(select(InboxMail.raw).where(InboxMail.id == number)).scalar_one()


def _as_text(letter: Letter) -> bytes:
    sent = letter.sent_at.isoformat() if letter.sent_at else ""
    head = f"Para: {letter.recipient}\nCopia: {letter.copies}\nAsunto: {letter.subject}\nEnviado: {sent}\n"
    return f"{head}Message-ID: {letter.message_id}\nServidor: {letter.response}\n\n{letter.text}".encode()


def _case(session: Session, ticket: Ticket, whole: bool) -> dict[str, Any]:
    person = ticket.petitioner
    named = ("name", "document_type", "document_number", "email", "phone", "address", "municipality")
    return {
        **{name: getattr(ticket, name) for name in ("radicado", "kind", "subject", "body", "channel", "place")},
        **{name: getattr(ticket, name) for name in ("state", "outcome", "identity", "received_at", "filed_at")},
        **{name: getattr(ticket, name) for name in ("due_on", "term_source", "answered_at", "communicated_at")},
        "secretaria": ticket.secretaria.name if ticket.secretaria else "",
        "petitioner": {name: getattr(person, name) for name in named} if whole and person else name_for_office(ticket),
        "answers": _rows(ticket.answers, "radicado", "text", "author", "written_at", "sent_at", "communicated_by"),
        "messages": _rows(ticket.messages, "author", "text", "written_at"),
        "contributions": _rows(contributions_of(session, ticket), "question", "text", "due_on"),
    }


def _rows(things: Any, *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(each, name) for name in names} for each in things]


def _chain(events: Any) -> dict[str, Any]:
    return {"como_comprobar": HOW_TO_CHECK, "primera": GENESIS, "eventos": [_sealed(event) for event in events]}


def _sealed(event: Event) -> dict[str, Any]:
    names = ("seq", "actor", "kind", "data", "hash")
    told = {name: getattr(event, name) for name in names}
    return {"ticket": event.ticket_id, "at": event.at.isoformat(), "prev": event.prev_hash, **told}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_written).encode()


def _written(value: Any) -> str:
    return str(value.isoformat())


def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES / "expediente")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class _Outlet(io.RawIOBase):
    """What the archive writes, taken away as it comes; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keeps the bytes until they are taken."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content

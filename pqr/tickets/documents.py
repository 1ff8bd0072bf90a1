"""Which papers does a ticket produce?  The filing receipt and the answer's letter, as PDF/A-2a and PDF/UA-1.

Typst sets them from `templates/pdf/`; the data go in as JSON, so no word of a citizen is read as markup. The same
data give the same bytes.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import segno
import typst

from pqr.config import TEMPLATES, Office
from pqr.mail.letters import instant
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.spanish import long_date
from pqr.tickets.events import digest_of_text
from pqr.tickets.files import read
from pqr.tickets.letters import code_of, link_for_petitioner, name_for_office
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.transfers import Transfer

# PDF/A refuses a character that no font shows (ISO 19005-2, 6.2.11.8); these the fonts of the typst wheel show.
SHOWN = "\n -~\u00a0-\u00ac\u00ae-\u034e\u0350-\u0377\u03a3-\u04ff\u2000-\u200a\u2010-\u2027\u202f-\u2040\u2054-\u205f"
SHOWN += r"\u2070\u2071\u2190-\u23ff\u2460-\u2606"
NOT_SHOWN = re.compile(f"[^{SHOWN}]")
INVISIBLE = re.compile(r"[\r\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def receipt_pdf(ticket: Ticket, explanation: Sequence[str], office: Office) -> bytes:
    """The receipt: number, instant, what was asked and its digest, date with its explanation, code, QR.

    `explanation`: of the date, in sentences.
    """
    link = link_for_petitioner(ticket, office)
    return _compile(
        "constancia",
        {
            **_heading(ticket, office),
            "code": code_of(ticket, office),
            "due_on": "plazo suspendido" if ticket.suspended_on else long_date(ticket.due_on),
            "explanation": list(explanation),
            "digest": digest_of_text(ticket.body),
            "files": [file.name for file in ticket.attachments if file.belongs_to == "petition"],
            "link": f"{office.base_url}/radicado",
            "qr": _qr(link),
        },
        ticket.filed_at,
    )


def answer_pdf(answer: Answer, office: Office, now: datetime) -> bytes:
    """The answer's letter: exit number, date, whom it answers, and its text."""
    ticket = answer.ticket
    person = ticket.petitioner
    return _compile(
        "respuesta",
        {
            **_heading(ticket, office),
            "exit": answer.radicado,
            "completes": answer.completes.radicado if answer.completes else "",
            "date": long_date(now.astimezone(BOGOTA).date()),
            "to": person.name if person and ticket.identity == "named" else "",
            "text": answer.text,
            "secretaria": answer.secretaria_name or office.about.signer or office.entity,
        },
        now,
    )


def transfer_pdf(sent: Transfer, words: Sequence[str], office: Office) -> bytes:
    """The letter that sends a petition, or a part, to another authority. `words`: added by the person since filing."""
    ticket = sent.ticket
    return _compile(
        "traslado",
        {
            **_heading(ticket, office),
            "exit": sent.radicado,
            "date": long_date(sent.made_at.astimezone(BOGOTA).date()),
            "body": sent.body_name,
            "address": sent.body.address,
            "part": sent.part,
            "reason": sent.reason,
            "person": whom(ticket),
            "identity": ticket.identity,
            "petition": ticket.body,
            "words": list(words),
            "files": [file.name for file in ticket.attachments if file.belongs_to in ("petition", "message")],
            "signer": office.about.signer or office.entity,
        },
        sent.made_at,
    )


def whom(ticket: Ticket) -> list[tuple[str, str]]:
    """Who asks, as the authority that must answer needs it; nothing of whoever gave no name or asked for reserve."""
    person = ticket.petitioner
    if person is None or ticket.identity != Identity.NAMED:
        return [("Persona", name_for_office(ticket))]
    rows = [
        ("Persona", person.name or "No dio su nombre"),
        ("Documento", f"{person.document_type} {person.document_number}".strip()),
        ("Correo", person.email),
        ("Teléfono", person.phone),
        ("Dirección", ", ".join(part for part in (person.address, person.municipality) if part)),
    ]
    return [(label, value) for label, value in rows if value]


def _heading(ticket: Ticket, office: Office) -> dict[str, Any]:
    return {
        "entity": office.entity,
        "lines": list(office.about.lines),
        "logo": _logo(office),
        "radicado": ticket.radicado,
        "kind": TERMS[TicketKind(ticket.kind)].label,
        "subject": ticket.subject,
        "received": instant(ticket.received_at),
    }


def can_print(image: bytes) -> bool:
    """Whether a paper can show this image."""
    try:
        return bool(_typeset("logo", {"logo": list(image)}, datetime(2026, 1, 1, tzinfo=UTC)))
    except typst.TypstError:
        return False


def _logo(office: Office) -> list[int]:
    """The bytes of the image, as JSON carries them."""
    if not office.about.logo:
        return []
    try:
        return list(read(office.about.logo, office))
    except FileNotFoundError:  # `verify` says it; an answer leaves without its ornament
        return []


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=4, border=2)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)  # only the fonts inside the wheel: the same on every machine


def _compile(name: str, data: dict[str, Any], created: datetime) -> bytes:
    """The PDF. An emoji, or a word processor's own bullet, becomes a box rather than keep an answer from leaving."""
    try:
        return _typeset(name, data, created)
    except typst.TypstError:
        return _typeset(name, _showable(data), created)


def _typeset(name: str, data: dict[str, Any], created: datetime) -> bytes:
    pdf = typst.compile(
        str(TEMPLATES / "pdf" / f"{name}.typ"),
        root=str(TEMPLATES / "pdf"),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(created.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


def _showable(value: Any) -> Any:
    if isinstance(value, str):
        return NOT_SHOWN.sub("□", INVISIBLE.sub("", value.expandtabs(4)))
    if isinstance(value, list):
        return [_showable(each) for each in value]
    return {name: _showable(each) for name, each in value.items()} if isinstance(value, dict) else value

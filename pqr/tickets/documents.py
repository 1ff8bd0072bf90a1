"""Which papers does a ticket produce?  The filing receipt and the official letters, as PDF/A-2a and PDF/UA-1.

Typst sets them from `templates/pdf/`, the same bytes from the same data; these go in as JSON, so no word is markup.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal

import segno
import typst

from pqr.config import TEMPLATES, Office
from pqr.mail.addresses import document_code
from pqr.mail.letters import instant
from pqr.terms.appealing import appeal
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.spanish import long_date
from pqr.tickets.events import digest_of_text
from pqr.tickets.files import read
from pqr.tickets.groups import shared_with
from pqr.tickets.letters import code_of, link_for_petitioner, name_for_office
from pqr.tickets.models import Answer, Identity, Message, Ticket
from pqr.tickets.transfers import Transfer

TITLES = {  # the letters with an exit number, in words; all but the first two have a template of their name
    "answer": "Respuesta",
    "complement": "Complemento de la respuesta",
    "extension": "Prórroga del término",
    "completion_request": "Solicitud de completar la petición",
    "clarification_request": "Solicitud de aclarar la petición",
    "withdrawn_tacit": "Desistimiento tácito",
    "withdrawn_express": "Desistimiento",
    "continued": "Continuación por interés público",
    "archived_unclear": "Archivo de la petición",
    "transfer": "Traslado",
    "answered_by_reference": "Remisión a una respuesta anterior",
    "appeal_decision": "Decisión del recurso",
    "judge": "Remisión al juez administrativo",
}
# Which of them the petitioner reads on the portal as soon as they left. An answer has a page of its own there, and one
# that must be notified stays closed until it is opened; so does the decision of an appeal.
TO_PETITIONER = frozenset(TITLES) - {"answer", "complement", "appeal_decision"}
STANDARDS: list[Literal["a-1b", "a-2a", "ua-1"]] = ["a-2a", "ua-1"]
# PDF/A refuses a character that no font shows (ISO 19005-2, 6.2.11.8); these the fonts of the typst wheel show.
SHOWN = "\n -~\u00a0-\u00ac\u00ae-\u034e\u0350-\u0377\u03a3-\u04ff\u2000-\u200a\u2010-\u2027\u202f-\u2040\u2054-\u205f"
SHOWN += r"\u2070\u2071\u2190-\u23ff\u2460-\u2606"
NOT_SHOWN = re.compile(f"[^{SHOWN}]")
INVISIBLE = re.compile(r"[\r\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def receipt_pdf(ticket: Ticket, explanation: Sequence[str], office: Office, lacking: str = "") -> bytes:
    """The receipt: number, instant, what was asked and its digest, date with its explanation, code, QR.

    `explanation`: of the date, in sentences. `lacking`: what was noted that it lacks (CPACA art. 15).
    """
    link = link_for_petitioner(ticket, office)
    return set_paper(
        "constancia",
        {
            **heading(ticket, office),
            "code": code_of(ticket, office),
            "due_on": "plazo suspendido" if ticket.suspended_on else long_date(ticket.due_on),
            "explanation": list(explanation),
            "lacking": lacking,
            "digest": digest_of_text(ticket.body),
            "files": [file.name for file in ticket.attachments if file.belongs_to == "petition"],
            "link": f"{office.base_url}/radicado",
            "qr": qr(link),
        },
        ticket.filed_at,
    )


def answer_pdf(answer: Answer, office: Office, now: datetime) -> bytes:
    """The answer's letter: exit number, date, whom it answers, and its text."""
    assert answer.radicado is not None
    given = {
        "completes": answer.completes.radicado if answer.completes else "",
        "group": shared_with(answer, office),
        "text": answer.text,
        "signer": answer.secretaria_name or office.about.signer or office.entity,
        "provision": answer.provision,
        "appeal": appeal(AnswerOutcome(answer.outcome), answer.provision) if answer.must_be_notified else "",
    }
    return set_paper("respuesta", _official(answer.ticket, answer.radicado, given, office, now), now)


def official_pdf(
    ticket: Ticket, kind: str, exit_number: str, values: Mapping[str, Any], office: Office, now: datetime
) -> bytes:
    """The letter of an act. `kind`: of TITLES, and its template. `values`: see `issuing.issue_document`."""
    signer = ticket.secretaria.name if ticket.secretaria else office.about.signer or office.entity
    known = {"signer": signer, "due_on": ticket.due_on, "suspended": ticket.suspended_on is not None, **values}
    given = {"title": TITLES[kind]} | {name: _in_words(value) for name, value in known.items()}
    return set_paper(kind, _official(ticket, exit_number, given, office, now), now)


def _official(
    ticket: Ticket, exit_number: str, values: dict[str, Any], office: Office, now: datetime
) -> dict[str, Any]:
    person, code = ticket.petitioner, document_code(exit_number, office.keys[0])
    return {
        **heading(ticket, office),
        "exit": exit_number,
        "date": long_date(now.astimezone(BOGOTA).date()),
        "to": person.name if person and ticket.identity == "named" else "",
        "code": code,
        "link": f"{office.base_url}/verificar",
        "qr": qr(f"{office.base_url}/verificar/{code}"),
        **values,
    }


def _in_words(value: Any) -> Any:
    if isinstance(value, Message):
        return value.text
    if isinstance(value, datetime):
        return instant(value)
    return long_date(value) if isinstance(value, date) else value


def citation_pdf(answer: Answer, until: date, office: Office, now: datetime) -> bytes:
    """The citation for whom no mail reaches. `until`: the last day to come."""
    ticket, person = answer.ticket, answer.ticket.petitioner
    named = person is not None and ticket.identity == Identity.NAMED
    return set_paper(
        "citacion",
        {
            **heading(ticket, office),
            "exit": answer.radicado,
            "date": long_date(now.astimezone(BOGOTA).date()),
            "until": long_date(until),
            "to": person.name if person and named else "",
            "address": ", ".join(filter(None, (person.address, person.municipality))) if person and named else "",
            "link": f"{office.base_url}/radicado",
        },
        now,
    )


def transfer_pdf(sent: Transfer, words: Sequence[str], office: Office) -> bytes:
    """The letter that sends a petition, or a part, to another authority. `words`: added by the person since filing."""
    ticket = sent.ticket
    given = {
        "title": "Traslado de una parte de una petición" if sent.part else "Traslado de una petición",
        "to": "",
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
    }
    return set_paper("transfer", _official(ticket, sent.radicado, given, office, sent.made_at), sent.made_at)


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


def heading(ticket: Ticket, office: Office) -> dict[str, Any]:
    """What every paper about a ticket says of it."""
    return {
        **letterhead(office),
        "radicado": ticket.radicado,
        "kind": TERMS[TicketKind(ticket.kind)].label,
        "subject": ticket.subject,
        "received": instant(ticket.received_at),
    }


def letterhead(office: Office) -> dict[str, Any]:
    """What every paper says of the entity."""
    return {"entity": office.entity, "lines": list(office.about.lines), "logo": logo(office.about.logo, office)}


def can_print(image: bytes) -> bool:
    """Whether a paper can show this image."""
    try:
        return bool(_typeset("logo", {"logo": list(image)}, datetime(2026, 1, 1, tzinfo=UTC)))
    except typst.TypstError:
        return False


def logo(digest: str, office: Office) -> list[int]:
    """The bytes of the image with this digest, as JSON carries them; none where there is no digest."""
    with suppress(FileNotFoundError):  # `verify` says it; an answer leaves without its ornament
        return list(read(digest, office)) if digest else []
    return []


def qr(text: str) -> str:
    """The code that opens this address, as SVG."""
    return segno.make(text, error="m").svg_inline(scale=4, border=2)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)  # only the fonts inside the wheel: the same on every machine


def set_paper(name: str, data: dict[str, Any], created: datetime) -> bytes:
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
        pdf_standards=[*STANDARDS],
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

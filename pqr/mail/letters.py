"""How does a letter read?  Templates in, a finished letter in the outbox out.

One folder a letter: `templates/mail/<letter>/subject.txt`, `body.txt`, `body.html`. It knows nothing of tickets:
whoever writes gives the words' values.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from pqr.config import TEMPLATES, Office
from pqr.mail.outbox import Envelope, Letter, new_message_id
from pqr.terms.moments import instant as instant
from pqr.terms.spanish import long_date

REPLY_MARK = "--- Escriba su respuesta encima de esta línea ---"


def write(session: Session, envelope: Envelope, values: Mapping[str, Any], office: Office, now: datetime) -> Letter:
    """Renders the envelope's letter with these values and puts it in the outbox, in the caller's transaction."""
    name = envelope.letter
    values = {**values, "office": office, "reply_mark": REPLY_MARK}
    letter = Letter(
        letter=name,
        ticket_id=envelope.ticket_id,
        sender_name=office.entity,
        recipient=envelope.recipient,
        copies=",".join(envelope.copies),
        reply_to=envelope.reply_to,
        subject=" ".join(_render(name, "subject.txt", values).split())[:250],
        text=_render(name, "body.txt", values),
        html=_render(name, "body.html", values),
        headers=_headers(envelope),
        files=list(envelope.files),
        message_id=new_message_id(office.mail_domain),
        next_try_at=now,
        created_at=now,
    )
    session.add(letter)
    return letter


def _headers(envelope: Envelope) -> dict[str, str]:
    headers = dict(envelope.headers)
    if envelope.answers:
        headers["In-Reply-To"] = envelope.answers[0]
        headers["References"] = " ".join(reversed(envelope.answers))
    if envelope.automatic:
        headers["Auto-Submitted"] = envelope.automatic
        headers["X-Auto-Response-Suppress"] = "All"  # Exchange answers RFC 3834 mail all the same without it
    return headers


def _render(name: str, part: str, values: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{name}/{part}").render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # else every part of every letter asks the disk whether it has changed
    )
    environment.filters |= {"long_date": long_date, "instant": instant}
    return environment

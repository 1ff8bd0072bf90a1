"""How does an answer that is often given begin?  A text with fields, filled in from the ticket, to be finished."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.db import Model
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets.models import Identity, Ticket

FIELDS = {
    "radicado": "el número de la petición",
    "asunto": "su asunto",
    "nombre": "el nombre de la persona, o «Ciudadano(a)» si no lo dio o lo reservó",
    "recibida": "el día en que llegó",
    "vence": "el día en que vence",
    "dependencia": "la dependencia que responde",
    "hoy": "la fecha de hoy",
}
_FIELD = re.compile(r"\{\s*(\w+)\s*\}")


class AnswerTemplate(Model):
    """A text with fields in braces. `secretaria_id`: only this office's; None: everybody's."""

    __tablename__ = "answer_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    active: Mapped[bool] = mapped_column(default=True)

    secretaria: Mapped[Secretaria | None] = relationship()


def templates_for(session: Session, secretaria_id: int | None) -> Sequence[AnswerTemplate]:
    """The texts that an answer of this office may begin with, by name."""
    whose = or_(AnswerTemplate.secretaria_id.is_(None), AnswerTemplate.secretaria_id == secretaria_id)
    return session.scalars(
        select(AnswerTemplate).where(AnswerTemplate.active, whose).order_by(AnswerTemplate.name)
    ).all()


def fill(text: str, ticket: Ticket, now: datetime) -> str:
    """The text with its fields filled in; a field that does not exist stays as it stands, for all to see."""
    values = _values(ticket, now)
    return _FIELD.sub(lambda match: values.get(match[1].lower(), match[0]), text)


def unknown_fields(text: str) -> list[str]:
    """The fields in braces that do not exist, in the order of the text."""
    return [name for name in _FIELD.findall(text) if name.lower() not in FIELDS]


def _values(ticket: Ticket, now: datetime) -> Mapping[str, str]:
    person = ticket.petitioner
    named = person is not None and ticket.identity == Identity.NAMED
    return {
        "radicado": ticket.radicado,
        "asunto": ticket.subject,
        "nombre": (person.name if person and named else "") or "Ciudadano(a)",
        "recibida": long_date(ticket.received_on),
        "vence": long_date(ticket.due_on),
        "dependencia": ticket.secretaria.name if ticket.secretaria else "",
        "hoy": long_date(now.astimezone(BOGOTA).date()),
    }

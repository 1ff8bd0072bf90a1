"""By what may petitions be told apart?  Each dimension once: its column, and what its values are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal, select
from sqlalchemy.orm import Session

from pqr.reports.charts import month
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.models import Channel, Identity, Ticket

CHANNELS = {
    Channel.WEB: "Página web",
    Channel.EMAIL: "Correo electrónico",
    Channel.COUNTER: "Ventanilla",
    Channel.PHONE: "Teléfono",
    Channel.PAPER: "Papel",
    Channel.CHAT: "Chat",
    Channel.BOX: "Buzón",
    Channel.API: "Otros sistemas",
}
IDENTITIES = {
    Identity.NAMED: "Con nombre",
    Identity.ANONYMOUS: "Anónima",
    Identity.RESERVED: "Identidad reservada",
    "": "Correo por leer",
}
PRIORITIES = {
    "0": "Peligro inminente para la vida o la integridad",
    "1": "Niñas, niños y adolescentes",
    "2": "Perjuicio irremediable",
    "3": "Periodistas, atención preferente y veteranos",
    "9": "Sin prioridad especial",
}


@dataclass(frozen=True)
class Dimension:
    """`key`: in addresses and in `Figures.by`. `column`: its value in SQL; NULL (where `nullable`) reads "".

    `names`: what the values are called; one that is not named is called as it is. `kept`: few values, so that the
    counts of each month are kept for each of them. `read`: the column's value from an address; raises ValueError.
    """

    key: str
    label: str
    column: ColumnElement[Any]
    names: Callable[[Session], Mapping[str, str]]
    kept: bool = True
    read: Callable[[str], Any] = str
    nullable: bool = False

    def having(self, value: str) -> ColumnElement[bool]:
        """The condition that a petition has this value; nothing meets one that cannot be read."""
        if value == "":
            return self.column.is_(None) if self.nullable else self.column == literal("")
        try:
            return self.column == literal(self.read(value))
        except ValueError:
            return false()


def _number(text: str) -> int:
    """Raises ValueError for what no column of numbers holds."""
    if len(text) > 9:
        raise ValueError("too long")
    return int(text)


def _fixed(names: Mapping[Any, str]) -> Callable[[Session], Mapping[str, str]]:
    told = {str(value): name for value, name in names.items()}
    return lambda session: told


def _offices(session: Session) -> Mapping[str, str]:
    return {"": "Sin dependencia todavía", **_named(session, select(Secretaria.code, Secretaria.name))}


def _topics(session: Session) -> Mapping[str, str]:
    return {"": "Sin tema", **_named(session, select(Topic.id, Topic.name))}


def _named(session: Session, query: Select[Any, str]) -> Mapping[str, str]:
    return {str(value): name for value, name in session.execute(query)}


DIMENSIONS: Mapping[str, Dimension] = {
    each.key: each
    for each in (
        Dimension(
            "kind",
            "Tipo",
            Ticket.kind.expression,
            _fixed({"": "Correo por leer"} | {kind: TERMS[kind].label for kind in TicketKind}),
        ),
        Dimension("channel", "Canal", Ticket.channel.expression, _fixed(CHANNELS)),
        Dimension("secretaria", "Dependencia", Secretaria.code.expression, _offices, nullable=True),
        Dimension("topic", "Tema", Ticket.topic_id.expression, _topics, read=_number, nullable=True),
        Dimension("place", "Lugar", Ticket.place.expression, _fixed({"": "Sin lugar"}), kept=False),
        Dimension("priority", "Prioridad", Ticket.priority_rank.expression, _fixed(PRIORITIES), read=_number),
        Dimension("identity", "Identidad", Ticket.identity.expression, _fixed(IDENTITIES)),
    )
}
MONTH = "month"


def names_of(session: Session, dimension: str) -> Mapping[str, str]:
    """What the values of the dimension are called; months too."""
    return DIMENSIONS[dimension].names(session)


def name_of(names: Mapping[str, str], dimension: str, value: str) -> str:
    """What one value is called."""
    return month(value) if dimension == MONTH else names.get(value, value)

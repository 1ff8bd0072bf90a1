"""How is a case told to its petitioner?  States and events in plain Spanish; no rule is decided here.

An event that has no sentence (see `sentences`) concerns the officials and is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pqr.portal.appeal_story import Names
from pqr.portal.sentences import sentence
from pqr.terms.spanish import long_date
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket
from pqr.tickets.states import PUBLIC_LABELS, Outcome, State


@dataclass(frozen=True)
class Step:
    """Something that happened, to be read aloud. `at`: UTC instant."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Standing:
    """Where the case is. `tone`: a tone of the `tag` macro."""

    label: str
    tone: str
    words: str


def tell(events: Iterable[Event], offices: Names) -> list[Step]:
    """The events that concern the petitioner, oldest first. `offices`: name by code."""
    steps = ((event.at, sentence(event.kind, event.data, offices)) for event in events)
    return [Step(at, words) for at, words in steps if words]


def standing(ticket: Ticket, today: date) -> Standing:
    """The state in words, and what comes next. `today`: Bogotá's date."""
    if ticket.state == State.CLOSED:
        return _CLOSED[Outcome(ticket.outcome)]
    if ticket.state == State.ANSWERED:
        return Standing("Respuesta emitida", "green", "La respuesta ya está lista. Puede leerla en esta página.")
    if ticket.suspended_on is not None:
        awaited = ticket.state == State.AWAITING_PETITIONER
        return Standing(PUBLIC_LABELS[State(ticket.state)], "yellow", _AWAITED if awaited else _UNDECIDED)
    if ticket.due_on < today:
        return Standing("Plazo vencido", "red", f"{_who_has_it(ticket)} {_late(ticket)}")
    label, tone = PUBLIC_LABELS[State(ticket.state)], _TONES[State(ticket.state)]
    return Standing(
        label, tone, f"{_who_has_it(ticket)} {promised(ticket)} a más tardar el {long_date(ticket.due_on)}."
    )


def reads_here(ticket: Ticket) -> bool:
    """Whether the answer is read on the case's page alone: nobody can send it, or it was asked for there."""
    person = ticket.petitioner
    return person is None or person.answer_by == "portal"


def promised(ticket: Ticket) -> str:
    """What must have happened by the due date."""
    return "La respuesta debe estar en esta página" if reads_here(ticket) else "La respuesta debe llegarle"


_AWAITED = "Le pedimos algo que hace falta para responderle. Mientras llega, el plazo está suspendido."
_UNDECIDED = (
    "Se está decidiendo quién debe responderle. Mientras tanto el plazo está suspendido; usted no tiene que hacer nada."
)
_TONES = {State.FILED: "blue", State.ASSIGNED: "blue", State.AWAITING_PETITIONER: "yellow"}
_CLOSED = {
    Outcome.ANSWERED: Standing("Respondida", "green", "Ya tiene respuesta. Puede leerla en esta página."),
    Outcome.TRANSFERRED: Standing(
        "Trasladada", "grey", "Le corresponde a otra entidad: se la enviamos y le dimos aviso. Ella le responde."
    ),
    Outcome.WITHDRAWN_EXPRESS: Standing("Cerrada por desistimiento", "grey", "Usted pidió no continuar con el caso."),
    Outcome.WITHDRAWN_TACIT: Standing(
        "Cerrada por desistimiento",
        "grey",
        "Se cerró porque no recibimos a tiempo lo que faltaba. Puede presentarla de nuevo cuando quiera.",
    ),
    Outcome.ARCHIVED_UNCLEAR: Standing(
        "Archivada", "grey", "No alcanzamos a entender lo que pedía. Puede presentarla de nuevo cuando quiera."
    ),
    Outcome.REJECTED: Standing("Rechazada", "grey", "Se rechazó por las razones que le comunicamos."),
    Outcome.BY_REFERENCE: Standing("Respondida", "green", "Se respondió remitiendo a una respuesta anterior."),
    Outcome.DUPLICATE: Standing("Duplicada", "grey", "Es igual a otra petición suya, que sigue su curso."),
    Outcome.VOIDED: Standing("Radicado anulado", "grey", "Este número se anuló; las razones están en el expediente."),
}  # fmt: skip


def _who_has_it(ticket: Ticket) -> str:
    if ticket.secretaria is None:
        return "La oficina de Atención al Usuario está mirando a qué dependencia le corresponde."
    return f"La tiene: {ticket.secretaria.name}."


def _late(ticket: Ticket) -> str:
    return (
        f"El plazo terminó el {long_date(ticket.due_on)} y aún no hay respuesta; eso no debió pasar. "
        "Puede reclamar ante la Oficina de Control Interno o pedir ayuda a la Personería Municipal."
    )

"""How does a case stand whose clock stands still?  One line for the list and the page: what came is read first."""

from dataclasses import dataclass
from datetime import date

from pqr.desk.urgency import short_day
from pqr.terms.clock import Cause
from pqr.tickets.suspensions import Suspension

CAUSES = {
    Cause.COMPLETION: "Se le pidió completar la petición",
    Cause.CLARIFICATION: "Se le pidió aclarar la petición",
    Cause.COMPETENCE: "Conflicto de competencia",
    Cause.RECUSAL: "Impedimento o recusación",
}
PROPOSED = {
    Cause.COMPLETION: "Propuesto desistimiento tácito",
    Cause.CLARIFICATION: "Propuesto archivo sin aclarar",
}


@dataclass(frozen=True)
class Waiting:
    """`words`: since or until when; `tag`, with its `tone`: what a person is to do, "" where there is only to wait."""

    words: str
    tag: str = ""
    tone: str = ""


def waiting(asked: Suspension, due_on: date, today: date) -> Waiting:
    """What the suspension waits for. `due_on`: the ticket's, if what came is what lacked."""
    if asked.supplied_at is not None:
        late = "venció" if due_on < today else "vence"
        return Waiting(f"si ya está, {late} el {short_day(due_on)}", "Llegó algo: revíselo", "blue")
    if asked.last_day is None:
        return Waiting(CAUSES[Cause(asked.cause)].lower())
    if asked.is_unmet(today):
        return Waiting(f"tenía hasta el {short_day(asked.last_day)}", PROPOSED[Cause(asked.cause)], "yellow")
    return Waiting(f"tiene hasta el {short_day(asked.last_day)}")

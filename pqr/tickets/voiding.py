"""Was the number given by mistake?  It stays in the series, marked as void, with the act that voids it.

Only for a test or the same filing twice, by a person's hand: a number is never given again (AGN Acuerdo 001 de 2024).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, Outcome


class Mistake(StrEnum):
    """The only grounds."""

    TEST = "test"
    TWICE = "twice"


MISTAKES = {
    Mistake.TEST: "Fue una prueba: nadie presentó nada",
    Mistake.TWICE: "Es la misma presentación, radicada dos veces por error",
}


@dataclass(frozen=True)
class Voiding:
    """`act`: number and date of the written record; `other`: the radicado that stays, where it was filed twice."""

    ticket: Ticket
    mistake: Mistake
    act: str
    reason: str
    actor: str
    other: Ticket | None = None


def void(session: Session, voiding: Voiding, office: Office, now: datetime) -> None:
    """Marks the number as void and tells whoever filed it. Raises ActNotAllowed."""
    ticket, other = voiding.ticket, voiding.other
    if voiding.mistake == Mistake.TWICE and (other is None or other.id == ticket.id or other.outcome == Outcome.VOIDED):
        raise ActNotAllowed("Escriba el radicado que queda: el de la misma presentación.")
    if other is not None and not _is_one_filing(ticket, other):
        raise ActNotAllowed(
            f"{other.radicado} no es de la misma persona con el mismo texto: son dos peticiones. Una petición repetida "
            "no se anula; únala a la otra."
        )
    facts = {"mistake": voiding.mistake.value, "act": voiding.act, "reason": voiding.reason}
    facts |= {"stays": other.radicado} if other is not None else {}
    text = f"{MISTAKES[voiding.mistake]}. {voiding.reason}\n\nActa: {voiding.act}"
    decision = Decision(ticket, text, voiding.actor, told={"stays": other.radicado if other else ""}, facts=facts)
    close_unanswered(session, decision, Act.VOID, Outcome.VOIDED, office, now)


def _is_one_filing(ticket: Ticket, other: Ticket) -> bool:
    """Neighbours who send one text send as many petitions."""
    return _filer(ticket) == _filer(other) and ticket.body.split() == other.body.split()


def _filer(ticket: Ticket) -> tuple[str, ...]:
    person = ticket.petitioner
    return (person.name, person.document_number, person.email, person.phone) if person else ()

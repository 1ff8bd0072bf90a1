"""Which office, which topic and why?  What the triage page is filled in with; a person decides.

The law's own rule goes first, then what the person chose or said plainly, then what past assignments teach.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pqr.secretarias.learning import Advice
from pqr.secretarias.models import CONTROL_INTERNO, Secretaria
from pqr.secretarias.routing import Routing, accuses, stems, travels_alone
from pqr.terms.kinds import TicketKind
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.teaching import advise_on
from pqr.tickets.travelling import propose_routing

APART = "Por su clase no va directamente a la dependencia de la que habla"


@dataclass(frozen=True)
class Proposal:
    """`reason`: as the assignment keeps it. `why`: sentences for who decides. `topic_id`: None where there is none.

    `transfer_to`: the other entity whose matter it seems to be.
    """

    secretaria_id: int | None
    topic_id: int | None
    reason: str
    why: tuple[str, ...]
    transfer_to: str = ""


def propose(session: Session, ticket: Ticket, offices: Sequence[Secretaria]) -> Proposal:
    """The most likely right office among these; nobody's where nothing speaks for one."""
    names = {office.id: office.name for office in offices}
    routing, advice = propose_routing(session, ticket), _heard(session, ticket, names)
    topic_id = ticket.topic_id or routing.topic_id
    if stays_apart(ticket):
        control = next((office.id for office in offices if office.code == CONTROL_INTERNO), None)
        return Proposal(control, topic_id, APART, (f"{APART}: la recibe Control Interno.",))
    spoken, learnt = _by_words(routing, names), _by_advice(advice, names, ticket)
    first, other = (learnt, spoken) if advice is not None and not routing.sure else (spoken, learnt)
    best = first if first.secretaria_id is not None or first.transfer_to else other
    why = (*best.why, *(other.why if other is not best else ()))
    return Proposal(best.secretaria_id, topic_id, best.reason, why, routing.transfer_to)


def second_office(ticket: Ticket, proposal: Proposal) -> int | None:
    """Which office to ask for a contribution: nobody's where the one that has the case is the likeliest, and never
    the one that the petition may accuse.
    """
    return None if stays_apart(ticket) or proposal.secretaria_id == ticket.secretaria_id else proposal.secretaria_id


def _heard(session: Session, ticket: Ticket, names: dict[int, str]) -> Advice | None:
    advice = advise_on(session, ticket)
    return advice if advice is not None and advice.office in names else None


def stays_apart(ticket: Ticket) -> bool:
    """Whether it may accuse the very office that its words lead to."""
    alone = travels_alone(TicketKind(ticket.kind), ticket.identity == Identity.RESERVED)
    return not alone or accuses(ticket.subject, ticket.body)


def _by_words(routing: Routing, names: dict[int, str]) -> Proposal:
    said = f"Habla de: {', '.join(routing.words)}" if routing.words else "Tema elegido por la persona"
    if routing.secretaria_id not in names:
        outside = (f"{said}. Parece asunto de {routing.transfer_to}.",) if routing.transfer_to else ()
        return Proposal(None, routing.topic_id, "", outside, routing.transfer_to)
    return Proposal(routing.secretaria_id, routing.topic_id, said, (f"{names[routing.secretaria_id]}. {said}.",))


def _by_advice(advice: Advice | None, names: dict[int, str], ticket: Ticket) -> Proposal:
    if advice is None:
        return Proposal(None, None, "", ())
    said = f"Así se asignaron {round(advice.right * 10)} de cada 10 parecidas"
    like = ", ".join(_as_written(f"{ticket.subject} {ticket.body}", advice.words))
    return Proposal(advice.office, None, said, (f"{names[advice.office]}. {said}, por palabras como: {like}.",))


def _as_written(text: str, wanted: Sequence[str]) -> list[str]:
    """The first word of the text for each stem, in their order."""
    found: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).lower()):
        for stem in stems(word):
            found.setdefault(stem, word)
    return [found[stem] for stem in wanted if stem in found]

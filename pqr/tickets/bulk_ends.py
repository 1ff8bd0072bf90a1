"""How do invented petitions end without an answer, and how is their term made longer?  Rows, as the acts leave them.

The numbers of what leaves are given beforehand, in the order of the days (`Life`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pqr.db import Model
from pqr.sealing import Sealed
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.transferring import transfer_until
from pqr.tickets.chain import Chain
from pqr.tickets.events import digest_of_text
from pqr.tickets.invented import NUMBERED_ENDS, Fate, Life, Petition
from pqr.tickets.issuing import Document
from pqr.tickets.models import Identity, Message
from pqr.tickets.states import State
from pqr.tickets.transfers import Transfer

WORDS: Mapping[str, str] = {
    Fate.TRANSFERRED: "Lo que pide le corresponde a otra entidad: por eso se la enviamos.",
    Fate.WITHDRAWN: "La persona dijo que ya no quiere seguir con su petición.",
    Fate.VOIDED: "Fue una prueba: nadie presentó nada. Se hizo el acta.",
}
EXTENDED_BY = 5  # business days
Row = dict[str, Any]


@dataclass(frozen=True)
class Ends:
    """Where the rows go and what they need. `next_id`: of a table. `bodies`: id and name of the other entities."""

    rows: Mapping[type[Model], list[Row]]
    next_id: Callable[[type[Model]], int]
    calendar: Calendar
    pdf: str
    bodies: list[tuple[int, str]]

    def close(self, chain: Chain, row: Row, asked: Petition, life: Life) -> str:
        """The petition ends as its life says; the words of the act."""
        at, words, number = life.ended_at, WORDS[life.fate], self.next_id(Message)
        assert at is not None
        actor = f"secretaria:{asked.matter.office_code}" if life.assigned_at else "system"
        said = {"id": number, "ticket_id": row["id"], "author": actor, "text": words, "written_at": at}
        self.rows[Message].append(said)
        row |= {"state": State.CLOSED, "outcome": life.fate, "closed_at": at}
        facts = {"message": number, "text_sha256": digest_of_text(words), "by_mail": asked.by_mail}
        if life.fate == Fate.VOIDED:
            facts |= {"mistake": "test", "act": "Acta 1", "reason": "Prueba de la carga de demostración"}
        if life.fate == Fate.WITHDRAWN:
            facts |= self._document(row, "withdrawn_express", life.exit_number, at)
        if life.fate == Fate.TRANSFERRED:
            facts |= self._document(row, "transfer", life.exit_number, at) | self._transfer(
                row, asked, life.exit_number, at
            )
        chain.add(life.fate, actor, at, facts)
        return words

    def extend(self, chain: Chain, row: Row, asked: Petition, life: Life) -> None:
        """The term is longer from then on."""
        assert life.extended_at is not None
        before, after = row["due_on"], self.calendar.nth_business_day_after(row["due_on"], EXTENDED_BY)
        row |= {"extension": EXTENDED_BY, "due_on": after}
        facts = self._document(row, "extension", life.extension_number, life.extended_at)
        facts |= {"days": EXTENDED_BY, "reason": "Falta una visita.", "by_mail": asked.by_mail}
        facts |= {"before": before.isoformat(), "due_on": after.isoformat()}
        chain.add("extended", f"secretaria:{asked.matter.office_code}", life.extended_at, facts)

    def _document(self, row: Row, kind: str, radicado: str, at: datetime) -> dict[str, Any]:
        left = {"ticket_id": row["id"], "kind": kind, "radicado": radicado, "sha256": self.pdf, "created_at": at}
        self.rows[Document].append(left)
        return {"radicado": radicado, "pdf_sha256": self.pdf}

    def _transfer(self, row: Row, asked: Petition, radicado: str, at: datetime) -> dict[str, Any]:
        number, day = self.next_id(Transfer), at.astimezone(BOGOTA).date()
        body_id, name = self.bodies[number % len(self.bodies)]
        until = transfer_until(asked.kind, row["day_zero"], self.calendar)
        row["in_time"] = day <= until
        sent = {"id": number, "ticket_id": row["id"], "body_id": body_id, "body_name": name, "radicado": radicado}
        words = {"reason": WORDS[Fate.TRANSFERRED], "made_at": at, "delivered_at": at, "pdf_sha256": self.pdf}
        self.rows[Transfer].append(sent | words)
        late = {"late": True, "until": until.isoformat(), "late_reason": "Demora al revisar"}
        return {"transfer": number, "body": name, "to_body_by_mail": False, **({} if row["in_time"] else late)}


def numbered(lives: Sequence[Life], next_number: Callable[[datetime], str]) -> list[Life]:
    """Exit numbers follow the day on which the letter left, not that of the petition."""
    found, left = list(lives), list[tuple[datetime, int, bool]]()
    for at, life in enumerate(lives):
        closing = life.answered_at or (life.ended_at if life.fate in NUMBERED_ENDS else None)
        left += [(moment, at, last) for moment, last in ((life.extended_at, False), (closing, True)) if moment]
    for moment, at, last in sorted(left):
        number = next_number(moment)
        found[at] = replace(found[at], exit_number=number) if last else replace(found[at], extension_number=number)
    return found


def person_of(asked: Petition) -> Row:
    """Who asks, sealed where it is to be."""
    person, kept = asked.person, str if asked.identity == Identity.NAMED else Sealed
    return {
        "name": kept(person.name),
        "email": kept(person.email if asked.by_mail else ""),
        "document_type": kept("CC"),
        "document_number": kept(person.document_number),
        "answer_by": "email" if asked.by_mail else "postal",
        "phone": kept(person.phone),
    }

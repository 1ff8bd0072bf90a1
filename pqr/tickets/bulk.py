"""How is a demonstration filled with thousands of tickets at once?  Whole rows, as the acts would have left them.

Numbers without gaps, sealed chains, due dates by the law of terms, answers with their exit number. No letter is
written: nobody is there to read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from random import Random
from typing import cast

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.db import Model
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.terms.deadlines import DueDate, due_date, receipt_date
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.bulk_ends import Ends, numbered, person_of
from pqr.tickets.bulk_writing import Batch, Row, Stand, stand_of, write
from pqr.tickets.chain import Chain, facts_when_filed
from pqr.tickets.events import Event, digest_of_text
from pqr.tickets.indexing import TicketWords, words_when_filed
from pqr.tickets.invented import FOLLOW_UPS, LACKING, Fate, Life, Matter, Petition, befall, invent, live
from pqr.tickets.issuing import Document
from pqr.tickets.models import Answer, Identity, Message, Petitioner, Ticket
from pqr.tickets.priority import rank
from pqr.tickets.radicado import Series, format_radicado
from pqr.tickets.states import Outcome, State
from pqr.tickets.suspensions import Suspension
from pqr.tickets.transfers import Transfer
from pqr.tickets.words import joined, office_word, words_of

TABLES: tuple[type[Model], ...] = (
    Petitioner, Ticket, Answer, Document, Message, Suspension, Transfer, Event, TicketWords,
)  # fmt: skip
RESERVED_BY = "Ley 1712 de 2014, art. 18, literal a"
_WAYS = {"email": "mail", "web": "mail", "api": "mail", "paper": "postal"}


@dataclass
class Loader:
    """Makes the rows of tickets that arrived at given instants. `pdf`: what `keep_sample` gave."""

    matters: Sequence[Matter]
    office: Office
    pdf: str
    random: Random
    now: datetime
    _rows: dict[type[Model], list[Row]] = field(default_factory=dict)
    _ids: dict[type[Model], int] = field(default_factory=dict)
    _given: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._days_between = cache(self.office.calendar.business_days_between)
        self._due_of_day: dict[tuple[str, date], DueDate] = {}

    def load(self, session: Session, arrived: Sequence[datetime]) -> None:
        """Adds one ticket for each instant, in this order, after those that there are."""
        self.go_on_from(stand_of(session))
        write(session, self.make(arrived))

    def go_on_from(self, stand: Stand) -> None:
        """Counts on from there; nobody else may file until what is made is written."""
        self._ids, self._given, self._bodies = dict(stand.ids), dict(stand.given), stand.bodies

    def make(self, arrived: Sequence[datetime]) -> Batch:
        """The rows of one ticket for each instant, after those that were made before."""
        self._rows = {table: [] for table in TABLES}
        self._ends = Ends(self._rows, self._next_id, self.office.calendar, self.pdf, self._bodies)
        asked = [invent(self.matters, self._next_id(Ticket), self.random) for _ in arrived]
        lives = [live(moment, self.now, self.random) for moment in arrived]
        lives = [befall(life, each.kind, self.now, self.random) for life, each in zip(lives, asked, strict=True)]
        first = self._ids[Ticket] - len(asked) + 1
        for number, (each, life) in enumerate(zip(asked, numbered(lives, self._exit_number), strict=True), first):
            self._add(number, each, life)
        return Batch(self._rows, dict(self._ids), dict(self._given))

    def _add(self, number: int, asked: Petition, life: Life) -> None:
        texts, row = list[str](), self._ticket(number, asked, life)
        chain = Chain(number)
        chain.add("filed", "citizen", life.filed_at, facts_when_filed(row))
        if life.assigned_at:
            about = {"secretaria": asked.matter.office_code, "before": None, "reason": "tema elegido"}
            chain.add("assigned", "system", life.assigned_at, about)
            if life.awaits:
                texts.append(self._await(chain, row, f"secretaria:{asked.matter.office_code}", life))
        if life.asked_again_at:
            texts.append(self._say(chain, row["id"], life.asked_again_at))
        if life.extended_at:
            self._ends.extend(chain, row, asked, life)
        if life.ended_at:
            texts.append(self._ends.close(chain, row, asked, life))
        if life.answered_at:
            texts.append(asked.answer)
            self._answer(chain, row, asked, life)
        self._rows[Ticket].append(row)
        self._rows[Event] += chain.rows
        named = asked.person if asked.identity == Identity.NAMED else None
        filed = words_when_filed((row["radicado"], asked.subject, asked.body, asked.place), named)
        whose = (office_word(row["secretaria_id"]),) if row["secretaria_id"] else ()
        words = joined((*whose, *filed, *_words_of_all(texts)))
        self._rows[TicketWords].append({"ticket_id": number, "words": words})

    def _ticket(self, number: int, asked: Petition, life: Life) -> Row:
        due, local = self._due(asked.kind, life.arrived), life.arrived.astimezone(BOGOTA)
        told, assigned, waits = life.told_at, life.assigned_at, life.awaits
        states = ((told, State.CLOSED), (life.answered_at, State.ANSWERED), (waits, State.AWAITING_PETITIONER))
        return {
            "id": number,
            "radicado": self._number(Series.ENTRY, life.filed_at),
            "kind": asked.kind.value,
            "subject": asked.subject[:250],
            "body": asked.body,
            "channel": asked.channel,
            "state": next((s for met, s in states if met), State.ASSIGNED if assigned else State.FILED),
            "outcome": Outcome.ANSWERED if told else "",
            "identity": asked.identity,
            "petitioner_id": self._petitioner(asked),
            "secretaria_id": asked.matter.office_id if assigned else None,
            "topic_id": asked.matter.topic_id,
            "priority": list(asked.priority),
            "priority_rank": rank(asked.priority),
            "place": asked.place,
            "received_at": life.arrived,
            "received_on": local.date(),
            "filed_at": life.filed_at,
            "day_zero": due.day_zero,
            "due_on": due.due_on,
            "term_length": due.length,
            "term_unit": due.unit.value,
            "extension": 0,
            "term_source": due.source,
            "closing_rule": str(due.rule),
            "calendar_version": due.calendar_version,
            "suspended_on": assigned.astimezone(BOGOTA).date() if assigned and waits else None,
            "elapsed": self._days_between(due.day_zero, _day(assigned)) if assigned and waits else 0,
            "first_assigned_at": assigned,
            "reception_days": self._days_between(due.day_zero, self._day_zero(assigned)) if assigned else None,
            "answered_at": life.answered_at,
            "communicated_at": told,
            "days_used": self._days_between(due.day_zero, _day(told)) if told else None,
            "in_time": None,
            "closed_at": told,
            "thread_ids": "",
            "version": 1,
        }

    def _petitioner(self, asked: Petition) -> int | None:
        if asked.identity == Identity.ANONYMOUS:
            return None
        number = self._next_id(Petitioner)
        self._rows[Petitioner].append({"id": number, **person_of(asked)})
        return number

    def _await(self, chain: Chain, row: Row, author: str, life: Life) -> str:
        """The clock stands still: something lacks."""
        number, moment = self._next_id(Message), cast(datetime, life.assigned_at)
        said = {"id": number, "ticket_id": row["id"], "author": author, "text": LACKING, "written_at": moment}
        rule = completing(row["kind"])
        until = self.office.calendar.add_months(_day(moment), rule.supply.length)
        came = life.asked_again_at if life.asked_again_at and life.asked_again_at > moment else None
        stands = {"cause": Cause.COMPLETION, "requested_at": moment, "until": until, "supplied_at": came}
        self._rows[Message].append(said)
        self._rows[Suspension].append({"ticket_id": row["id"], "message_id": number, **stands})
        facts = {"message": number, "text_sha256": digest_of_text(LACKING), "until": until.isoformat()}
        chain.add(rule.event, author, moment, facts | {"elapsed": row["elapsed"], "by_mail": True})
        return LACKING

    def _say(self, chain: Chain, ticket_id: int, moment: datetime) -> str:
        number, words = self._next_id(Message), self.random.choice(FOLLOW_UPS)
        row = {"id": number, "ticket_id": ticket_id, "author": "citizen", "text": words, "written_at": moment}
        self._rows[Message].append(row)
        facts = {"message": number, "text_sha256": digest_of_text(words), "files_sha256": []}
        chain.add("follow_up", "citizen", moment, facts)
        return words

    def _answer(self, chain: Chain, row: Row, asked: Petition, life: Life) -> None:
        number, author = self._next_id(Answer), f"secretaria:{asked.matter.office_code}"
        way = _WAYS.get(asked.channel, "counter")
        outcome = life.fate if life.fate in (Fate.DENIED, Fate.RESERVED) else AnswerOutcome.INFORMED
        self._rows[Answer].append(
            {
                "id": number,
                "ticket_id": row["id"],
                "radicado": life.exit_number,
                "text": asked.answer,
                "author": author,
                "secretaria_name": asked.matter.office,
                "written_at": life.answered_at,
                "sent_at": life.answered_at,
                "pdf_sha256": self.pdf,
                "communicated_by": way if life.told_at else "",
                "outcome": outcome,
                "provision": RESERVED_BY if outcome == Fate.RESERVED else "",
            }
        )
        left = {"radicado": life.exit_number, "sha256": self.pdf, "created_at": life.answered_at}
        self._rows[Document].append({"ticket_id": row["id"], "kind": "answer", **left})
        facts = {"answer": number, "radicado": life.exit_number, "author": author, "by_mail": way == "mail"}
        facts |= {"outcome": str(outcome)}
        facts |= {"text_sha256": digest_of_text(asked.answer), "pdf_sha256": self.pdf}
        assert life.answered_at is not None
        chain.add("answered", author, life.answered_at, facts)
        if life.told_at:
            row["in_time"] = _day(life.told_at) <= row["due_on"]
            chain.add("communicated", "system", life.told_at, {"way": way, "days_used": row["days_used"]})

    def _day_zero(self, moment: datetime) -> date:
        return receipt_date(moment, self.office.closing_rule, self.office.calendar)

    def _due(self, kind: str, moment: datetime) -> DueDate:
        """Two that count from the same day are due on the same day."""
        key = (kind, self._day_zero(moment))
        if key not in self._due_of_day:
            self._due_of_day[key] = due_date(kind, moment, self.office.calendar, self.office.closing_rule)
        return self._due_of_day[key]

    def _next_id(self, table: type[Model]) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _exit_number(self, moment: datetime) -> str:
        return self._number(Series.EXIT, moment)

    def _number(self, series: Series, moment: datetime) -> str:
        key = (_day(moment).year, str(series))
        self._given[key] = self._given.get(key, 0) + 1
        return format_radicado(*key, self._given[key])


def _words_of_all(texts: Sequence[str]) -> list[str]:
    return [word for each in texts for word in words_of(each)]


def _day(moment: datetime) -> date:
    return moment.astimezone(BOGOTA).date()

"""What do the ledgers alone say?  A second counting of every figure, from the events and the inbox, in plain Python.

It shares nothing with `pqr.reports` and reads no fact that the tickets keep: only what the events say, and of the
tickets what no act counts (topic, place and flags), which the first event does not hold.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from pqr.mail.inbox import InboxMail
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import receipt_date
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket

STOPPING = {"completion_requested", "data_claim_fix_requested", "clarification_requested", "paused"}
GOING_ON = {"petition_completed", "clarified", "settled"}
ENDS = {
    "transferred": "transferred", "withdrawn_express": "withdrawn_express", "withdrawn_tacit": "withdrawn_tacit",
    "archived_unclear": "archived_unclear", "rejected": "rejected", "answered_by_reference": "by_reference",
    "voided": "voided",
}  # fmt: skip
RANKS = {"peligro_inminente": "0", "nna": "1", "perjuicio_irremediable": "2"}


@dataclass
class Story:
    """A petition as its events tell it."""

    kind: str = ""
    channel: str = ""
    identity: str = ""
    secretaria: str = ""
    received_at: datetime | None = None
    due_on: date | None = None
    assigned_at: datetime | None = None
    acknowledged: bool = True
    answered: bool = False
    end: str = ""
    in_time: bool | None = None
    days: int | None = None
    stopped: bool = False
    ever_stopped: bool = False
    extended: bool = False
    denied: str = ""
    duplicate: bool = False
    words: dict = field(default_factory=dict)

    def hear(self, event):
        """The next event."""
        data, kind = event.data, event.kind
        if kind == "filed":
            self.kind, self.channel, self.identity = data["kind"], data["channel"], data["identity"]
            self.received_at = datetime.fromisoformat(data["received_at"])
        if "due_on" in data and kind != "duty_moved":
            self.due_on = date.fromisoformat(data["due_on"])
        if kind == "reclassified":
            self.kind = data["kind"]
        elif kind in ("assigned", "reassigned"):
            self.secretaria, self.assigned_at = data["secretaria"], self.assigned_at or event.at
        elif kind == "returned":
            self.secretaria = ""
        elif kind in ("letter_sent", "letter_bounced") and data["letter"] == "acknowledgement":
            self.acknowledged = kind == "letter_sent"
        elif kind == "letter_bounced" and data["letter"] == "answer" and self.end == "answered":
            self.end, self.in_time, self.days = "", None, None
        elif kind in STOPPING:
            self.stopped = self.ever_stopped = True
        elif kind in GOING_ON:
            self.stopped = False
        elif kind == "extended":
            self.extended = True
        elif kind in ("merged", "unmerged"):
            self.duplicate = kind == "merged"
        elif kind in ("answered", "ruling_corrected"):
            self.answered, self.denied = True, data.get("outcome", "")
        elif kind == "communicated":
            self.end, self.days = "answered", data["days_used"]
            handed = datetime.fromisoformat(data["handed_at"]) if "handed_at" in data else event.at
            day = data.get("effective_on") or handed.astimezone(BOGOTA).date().isoformat()
            self.in_time = day <= self.due_on.isoformat()
        elif kind in ENDS:
            self.end = ENDS[kind]
            self.in_time = not data.get("late", False) if kind == "transferred" else None
        elif kind == "reopened":
            self.end, self.in_time = "", None

    def measures(self, office, today):
        """The figures that count it."""
        if self.end == "voided":
            return {"numbered", "voided"}
        found = {"numbered", "received", "arrived"}
        day_zero = receipt_date(self.received_at, office.closing_rule, office.calendar)
        if self.assigned_at is not None and self.acknowledged:
            given = receipt_date(self.assigned_at, office.closing_rule, office.calendar)
            if office.calendar.business_days_between(day_zero, given) <= office.reception_days:
                found.add("received_in_time")
        if self.end == "answered":
            found |= {"answered", "due", "answered_in_time" if self.in_time else "answered_late"}
        elif self.end:
            found |= {self.end} | ({"transferred_in_time"} if self.end == "transferred" and self.in_time else set())
        else:
            stands = self.stopped and not self.answered
            late = not stands and self.due_on < today
            found |= {"pending", "suspended" if stands else "overdue" if late else "pending_in_time"}
            found |= {"due"} if late else set()
        for measure, met in (
            ("online", self.channel in ("web", "email", "api")),
            ("verbal", self.channel in ("counter", "phone")),
            ("anonymous", self.identity == "anonymous"),
            ("reserved", self.identity == "reserved"),
            ("priority", self.words["priority"] != "9"),
            ("extended", self.extended),
            ("stopped", self.ever_stopped),
            ("duplicates", self.duplicate),
            ("denied", self.denied in ("denied", "denied_reserved")),
            ("denied_reserved", self.denied == "denied_reserved"),
        ):
            found |= {measure} if met else set()
        return found


def stories(session):
    """Every petition."""
    found = {}
    for number, topic, place, flags in session.execute(
        select(Ticket.id, Ticket.topic_id, Ticket.place, Ticket.priority)
    ):
        rank = min((RANKS.get(flag, "3") for flag in flags), default="9")
        found[number] = Story(words={"topic": str(topic or ""), "place": place, "priority": rank})
    for event in session.scalars(select(Event).order_by(Event.ticket_id, Event.seq).execution_options(yield_per=2000)):
        found[event.ticket_id].hear(event)
    return list(found.values())


def recount(session, office, today, start, end, filters=()):
    """`{(dimension, value): (Counter of measures, Counter of days)}`; ("", "") is all."""
    counts = {}
    for story in stories(session):
        day = story.received_at.astimezone(BOGOTA).date()
        values = {
            "kind": story.kind, "channel": story.channel, "secretaria": story.secretaria, "identity": story.identity,
            **story.words, "month": day.isoformat()[:7],
        }  # fmt: skip
        if start <= day <= end and all(values[name] == value for name, value in dict(filters).items()):
            _count(counts, values, story.measures(office, today), story.days if story.end == "answered" else None)
    mails = select(InboxMail.received_at).where(
        InboxMail.verdict == "needs_human", InboxMail.closed_at.is_(None), InboxMail.ticket_id.is_(None)
    )
    for arrived in session.scalars(mails):
        day = arrived.astimezone(BOGOTA).date()
        values = dict.fromkeys(("kind", "secretaria", "identity", "topic", "place"), "") | {"channel": "email"}
        values |= {"priority": "9", "month": day.isoformat()[:7]}
        if start <= day <= end and all(values[name] == value for name, value in dict(filters).items()):
            _count(counts, values, {"arrived", "online"}, None)
    return counts


def _count(counts, values, measures, days):
    for place in [("", ""), *values.items()]:
        tally = counts.setdefault(place, (Counter(), Counter()))
        tally[0].update(measures)
        if days is not None:
            tally[1][days] += 1

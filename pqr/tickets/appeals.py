"""What was presented against a decision, and how far has it come?  Read from the events; nothing else is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pqr.terms.appealing import Remedy, remedy_against
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome, State

PRESENTED = ("appealed", "insistence", "insistence_security")  # the events that begin one
DECIDED = (State.ANSWERED, State.CLOSED)


@dataclass(frozen=True)
class Presented:
    """One appeal or insistence. `until`: its last day in time. `decision`, `sent`, `ruled`: what those events say.

    `told`: whether the person was notified of the last decision.
    """

    remedy: Remedy
    message_id: int
    received_on: date
    until: date
    higher: bool
    decision: dict[str, Any] | None
    told: bool
    sent: dict[str, Any] | None
    ruled: dict[str, Any] | None

    @property
    def is_late(self) -> bool:
        """Whether it came after its last day."""
        return self.received_on > self.until

    @property
    def waits_to_be_told(self) -> bool:
        """Whether it was decided and the person does not know yet."""
        return self.decision is not None and not self.told

    @property
    def waits_for_the_judge(self) -> bool:
        """Whether the judge has it."""
        return self.sent is not None and self.ruled is None


def remedy_of(ticket: Ticket) -> Remedy | None:
    """What lies against what was decided on this ticket; None where nothing does."""
    answer = ticket.answer
    if ticket.state not in DECIDED:
        return None
    if answer is None:
        return Remedy.REPOSICION if ticket.outcome == Outcome.WITHDRAWN_TACIT else None
    return remedy_against(AnswerOutcome(answer.outcome), answer.provision) if answer.must_be_notified else None


def presented(events: Sequence[Event]) -> Presented | None:
    """The newest of these events of one ticket, which stand in order; None once the case was opened again by it."""
    since = _last(events)
    if since is None:
        return None
    filed, later = events[since].data, {event.kind: event.data for event in events[since:]}
    order = [event.kind for event in events[since:] if event.kind in ("appeal_decided", "appeal_notified")]
    return Presented(
        remedy=Remedy(filed["remedy"]),
        message_id=filed["message"],
        received_on=date.fromisoformat(filed["received_on"]),
        until=date.fromisoformat(filed["until"]),
        higher=filed["higher"],
        decision=later.get("appeal_decided"),
        told=order[-1:] == ["appeal_notified"],
        sent=later.get("insistence_sent"),
        ruled=later.get("judge_decided"),
    )


def _last(events: Sequence[Event]) -> int | None:
    since, decided = None, False
    for number, event in enumerate(events):
        if event.kind in PRESENTED:
            since, decided = number, False
        elif event.kind == "appeal_decided":
            decided = True
        elif event.kind == "reopened" and decided:
            since = None  # what is decided from now on is another decision
    return since

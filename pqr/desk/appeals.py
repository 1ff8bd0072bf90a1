"""Which forms does a decided case offer for what the person presents against it, and what does its block say?"""

from collections.abc import Callable, Mapping
from datetime import date

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk.appeal_forms import (
    AppealToldForm,
    DecideForm,
    JudgedForm,
    MarkForm,
    OrderedForm,
    PresentForm,
    ToJudgeForm,
)
from pqr.desk.forms import ActForm
from pqr.desk.situation import Kind, Situation
from pqr.desk.wording import RUNGS
from pqr.terms.appealing import NAMES, TERM_OF, Remedy, appeal_until
from pqr.terms.calendar import BOGOTA
from pqr.tickets.appealing import RESULTS, TO_JUDGE, Result
from pqr.tickets.appeals import remedy_of
from pqr.tickets.insisting import JUDGED, Judged
from pqr.tickets.models import Message, Ticket

KINDS: dict[str, Kind] = {
    "present": Kind(PresentForm, Right.TRIAGE),
    "decide_appeal": Kind(DecideForm, Right.APPROVE),
    "appeal_told": Kind(AppealToldForm, Right.TRIAGE),
    "to_judge": Kind(ToJudgeForm, Right.TRIAGE),
    "judged": Kind(JudgedForm, Right.TRIAGE),
    "ordered": Kind(OrderedForm, Right.APPROVE),
    "mark_claim": Kind(MarkForm, Right.ANSWER),
}
CONDITIONS: dict[str, Callable[[Situation], bool]] = {
    "present": lambda now: now.presented is None and remedy_of(now.ticket) is not None,
    "appeal_told": lambda now: now.presented is not None and now.presented.waits_to_be_told,
    "judged": lambda now: now.presented is not None and now.presented.waits_for_the_judge,
}


def propose(forms: Mapping[str, ActForm], situation: Situation) -> None:
    """Fills them with what is likeliest."""
    present, judge = forms.get("present"), forms.get("to_judge")
    if isinstance(present, PresentForm):
        present.offer(written_since(situation.ticket))
        present.received_on.data = situation.today
        present.remedy.data = remedy_of(situation.ticket)
    if isinstance(judge, ToJudgeForm):
        judge.offer(situation.bodies)


def written_since(ticket: Ticket) -> list[Message]:
    """What the person wrote since it was decided."""
    decided = ticket.answered_at or ticket.closed_at
    return [each for each in ticket.messages if each.author == "citizen" and decided and each.written_at >= decided]


def told(situation: Situation, here: Office) -> dict[str, object]:
    """What was presented and how far it has come, in words; else what may be, and until when."""
    filed, ticket = situation.presented, situation.ticket
    if filed is None:
        lies = remedy_of(ticket)
        return {"appeal": None, "lies": _lies(lies, ticket, here) if lies else None}
    decision, ruled = filed.decision, filed.ruled
    return {
        "appeal": filed,
        "appeal_name": NAMES[filed.remedy].capitalize(),
        "appeal_words": next((each.text for each in ticket.messages if each.id == filed.message_id), ""),
        "appeal_result": RESULTS[Result(decision["result"])] if decision else "",
        "appeal_rung": f"{RUNGS[decision['way']]}, porque {decision['why']}" if decision else "",
        "judged": JUDGED[Judged(ruled["judged"])] if ruled else "",
    }


def _lies(remedy: Remedy, ticket: Ticket, here: Office) -> dict[str, object]:
    until: date | None = None
    if ticket.communicated_at is not None:
        until = appeal_until(remedy, ticket.communicated_at.astimezone(BOGOTA).date(), here.calendar)
    return {
        "name": NAMES[remedy],
        "until": until,
        "source": TERM_OF[remedy].source,
        "of_a_reserve": remedy in TO_JUDGE,
        "written": bool(written_since(ticket)),
    }

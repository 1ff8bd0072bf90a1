"""Which forms does a ticket's page offer now?  Only the acts that its state and the reader's role admit.

Every form starts with what is most likely right, so that the usual act is one click.
"""

from collections.abc import Callable, Sequence

from wtforms import SelectField

from pqr.desk import appeals, endings, owed
from pqr.desk.access import Officer
from pqr.desk.case_kinds import KINDS
from pqr.desk.clock_forms import (
    CompleteForm,
    SettleForm,
)
from pqr.desk.contact_forms import CorrectForm
from pqr.desk.contribution_forms import AskOfficeForm, CancelContributionForm, ContributeForm
from pqr.desk.forms import (
    ActForm,
    AnswerForm,
    ApproveForm,
    AssignForm,
)
from pqr.desk.group_forms import GroupForm
from pqr.desk.notify_forms import RulingForm, TellForm
from pqr.desk.petitioner import can_reveal, sees_contact
from pqr.desk.proposing import second_office
from pqr.desk.situation import Kind, Situation
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.terms.fixing import FIXED_BY
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.notifying import usual_outcome
from pqr.tickets.contributions import Contribution
from pqr.tickets.correcting import FIELDS
from pqr.tickets.grouping import may_join
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.moderating import is_doubted
from pqr.tickets.reaching import is_unnotified
from pqr.tickets.states import MOVES, OPEN, State


def admitted(situation: Situation) -> list[str]:
    """The names of the forms to show, the likeliest act first."""
    return [name for name, kind in KINDS.items() if _admits(situation, name, kind)]


def fresh(situation: Situation) -> dict[str, ActForm]:
    """Those forms, with what is proposed."""
    forms = {name: KINDS[name].form(formdata=None) for name in admitted(situation)}
    for form in forms.values():
        form.shown(situation.ticket, situation.last_event)
    assign = forms.get("assign")
    if isinstance(assign, AssignForm):
        offer_offices(assign.secretaria, situation.offices)
        _propose(assign, situation)
    correct, ticket = forms.get("correct"), situation.ticket
    if isinstance(correct, CorrectForm) and sees_contact(ticket, situation.reader):
        for name in FIELDS:
            correct[name].data = getattr(ticket.petitioner, name)
    group = forms.get("group")
    if isinstance(group, GroupForm):
        group.offer(situation.groups)
    second = forms.get("ask_office")
    if isinstance(second, AskOfficeForm):
        offer_others(second, situation.ticket, situation.offices)
        second.secretaria.data = str(second_office(situation.ticket, situation.proposal) or "")
        second.due_on.data = situation.contribute_by
    for name, offered in _CHOICES.items():
        about_one = forms.get(name)
        if isinstance(about_one, ContributeForm | CancelContributionForm):
            about_one.offer(offered(situation.pending, situation.reader))
    answer = forms.get("answer")
    if isinstance(answer, AnswerForm):
        answer.text.data = situation.answered_with
        answer.outcome.data = usual_outcome(TicketKind(situation.ticket.kind)).value
    if isinstance(forms.get("approve"), ApproveForm):
        forms["approve"].answer.data = str(drafts(situation.ticket)[0].id)
    _propose_ways(forms, situation)
    endings.propose(forms, situation)
    appeals.propose(forms, situation)
    complete, settle = forms.get("complete"), forms.get("settle")
    if isinstance(complete, CompleteForm):
        supplied = situation.asked.supplied_at if situation.asked else None
        complete.supplied_on.data = supplied.astimezone(BOGOTA).date() if supplied else situation.today
    if isinstance(settle, SettleForm):
        settle.decided_on.data = situation.today
    return forms


def _propose_ways(forms: dict[str, ActForm], situation: Situation) -> None:
    tell, ruling = forms.get("tell"), forms.get("ruling")
    if isinstance(tell, TellForm) and situation.delivery is not None:
        tell.offer(situation.delivery.ways)
    if isinstance(ruling, RulingForm):
        decided = situation.ticket.answer or drafts(situation.ticket)[0]
        ruling.outcome.data, ruling.provision.data = decided.outcome, decided.provision


def offer_offices(field: SelectField, offices: list[Secretaria]) -> None:
    """Fills the list of offices."""
    field.choices = {"": "Elija…", **{str(office.id): office.name for office in offices}}


def offer_others(form: AskOfficeForm, ticket: Ticket, offices: list[Secretaria]) -> None:
    """Fills the list with the offices that do not have the ticket."""
    offer_offices(form.secretaria, [office for office in offices if office.id != ticket.secretaria_id])


def to_give(pending: Sequence[Contribution], reader: Officer) -> list[Contribution]:
    """Those that the reader may give: of the own office, or for whoever answered by telephone."""
    return [each for each in pending if reader.only_office in (None, each.secretaria_id)]


def to_cancel(pending: Sequence[Contribution], reader: Officer) -> list[Contribution]:
    """Those that the reader may cancel: what the own office asked; the desk, any."""
    return [each for each in pending if reader.only_office in (None, each.asker_id)]


_CHOICES = {"contribute": to_give, "cancel_contribution": to_cancel}


def drafts(ticket: Ticket) -> list[Answer]:
    """The answers that wait for approval."""
    return [answer for answer in ticket.answers if answer.sent_at is None]


def _admits(situation: Situation, name: str, kind: Kind) -> bool:
    ticket = situation.ticket
    if not situation.reader.may(kind.right, ticket):
        return False
    if kind.act is not None and (State(ticket.state), kind.act) not in MOVES and not _tells_the_end(name, ticket):
        return False
    if name in _CHOICES:
        return bool(_CHOICES[name](situation.pending, situation.reader))
    return _CONDITIONS[name](situation) if name in _CONDITIONS else True


def _tells_the_end(name: str, ticket: Ticket) -> bool:
    """Whether what is told is the act that ended the case."""
    return name == "communicate" and is_unnotified(ticket)


def _may_extend(situation: Situation) -> bool:
    ticket = situation.ticket
    running = situation.asked is None and not situation.overdue
    return running and not ticket.extension and TERMS[TicketKind(ticket.kind)].extension > 0


def _is_over(situation: Situation, cause: Cause) -> bool:
    """Whether the time of the person, who was asked this, is over."""
    asked = situation.asked
    if asked is None or asked.cause != cause or asked.last_day is None:
        return False
    return situation.today > asked.last_day


def _may_give_time(situation: Situation) -> bool:
    asked = situation.asked
    if asked is None or asked.cause != Cause.COMPLETION or asked.extended_until is not None:
        return False
    if not completing(situation.ticket.kind).supply.extension:
        return False
    return not _is_over(situation, Cause.COMPLETION)


def _may_stop(situation: Situation) -> bool:
    return situation.asked is None and not situation.overdue


_CONDITIONS: dict[str, Callable[[Situation], bool]] = {
    "fix_date": lambda now: TicketKind(now.ticket.kind) in FIXED_BY,
    "trust": lambda now: is_doubted(now.ticket),
    "extend": _may_extend,
    "tell": lambda now: now.delivery is not None and bool(now.delivery.ways),
    "ruling": lambda now: now.ticket.answer is not None or bool(drafts(now.ticket)),
    "accept": lambda now: now.ticket.petitioner is not None and bool(now.ticket.petitioner.email),
    "approve": lambda now: bool(drafts(now.ticket)) and (now.ticket.state in OPEN or now.ticket.answer is not None),
    "merge": lambda now: now.ticket.duplicate_of_id is None,
    "group": lambda now: may_join(now.ticket),
    "unmerge": lambda now: now.ticket.duplicate_of_id is not None,
    "reveal": lambda now: can_reveal(now.ticket, now.reader),
    "correct": lambda now: now.ticket.petitioner is not None,
    "ask_office": lambda now: now.ticket.state in OPEN,
    "ask": _may_stop,
    "pause": _may_stop,
    "lacking": lambda now: now.asked is not None and now.asked.supplied_at is not None,
    "settle": lambda now: now.asked is not None,
    "more_time": _may_give_time,
    "tacit": lambda now: _is_over(now, Cause.COMPLETION),
    "archive": lambda now: _is_over(now, Cause.CLARIFICATION),
    **endings.CONDITIONS,
    **appeals.CONDITIONS,
    **owed.CONDITIONS,
}


def _propose(form: AssignForm, situation: Situation) -> None:
    """What is proposed for a ticket that nobody has."""
    proposal = situation.proposal
    if situation.ticket.secretaria_id is None and proposal.secretaria_id is not None:
        form.secretaria.data, form.reason.data = str(proposal.secretaria_id), proposal.reason

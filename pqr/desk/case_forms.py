"""Which forms does a ticket's page offer now?  Only the acts that its state and the reader's role admit.

Every form starts with what is most likely right, so that the usual act is one click.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wtforms import SelectField

from pqr.accounts.permissions import Right
from pqr.desk.access import Officer
from pqr.desk.contact_forms import CorrectForm
from pqr.desk.contribution_forms import AskOfficeForm, CancelContributionForm, ContributeForm
from pqr.desk.forms import (
    ActForm,
    AnswerForm,
    ApproveForm,
    AssignForm,
    CommunicateForm,
    ExtendForm,
    MessageForm,
    ReturnForm,
    RevealForm,
)
from pqr.desk.merge_forms import MergeForm, NoteForm, UnmergeForm
from pqr.desk.petitioner import can_reveal, sees_contact
from pqr.desk.proposing import Proposal, second_office
from pqr.secretarias.models import Secretaria
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.contributions import Contribution
from pqr.tickets.correcting import FIELDS
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import MOVES, OPEN, Act, State


@dataclass(frozen=True)
class Kind:
    """A form of the page: the right it needs, and the act that the state must admit, if any."""

    form: type[ActForm]
    right: Right
    act: Act | None = None


KINDS: dict[str, Kind] = {
    "approve": Kind(ApproveForm, Right.APPROVE),
    "assign": Kind(AssignForm, Right.TRIAGE, Act.ASSIGN),
    "answer": Kind(AnswerForm, Right.ANSWER, Act.ANSWER),
    "communicate": Kind(CommunicateForm, Right.TRIAGE, Act.COMMUNICATE),
    "extend": Kind(ExtendForm, Right.EXTEND, Act.EXTEND),
    "return": Kind(ReturnForm, Right.RETURN, Act.RETURN),
    "contribute": Kind(ContributeForm, Right.CONTRIBUTE),
    "ask_office": Kind(AskOfficeForm, Right.ASK_OFFICE),
    "cancel_contribution": Kind(CancelContributionForm, Right.ASK_OFFICE),
    "message": Kind(MessageForm, Right.TRIAGE),
    "note": Kind(NoteForm, Right.ANSWER),
    "merge": Kind(MergeForm, Right.TRIAGE, Act.ANSWER),
    "unmerge": Kind(UnmergeForm, Right.TRIAGE, Act.ANSWER),
    "correct": Kind(CorrectForm, Right.CONTACT),
    "reveal": Kind(RevealForm, Right.REVEAL),
}


@dataclass(frozen=True)
class Situation:
    """What decides the forms. `last_event`: of the page as shown; `overdue`: today.

    `answered_with`: what was answered to the petition that this one is merged into. `pending`: the contributions that
    are waited for; `contribute_by`: the day that is proposed for another one.
    """

    ticket: Ticket
    reader: Officer
    last_event: int
    overdue: bool
    offices: list[Secretaria]
    proposal: Proposal
    answered_with: str = ""
    pending: Sequence[Contribution] = ()
    contribute_by: date | None = None


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
    if isinstance(forms.get("approve"), ApproveForm):
        forms["approve"].answer.data = str(drafts(situation.ticket)[0].id)
    return forms


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
    if kind.act is not None and (State(ticket.state), kind.act) not in MOVES:
        return False
    if name == "extend":
        return not ticket.extension and not situation.overdue and TERMS[TicketKind(ticket.kind)].extension > 0
    if name == "approve":
        return bool(drafts(ticket))
    if name in ("merge", "unmerge"):
        return (ticket.duplicate_of_id is not None) is (name == "unmerge")
    if name == "correct":
        return ticket.petitioner is not None
    if name == "ask_office":
        return ticket.state in OPEN
    if name in _CHOICES:
        return bool(_CHOICES[name](situation.pending, situation.reader))
    if name == "reveal":
        return can_reveal(ticket, situation.reader)
    return True


def _propose(form: AssignForm, situation: Situation) -> None:
    """What is proposed for a ticket that nobody has."""
    proposal = situation.proposal
    if situation.ticket.secretaria_id is None and proposal.secretaria_id is not None:
        form.secretaria.data, form.reason.data = str(proposal.secretaria_id), proposal.reason

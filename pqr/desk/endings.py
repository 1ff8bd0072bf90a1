"""Which forms end a case without an answer of one's own, and when?"""

from collections.abc import Callable, Mapping

from pqr.accounts.permissions import Right
from pqr.desk.ending_forms import MeasureForm, ReferForm, RejectForm, ReopenForm, VoidForm
from pqr.desk.forms import ActForm
from pqr.desk.situation import Kind, Situation
from pqr.desk.transfer_forms import DeliverForm, TransferForm
from pqr.tickets.states import OPEN, Act, Outcome

KINDS: dict[str, Kind] = {
    "transfer": Kind(TransferForm, Right.TRIAGE, Act.TRANSFER),
    "deliver": Kind(DeliverForm, Right.TRIAGE),
    "measure": Kind(MeasureForm, Right.ANSWER),
    "refer": Kind(ReferForm, Right.APPROVE, Act.REFER),
    "reject": Kind(RejectForm, Right.APPROVE, Act.REJECT),
    "void": Kind(VoidForm, Right.APPROVE, Act.VOID),
    "reopen": Kind(ReopenForm, Right.APPROVE, Act.REOPEN),
}
CONDITIONS: dict[str, Callable[[Situation], bool]] = {
    "transfer": lambda now: bool(now.bodies),
    "deliver": lambda now: bool(now.undelivered),
    "measure": lambda now: now.ticket.state in OPEN,
    "reopen": lambda now: now.ticket.outcome != Outcome.ANSWERED,
}


def propose(forms: Mapping[str, ActForm], situation: Situation) -> None:
    """Fills them with what is likeliest."""
    elsewhere, deliver = forms.get("transfer"), forms.get("deliver")
    if isinstance(elsewhere, TransferForm):
        elsewhere.offer(situation.bodies, situation.proposal.transfer_to)
    if isinstance(deliver, DeliverForm):
        deliver.offer(situation.undelivered)

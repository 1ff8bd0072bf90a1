"""Which forms may a ticket's page hold, which right does each need, and which act must the state admit?"""

from pqr.accounts.permissions import Right
from pqr.desk import appeals, endings
from pqr.desk.clock_forms import (
    ArchiveForm,
    AskForm,
    CompleteForm,
    LackingForm,
    MoreTimeForm,
    PauseForm,
    SettleForm,
    TacitForm,
    WithdrawForm,
)
from pqr.desk.contact_forms import CorrectForm
from pqr.desk.contribution_forms import AskOfficeForm, CancelContributionForm, ContributeForm
from pqr.desk.delivering_forms import CopiesForm
from pqr.desk.fixing_forms import FixDateForm
from pqr.desk.forms import (
    AnswerForm,
    ApproveForm,
    AssignForm,
    CommunicateForm,
    ExtendForm,
    MessageForm,
    ReturnForm,
    RevealForm,
)
from pqr.desk.group_forms import GroupForm
from pqr.desk.merge_forms import MergeForm, NoteForm, TrustForm, UnmergeForm
from pqr.desk.notify_forms import AcceptForm, RulingForm, TellForm
from pqr.desk.situation import Kind
from pqr.tickets.states import Act

KINDS: dict[str, Kind] = {
    "fix_date": Kind(FixDateForm, Right.TRIAGE, Act.FIX_DATE),
    "approve": Kind(ApproveForm, Right.APPROVE),
    "trust": Kind(TrustForm, Right.TRIAGE, Act.ASSIGN),
    "assign": Kind(AssignForm, Right.TRIAGE, Act.ASSIGN),
    "answer": Kind(AnswerForm, Right.ANSWER, Act.ANSWER),
    "tell": Kind(TellForm, Right.TRIAGE),
    "communicate": Kind(CommunicateForm, Right.TRIAGE, Act.COMMUNICATE),
    "extend": Kind(ExtendForm, Right.EXTEND, Act.EXTEND),
    "return": Kind(ReturnForm, Right.RETURN, Act.RETURN),
    "contribute": Kind(ContributeForm, Right.CONTRIBUTE),
    "ask_office": Kind(AskOfficeForm, Right.ASK_OFFICE),
    "cancel_contribution": Kind(CancelContributionForm, Right.ASK_OFFICE),
    "message": Kind(MessageForm, Right.TRIAGE),
    "note": Kind(NoteForm, Right.ANSWER),
    "complete": Kind(CompleteForm, Right.ANSWER, Act.COMPLETE),
    "lacking": Kind(LackingForm, Right.ANSWER, Act.COMPLETE),
    "settle": Kind(SettleForm, Right.APPROVE, Act.PAUSE),
    "tacit": Kind(TacitForm, Right.APPROVE, Act.WITHDRAW_TACITLY),
    "archive": Kind(ArchiveForm, Right.APPROVE, Act.ARCHIVE_UNCLEAR),
    "more_time": Kind(MoreTimeForm, Right.TRIAGE, Act.GIVE_TIME),
    "ask": Kind(AskForm, Right.ANSWER, Act.ASK_TO_COMPLETE),
    "withdraw": Kind(WithdrawForm, Right.TRIAGE, Act.WITHDRAW),
    "pause": Kind(PauseForm, Right.APPROVE, Act.PAUSE),
    "merge": Kind(MergeForm, Right.TRIAGE, Act.ANSWER),
    "group": Kind(GroupForm, Right.TRIAGE, Act.ANSWER),
    "unmerge": Kind(UnmergeForm, Right.TRIAGE, Act.ANSWER),
    "correct": Kind(CorrectForm, Right.CONTACT),
    "reveal": Kind(RevealForm, Right.REVEAL),
    "ruling": Kind(RulingForm, Right.APPROVE),
    "accept": Kind(AcceptForm, Right.TRIAGE),
    "copies": Kind(CopiesForm, Right.TRIAGE),
    **endings.KINDS,
    **appeals.KINDS,
}

"""Which act may follow which?  The move table, as data (law: Ley 1755 de 2015; R3.20 for the outcomes).

Answered is not closed: the right is met when the answer has been communicated.
"""

from enum import StrEnum

from pqr.errors import ActNotAllowed


class State(StrEnum):
    """Where a ticket stands."""

    FILED = "filed"
    ASSIGNED = "assigned"
    AWAITING_PETITIONER = "awaiting_petitioner"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed ticket ended; there is no closing without one."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    WITHDRAWN_EXPRESS = "withdrawn_express"
    WITHDRAWN_TACIT = "withdrawn_tacit"
    ARCHIVED_UNCLEAR = "archived_unclear"
    REJECTED = "rejected"
    BY_REFERENCE = "by_reference"
    DUPLICATE = "duplicate"
    VOIDED = "voided"


class Act(StrEnum):
    """What an official, an office or time may do to a ticket."""

    ASSIGN = "assign"
    RETURN = "return"
    ANSWER = "answer"
    EXTEND = "extend"
    ASK = "ask"
    RECLASSIFY = "reclassify"
    FIX_DATE = "fix_date"
    ASK_TO_COMPLETE = "ask_to_complete"
    ASK_TO_CLARIFY = "ask_to_clarify"
    GIVE_TIME = "give_time"
    COMPLETE = "complete"
    PAUSE = "pause"
    WITHDRAW = "withdraw"
    WITHDRAW_TACITLY = "withdraw_tacitly"
    ARCHIVE_UNCLEAR = "archive_unclear"
    REFER = "refer"
    REJECT = "reject"
    VOID = "void"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    TRANSFER_PART = "transfer_part"
    PRIORITISE = "prioritise"
    COMMUNICATE = "communicate"
    BOUNCE = "bounce"


OPEN = frozenset({State.FILED, State.ASSIGNED, State.AWAITING_PETITIONER})
PUBLIC_LABELS = {
    State.FILED: "Radicada",
    State.ASSIGNED: "En trámite",
    State.AWAITING_PETITIONER: "Necesitamos más información",
    State.ANSWERED: "Respuesta emitida",
    State.CLOSED: "Cerrada",
}
_ACT_LABELS = {
    Act.ASSIGN: "asignar",
    Act.RETURN: "devolver",
    Act.ANSWER: "responder",
    Act.EXTEND: "prorrogar",
    Act.ASK: "preguntarle a la persona",
    Act.RECLASSIFY: "cambiar el tipo",
    Act.FIX_DATE: "anotar la fecha que fijó la autoridad",
    Act.ASK_TO_COMPLETE: "pedirle a la persona que la complete",
    Act.ASK_TO_CLARIFY: "pedirle a la persona que la aclare",
    Act.GIVE_TIME: "darle más plazo a la persona",
    Act.COMPLETE: "darla por completa",
    Act.PAUSE: "suspender ni reactivar el plazo",
    Act.WITHDRAW: "registrar el desistimiento",
    Act.WITHDRAW_TACITLY: "decretar el desistimiento tácito",
    Act.ARCHIVE_UNCLEAR: "archivarla sin aclarar",
    Act.REFER: "remitirla a una respuesta anterior",
    Act.REJECT: "rechazarla por irrespetuosa",
    Act.VOID: "anular el radicado",
    Act.REOPEN: "reabrirla",
    Act.TRANSFER: "trasladarla",
    Act.TRANSFER_PART: "trasladar una parte",
    Act.PRIORITISE: "cambiar la prioridad",
    Act.COMMUNICATE: "comunicar la respuesta",
    Act.BOUNCE: "registrar la devolución de la respuesta",
}
MOVES: dict[tuple[State, Act], State] = {
    (State.FILED, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.ASSIGN): State.ASSIGNED,
    (State.AWAITING_PETITIONER, Act.ASSIGN): State.AWAITING_PETITIONER,
    (State.ASSIGNED, Act.RETURN): State.FILED,
    (State.FILED, Act.ANSWER): State.ANSWERED,
    (State.ASSIGNED, Act.ANSWER): State.ANSWERED,
    (State.AWAITING_PETITIONER, Act.ANSWER): State.ANSWERED,
    (State.FILED, Act.EXTEND): State.FILED,
    (State.ASSIGNED, Act.EXTEND): State.ASSIGNED,
    (State.FILED, Act.ASK): State.FILED,
    (State.ASSIGNED, Act.ASK): State.ASSIGNED,
    (State.AWAITING_PETITIONER, Act.ASK): State.AWAITING_PETITIONER,
    (State.FILED, Act.RECLASSIFY): State.FILED,
    (State.ASSIGNED, Act.RECLASSIFY): State.ASSIGNED,
    (State.FILED, Act.FIX_DATE): State.FILED,
    (State.ASSIGNED, Act.FIX_DATE): State.ASSIGNED,
    (State.FILED, Act.ASK_TO_COMPLETE): State.AWAITING_PETITIONER,
    (State.ASSIGNED, Act.ASK_TO_COMPLETE): State.AWAITING_PETITIONER,
    (State.FILED, Act.ASK_TO_CLARIFY): State.AWAITING_PETITIONER,
    (State.ASSIGNED, Act.ASK_TO_CLARIFY): State.AWAITING_PETITIONER,
    (State.AWAITING_PETITIONER, Act.GIVE_TIME): State.AWAITING_PETITIONER,
    (State.AWAITING_PETITIONER, Act.COMPLETE): State.ASSIGNED,
    (State.FILED, Act.PAUSE): State.FILED,
    (State.ASSIGNED, Act.PAUSE): State.ASSIGNED,
    (State.FILED, Act.WITHDRAW): State.CLOSED,
    (State.ASSIGNED, Act.WITHDRAW): State.CLOSED,
    (State.AWAITING_PETITIONER, Act.WITHDRAW): State.CLOSED,
    (State.AWAITING_PETITIONER, Act.WITHDRAW_TACITLY): State.CLOSED,
    (State.AWAITING_PETITIONER, Act.ARCHIVE_UNCLEAR): State.CLOSED,
    (State.FILED, Act.REFER): State.CLOSED,
    (State.ASSIGNED, Act.REFER): State.CLOSED,
    (State.AWAITING_PETITIONER, Act.REFER): State.CLOSED,
    (State.FILED, Act.REJECT): State.CLOSED,
    (State.ASSIGNED, Act.REJECT): State.CLOSED,
    (State.FILED, Act.VOID): State.CLOSED,
    (State.ASSIGNED, Act.VOID): State.CLOSED,
    (State.CLOSED, Act.REOPEN): State.ASSIGNED,  # or filed, where no office had it
    (State.FILED, Act.TRANSFER): State.CLOSED,
    (State.ASSIGNED, Act.TRANSFER): State.CLOSED,
    (State.AWAITING_PETITIONER, Act.TRANSFER): State.CLOSED,
    (State.FILED, Act.TRANSFER_PART): State.FILED,
    (State.ASSIGNED, Act.TRANSFER_PART): State.ASSIGNED,
    (State.AWAITING_PETITIONER, Act.TRANSFER_PART): State.AWAITING_PETITIONER,
    (State.FILED, Act.PRIORITISE): State.FILED,
    (State.ASSIGNED, Act.PRIORITISE): State.ASSIGNED,
    (State.AWAITING_PETITIONER, Act.PRIORITISE): State.AWAITING_PETITIONER,
    (State.ANSWERED, Act.COMMUNICATE): State.CLOSED,
    (State.CLOSED, Act.BOUNCE): State.ANSWERED,
    (State.ANSWERED, Act.BOUNCE): State.ANSWERED,
}


def after(state: str, act: Act) -> State:
    """The state after the act. Raises ActNotAllowed where the table has no such move."""
    try:
        return MOVES[(State(state), act)]
    except KeyError:
        where = PUBLIC_LABELS[State(state)].lower()
        raise ActNotAllowed(f"No se puede {_ACT_LABELS[act]}: la petición está «{where}».") from None

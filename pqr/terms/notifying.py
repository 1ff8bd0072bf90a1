"""How must a decision reach the person?  Communicated by any effective means, or formally notified (CPACA 56, 65-69).

What is of general interest, informs or grants is communicated. What denies a particular petition, in whole or in
part, or ends one by withdrawal, is notified: without that it has no effect (arts. 66, 67, 72).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TERMS, TicketKind

DAYS_TO_CITE = 5  # business days after the act, art. 68
DAYS_TO_COME = 5  # business days after the citation was sent, art. 69
DAYS_OF_NOTICE = 5  # business days on the web and in a public place, art. 69


class AnswerOutcome(StrEnum):
    """What an answer decides (law: data to store for an answer); `WITHDRAWN`: the act of art. 17."""

    GRANTED = "granted"
    PARTLY = "partly"
    DENIED = "denied"
    DENIED_RESERVED = "denied_reserved"
    INFORMED = "informed"
    NO_COMPETENCE = "no_competence"
    WITHDRAWN = "withdrawn_tacit"


class Way(StrEnum):
    """A channel, lawful for some decision."""

    MAIL = "mail"
    PORTAL = "portal"
    POSTAL = "postal"
    COUNTER = "counter"
    ELECTRONIC = "electronic"
    CITATION = "citation"
    CITATION_POSTED = "citation_posted"
    NOTICE_SENT = "notice_sent"
    NOTICE = "notice"


# A decision on one of these is about somebody's own right or service; the others are of general interest or opinions.
PARTICULAR = frozenset(
    {
        TicketKind.PETICION_PARTICULAR, TicketKind.INFORMACION, TicketKind.DOCUMENTOS, TicketKind.RECLAMO,
        TicketKind.VEEDURIA, TicketKind.HABEAS_DATA_CONSULTA, TicketKind.HABEAS_DATA_RECLAMO,
        TicketKind.SERVICIOS_PUBLICOS, TicketKind.RECURSO_REPOSICION,
    }
)  # fmt: skip
_GIVES_SOMETHING = frozenset({TicketKind.PETICION_PARTICULAR, TicketKind.DOCUMENTOS, TicketKind.RECLAMO})
_DENIES = frozenset({AnswerOutcome.PARTLY, AnswerOutcome.DENIED})
_DENIES_ANYTHING = frozenset({AnswerOutcome.DENIED_RESERVED, AnswerOutcome.WITHDRAWN})


@dataclass(frozen=True)
class Addressee:
    """What decides the channel. `email` and `address`: known and not proved wrong. `accepts`: electronic notification.

    `by_portal`: asked to read it there. `came_back`: what was sent to the only address was returned.
    """

    anonymous: bool = False
    email: bool = False
    address: bool = False
    accepts: bool = False
    by_portal: bool = False
    came_back: bool = False


@dataclass(frozen=True)
class Step:
    """A lawful channel and why it is the one."""

    way: Way
    why: str


def usual_outcome(kind: TicketKind) -> AnswerOutcome:
    """What an answer decides where nobody said: it grants what can be given, else it informs."""
    return AnswerOutcome.GRANTED if kind in _GIVES_SOMETHING else AnswerOutcome.INFORMED


def must_be_notified(kind: TicketKind, outcome: AnswerOutcome) -> bool:
    """Whether this decision has no effect until it is formally notified (arts. 17, 25, 66)."""
    return outcome in _DENIES_ANYTHING or (outcome in _DENIES and kind in PARTICULAR)


def may_be_denied(kind: TicketKind, outcome: AnswerOutcome, overdue: bool) -> bool:
    """Whether time has not given the person what is being denied; what the law reserves is not given by silence."""
    return not (overdue and outcome in _DENIES and TERMS[kind].silence == "positive")  # art. 14 num. 1


def ladder(notify: bool, who: Addressee) -> tuple[Step, ...]:
    """The lawful channels, the first first; each follows where the one before it failed."""
    return _notified(who) if notify else _communicated(who)


def next_step(notify: bool, who: Addressee, failed: Collection[Way]) -> Step:
    """The lawful channel now. The last one of the ladder always remains: an aviso cannot fail."""
    steps = ladder(notify, who)
    return next((step for step in steps if step.way not in failed), steps[-1])


def _communicated(who: Addressee) -> tuple[Step, ...]:
    steps = [Step(Way.MAIL, "dejó un correo")] if who.email else []
    if who.by_portal:
        steps.append(Step(Way.PORTAL, "pidió leerla en la página web"))
    if who.address:
        steps.append(Step(Way.POSTAL, "dejó una dirección (CPACA, art. 65: cualquier medio eficaz)"))
    if not (steps or who.anonymous or who.came_back):
        steps.append(Step(Way.COUNTER, "no dejó correo ni dirección (CPACA, art. 65: cualquier medio eficaz)"))
    return (*steps, _published(who))


def _notified(who: Addressee) -> tuple[Step, ...]:
    steps = []
    if who.accepts and who.email:
        steps.append(Step(Way.ELECTRONIC, "aceptó la notificación electrónica (CPACA, arts. 56 y 67)"))
    if who.email or who.address:
        steps.append(Step(Way.CITATION, "se decide algo en su contra: hay que citarla a notificarse (CPACA, art. 68)"))
        steps.append(Step(Way.NOTICE_SENT, f"no vino en {DAYS_TO_COME} días hábiles (CPACA, art. 69)"))
    elif not who.anonymous:
        steps.append(
            Step(
                Way.CITATION_POSTED,
                "se decide algo en su contra y no se conoce una dirección que sirva: la citación se publica cinco días "
                "(CPACA, art. 68)",
            )
        )
    return (*steps, _published(who))


def _published(who: Addressee) -> Step:
    if who.anonymous:
        return Step(Way.NOTICE, "es anónima y no hay a dónde enviarla (CPACA, art. 69)")
    return Step(Way.NOTICE, "no se conoce una dirección que sirva (CPACA, art. 69)")


@dataclass(frozen=True)
class NoticeDays:
    """A published notice: five whole business days after the day it goes up, and the day it has effect."""

    first_day: date
    last_day: date
    effective_on: date


def notice_days(published_on: date, calendar: Calendar) -> NoticeDays:
    """The days of a notice that goes up on this date; it has effect at the end of the day after its removal."""
    first = calendar.nth_business_day_after(published_on, 1)
    last = calendar.nth_business_day_after(published_on, DAYS_OF_NOTICE)
    return NoticeDays(first, last, calendar.nth_business_day_after(last, 1))

"""What may the person do about a decision, before whom and until when?

Reposición against what denies or ends a petition (CPACA arts. 74 and 76); against a reserve none, but insistence, which
a judge decides (art. 26); against one of defence, security or foreign relations reposición in three days, and then the
judge (Ley 1712 de 2014 art. 27). Late it is received all the same: refusing it is a decision (art. 78).
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pqr.terms.calendar import Calendar
from pqr.terms.kinds import STEPS, Term
from pqr.terms.notifying import AnswerOutcome


class Remedy(StrEnum):
    """What the law gives against a decision."""

    REPOSICION = "reposicion"
    INSISTENCE = "insistence"
    SECURITY = "security"  # reposición against a reserve for defence, security or foreign relations


TERM_OF: Mapping[Remedy, Term] = {  # to present it, after the notification
    Remedy.REPOSICION: STEPS["interponer_recurso"],
    Remedy.INSISTENCE: STEPS["insistencia"],
    Remedy.SECURITY: STEPS["recurso_seguridad"],
}
NAMES: Mapping[Remedy, str] = {
    Remedy.REPOSICION: "recurso de reposición",
    Remedy.INSISTENCE: "insistencia",
    Remedy.SECURITY: "recurso de reposición",
}
_APPEALABLE = frozenset({AnswerOutcome.PARTLY, AnswerOutcome.DENIED, AnswerOutcome.WITHDRAWN})
# Ley 1712 art. 19 lits. a, b and c; CPACA art. 24 num. 1.
_SECURITY = re.compile(
    r"defensa|seguridad\s+(nacional|p[uú]blica)|relaciones\s+internacionales"
    r"|1712.*art\w*\.?\s*19\b.*lit\w*\.?\s*[abc]\b",
    re.IGNORECASE,
)


def remedy_against(outcome: AnswerOutcome, provision: str = "") -> Remedy | None:
    """What lies against a decision that must be notified. `provision`: the norm of a reserve."""
    if outcome == AnswerOutcome.DENIED_RESERVED:
        return Remedy.SECURITY if _SECURITY.search(provision) else Remedy.INSISTENCE
    return Remedy.REPOSICION if outcome in _APPEALABLE else None


def appeal_until(remedy: Remedy, notified_on: date, calendar: Calendar) -> date:
    """The last day in time."""
    return calendar.nth_business_day_after(notified_on, TERM_OF[remedy].length)


def appeal(outcome: AnswerOutcome, provision: str = "") -> str:
    """What the person may do about the decision, before whom and until when, in Spanish; "" where nothing lies."""
    remedy = remedy_against(outcome, provision)
    return _SAID[remedy].format(days=TERM_OF[remedy].length) if remedy else ""


_SAID = {
    Remedy.REPOSICION: (
        "Contra esta decisión procede el recurso de reposición. Se presenta por escrito ante quien la firma, en "
        "esta misma alcaldía, al notificarse o dentro de los {days} días hábiles siguientes (CPACA, arts. 74 y 76)."
    ),
    Remedy.INSISTENCE: (
        "Contra esta decisión no proceden recursos. Puede insistir por escrito, con sus razones, al notificarse o "
        "dentro de los {days} días hábiles siguientes: la alcaldía envía el expediente al juez administrativo, que "
        "decide (CPACA, art. 26)."
    ),
    Remedy.SECURITY: (
        "Contra esta decisión procede el recurso de reposición, por escrito y con sus razones, al notificarse o dentro "
        "de los {days} días hábiles siguientes. Si se niega, la alcaldía envía el expediente al juez administrativo, "
        "que decide (Ley 1712 de 2014, art. 27)."
    ),
}

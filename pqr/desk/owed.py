"""What else must be done on this case by a day of its own, and which form does it?  The block of the case's page.

A duty with a form names it in `MET_BY`; the form stands in `templates/desk/duties/<form>.html` and among the kinds of
`case_kinds`, and is offered while the duty is pending.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from pqr.config import Office
from pqr.desk.forms import ActForm
from pqr.desk.situation import Situation
from pqr.desk.urgency import Urgency, urgency
from pqr.terms.silence import COPIES
from pqr.tickets.duties import Duty
from pqr.tickets.states import State

MET_BY = {  # a duty's code → the form that meets it
    COPIES: "copies",
    "recurso_reposicion": "decide_appeal",
    "envio_al_juez": "to_judge",
    "envio_al_juez_seguridad": "to_judge",
    "orden_del_juez": "ordered",
    "leyenda_reclamo_en_tramite": "mark_claim",
}


@dataclass(frozen=True)
class Owed:
    """One that is pending. `form`: the name of the form that meets it, "" where this reader has none."""

    duty: Duty
    urgency: Urgency
    form: str


def _is_owed(form: str, situation: Situation) -> bool:
    return any(MET_BY.get(each.code) == form for each in situation.duties)


CONDITIONS: dict[str, Callable[[Situation], bool]] = {form: partial(_is_owed, form) for form in MET_BY.values()}


def owed(situation: Situation, forms: Mapping[str, ActForm], here: Office) -> list[Owed]:
    """The case's, by their day."""
    return [
        Owed(each, urgency(State.FILED, each.due_on, situation.today, here.calendar), _form(each, forms))
        for each in situation.duties
    ]


def _form(duty: Duty, forms: Mapping[str, ActForm]) -> str:
    name = MET_BY.get(duty.code, "")
    return name if name in forms else ""

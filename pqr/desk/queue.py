"""What must be done next?  One list by danger, then date; what waits beside it is said on top."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db
from pqr.desk import desk, filtering
from pqr.desk.access import needs, officer
from pqr.desk.bulk_form import ChosenForm
from pqr.desk.urgency import Urgency, short_day, short_instant, urgency
from pqr.desk.waiting import Waiting, waiting
from pqr.desk.wording import CHANNELS, FLAGS, OUTCOMES
from pqr.door import office
from pqr.mail.inbox import count_waiting
from pqr.mail.outbox import count_stuck
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.fixing import hour_of
from pqr.tickets.counting import BY_WHO_ACTED, COUNT_AT_MOST, count_to_triage, counts, has_more_open
from pqr.tickets.duties import Duty, next_duties
from pqr.tickets.queries import SOON, WALK, QueueRow, Scope, View, page
from pqr.tickets.states import State
from pqr.tickets.suspensions import open_suspensions

desk.add_app_template_filter(short_day)
desk.add_app_template_filter(short_instant)
desk.add_app_template_filter(hour_of)
VIEWS = {
    View.OPEN: "Abiertas",
    View.NEW: "Nuevas",
    View.MINE: "Mías",
    View.UNASSIGNED: "Sin dependencia",
    View.DOUBTED: "Por revisar",
    View.OVERDUE: "Vencidas",
    View.SOON: "Por vencer",
    View.WAITING: "Esperando a la persona",
    View.UNTOLD: "Sin comunicar",
    View.CLOSED: "Cerradas",
    View.ALL: "Todas",
    View.DUTIES: "Otros plazos",
    View.ASKED: "Aportes pedidos",
    View.GIVEN: "Aportes dados",
}
EMPTY = {
    View.OPEN: "No hay peticiones abiertas. Todo está respondido.",
    View.NEW: "En todas las peticiones abiertas alguien ha hecho ya algo.",
    View.MINE: "Usted no ha hecho nada en ninguna petición abierta.",
    View.UNASSIGNED: "Todas las peticiones abiertas tienen dependencia.",
    View.DOUBTED: "Ninguna petición parece correo basura.",
    View.OVERDUE: "Ninguna petición está vencida.",
    View.SOON: f"Ninguna petición vence en los próximos {SOON} días hábiles.",
    View.WAITING: "Ninguna petición espera a la persona.",
    View.UNTOLD: "Todas las respuestas llegaron a la persona.",
    View.CLOSED: "Todavía no se ha cerrado ninguna petición.",
    View.ALL: "Todavía no hay ninguna petición.",
    View.DUTIES: f"Ningún otro plazo de un caso está vencido ni vence en los próximos {SOON} días hábiles.",
    View.ASKED: "No se espera ningún aporte.",
    View.GIVEN: "Todavía no se ha dado ningún aporte.",
}


@dataclass(frozen=True)
class Tab:
    """A list and how many it holds, in words."""

    view: View
    label: str
    count: str


@dataclass(frozen=True)
class Chosen:
    """The bar for many tickets at once, and the boxes that were ticked when it was refused."""

    form: ChosenForm
    values: frozenset[str] = field(default_factory=frozenset)


@desk.get("/atencion/")
@needs(Right.READ)
def queue() -> str:
    """The list that `?vista=` names, a page at a time by `?despues=`, narrowed by `filtering.NAMES`."""
    return show_queue(None)


def show_queue(chosen: Chosen | None) -> str:
    """The page that the address asks for, with what was chosen on it."""
    session, here, after = db.session(), office(db.session()), request.args.get("despues", "")
    view, scope = asked_view(), queue_scope(here.calendar)
    offered = filtering.offer(session, scope)
    asked = filtering.read(request.args, offered)
    found = page(session, view, scope, after, filtering.filters_of(asked))
    triage = officer().may(Right.TRIAGE)
    if triage and chosen is None:
        chosen = Chosen(ChosenForm(formdata=None))
    if chosen is not None:
        chosen.form.offer(offered)
    return render_template(
        "desk/queue.html",
        view=view,
        channels=CHANNELS,
        flags=FLAGS,
        outcomes=OUTCOMES,
        title=VIEWS[view],
        empty=EMPTY[view],
        tabs=_tabs(session, scope, view),
        rows=[(row, _urgency(row, scope, here.calendar)) for row in found.rows],
        waits=_waits(session, found.rows, scope.today),
        duties=_duties(session, found.rows, scope, here.calendar),
        first=not after,
        following=url_for("desk.queue", vista=view, **asked, despues=found.after) if found.after else "",
        looked_at=0 if found.whole else WALK,
        narrowed=asked,
        offered=offered,
        chips=filtering.chips(asked, offered),
        chosen=chosen,
        after=after,
        to_triage=_capped(count_to_triage(session)) if triage else "0",
        mails=count_waiting(session) if triage else 0,
        letters=count_stuck(session) if triage else 0,
    )


def asked_view() -> View:
    """The list that the address names; the open one for any other."""
    wanted = request.args.get("vista", "")
    return View(wanted) if wanted in list(View) else View.OPEN


def queue_scope(calendar: Calendar) -> Scope:
    """What of the lists the official sees today."""
    today = clock.now().astimezone(BOGOTA).date()
    return Scope(today, calendar.nth_business_day_after(today, SOON), officer().only_office, officer().actor)


def _waits(session: Session, rows: Sequence[QueueRow], today: date) -> dict[int, Waiting]:
    """What those of the rows wait for whose clock stands still."""
    still = open_suspensions(session, [row.id for row in rows if row.suspended_on is not None])
    return {row.id: waiting(still[row.id], row.due_on, today) for row in rows if row.id in still}


def _duties(
    session: Session, rows: Sequence[QueueRow], scope: Scope, calendar: Calendar
) -> dict[int, tuple[Duty, Urgency]]:
    """What else those of the rows make due soon, or made due, whatever became of their answer."""
    near = next_duties(session, [row.id for row in rows], scope.soon)
    return {each: (duty, urgency(State.FILED, duty.due_on, scope.today, calendar)) for each, duty in near.items()}


def _tabs(session: Session, scope: Scope, here: View) -> list[Tab]:
    """All of them, but the rare ones where there are none."""
    found, rare = counts(session, scope), (View.DOUBTED, View.DUTIES, View.ASKED, View.GIVEN)
    at_least = BY_WHO_ACTED if found[View.OPEN] > COUNT_AT_MOST and has_more_open(session, scope) else ()
    shown = (view for view in VIEWS if view not in rare or view == here or found[view])
    return [Tab(view, VIEWS[view], (_at_least if view in at_least else _capped)(found[view])) for view in shown]


def _at_least(count: int) -> str:
    if count > COUNT_AT_MOST:
        return _capped(count)
    return f"al menos {count}" if count else "sin contar"


def _capped(count: int) -> str:
    return str(count) if count <= COUNT_AT_MOST else f"más de {COUNT_AT_MOST}"


def _urgency(row: QueueRow, scope: Scope, calendar: Calendar) -> Urgency:
    return urgency(row.state, row.due_on, scope.today, calendar, row.suspended_on)

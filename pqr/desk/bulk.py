"""How is the same done to many tickets?  Each in a transaction of its own: one that is refused stops no other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db, transaction
from pqr.desk import desk, filtering
from pqr.desk.access import check_version, find_ticket, needs, officer
from pqr.desk.bulk_form import ASSIGN, LABEL, NO_TOPIC, ChosenForm
from pqr.desk.filtering import Offer
from pqr.desk.queue import Chosen, asked_view, show_queue
from pqr.door import nudge, office
from pqr.errors import PqrError
from pqr.portal.cleaning import clean_line
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.spanish import counted
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.labelling import Label, label
from pqr.tickets.models import Ticket
from pqr.tickets.queries import PAGE, Scope

Work = Callable[[Session, Ticket, Office, datetime], None]


@dataclass(frozen=True)
class Refused:
    """A ticket that stayed as it was, and why."""

    radicado: str
    why: str


@desk.post("/atencion/elegidas")
@needs(Right.TRIAGE)
def do_to_chosen() -> Response | str | tuple[str, int]:
    """Assigns or labels every ticket whose box was ticked; says which were not, and why."""
    form, what = ChosenForm(), request.form.get("hacer", "")
    today = clock.now().date()
    offered = filtering.offer(db.session(), Scope(today, today))
    form.offer(offered)
    values = list(dict.fromkeys(map(clean_line, request.form.getlist("elegida"))))[:PAGE]
    if not values:
        flash("Elija primero las peticiones, con la casilla de cada una.", "warning")
    if not values or what not in (ASSIGN, LABEL) or not form.says(what):
        return show_queue(Chosen(form, frozenset(values))), 422
    refused = [why for value in values if (why := _attempt(value, _work(form, what)))]
    nudge()
    done = _said(form, what, len(values) - len(refused), offered)
    back = url_for("desk.queue", vista=asked_view(), **filtering.read(request.args, offered))
    if refused:
        return render_template("desk/bulk_done.html", done=done, refused=refused, back=back)
    flash(done, "success")
    return redirect(back, 303)


def _attempt(value: str, work: Work) -> Refused | None:
    """Does the work on the locked ticket as the list showed it; why not, where it was refused."""
    radicado, _, version = value.partition(".")
    try:
        with transaction() as session:
            ticket = find_ticket(session, radicado, Right.TRIAGE, lock=True)
            check_version(ticket, version)
            work(session, ticket, office(session), clock.now())
    except NotFound:
        return Refused(radicado, "No está.")
    except PqrError as refusal:
        return Refused(radicado, str(refusal))
    return None


def _work(form: ChosenForm, what: str) -> Work:
    actor = officer().actor

    def give(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        secretaria = session.get_one(Secretaria, int(form.secretaria.data))
        if ticket.secretaria_id == secretaria.id:
            raise PqrError("Ya estaba en esa dependencia.")
        assign(session, Assignment(ticket, secretaria, form.reason.data or "", actor), here, now)

    def name(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        chosen = None if form.topic.data == NO_TOPIC else session.get_one(Topic, int(form.topic.data))
        label(session, Label(ticket, chosen, actor), now)

    return give if what == ASSIGN else name


def _said(form: ChosenForm, what: str, number: int, offered: Offer) -> str:
    many = counted(number, "petición", "peticiones")
    if what == ASSIGN:
        given = "asignada" if number == 1 else "asignadas"
        return f"{many} {given} a {offered.offices[form.secretaria.data]}: recibe las cartas por correo."
    return f"{many} con el tema «{offered.topics.get(form.topic.data, 'Sin tema')}»."

"""How are analogous petitions grouped, answered once and published?  The page of a group and its acts (CPACA art. 22).

The group is locked while it changes. A page that was read before somebody else's act is told so and loses nothing of
what was typed.
"""

import re
from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, redirect, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case import Refusal
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.group_forms import AddForm, EntrustForm, GroupAnswerForm, GroupForm, OfGroupForm, PrintedForm, RemoveForm
from pqr.desk.group_page import may_answer, offer, show
from pqr.desk.merge_acts import find_typed
from pqr.door import nudge, office
from pqr.errors import EditedMeanwhile, PqrError
from pqr.publishing.avisos import publish_if_owed
from pqr.publishing.updates import Published, note_update
from pqr.secretarias.models import Secretaria
from pqr.tickets.grouping import (
    Entrusting,
    Founding,
    GroupReply,
    Membership,
    Printing,
    answer_group,
    entrust,
    found,
    join,
    leave,
    members_of,
    note_printing,
)
from pqr.tickets.groups import PetitionGroup, waiting_groups
from pqr.tickets.models import Ticket

_SEPARATORS = re.compile(r"[,;\n]+")
Work = Callable[[Session, PetitionGroup, Office, datetime], object]


@desk.post("/atencion/radicado/<radicado>/agrupar")
@needs(Right.TRIAGE)
def group_ticket(radicado: str) -> Answered:
    """Into a group that waits or a new one, whose page comes next."""
    form, there = GroupForm(), list[int]()
    form.offer(waiting_groups(db.session()))

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        actor = officer().actor
        if form.group.data:
            group = _locked(session, int(form.group.data))
            join(session, Membership(group, ticket, actor), here, now)
        else:
            group = found(session, Founding(ticket, form.title.data or "", actor), here, now)
        there.append(group.id)

    answer = carry_out(radicado, "group", form, work, f"{radicado} está en el grupo.")
    return redirect(url_for("desk.group", group_id=there[0]), 303) if isinstance(answer, Response) else answer


@desk.get("/atencion/grupo/<int:group_id>")
@needs(Right.READ)
def group(group_id: int) -> str:
    """The petitions, who answers them, and the answer."""
    return show(_find(db.session(), group_id, Right.READ))


@desk.post("/atencion/grupo/<int:group_id>/agregar")
@needs(Right.TRIAGE)
def add_to_group(group_id: int) -> Answered:
    """Those that were chosen, and those that were typed."""
    form = AddForm()

    def work(session: Session, group: PetitionGroup, here: Office, now: datetime) -> None:
        typed = [each for each in _SEPARATORS.split(form.radicados.data or "") if each.strip()]
        for each in dict.fromkeys([*(form.likely.data or ()), *typed]):
            join(session, Membership(group, find_typed(session, each), officer().actor), here, now)

    return _carry_out(group_id, "add", form, work, "Agregadas al grupo.")


@desk.post("/atencion/grupo/<int:group_id>/sacar")
@needs(Right.TRIAGE)
def remove_from_group(group_id: int) -> Answered:
    """To be answered by itself."""
    form = RemoveForm()

    def work(session: Session, group: PetitionGroup, here: Office, now: datetime) -> None:
        ticket = find_typed(session, form.ticket.data)
        leave(session, Membership(group, ticket, officer().actor, form.reason.data or ""), now)

    return _carry_out(group_id, "remove", form, work, "Salió del grupo: se responde por su cuenta.")


@desk.post("/atencion/grupo/<int:group_id>/dependencia")
@needs(Right.TRIAGE)
def entrust_group(group_id: int) -> Answered:
    """All to one office."""
    form = EntrustForm()

    def work(session: Session, group: PetitionGroup, here: Office, now: datetime) -> None:
        secretaria = session.get_one(Secretaria, int(form.secretaria.data))
        entrust(session, Entrusting(group, secretaria, officer().actor), here, now)

    return _carry_out(group_id, "entrust", form, work, "Todas están en esa dependencia, que responde una sola vez.")


@desk.post("/atencion/grupo/<int:group_id>/responder")
@needs(Right.ANSWER)
def answer_whole_group(group_id: int) -> Answered:
    """Once; each petition gets its own letter, and who is anonymous without an address an aviso."""
    form = GroupAnswerForm()

    def work(session: Session, group: PetitionGroup, here: Office, now: datetime) -> None:
        reply = GroupReply(group, form.text.data or "", officer().actor, bool(form.names_nobody.data))
        for ticket in answer_group(session, reply, here, now):
            publish_if_owed(session, ticket, here, now)
        note_update(session, Published("answer", group.title, f"/respuestas/{group.id}", officer().actor), now)

    return _carry_out(
        group_id, "answer", form, work, "Respondidas: cada persona recibe su carta y la respuesta quedó publicada."
    )


@desk.post("/atencion/grupo/<int:group_id>/diario")
@needs(Right.TRIAGE)
def note_newspaper(group_id: int) -> Answered:
    """Where and when it was printed."""
    form = PrintedForm()

    def work(session: Session, group: PetitionGroup, here: Office, now: datetime) -> None:
        assert form.on.data is not None  # the form requires it
        note_printing(session, Printing(group, form.newspaper.data or "", form.on.data, officer().actor), now)

    return _carry_out(group_id, "printed", form, work, "Anotado: también se ve en la página de la respuesta.")


def _carry_out(group_id: int, name: str, form: OfGroupForm, work: Work, done: str) -> Answered:
    """Does the work on the locked group, or shows the page again with why not."""
    right = Right.ANSWER if name == "answer" else Right.TRIAGE
    group = _find(db.session(), group_id, right)
    offer(form, db.session(), group)
    if not form.validate_on_submit():
        return show(group, Refusal(name, form)), 422
    try:
        with transaction() as session:
            _locked(session, group_id)
            locked = _find(session, group_id, right)
            if str(locked.version) != (form.version.data or ""):
                raise EditedMeanwhile("Alguien cambió este grupo después de que usted abrió la página.")
            work(session, locked, office(session), clock.now())
    except EditedMeanwhile as refusal:
        return _again(group_id, Refusal(name, form, f"{refusal} No se guardó nada.", meanwhile=True)), 409
    except PqrError as refusal:
        return _again(group_id, Refusal(name, form, str(refusal))), 422
    nudge()
    flash(done, "success")
    return redirect(url_for("desk.group", group_id=group_id), 303)


def _again(group_id: int, refusal: Refusal) -> str:
    db.session.rollback()  # what this request read before is older than what refused it
    return show(_find(db.session(), group_id, Right.READ), refusal)


def _find(session: Session, group_id: int, right: Right) -> PetitionGroup:
    """The group, where the official has the right on it; 404 else, so that nobody learns whether it exists."""
    group, reader = session.get(PetitionGroup, group_id), officer()
    if group is None:
        abort(404)
    members = members_of(session, group)
    if reader.only_office is not None and not any(reader.may(Right.READ, ticket) for ticket in members):
        abort(404)
    if not (may_answer(session, group) if right is Right.ANSWER else reader.may(right)):
        abort(404)
    return group


def _locked(session: Session, group_id: int) -> PetitionGroup:
    """The group and its petitions, held until the transaction ends, so that nobody answers one meanwhile."""
    group = session.get(PetitionGroup, group_id, with_for_update=True)
    if group is None:
        abort(404)
    held = select(Ticket).where(Ticket.group_id == group_id).order_by(Ticket.id).with_for_update(of=Ticket)
    session.scalars(held).all()
    return group

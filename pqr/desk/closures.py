"""On which days is the municipality shut, and by which act?

Nothing is kept before a page has said which due dates it would move; what is confirmed is what that page said, or the
page comes again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import extract, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.closures.calendar import calendar_if, load_calendar
from pqr.closures.models import ClosureRow
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm
from pqr.desk.settings_forms import CLOSURE_KINDS, ButtonForm, ClosureForm
from pqr.door import office
from pqr.errors import EditedMeanwhile
from pqr.terms.calendar import BOGOTA, Calendar, ClosureKind
from pqr.terms.spanish import counted, long_date
from pqr.tickets.recomputing import CalendarChange, Move, foresee, recompute_open

SHOWN = 50  # of the dates that move; the rest is a number
COLUMNS = ("day", "kind", "closes_at", "name", "act", "act_on", "national", "active")
Answered = Response | tuple[str, int]


@dataclass(frozen=True)
class Decision:
    """What somebody wants the row to be. `form`: sent again by who confirms; `title`: of the page that asks."""

    wanted: ClosureRow
    form: StaffForm
    title: str


@desk.get("/atencion/ajustes/cierres")
@needs(Right.SETTINGS)
def closures() -> str:
    """The closed days of a year, and the form for another."""
    return _list(ClosureForm(formdata=None), _year())


@desk.post("/atencion/ajustes/cierres")
@needs(Right.SETTINGS)
def add_closure() -> Answered:
    """One more: what it moves, and after that in force at once."""
    form = ClosureForm()
    if not _is_good(form) or "corregir" in request.form:
        return _list(form, form.day.data.year if form.day.data else _year()), 422 if form.errors else 200
    wanted = _as_typed(form, ClosureRow(national=False, active=True))
    return _decide(Decision(wanted, form, f"Cerrar el {long_date(wanted.day)}"))


@desk.route("/atencion/ajustes/cierres/<int:closure_id>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_closure(closure_id: int) -> Answered:
    """A correction of one that an act orders, or the act that puts a proposal in force."""
    found = db.get_or_404(ClosureRow, closure_id)
    if found.national:
        return redirect(url_for("desk.closures", anio=found.day.year), 303)
    form = ClosureForm(obj=found)
    if form.is_submitted() and _is_good(form, closure_id) and "corregir" not in request.form:
        wanted = _as_typed(form, _copy(found, active=True))
        return _decide(Decision(wanted, form, f"Cambiar el cierre del {long_date(found.day)}"))
    return render_template("desk/closure.html", form=form, found=found), 422 if form.errors else 200


@desk.post("/atencion/ajustes/cierres/<int:closure_id>/activo")
@needs(Right.SETTINGS)
def switch_closure(closure_id: int) -> Answered:
    """On or off. What no act orders is not switched on here, save a holiday of the law."""
    form, found = ButtonForm(), db.get_or_404(ClosureRow, closure_id)
    if not form.validate_on_submit() or "corregir" in request.form:
        return redirect(url_for("desk.closures", anio=found.day.year), 303)
    if not (found.active or found.national or (found.act and found.act_on)):
        flash("Escriba el número y la fecha del acto que ordena cerrar: sin él no se cierra ningún día.", "warning")
        return redirect(url_for("desk.edit_closure", closure_id=closure_id), 303)
    wanted = _copy(found, active=not found.active)
    return _decide(Decision(wanted, form, f"{'Quitar' if found.active else 'Activar'} {found.name}"))


def _decide(decision: Decision) -> Answered:
    """Does what was confirmed; asks where nothing was, or where it would no longer do what the page said."""
    wanted, seen = decision.wanted, request.form.get("visto", "")
    if not seen:
        return _preview(decision), 200
    try:
        with transaction() as session:
            moved = _keep(session, wanted, seen)
    except EditedMeanwhile as change:
        db.session.rollback()  # what was read before is older than what refused it
        return _preview(decision, str(change)), 409
    dates = counted(len(moved), "fecha de vencimiento cambió", "fechas de vencimiento cambiaron")
    flash(f"{_done(wanted)} {dates if moved else 'Ninguna fecha de vencimiento cambió'}.", "success")
    return redirect(url_for("desk.closures", anio=wanted.day.year), 303)


def _keep(session: Session, wanted: ClosureRow, seen: str) -> Sequence[Move]:
    before, now = load_calendar(session), clock.now()
    row = session.get_one(ClosureRow, wanted.id, with_for_update=True) if wanted.id else ClosureRow(created_at=now)
    was = _facts(row) if wanted.id else ""
    with witnessed(session, row, Witness(officer().actor, now), new=not wanted.id):
        for column in COLUMNS:
            setattr(row, column, getattr(wanted, column))
    session.add(row)
    session.flush()  # the calendar is read from the rows
    moved = recompute_open(session, _change(wanted, before), office(session), now)
    if _seal(was, wanted, moved) != seen:
        raise EditedMeanwhile("Mientras tanto cambió algo: esto es lo que haría ahora. No se guardó nada.")
    return moved


def _preview(decision: Decision, meanwhile: str = "") -> str:
    session, wanted = db.session(), decision.wanted
    change = _change(wanted, load_calendar(session))
    moves = foresee(session, change, office(session, calendar_if(session, wanted)), clock.now())
    was = _facts(session.get_one(ClosureRow, wanted.id)) if wanted.id else ""
    return render_template(
        "desk/closure_preview.html",
        title=decision.title,
        form=decision.form,
        wanted=wanted,
        kind=CLOSURE_KINDS[ClosureKind(wanted.kind)],
        moves=moves[:SHOWN],
        count=len(moves),
        seen=_seal(was, wanted, moves),
        meanwhile=meanwhile,
    )


def _change(wanted: ClosureRow, before: Calendar) -> CalendarChange:
    word = "Cierre" if wanted.active else "Se retira el cierre"
    reason = f"{word} del {long_date(wanted.day)}: {wanted.name}" + (f" ({wanted.act})" if wanted.act else "")
    return CalendarChange(before, wanted.act_on, reason, officer().actor)


def _seal(was: str, wanted: ClosureRow, moves: Sequence[Move]) -> str:
    """What the page said, in short: the row as it was and as it would be, and every date that moves."""
    return hashlib.sha256(repr((was, _facts(wanted), moves)).encode()).hexdigest()[:32]


def _facts(row: ClosureRow) -> str:
    return repr([str(getattr(row, column)) for column in COLUMNS])


def _copy(row: ClosureRow, **changes: object) -> ClosureRow:
    """The same row, apart from the session."""
    return ClosureRow(id=row.id, **{column: getattr(row, column) for column in COLUMNS} | changes)


def _as_typed(form: ClosureForm, row: ClosureRow) -> ClosureRow:
    form.populate_obj(row)
    row.closes_at = row.closes_at if row.kind == ClosureKind.EARLY_CLOSE else None
    return row


def _done(wanted: ClosureRow) -> str:
    return f"{wanted.name}: {'se cierra' if wanted.active else 'se trabaja'} el {long_date(wanted.day)}."


def _is_good(form: ClosureForm, own_id: int = 0) -> bool:
    """Nothing is wrong with it, and no other row is of that day, kind and name."""
    if not form.validate():
        return False
    same = select(ClosureRow.id).where(
        ClosureRow.day == form.day.data,
        ClosureRow.kind == form.kind.data,
        ClosureRow.name == form.name.data,
        ClosureRow.id != own_id,
    )
    if db.session.scalar(same) is None:
        return True
    form.name.errors = ["Ese cierre ya está en la lista: actívelo allí."]
    return False


def _year() -> int:
    wanted = request.args.get("anio", "")
    given = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else 0
    return given or clock.now().astimezone(BOGOTA).year


def _list(form: ClosureForm, year: int) -> str:
    rows = db.session.scalars(
        select(ClosureRow).where(ClosureRow.day.between(date(year, 1, 1), date(year, 12, 31))).order_by(ClosureRow.day)
    )
    years = db.session.scalars(select(extract("year", ClosureRow.day)).distinct()).all()
    return render_template(
        "desk/closures.html",
        form=form,
        switch=ButtonForm(formdata=None),
        rows=rows.all(),
        year=year,
        years=sorted({int(each) for each in years} | {year}),
        kinds=CLOSURE_KINDS,
    )

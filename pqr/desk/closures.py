"""On which days is the municipality shut, and by which act?  A change moves the due dates that it touches, aloud."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import extract, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.closures.models import ClosureRow
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import CLOSURE_KINDS, ClosureForm, SwitchForm
from pqr.door import office
from pqr.terms.calendar import BOGOTA, ClosureKind
from pqr.terms.spanish import counted, long_date
from pqr.tickets.recomputing import recompute_open


@desk.get("/atencion/ajustes/cierres")
@needs(Right.SETTINGS)
def closures() -> str:
    """The closed days of a year, and the form for another."""
    return _show(ClosureForm(formdata=None), _year())


@desk.post("/atencion/ajustes/cierres")
@needs(Right.SETTINGS)
def add_closure() -> Response | tuple[str, int]:
    """One more, in force at once."""
    form = ClosureForm()
    if not form.validate_on_submit() or _known(db.session(), form):
        return _show(form, form.day.data.year if form.day.data else _year()), 422
    with transaction() as session:
        row = ClosureRow(national=False, active=True, created_at=clock.now())
        with witnessed(session, row, _witness(), new=True):
            form.populate_obj(row)
            row.closes_at = row.closes_at if row.kind == ClosureKind.EARLY_CLOSE else None
        session.add(row)
        moved = _recompute(session, row)
    _say(f"Se agregó {form.name.data}.", moved)
    return redirect(url_for("desk.closures", anio=row.day.year), 303)


@desk.post("/atencion/ajustes/cierres/<int:closure_id>")
@needs(Right.SETTINGS)
def switch_closure(closure_id: int) -> Response | tuple[str, int]:
    """On or off. What no act orders cannot be switched on, save a holiday of the law."""
    form, row = SwitchForm(), db.get_or_404(ClosureRow, closure_id)
    act = form.act.data or row.act
    if not form.validate_on_submit() or not (row.active or row.national or act):
        refusal = f"{row.name}, {long_date(row.day)}: escriba el número y la fecha del acto que ordena cerrar."
        return _show(ClosureForm(formdata=None), row.day.year, refusal), 422
    with transaction() as session:
        changed = session.get_one(ClosureRow, closure_id, with_for_update=True)
        with witnessed(session, changed, _witness()):
            changed.active, changed.act = not row.active, act
        moved = _recompute(session, changed)
    _say(f"{row.name}: {'activado' if changed.active else 'desactivado'}.", moved)
    return redirect(url_for("desk.closures", anio=row.day.year), 303)


def _witness() -> Witness:
    return Witness(officer().actor, clock.now())


def _recompute(session: Session, row: ClosureRow) -> int:
    word = "Cierre" if row.active else "Se retira el cierre"
    reason = f"{word} del {long_date(row.day)}: {row.name}" + (f" ({row.act})" if row.act else "")
    session.flush()  # the calendar of the office is read from the rows
    return recompute_open(session, reason, officer().actor, office(session), clock.now())


def _say(done: str, moved: int) -> None:
    dates = counted(moved, "fecha de vencimiento cambió", "fechas de vencimiento cambiaron")
    flash(f"{done} {dates if moved else 'Ninguna fecha de vencimiento cambió'}.", "success")


def _known(session: Session, form: ClosureForm) -> bool:
    same = select(ClosureRow.id).where(
        ClosureRow.day == form.day.data, ClosureRow.kind == form.kind.data, ClosureRow.name == form.name.data
    )
    if session.scalar(same) is None:
        return False
    form.name.errors = ["Ese cierre ya está en la lista: actívelo allí."]
    return True


def _year() -> int:
    wanted = request.args.get("anio", "")
    given = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else 0
    return given or clock.now().astimezone(BOGOTA).year


def _show(form: ClosureForm, year: int, refusal: str = "") -> str:
    rows = db.session.scalars(
        select(ClosureRow).where(ClosureRow.day.between(date(year, 1, 1), date(year, 12, 31))).order_by(ClosureRow.day)
    )
    years = db.session.scalars(select(extract("year", ClosureRow.day)).distinct()).all()
    return render_template(
        "desk/closures.html",
        form=form,
        switch=SwitchForm(formdata=None),
        rows=rows.all(),
        year=year,
        years=sorted({int(each) for each in years} | {year}),
        kinds=CLOSURE_KINDS,
        refusal=refusal,
    )

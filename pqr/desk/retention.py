"""How long are cases kept, by which series of the TRD?  A date to be read: nothing is deleted by it."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm, required
from pqr.desk.numbers import WholeNumber
from pqr.entity.retention import EVERY_OTHER, Series, all_series, series_of
from pqr.portal.cleaning import clean_line
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.retention import Disposition, kept_until
from pqr.terms.spanish import counted, long_date
from pqr.tickets.models import Ticket

DISPOSITIONS = {
    Disposition.SELECT: "Se selecciona una muestra",
    Disposition.KEEP: "Se conserva siempre",
    Disposition.DISCARD: "Se elimina por acta del comité de archivo",
}
KINDS = {EVERY_OTHER: "Todos los demás tipos", **{kind.value: TERMS[kind].label for kind in TicketKind}}
COLUMNS = ("kind", "code", "name", "years_in_office", "years_in_central", "disposition", "act")


def _years(label: str) -> WholeNumber:
    between = NumberRange(0, 100, "Entre 0 y 100 años.")
    return WholeNumber(label, [InputRequired("Escriba cuántos años."), between])


class SeriesForm(StaffForm):
    """One series."""

    kind = SelectField(
        "Para qué tipo",
        choices=KINDS,
    )
    code = StringField("Código de la serie", [Length(max=30, message="Caben 30 letras.")], [clean_line])
    name = StringField(
        "Serie o subserie",
        [required("Escriba el nombre de la serie."), Length(max=120, message="Caben 120 letras.")],
        [clean_line],
    )
    years_in_office = _years("Años en el archivo de gestión")
    years_in_central = _years("Años en el archivo central")
    disposition = SelectField("Al final", choices={each.value: words for each, words in DISPOSITIONS.items()})
    act = StringField("Acto que adopta la TRD", [Length(max=120, message="Caben 120 letras.")], [clean_line])


@desk.route("/atencion/ajustes/conservacion", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def retention() -> Response | tuple[str, int]:
    """All of them, and the form for another."""
    return _edit(None)


@desk.route("/atencion/ajustes/conservacion/<int:series_id>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_series(series_id: int) -> Response | tuple[str, int]:
    """One of them."""
    return _edit(db.get_or_404(Series, series_id))


def kept(session: Session, ticket: Ticket) -> str:
    """For the ticket's page: until when, by which series."""
    series = series_of(session, ticket.kind)
    if series is None:
        return ""
    if ticket.closed_at is None:
        years = counted(series.years_in_office + series.years_in_central, "año", "años")
        until = "siempre" if series.disposition == Disposition.KEEP else f"{years} desde que se cierre"
    else:
        day = kept_until(ticket.closed_at.astimezone(BOGOTA).date(), series.rule)
        until = f"hasta el {long_date(day)}" if day else "siempre"
    return f"Se conserva {until} (serie {' '.join(part for part in (series.code, series.name) if part)})."


def _edit(found: Series | None) -> Response | tuple[str, int]:
    form = SeriesForm(obj=found)
    if form.validate_on_submit() and not _known(form, found):
        with transaction() as session:
            row = session.get_one(Series, found.id) if found else Series()
            with witnessed(session, row, Witness(officer().actor, clock.now()), new=found is None):
                for column in COLUMNS:
                    setattr(row, column, form[column].data)
            session.add(row)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.retention"), 303)
    rows = [] if found else all_series(db.session())
    page = render_template("desk/retention.html", form=form, found=found, rows=rows, kinds=KINDS, ends=DISPOSITIONS)
    return page, 422 if form.errors else 200


def _known(form: SeriesForm, found: Series | None) -> bool:
    same = select(Series.id).where(Series.kind == form.kind.data, Series.id != (found.id if found else 0))
    if db.session.scalar(same) is None:
        return False
    form.kind.errors = ["Ese tipo ya tiene su serie: cámbiela en la lista."]
    return True

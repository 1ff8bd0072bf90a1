"""How does a list leave the desk as a file?  Asked for here, made by a worker, and fetched from the same page."""

from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk, filtering
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm
from pqr.desk.queue import VIEWS, asked_view, queue_scope
from pqr.desk.uploads import download
from pqr.door import nudge, office
from pqr.errors import ActNotAllowed
from pqr.reporting.asking import read_asked
from pqr.reporting.dashboard import own_office
from pqr.reports.dimensions import name_of, names_of
from pqr.reports.exports import DAYS_KEPT, Behind, Export, ExportState, List, ask, exports_of
from pqr.reports.formats import MEDIA_TYPES
from pqr.reports.measures import MEASURES
from pqr.tickets import files

FORMS = {"xlsx": "Excel (XLSX)", "csv": "CSV"}


class ExportForm(StaffForm):
    """In which format."""

    prefix_of_ids = "export"

    form = SelectField("Formato", choices=FORMS)


@desk.route("/atencion/informes/descargas", methods=["GET", "POST"])
@needs(Right.READ)
def case_exports() -> AnyResponse | tuple[str, int]:
    """The files that were asked for; where the address names a list, the button that asks for one more."""
    form, session = ExportForm(), db.session()
    wanted = _wanted(session)
    if wanted is None and form.is_submitted():
        return redirect(url_for("desk.queue"), 303)
    if wanted is not None and form.validate_on_submit():
        chosen, words = wanted
        try:
            with transaction() as writing:
                row = Export(user_id=officer().id, form=form.form.data, words=words[:500], wanted=chosen.as_json())
                ask(writing, row, clock.now())
        except ActNotAllowed as refusal:
            flash(str(refusal), "warning")
        else:
            flash("El archivo se está preparando. Puede seguir trabajando y volver después.", "success")
            nudge()
        return redirect(url_for("desk.case_exports"), 303)
    page = render_template(
        "reports/exports.html",
        form=form,
        words=wanted[1] if wanted else "",
        exports=exports_of(session, officer().id),
        days=DAYS_KEPT,
        forms=FORMS,
    )
    return page, 422 if form.errors else 200


@desk.get("/atencion/informes/descargas/<int:number>")
@needs(Right.READ)
def case_export(number: int) -> Response:
    """The file, for whoever asked for it."""
    export = db.session.get(Export, number)
    if export is None or export.user_id != officer().id or export.state != ExportState.DONE:
        abort(404)
    content = files.lent(export.name, office(db.session()))
    if content is None:
        abort(404)
    return download(content, export.name, MEDIA_TYPES[export.form])


def _wanted(session: Session) -> tuple[List | Behind, str] | None:
    """The list that the address names, and its words; None where it names none."""
    here = office(session)
    scope = queue_scope(here.calendar)
    if request.args.get("medida") in MEASURES:
        return _behind(session, request.args["medida"], scope.today)
    if "vista" not in request.args:
        return None
    view, offered = asked_view(), filtering.offer(session, scope)
    asked = filtering.read(request.args, offered)
    said = [VIEWS[view], *(chip.words for chip in filtering.chips(asked, offered))]
    return List(view, scope, filtering.filters_of(asked)), ", ".join(said)


def _behind(session: Session, measure: str, today: date) -> tuple[Behind, str]:
    """The petitions behind a number, as the address of their list says it."""
    asked = read_asked(today, own_office(session))
    period, filters = asked.asking.period, asked.asking.filters
    said = [MEASURES[measure].label, f"recibidas del {period.start:%d/%m/%Y} al {period.end:%d/%m/%Y}"]
    said += [name_of(names_of(session, name), name, value) for name, value in filters.items()]
    return Behind(measure, asked.asking, today), ", ".join(said)

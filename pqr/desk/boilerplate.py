"""Which texts do answers begin with?  Kept by the administrator, for everybody or for one office."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import TemplateForm
from pqr.secretarias.directory import active_secretarias
from pqr.tickets.templates import FIELDS, AnswerTemplate


@desk.route("/atencion/ajustes/plantillas", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def boilerplate() -> Response | tuple[str, int]:
    """All of them, and the form for another."""
    return _edit(None)


@desk.route("/atencion/ajustes/plantillas/<int:template_id>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_boilerplate(template_id: int) -> Response | tuple[str, int]:
    """One of them."""
    return _edit(db.get_or_404(AnswerTemplate, template_id))


def _edit(found: AnswerTemplate | None) -> Response | tuple[str, int]:
    form = TemplateForm(obj=found)
    form.secretaria.choices = {
        "": "Todas las dependencias",
        **{str(each.id): each.name for each in active_secretarias(db.session())},
    }
    if found is not None and not form.is_submitted():
        form.secretaria.data = str(found.secretaria_id or "")
    if form.validate_on_submit():
        _keep(form, found)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.boilerplate"), 303)
    listed = select(AnswerTemplate).options(joinedload(AnswerTemplate.secretaria)).order_by(AnswerTemplate.name)
    return render_template(
        "desk/boilerplate.html",
        form=form,
        found=found,
        fields=FIELDS,
        templates=[] if found else db.session.scalars(listed).all(),
    ), 422 if form.errors else 200


def _keep(form: TemplateForm, found: AnswerTemplate | None) -> None:
    with transaction() as session:
        row = session.get_one(AnswerTemplate, found.id) if found else AnswerTemplate()
        with witnessed(session, row, Witness(officer().actor, clock.now()), new=found is None):
            row.name, row.text, row.active = form.name.data or "", form.text.data or "", bool(form.active.data)
            row.secretaria_id = int(form.secretaria.data) if form.secretaria.data else None
        session.add(row)

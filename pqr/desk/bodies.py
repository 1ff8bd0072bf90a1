"""Which other entities are petitions transferred to, and where do they receive them?"""

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import BodyForm
from pqr.secretarias.models import ExternalBody


@desk.route("/atencion/ajustes/entidades", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def bodies() -> Response | tuple[str, int]:
    """All of them, and the form for another."""
    return _edit(None)


@desk.route("/atencion/ajustes/entidades/<int:body_id>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_body(body_id: int) -> Response | tuple[str, int]:
    """One of them."""
    return _edit(db.get_or_404(ExternalBody, body_id))


def _edit(found: ExternalBody | None) -> Response | tuple[str, int]:
    form = BodyForm(obj=found)
    if form.validate_on_submit() and not _known(form, found):
        with transaction() as session:
            row = session.get_one(ExternalBody, found.id) if found else ExternalBody()
            with witnessed(session, row, Witness(officer().actor, clock.now()), new=found is None):
                row.name, row.email = form.name.data or "", form.email.data or ""
                row.address, row.active = form.address.data or "", bool(form.active.data)
            session.add(row)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.bodies"), 303)
    listed = select(ExternalBody).order_by(ExternalBody.active.desc(), ExternalBody.name)
    rows = [] if found else db.session.scalars(listed).all()
    return render_template("desk/bodies.html", form=form, found=found, bodies=rows), 422 if form.errors else 200


def _known(form: BodyForm, found: ExternalBody | None) -> bool:
    own = found.id if found else 0
    same = select(ExternalBody.id).where(ExternalBody.name == form.name.data, ExternalBody.id != own)
    if db.session.scalar(same) is None:
        return False
    form.name.errors = ["Esa entidad ya está en la lista."]
    return True

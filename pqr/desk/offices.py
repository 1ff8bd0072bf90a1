"""Which offices answer, and at which addresses?"""

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import OfficeForm
from pqr.secretarias.directory import active_secretarias, new_code
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA


@desk.get("/atencion/ajustes/dependencias")
@needs(Right.SETTINGS)
def offices() -> str:
    """All of them; other entities apart, since nothing is assigned to them. And the form for another."""
    return _show(_form(0, formdata=None))


@desk.post("/atencion/ajustes/dependencias")
@needs(Right.SETTINGS)
def add_office() -> Response | tuple[str, int]:
    """A new one; petitions may go there at once."""
    form = _form(0)
    if not form.validate_on_submit() or _taken(db.session(), form, 0):
        return _show(form), 422
    with transaction() as session:
        secretaria = Secretaria(code=new_code(session, form.name.data or ""), external=False)
        with witnessed(session, secretaria, Witness(officer().actor, clock.now()), new=True):
            _change(secretaria, form)
        session.add(secretaria)
    flash(f"Se agregó {form.name.data}.", "success")
    return redirect(url_for("desk.offices"), 303)


@desk.route("/atencion/ajustes/dependencias/<code>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_office(code: str) -> Response | tuple[str, int]:
    """Name, addresses, who stands in for it, and whether petitions may still go there."""
    found = db.first_or_404(select(Secretaria).where(Secretaria.code == code))
    form = _form(found.id, obj=found)
    if not form.is_submitted():
        form.other_emails.data = "\n".join(found.other_emails.split(","))
        form.substitute.data = str(found.substitute_id or "")
    if form.validate_on_submit() and not _taken(db.session(), form, found.id):
        with transaction() as session:
            changed = session.get_one(Secretaria, found.id)
            with witnessed(session, changed, Witness(officer().actor, clock.now())):
                _change(changed, form)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.offices"), 303)
    return render_template("desk/office.html", form=form, office=found), 422 if form.errors else 200


def _form(own_id: int, **options: object) -> OfficeForm:
    form = OfficeForm(**options)
    others = [each for each in active_secretarias(db.session()) if each.id != own_id]
    form.substitute.choices = {"": "Nadie: no está ausente", **{str(each.id): each.name for each in others}}
    return form


def _show(form: OfficeForm) -> str:
    db.session.rollback()  # the office was written by another session
    found = db.session.scalars(select(Secretaria).order_by(Secretaria.external, Secretaria.name)).all()
    today = clock.now().astimezone(BOGOTA).date()
    return render_template("desk/offices.html", form=form, offices=found, today=today)


def _change(secretaria: Secretaria, form: OfficeForm) -> None:
    secretaria.name, secretaria.email = form.name.data or "", form.email.data or ""
    secretaria.other_emails, secretaria.active = ",".join(form.others), bool(form.active.data)
    secretaria.substitute_id = int(form.substitute.data) if form.substitute.data else None
    secretaria.away_from, secretaria.away_until = form.away_from.data, form.away_until.data


def _taken(session: Session, form: OfficeForm, own_id: int) -> bool:
    """An address of two offices would answer for the wrong one."""
    wanted = {form.email.data or "", *form.others}
    for other in session.scalars(select(Secretaria).where(Secretaria.id != own_id, Secretaria.active)):
        shared = wanted & other.addresses
        if shared:
            form.email.errors = [f"{', '.join(sorted(shared))} ya es de {other.name}."]
            return True
    return False

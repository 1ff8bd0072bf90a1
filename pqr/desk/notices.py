"""What are people told about their data?  A change is a new version; the old ones stay to be read."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import LONGEST_TEXT, StaffForm, required
from pqr.entity.notices import Revision, in_force, revise, versions
from pqr.portal.cleaning import clean_text

TITLES = {
    "privacy": "Política de privacidad",
    "filing": "Aviso antes de enviar",
    "reserved": "Condiciones de la identidad reservada",
    "anonymous": "Condiciones de la petición anónima",
}


class NoticeForm(StaffForm):
    """What it says from now on."""

    text = TextAreaField(
        "Texto", [required("Escriba el texto."), Length(max=LONGEST_TEXT, message="Es demasiado largo.")], [clean_text]
    )


@desk.get("/atencion/ajustes/avisos")
@needs(Right.SETTINGS)
def notices() -> str:
    """The texts in force."""
    return render_template("desk/notices.html", titles=TITLES, notices=in_force(db.session()))


@desk.route("/atencion/ajustes/avisos/<name>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_notice(name: str) -> Response | tuple[str, int]:
    """One text and all that it has said."""
    if name not in TITLES:
        abort(404)
    form = NoticeForm(obj=in_force(db.session())[name])
    if form.validate_on_submit():
        with transaction() as session:
            made = revise(session, Revision(name, form.text.data or "", officer().actor), clock.now())
            if made is not None:
                with witnessed(session, made, Witness(officer().actor, clock.now()), new=True):
                    pass
        flash(f"Rige la versión {made.version}." if made else "El texto es el mismo: no hay versión nueva.", "success")
        return redirect(url_for("desk.notices"), 303)
    old = versions(db.session(), name)
    return render_template(
        "desk/notice.html", form=form, name=name, title=TITLES[name], versions=old
    ), 422 if form.errors else 200

"""Which places does the form suggest?  One a line."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm
from pqr.portal.cleaning import clean_text
from pqr.secretarias.places import LONGEST, ONLY, Places, known_places, listed

MOST = 500  # all of them travel with the form, over slow connections


class PlacesForm(StaffForm):
    """The whole list; empty, nothing is suggested."""

    names = TextAreaField("Veredas, corregimientos y barrios, uno por línea", filters=[clean_text])

    def validate_names(self, field: TextAreaField) -> None:
        """Names, and not more than a telephone can carry."""
        names = listed(field.data or "")
        too_long = next((name for name in names if len(name) > LONGEST), "")
        if too_long:
            raise ValidationError(f"Caben {LONGEST} letras en cada línea. Acorte «{too_long[:40]}…».")
        if len(names) > MOST:
            raise ValidationError(f"Caben {MOST} lugares y hay {len(names)}: deje los más nombrados.")


@desk.route("/atencion/ajustes/lugares", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def places() -> Response | tuple[str, int]:
    """The list in one form."""
    form = PlacesForm()
    if not form.is_submitted():
        form.names.data = "\n".join(known_places(db.session()))
    if form.validate_on_submit():
        db.session.rollback()
        with transaction() as session:
            found = session.get(Places, ONLY, with_for_update=True)
            row = found or Places(id=ONLY)
            with witnessed(session, row, Witness(officer().actor, clock.now()), new=found is None):
                row.names = "\n".join(listed(form.names.data or ""))
            session.add(row)
        flash("Se guardó la lista de lugares.", "success")
        return redirect(url_for("desk.places"), 303)
    return render_template("desk/places.html", form=form), 422 if form.errors else 200

"""Who are we?  Name, NIT, address, hours, who signs, and the logo of pages and papers."""

from flask import flash, redirect, render_template, url_for
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import Length, ValidationError

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm, required
from pqr.door import office
from pqr.entity.logos import MOST_BYTES, type_of, what_is_wrong_with
from pqr.entity.models import ONLY, EntityRow
from pqr.portal.cleaning import clean_line
from pqr.tickets.documents import can_print
from pqr.tickets.files import keep

TEXTS = ("name", "nit", "address", "place", "phone", "hours", "site", "signer")


def _line(label: str, most: int, *more: object) -> StringField:
    return StringField(label, [*more, Length(max=most, message=f"Caben {most} letras.")], filters=[clean_line])


class EntityForm(StaffForm):
    """The entity, as its pages and papers say it."""

    name = _line("Nombre de la entidad", 120, required("Escriba el nombre."))
    nit = _line("NIT", 20)
    address = _line("Dirección", 120)
    place = _line("Municipio y departamento", 120)
    phone = _line("Teléfono", 60)
    hours = _line("Horario de atención", 200)
    site = _line("Página web", 120)
    signer = _line("Quién firma cuando no responde una dependencia", 120)
    image = FileField("Logo o escudo")
    without = BooleanField("Quitar el logo")

    def validate_image(self, field: FileField) -> None:
        """An image that every page and every paper can show."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            return
        self.content = field.data.read(MOST_BYTES + 1)
        problem = what_is_wrong_with(self.content)
        if not problem and not can_print(self.content):
            problem = "La imagen está dañada: ábrala y guárdela otra vez."
        if problem:
            raise ValidationError(problem)

    content: bytes = b""


@desk.route("/atencion/ajustes/entidad", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def entity_page() -> Response | tuple[str, int]:
    """All of it in one form."""
    here = office(db.session())
    form = EntityForm()
    if not form.is_submitted():
        for name in TEXTS:
            form[name].data = here.entity if name == "name" else getattr(here.about, name)
    if form.validate_on_submit():
        logo = keep(form.content, "logo", "", here) if form.content else None
        with transaction() as session:
            _write(session, form, logo.sha256 if logo else "")
        flash("Se guardaron los datos de la entidad.", "success")
        return redirect(url_for("desk.entity_page"), 303)
    return render_template("desk/entity.html", form=form), 422 if form.errors else 200


def _write(session: Session, form: EntityForm, logo: str) -> None:
    found = session.get(EntityRow, ONLY, with_for_update=True)
    row = found or EntityRow(id=ONLY, logo="", logo_type="")
    with witnessed(session, row, Witness(officer().actor, clock.now()), new=found is None):
        for name in TEXTS:
            setattr(row, name, form[name].data or "")
        if logo or form.without.data:
            row.logo, row.logo_type = logo, type_of(form.content)
    session.add(row)

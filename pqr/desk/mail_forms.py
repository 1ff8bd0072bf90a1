"""What must an official say to place a mail?"""

from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from pqr.db import db
from pqr.desk.forms import StaffForm, required
from pqr.desk.register_form import KINDS
from pqr.intake.attending import Fate
from pqr.portal.cleaning import clean_address, clean_line, what_is_wrong_with
from pqr.tickets.queries import find
from pqr.tickets.radicado import find_radicado


class FileMailForm(StaffForm):
    """A petition. Name and address may be another's than the sender's: offices forward what people write them."""

    prefix_of_ids = "file"
    kind = SelectField("Tipo", choices=KINDS)
    name = StringField("Nombre de la persona", [Length(max=200, message="Caben 200 letras.")], filters=[clean_line])
    email = StringField("Correo para responderle", filters=[clean_address])

    def validate_email(self, field: StringField) -> None:
        """May be empty; else mail must be able to go there."""
        if field.data and (problem := what_is_wrong_with(field.data)):
            raise ValidationError(problem)


class AddForm(StaffForm):
    """More words for a case that exists."""

    prefix_of_ids = "add"
    radicado = StringField("Radicado del caso", [required("Escriba el radicado del caso.")], filters=[clean_line])

    def validate_radicado(self, field: StringField) -> None:
        """However it was written, it must be a case; it is put in its printed form."""
        written = find_radicado(field.data or "")
        if written is None or find(db.session(), written, None) is None:
            raise ValidationError("No hay ningún caso con ese radicado. Se escribe así: 2026-E-000123")
        field.data = written


class AnswerByMailForm(AddForm):
    """The answer of the office that has the case."""

    prefix_of_ids = "reply"


class ContributeByMailForm(AddForm):
    """What another office was asked for."""

    prefix_of_ids = "contribution"


class DiscardForm(StaffForm):
    """Not a petition."""

    prefix_of_ids = "discard"
    reason = StringField("Razón", [required("Diga por qué no es una petición.")], filters=[clean_line])


class ReopenForm(StaffForm):
    """One button."""


FATE_FORMS: dict[Fate, type[FileMailForm] | type[AddForm] | type[DiscardForm]] = {
    Fate.NEW_TICKET: FileMailForm,
    Fate.ADD: AddForm,
    Fate.ANSWER: AnswerByMailForm,
    Fate.CONTRIBUTE: ContributeByMailForm,
    Fate.DISCARD: DiscardForm,
}

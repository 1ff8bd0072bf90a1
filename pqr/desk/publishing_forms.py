"""What is asked of whoever publishes a procedure or a piece of news?"""

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from pqr.desk.forms import StaffForm, required
from pqr.portal.cleaning import clean_line, clean_text

_NAME = Length(max=120, message="Caben 120 letras.")
_LONG = Length(max=20_000, message="Es demasiado largo.")
_ADDRESS = Length(max=300, message="Caben 300 letras.")
_LINE = Length(max=200, message="Caben 200 letras.")


class ProcedureForm(StaffForm):
    """A trámite or a service, as people need to know it (Ley 1712 de 2014, art. 11)."""

    name = StringField("Nombre", [required("Escriba el nombre."), _NAME], filters=[clean_line])
    secretaria = SelectField("Dependencia responsable")
    summary = TextAreaField("Para qué sirve", [required("Diga para qué sirve."), _LONG], filters=[clean_text])
    requirements = TextAreaField("Qué necesita", [_LONG], filters=[clean_text])
    steps = TextAreaField("Qué debe hacer", [required("Escriba al menos un paso."), _LONG], filters=[clean_text])
    cost = StringField("Cuánto cuesta", [required("Escriba cuánto cuesta, o «Gratis»."), _LINE], filters=[clean_line])
    duration = StringField("Cuánto tarda", [required("Escriba cuánto tarda."), _LINE], filters=[clean_line])
    place = StringField("Dónde y cuándo", [required("Escriba dónde y en qué horario."), _LINE], filters=[clean_line])
    link = StringField("Dirección web, si se hace en línea", [_ADDRESS], filters=[clean_line])
    norm = StringField("Norma", [_LINE], filters=[clean_line])
    active = BooleanField("Se ve en la página", default=True)

    def validate_link(self, field: StringField) -> None:
        """A page of the web, nothing else."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Escriba la dirección completa, por ejemplo https://www.gov.co/")


class NewsForm(StaffForm):
    """Something new."""

    name = StringField("Título", [required("Escriba el título."), _NAME], filters=[clean_line])
    text = TextAreaField("Texto", [required("Escriba el texto."), _LONG], filters=[clean_text])
    active = BooleanField("Se ve en la página", default=True)

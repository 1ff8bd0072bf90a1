"""What does an official type into a report?  Recommendations, and who signs."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from pqr.desk.forms import StaffForm, required
from pqr.portal.cleaning import clean_line, clean_text

_NAME = Length(max=120, message="Hasta 120 letras.")
_TEXT = Length(max=20_000, message="Hasta 20.000 letras.")
WHO, POST = "Escriba su nombre, como firma.", "Escriba su cargo."


class SigningForm(StaffForm):
    """One form with two buttons. `version`: of the report; `seen`: what its figures were on the page."""

    prefix_of_ids = "sign"

    version = HiddenField()
    seen = HiddenField()
    recommendations = TextAreaField("Recomendaciones", [_TEXT], filters=[clean_text])
    name = StringField("Nombre de quien firma", [_NAME], filters=[clean_line])
    post = StringField("Cargo", [_NAME], filters=[clean_line])

    def names_who_signs(self) -> bool:
        """Whether name and post are there; says so beside each that is not."""
        for field, sentence in ((self.name, WHO), (self.post, POST)):
            if not field.data:
                field.errors = [sentence]
        return bool(self.name.data and self.post.data)


class CorrectingForm(StaffForm):
    """A signed erratum. `seen`: which changes the page showed."""

    prefix_of_ids = "correct"

    seen = HiddenField()
    reason = TextAreaField(
        "Por qué cambiaron las cifras", [required("Diga por qué cambiaron."), _TEXT], filters=[clean_text]
    )
    name = StringField("Nombre de quien firma", [required(WHO), _NAME], filters=[clean_line])
    post = StringField("Cargo", [required(POST), _NAME], filters=[clean_line])

"""What is asked of whoever corrects where a petitioner is found?"""

from wtforms import BooleanField, StringField
from wtforms.validators import Length, ValidationError

from pqr.desk.forms import ActForm, required
from pqr.portal.cleaning import clean_address, clean_line, what_is_wrong_with


def _fits(most: int) -> Length:
    return Length(max=most, message=f"Caben {most} letras.")


class CorrectForm(ActForm):
    """The new data, and how they are known."""

    prefix_of_ids = "correct"
    email = StringField("Correo", filters=[clean_address])
    phone = StringField("Teléfono", [_fits(60)], [clean_line])
    address = StringField("Dirección", [_fits(250)], [clean_line])
    municipality = StringField("Municipio", [_fits(120)], [clean_line])
    reason = StringField(
        "Razón", [required("Diga cómo se supo: queda en la historia, sin los datos."), _fits(300)], [clean_line]
    )
    again = BooleanField("Volver a enviar al correo nuevo lo que no llegó al anterior", default=True)

    def validate_email(self, field: StringField) -> None:
        """None, or one that can be."""
        if field.data and (problem := what_is_wrong_with(field.data)):
            raise ValidationError(problem)

"""What is asked of whoever delivers the copies that silence gave?"""

from datetime import datetime

from wtforms import DateTimeLocalField, MultipleFileField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from pqr.desk.forms import ActForm
from pqr.portal.cleaning import clean_line
from pqr.terms.calendar import BOGOTA
from pqr.tickets.delivering import WAYS


class CopiesForm(ActForm):
    """How, when and to whom."""

    prefix_of_ids = "copies"
    way = RadioField("¿Cómo se entregan?", choices={**WAYS}, validators=[InputRequired("Elija cómo se entregan.")])
    at = DateTimeLocalField("Cuándo, si no fue ahora", validators=[Optional()])
    note = StringField(
        "A quién, y qué prueba queda", [Length(max=300, message="Hasta 300 letras.")], filters=[clean_line]
    )
    attachments = MultipleFileField("Copias que van por correo", [Optional()])

    @property
    def handed_at(self) -> datetime | None:
        """The moment by Bogotá's clock; None: now."""
        return self.at.data.replace(tzinfo=BOGOTA) if self.at.data else None

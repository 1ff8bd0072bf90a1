"""What is asked of many tickets at once?  To which office and why, or which topic."""

from typing import TYPE_CHECKING

from wtforms import Field, SelectField, StringField
from wtforms.validators import Length

from pqr.desk.forms import StaffForm
from pqr.portal.cleaning import clean_line

if TYPE_CHECKING:
    from pqr.desk.filtering import Offer

ASSIGN, LABEL = "asignar", "tema"
NO_TOPIC = "0"


class ChosenForm(StaffForm):
    """The bar under the list; the boxes ticked are not fields but `elegida`, `<radicado>.<version>` each."""

    prefix_of_ids = "chosen"
    secretaria = SelectField("Asignar las elegidas a")
    reason = StringField("Porque", [Length(max=300, message="Hasta 300 letras.")], filters=[clean_line])
    topic = SelectField("Tema")

    def offer(self, offered: "Offer") -> None:
        """Fills the lists."""
        self.secretaria.choices = {"": "Elija…", **offered.offices}
        self.topic.choices = {"": "Elija…", NO_TOPIC: "Sin tema", **offered.topics}

    def says(self, what: str) -> bool:
        """Whether the form is good for `ASSIGN` or `LABEL`; what lacks is said beside its field."""
        if not self.validate_on_submit():
            return False
        asked: dict[Field, str] = {self.topic: "Elija el tema."}
        if what == ASSIGN:
            asked = {self.secretaria: "Elija la dependencia.", self.reason: "Diga por qué van a esa dependencia."}
        lacking = [field for field in asked if not field.data]
        for field in lacking:
            field.errors = [asked[field]]
        return not lacking

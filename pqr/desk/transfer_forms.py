"""What is asked of whoever sends a petition to another authority?"""

from collections.abc import Sequence

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pqr.desk.forms import ActForm, required
from pqr.portal.cleaning import clean_line, clean_text
from pqr.secretarias.models import ExternalBody
from pqr.tickets.transfers import Transfer

_SHORT = Length(max=1000, message="Hasta 1.000 letras.")


class TransferForm(ActForm):
    """To whom, why, and which part."""

    prefix_of_ids = "transfer"
    body = SelectField("Entidad", [InputRequired("Elija la entidad a la que le corresponde.")])
    reason = TextAreaField(
        "Por qué le corresponde", [required("Escriba por qué le corresponde: se le dice a la persona."), _SHORT],
        filters=[clean_text],
    )  # fmt: skip
    part = TextAreaField("Si es solo una parte: cuál", [_SHORT], filters=[clean_text])
    late_reason = StringField("Por qué se traslada tarde", [_SHORT], filters=[clean_line])

    def offer(self, bodies: Sequence[ExternalBody], proposed: str) -> None:
        """Fills the list. `proposed`: the name of the entity whose matter it seems to be."""
        self.body.choices = {"": "Elija…", **{str(each.id): each.name for each in bodies}}
        if self.body.data is None:
            self.body.data = next((str(each.id) for each in bodies if each.name == proposed), "")


class DeliverForm(ActForm):
    """The paper was taken there."""

    prefix_of_ids = "deliver"
    transfer = SelectField("Cuál traslado", [InputRequired("Elija cuál traslado.")])
    proof = StringField(
        "Prueba de la entrega",
        [required("Diga qué prueba queda: quién recibió y cuándo, o el número de guía."), Length(max=300)],
        filters=[clean_line],
    )

    def offer(self, undelivered: Sequence[Transfer]) -> None:
        """Fills the list."""
        self.transfer.choices = [(str(each.id), f"{each.radicado}, a {each.body_name}") for each in undelivered]

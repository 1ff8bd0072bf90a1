"""What do the forms ask that take a decision to the person?  The channel, what the answer decides, what they accept."""

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from pqr.desk.forms import ActForm, must_name_the_norm, required
from pqr.desk.wording import ANSWER_OUTCOMES, RUNGS
from pqr.portal.cleaning import clean_line
from pqr.terms.notifying import Way


class TellForm(ActForm):
    """The next lawful channel; another one needs a reason."""

    prefix_of_ids = "tell"
    way = RadioField("Vía", choices={**RUNGS}, validators=[InputRequired("Elija la vía.")])
    reason = StringField(
        "Razón, si no es la que se propone",
        [Length(max=200, message="Hasta 200 letras.")],
        filters=[clean_line],
    )

    def offer(self, ways: list[Way]) -> None:
        """Only these, the first one chosen."""
        self.way.choices = {way: RUNGS[way] for way in ways}
        if not self.way.data:
            self.way.data = ways[0].value


class RulingForm(ActForm):
    """What the answer decides, when it was said wrong or nobody said it."""

    prefix_of_ids = "ruling"
    outcome = RadioField(
        "¿Qué decide la respuesta?",
        choices={**ANSWER_OUTCOMES},
        validators=[InputRequired("Elija qué decide la respuesta.")],
    )
    provision = StringField(
        "Norma que reserva la información", [Length(max=250, message="Hasta 250 letras.")], filters=[clean_line]
    )

    def validate_provision(self, field: StringField) -> None:
        """A reserve names its norm."""
        must_name_the_norm(self.outcome.data, field.data)


class AcceptForm(ActForm):
    """The person asked to be notified electronically, or not to be."""

    prefix_of_ids = "accept"
    reason = StringField(
        "Cómo lo pidió", [required("Diga cómo lo pidió la persona: por escrito, por teléfono, en la ventanilla.")],
        filters=[clean_line],
    )  # fmt: skip

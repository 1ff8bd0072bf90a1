"""What is asked of whoever rejects a petition, voids its number, opens it again or acts at once?"""

from wtforms import BooleanField, DateField, DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pqr.desk.forms import ActForm, required
from pqr.portal.cleaning import clean_line, clean_text
from pqr.tickets.voiding import MISTAKES

_LONG = Length(max=20_000, message="Es demasiado largo.")
_SHORT = Length(max=500, message="Hasta 500 letras.")


class ReferForm(ActForm):
    """The earlier answer, and that the law allows it."""

    prefix_of_ids = "refer"
    earlier = StringField(
        "Radicado de la respuesta anterior", [required("Escriba el radicado."), _SHORT], filters=[clean_line]
    )
    reason = TextAreaField(
        "Por qué es lo mismo", [required("Diga por qué es lo mismo: la persona lo lee."), _LONG], filters=[clean_text]
    )
    lapses = BooleanField(
        "Lo que pide no es un derecho imprescriptible",
        [InputRequired("Confírmelo: si es un derecho imprescriptible, hay que responderla de fondo.")],
    )
    unmended = BooleanField(
        "No se le había negado por requisitos que ahora cumple",
        [InputRequired("Confírmelo: si ahora cumple lo que le faltaba, hay que responderla de fondo.")],
    )


class RejectForm(ActForm):
    """The rare exception."""

    prefix_of_ids = "reject"
    text = TextAreaField(
        "Razones", [required("Escriba qué expresiones son irrespetuosas y por qué."), _LONG], filters=[clean_text]
    )
    sure = BooleanField(
        "No es solo dura, mal escrita, inadecuada o incompleta: nada de eso permite rechazarla",
        [InputRequired("Confírmelo: si es solo dura, inadecuada o incompleta, hay que responderla.")],
    )


class VoidForm(ActForm):
    """Which mistake, and the act."""

    prefix_of_ids = "void"
    mistake = RadioField(
        "¿Qué pasó?",
        choices={each.value: words for each, words in MISTAKES.items()},
        validators=[InputRequired("Elija qué pasó.")],
    )
    other = StringField("Si se radicó dos veces: el radicado que queda", [_SHORT], filters=[clean_line])
    act = StringField("Acta", [required("Escriba el número y la fecha del acta."), _SHORT], filters=[clean_line])
    reason = StringField("Razón", [required("Escriba la razón."), _SHORT], filters=[clean_line])


class ReopenForm(ActForm):
    """Why, and until when the house wants it."""

    prefix_of_ids = "reopen"
    reason = TextAreaField("Razón", [required("Escriba la razón: se le dice a la persona."), _SHORT], [clean_text])
    by = DateField("Para qué día debe quedar", [InputRequired("Escriba la fecha.")])


class MeasureForm(ActForm):
    """What was done at once, and when."""

    prefix_of_ids = "measure"
    what = TextAreaField("Qué se hizo", [required("Escriba qué se hizo y quién."), _LONG], filters=[clean_text])
    taken_at = DateTimeLocalField("Cuándo", validators=[InputRequired("Escriba el día y la hora.")])

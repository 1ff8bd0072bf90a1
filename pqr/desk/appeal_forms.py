"""What is asked of whoever registers or decides an appeal, sends a file to the judge, or marks a claim on its data?"""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import BooleanField, DateField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from pqr.desk.forms import LONGEST_TEXT, ActForm, WordsOrFileForm, required
from pqr.portal.cleaning import clean_line, clean_text
from pqr.secretarias.models import ExternalBody
from pqr.terms.appealing import Remedy
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets.appealing import RESULTS
from pqr.tickets.communicating import WAYS
from pqr.tickets.insisting import JUDGED
from pqr.tickets.models import Message

_LONG = Length(max=LONGEST_TEXT, message="Es demasiado largo.")
_SHORT = Length(max=500, message="Hasta 500 letras.")
_DAY = InputRequired("Escriba la fecha.")
RESERVES = {
    Remedy.INSISTENCE.value: "Insistencia: va al juez administrativo (CPACA art. 26)",
    Remedy.SECURITY.value: "Reposición: la reserva es por defensa, seguridad o relaciones internacionales "
    "(Ley 1712 de 2014, art. 27)",
}


class PresentForm(ActForm):
    """What the person presented: a message of the case, or what is typed here. `remedy`: asked of a reserve alone."""

    prefix_of_ids = "present"
    message = SelectField("Cómo lo presentó")
    text = TextAreaField("Lo que presentó, si no está en el caso", [_LONG], filters=[clean_text])
    received_on = DateField("Día en que lo presentó, si no está en el caso", [Optional()])
    remedy = RadioField("Qué presenta", choices=RESERVES, validate_choice=False)
    higher = BooleanField("Pide también el recurso de apelación")

    def offer(self, words: Sequence[Message]) -> None:
        """Fills the list with what the person wrote since the decision, the newest first and chosen."""
        told = {
            str(each.id): f"Su mensaje del {long_date(each.written_at.astimezone(BOGOTA).date())}"
            for each in reversed(words)
        }
        self.message.choices = {**told, "": "En la oficina o en papel: se escribe abajo"}
        if self.message.data is None:
            self.message.data = next(iter(told), "")

    def validate_text(self, field: TextAreaField) -> None:
        """Words, where no message of the case has them."""
        if not self.message.data and not (field.data or "").strip():
            raise ValidationError("Escriba lo que presentó la persona, o escoja su mensaje.")


class DecideForm(ActForm):
    """What is decided on it, and why."""

    prefix_of_ids = "decide"
    result = RadioField(
        "Qué se decide",
        choices={each.value: words for each, words in RESULTS.items()},
        validators=[InputRequired("Elija qué se decide.")],
    )
    text = TextAreaField("Razones", [required("Escriba las razones: salen en la carta."), _LONG], filters=[clean_text])
    elevated = BooleanField("Pasa al superior, en apelación")


class AppealToldForm(ActForm):
    """How the person was notified of it."""

    prefix_of_ids = "appeal-told"
    way = RadioField(
        "¿Cómo quedó notificada?",
        choices={way: WAYS[way] for way in ("counter", "postal", "notice_sent", "notice")},
        validators=[InputRequired("Elija cómo.")],
    )
    note = StringField(
        "Prueba", [required("Diga qué prueba queda: quién recibió y cuándo, o el número de guía."), _SHORT],
        filters=[clean_line],
    )  # fmt: skip


class ToJudgeForm(ActForm):
    """To which judge."""

    prefix_of_ids = "to-judge"
    judge = SelectField("Juzgado", [InputRequired("Elija el juzgado.")])
    late_reason = StringField("Por qué se envía tarde", [_SHORT], filters=[clean_line])

    def offer(self, bodies: Sequence[ExternalBody]) -> None:
        """Fills the list; a court is proposed."""
        self.judge.choices = {"": "Elija…", **{str(each.id): each.name for each in bodies}}
        if self.judge.data is None:
            self.judge.data = next((str(each.id) for each in bodies if "juzgado" in each.name.lower()), "")


class JudgedForm(ActForm):
    """What the judge decided."""

    prefix_of_ids = "judged"
    judged = RadioField(
        "Qué decidió el juez",
        choices={each.value: words for each, words in JUDGED.items()},
        validators=[InputRequired("Elija qué decidió.")],
    )
    decided_on = DateField("Día de la decisión", [_DAY])
    text = TextAreaField(
        "Lo que dice la decisión", [required("Escriba lo que dice: se le cuenta a la persona."), _LONG], [clean_text]
    )
    by = DateField("Hasta cuándo dio el juez para entregar", [Optional()])


class OrderedForm(WordsOrFileForm):
    """What the judge ordered to deliver."""

    prefix_of_ids = "ordered"
    nothing: ClassVar[str] = "Escriba lo que se entrega o adjúntelo."
    text = TextAreaField("Lo que se entrega", [_LONG], filters=[clean_text])
    attachments = MultipleFileField("Archivos", [Optional()])


class MarkForm(ActForm):
    """Where and when the mark was put."""

    prefix_of_ids = "mark"
    where = StringField(
        "En qué base de datos o registro", [required("Diga dónde quedó la leyenda."), _SHORT], [clean_line]
    )
    put_on = DateField("Día en que se puso", [_DAY])
    reason = StringField(
        "Motivo del reclamo", [required("Escriba el motivo, como quedó en la base."), _SHORT], [clean_line]
    )

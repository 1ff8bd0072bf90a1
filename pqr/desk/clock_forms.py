"""What is asked of whoever stops a ticket's clock, lets it go on, or ends the case without an answer?"""

from typing import Any

from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pqr.desk.forms import LONGEST_TEXT, ActForm, required
from pqr.portal.cleaning import clean_line, clean_text
from pqr.terms.clock import Cause
from pqr.tickets.pausing import CAUSES

_LONG = Length(max=LONGEST_TEXT, message="Es demasiado largo.")
_SHORT = Length(max=500, message="Hasta 500 letras.")
ASKED = {
    Cause.COMPLETION.value: "Que la complete: le falta algo para poder decidir",
    Cause.CLARIFICATION.value: "Que la aclare: no se entiende qué pide",
}

IN_DOUBT = {each.value: words for each, words in CAUSES.items()}


def _day(label: str) -> DateField:
    return DateField(label, [InputRequired("Escriba la fecha.")])


def _text(label: str, sentence: str, **more: Any) -> TextAreaField:
    return TextAreaField(label, [required(sentence), _LONG], filters=[clean_text], **more)


class AskForm(ActForm):
    """What the person must add or say more clearly."""

    prefix_of_ids = "ask"
    cause = RadioField(
        "¿Qué se le pide?", choices=ASKED, validators=[InputRequired("Elija si debe completarla o aclararla.")]
    )
    text = _text("Qué debe enviar o aclarar", "Escriba qué le pide: lo lee tal cual.")


class CompleteForm(ActForm):
    """When it came."""

    prefix_of_ids = "complete"
    supplied_on = _day("Día en que la persona lo envió")


class LackingForm(ActForm):
    """What came is not yet that."""

    prefix_of_ids = "lacking"
    text = _text("Qué falta todavía", "Escriba qué falta todavía: la persona lo lee tal cual.")


class MoreTimeForm(ActForm):
    """As long again."""

    prefix_of_ids = "more_time"


class TacitForm(ActForm):
    """The act that withdraws it."""

    prefix_of_ids = "tacit"
    text = _text("Texto de la decisión", "Escriba la decisión con sus razones.")


class ArchiveForm(ActForm):
    """The act that archives it."""

    prefix_of_ids = "archive"
    text = _text("Texto de la decisión", "Escriba la decisión con sus razones.")


class WithdrawForm(ActForm):
    """The person does not want to go on."""

    prefix_of_ids = "withdraw"
    statement = _text("Lo que declaró la persona", "Escriba lo que declaró la persona, cuándo y cómo.")
    public_interest = StringField(
        "Solo si la alcaldía la continúa por interés público: la razón", [_SHORT], filters=[clean_line]
    )


class PauseForm(ActForm):
    """Who decides is in doubt."""

    prefix_of_ids = "pause"
    cause = RadioField(
        "¿Por qué?",
        choices=IN_DOUBT,
        validators=[InputRequired("Elija por qué se suspende.")],
    )
    reason = StringField("Razones", [required("Escriba las razones: se le dicen a la persona."), _SHORT], [clean_line])


class SettleForm(ActForm):
    """Who decides is settled."""

    prefix_of_ids = "settle"
    decided_on = _day("Día en que se conoció la decisión")
    reason = StringField("Qué se decidió", [required("Escriba qué se decidió y quién."), _SHORT], [clean_line])

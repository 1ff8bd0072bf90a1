"""What do the desk's forms ask?  Fields and what is wrong with a field; never what the law thinks of the act.

A refused token is only another error of the form: everything typed comes back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from pqr.desk.numbers import WholeNumber
from pqr.desk.wording import ANSWER_OUTCOMES
from pqr.portal.cleaning import clean_line, clean_text
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.communicating import WAYS
from pqr.tickets.files import StoredFile
from pqr.tickets.models import Ticket

LONGEST_TEXT = 200_000


def required(sentence: str) -> DataRequired:
    """Refuses an empty field with this sentence, which says the remedy."""
    return DataRequired(message=sentence)


def _if_sent(_: Any, field: Any) -> None:  # unlike Optional, it tells nobody to skip it
    if not field.raw_data:
        field.errors.clear()


def _in_words(field: Any) -> str:
    """What a person has put into the field, as it is read: of a choice its label."""
    if isinstance(field, SelectField):
        return next((str(label) for _, label, chosen, *_ in field.iter_choices() if chosen and field.data), "")
    written = isinstance(field, StringField | IntegerField | DateField)
    return str(field._value()) if written else ""


def must_name_the_norm(outcome: str | None, norm: str | None) -> None:
    """Raises the field's error for a reserve without its exact norm (CPACA art. 25)."""
    if outcome == AnswerOutcome.DENIED_RESERVED and not (norm or "").strip():
        raise ValidationError("Escriba la norma exacta que la reserva, con su artículo (CPACA, art. 25).")


class StaffForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Every form of the staff. `prefix_of_ids` keeps ids apart where several forms share a page."""

    prefix_of_ids: ClassVar[str] = ""
    kept: tuple[StoredFile, ...] = ()  # the form's files, once they are in the store

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Messages that WTForms words itself, in Spanish."""

        def get_translations(self, form: object) -> Any:
            """The library's own Spanish."""
            return get_translations(["es"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.prefix_of_ids:
            for field in self:
                field.id = field.label.field_id = f"{self.prefix_of_ids}-{field.name}"

    @property
    def chosen_files(self) -> list[FileStorage]:
        """The files that were really chosen: an empty input sends one without a name."""
        given = self.data.get("attachments") or []
        return [file for file in given if isinstance(file, FileStorage) and file.filename]

    def typed(self) -> list[tuple[str, str]]:
        """Label and text of every visible field that a person filled in, to show what must not be lost."""
        shown = (field for field in self if not isinstance(field, HiddenField | MultipleFileField | PasswordField))
        return [(field.label.text, words) for field in shown if (words := _in_words(field).strip())]


class EnterForm(StaffForm):
    """Who is it?"""

    email = StringField("Correo", [required("Escriba su correo.")], filters=[clean_line])
    password = PasswordField("Contraseña", [required("Escriba su contraseña.")])


class CodeForm(StaffForm):
    """The second step."""

    code = StringField("Código", [required("Escriba el código.")], filters=[clean_line])


class ForgottenForm(StaffForm):
    """Whose password?"""

    email = StringField("Correo", [required("Escriba su correo.")], filters=[clean_line])


class LeaveForm(StaffForm):
    """The button in the corner of every page."""

    prefix_of_ids = "leave"


class NewPasswordForm(StaffForm):
    """One field: a second one only invites copying (NIST SP 800-63B lets the browser show it)."""

    password = PasswordField("Contraseña nueva", [required("Escriba una contraseña.")])


class ActForm(StaffForm):
    """A form on a ticket's page. `version` and `seen`: the ticket and its last event as this page showed them."""

    version = HiddenField()
    seen = HiddenField()

    def shown(self, ticket: Ticket, last_event: int) -> "ActForm":
        """Marks the form with the state that the page shows."""
        self.version.data, self.seen.data = str(ticket.version), str(last_event)
        return self


class AssignForm(ActForm):
    """To which office."""

    prefix_of_ids = "assign"
    secretaria = SelectField("Dependencia", [InputRequired("Elija la dependencia.")], validate_choice=True)
    reason = StringField(
        "Razón",
        [required("Diga por qué va a esa dependencia."), Length(max=300, message="Hasta 300 letras.")],
        filters=[clean_line],
    )


class WordsOrFileForm(ActForm):
    """Something is said in its `text` or in a file. `nothing`: what is told where neither is."""

    nothing: ClassVar[str] = ""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Words or a file."""
        good = bool(super().validate(extra_validators))
        if good and not (self.text.data or "").strip() and not self.chosen_files:
            self.text.errors = [self.nothing]
            return False
        return good


class AnswerForm(WordsOrFileForm):
    """The answer on the merits."""

    prefix_of_ids = "answer"
    nothing = "Escriba la respuesta o adjunte el archivo que la contiene."
    text = TextAreaField(
        "Respuesta",
        [Length(max=LONGEST_TEXT, message="Es demasiado largo: adjúntelo en un archivo.")],
        filters=[clean_text],
    )
    attachments = MultipleFileField("Archivos de la respuesta", [Optional()])
    outcome = SelectField("¿Qué decide?", choices={**ANSWER_OUTCOMES}, validators=[_if_sent])
    provision = StringField(
        "Norma que reserva la información", [Length(max=250, message="Hasta 250 letras.")], filters=[clean_line]
    )

    def validate_provision(self, field: StringField) -> None:
        """A reserve names its norm."""
        must_name_the_norm(self.outcome.data, field.data)


class ApproveForm(ActForm):
    """Let a draft leave."""

    prefix_of_ids = "approve"
    answer = HiddenField()


class ExtendForm(ActForm):
    """More days, with reasons."""

    prefix_of_ids = "extend"
    days = WholeNumber("Días hábiles que se necesitan", [InputRequired("Escriba cuántos días hábiles.")])
    reason = TextAreaField(
        "Razones", [required("Escriba las razones: se le dicen a la persona.")], filters=[clean_text]
    )


class CommunicateForm(ActForm):
    """How the person got the answer, when it was not by mail; an aviso has effect by itself."""

    prefix_of_ids = "communicate"
    way = RadioField(
        "¿Cómo la recibió?",
        choices={way: WAYS[way] for way in ("counter", "postal")},
        validators=[InputRequired("Elija cómo recibió la respuesta.")],
    )
    at = DateTimeLocalField("Cuándo, si no fue ahora", validators=[Optional()])
    note = StringField(
        "Prueba",
        [required("Diga qué prueba queda: quién recibió y cuándo, o el número de guía.")],
        filters=[clean_line],
    )

    @property
    def handed_at(self) -> datetime | None:
        """The moment by Bogotá's clock; None: now."""
        return self.at.data.replace(tzinfo=BOGOTA) if self.at.data else None


class MessageForm(ActForm):
    """What the petitioner says by telephone or at the counter."""

    prefix_of_ids = "message"
    text = TextAreaField("Lo que dijo la persona", [required("Escriba lo que dijo la persona.")], filters=[clean_text])
    attachments = MultipleFileField("Archivos que entrega", [Optional()])


class ReturnForm(ActForm):
    """Not this office's."""

    prefix_of_ids = "return"
    reason = StringField(
        "Razón",
        [required("Diga por qué no es de su dependencia y, si lo sabe, de cuál es.")],
        filters=[clean_line],
    )


class RevealForm(ActForm):
    """Why the reserved identity must be seen."""

    prefix_of_ids = "reveal"
    reason = StringField(
        "Razón para ver la identidad",
        [required("Escriba la razón: queda registrada con su cuenta.")],
        filters=[clean_line],
    )

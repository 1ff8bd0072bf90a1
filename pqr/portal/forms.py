"""What may somebody type on the public pages?  The fields of the contract, in plain Spanish.

A refusal names the remedy and loses nothing. Only what is needed to number, answer and reach somebody is asked for
(law: CPACA arts. 15 and 16): no reason, document or spelling is ever a ground to refuse.
"""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError

from pqr.portal.choices import (
    ADJUSTMENTS,
    AGE_RANGES,
    ANSWER_WAYS,
    CONDITIONS,
    DISABILITIES,
    DOCUMENT_TYPES,
    ETHNIC_GROUPS,
    GENDERS,
    IDENTITIES,
    KINDS,
    NO_ANSWER,
    PETITIONER_TYPES,
    SEXES,
    ZONES,
    Answers,
)
from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with
from pqr.portal.held import HeldFile
from pqr.portal.uploads import what_cannot_be_taken
from pqr.secretarias.models import Topic
from pqr.tickets.models import Identity

CHOOSE_KIND = "Escoja qué quiere presentar. Si duda, «Petición de interés particular» sirve."
CHOOSE_IDENTITY = "Escoja si la presenta con su nombre, en reserva o sin decir quién es."


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Es muy largo: caben {length} letras.")


def _from_the_list(label: str, answers: Answers, default: str) -> SelectField:
    known = AnyOf(answers, "Escoja una opción de la lista.")
    validators = [Optional(), known] if default == "" else [known]
    return SelectField(label, choices=dict(answers), default=default, validate_choice=False, validators=validators)


def _can_be_taken(form: FlaskForm, field: MultipleFileField) -> None:
    """What came with the form before counts, too; the refusal tells another way to bring the file."""
    problem = what_cannot_be_taken(field.data, [each.size for each in getattr(form, "held", ())])
    if problem:
        raise ValidationError(problem)


def _about_me(label: str, answers: Answers) -> SelectField:
    """Never a reason to refuse: an answer that is not on the list is none (see `drafting`)."""
    return SelectField(label, choices={**NO_ANSWER, **answers}, validate_choice=False, validators=[Optional()])


class FilingForm(FlaskForm):  # type: ignore[misc]
    """`POST /radicar`. Fields that the chosen identity or way of answering make unneeded are not looked at."""

    kind = RadioField(
        "¿Qué quiere presentar?", choices=dict(KINDS),
        validate_choice=False, validators=[InputRequired(CHOOSE_KIND), AnyOf(KINDS, CHOOSE_KIND)],
    )  # fmt: skip
    subject = StringField(
        "Asunto", filters=[clean_line],
        validators=[DataRequired("Escriba el asunto: en pocas palabras, de qué se trata."), _at_most(250)],
    )  # fmt: skip
    description = TextAreaField(
        "Cuéntenos qué pasa o qué necesita", filters=[clean_text],
        validators=[DataRequired("Escriba su mensaje: qué pasa o qué necesita. Basta con sus propias palabras.")],
    )  # fmt: skip
    topic = SelectField("Tema", validators=[Optional()], validate_choice=False)
    place = StringField("Vereda, barrio o sitio", filters=[clean_line], validators=[Optional(), _at_most(120)])
    attachments = MultipleFileField("Fotos o documentos", validators=[Optional(), _can_be_taken])
    identity = RadioField(
        "¿Cómo quiere presentarla?", choices=dict(IDENTITIES),
        validate_choice=False, validators=[InputRequired(CHOOSE_IDENTITY), AnyOf(IDENTITIES, CHOOSE_IDENTITY)],
    )  # fmt: skip
    petitioner_type = _from_the_list("¿Quién la presenta?", PETITIONER_TYPES, "natural")
    name = StringField(
        "Nombres y apellidos, o nombre de la organización", filters=[clean_line], validators=[_at_most(200)]
    )
    document_type = _from_the_list("Tipo de documento", DOCUMENT_TYPES, "")
    document_number = StringField("Número de documento", filters=[clean_line], validators=[Optional(), _at_most(40)])
    answer_by = RadioField(
        "¿Cómo quiere recibir la respuesta?", choices=dict(ANSWER_WAYS), validate_choice=False, default=""
    )
    email = StringField("Correo electrónico", filters=[clean_address])
    phone = StringField("Teléfono o celular", filters=[clean_line], validators=[Optional(), _at_most(60)])
    address = StringField("Dirección, o vereda y cómo llegar", filters=[clean_line], validators=[_at_most(250)])
    municipality = StringField("Municipio", filters=[clean_line], validators=[Optional(), _at_most(120)])
    accept_electronic_notification = BooleanField(
        "Acepto que me notifiquen por correo electrónico las decisiones que lo exijan"
    )
    sex = _about_me("Sexo", SEXES)
    gender = _about_me("Identidad de género", GENDERS)
    ethnic_group = _about_me("Grupo étnico", ETHNIC_GROUPS)
    disability = _about_me("Discapacidad", DISABILITIES)
    age_range = _about_me("Edad", AGE_RANGES)
    condition = SelectMultipleField(
        "Marque lo que le corresponda",
        choices=dict(CONDITIONS),
        validators=[Optional()],
        validate_choice=False,
    )
    zone = _about_me("Zona donde vive", ZONES)
    adjustment = _about_me("¿Necesita que le atendamos de una manera especial?", ADJUSTMENTS)
    accept_sensitive = BooleanField("Autorizo que guarden las respuestas de esta sección")
    notices = HiddenField()  # which version of the notices this form shows
    accept_notice = BooleanField(
        "Leí este aviso y entiendo para qué usarán mis datos",
        validators=[DataRequired("Marque que leyó el aviso de privacidad para poder radicar.")],
    )
    filing_key = HiddenField()
    website = StringField("Deje esta casilla vacía")  # programs fill it in, and some browsers: see `opened`
    opened = HiddenField()

    held: Sequence[HeldFile] = ()  # files that came with the form before, and wait

    def knows_who(self) -> bool:
        """Whether the person says who they are, openly or in reserve."""
        return bool(self.identity.data != Identity.ANONYMOUS)

    def validate_name(self, field: StringField) -> None:
        """The law asks for the petitioner's name (CPACA art. 16 num. 2), unless the petition is anonymous."""
        if self.knows_who() and not field.data:
            raise ValidationError("Escriba el nombre, o escoja arriba presentarla sin decir quién es.")

    def validate_answer_by(self, field: RadioField) -> None:
        """An anonymous person may say nothing; paper needs an address, which is not kept of who is anonymous."""
        if field.data not in ANSWER_WAYS:
            if self.knows_who() or field.data:
                raise ValidationError("Escoja cómo quiere recibir la respuesta.")
        elif field.data == "postal" and not self.knows_who():
            raise ValidationError(
                "Sin decir quién es no guardamos su dirección: escoja el correo electrónico o consultar en esta página."
            )

    def validate_email(self, field: StringField) -> None:
        """Needed when the answer goes there; checked whenever it will be used."""
        if not field.data and self.answer_by.data == "email":
            raise ValidationError(
                "Escriba el correo al que le respondemos, o escoja otra forma de recibir la respuesta."
            )
        if field.data and (self.knows_who() or self.answer_by.data == "email"):
            problem = what_is_wrong_with(field.data)
            if problem:
                raise ValidationError(problem)

    def validate_address(self, field: StringField) -> None:
        """Needed when the answer goes there."""
        if self.knows_who() and self.answer_by.data == "postal" and not field.data:
            raise ValidationError("Escriba la dirección a la que le enviamos la respuesta en papel.")

    def offer_topics(self, topics: Sequence[Topic]) -> None:
        """Fills the list of topics."""
        self.topic.choices = {"": "No sé, o no está en la lista"} | {str(topic.id): topic.name for topic in topics}

    @property
    def chosen_files(self) -> list[str]:
        """Names of the files that came with this request: the browser will not keep them."""
        return [file.filename for file in self.attachments.data or [] if getattr(file, "filename", "")]


class AddingForm(FlaskForm):  # type: ignore[misc]
    """`POST /radicado/<radicado>/mensaje`: an answer to what was asked, or something new."""

    text = TextAreaField(
        "Su mensaje", filters=[clean_text], validators=[DataRequired("Escriba lo que quiere agregar o contestar.")]
    )
    attachments = MultipleFileField("Fotos o documentos", validators=[Optional(), _can_be_taken])


class LookUpForm(FlaskForm):  # type: ignore[misc]
    """`/radicado`. It changes nothing, so it needs no token and a link in a letter may carry its answers."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

    radicado = StringField(
        "Número de radicado", filters=[clean_line], validators=[DataRequired("Escriba el número de radicado.")]
    )
    code = StringField(
        "Código de consulta", filters=[clean_line], validators=[DataRequired("Escriba el código de consulta.")]
    )


class CompleteForm(FlaskForm):  # type: ignore[misc]
    """Words, and files if there are any."""

    text = TextAreaField(
        "Su respuesta",
        [
            DataRequired("Escriba su respuesta. Si solo envía archivos, diga cuáles son."),
            Length(max=100_000, message="Es demasiado largo: envíelo en un archivo."),
        ],
        filters=[clean_text],
    )
    attachments = MultipleFileField("Fotos o documentos", validators=[Optional(), _can_be_taken])


class WishForm(FlaskForm):  # type: ignore[misc]
    """What the person wants of their case, in their words; several stand on one page, each under its path."""

    text = TextAreaField(
        "Dígalo con sus palabras",
        [DataRequired("Escríbalo con sus palabras."), Length(max=20_000, message="Es demasiado largo: resúmalo.")],
        filters=[clean_text],
    )

    @classmethod
    def of(cls, path: str, label: str, **options: Any) -> "WishForm":
        """The form under this path."""
        form = cls(prefix=path, **options)
        form.text.label.text = label
        return form


class OpenDecisionForm(FlaskForm):  # type: ignore[misc]
    """One button, which notifies."""

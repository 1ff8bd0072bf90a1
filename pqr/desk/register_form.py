"""What does the official ask at the counter, on the telephone, or of a paper?  The public form's data, and when and
how it arrived.

Nothing that a person does not say is a ground to refuse (CPACA art. 15 par. 2): only kind and words are needed.
"""

from datetime import datetime, timedelta

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from pqr.desk.forms import StaffForm, required
from pqr.desk.profile_fields import ProfileFields
from pqr.desk.wording import ANSWER_WAYS, CHANNELS, IDENTITIES
from pqr.portal.choices import DOCUMENT_TYPES, PETITIONER_TYPES
from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with
from pqr.terms.calendar import BOGOTA
from pqr.terms.choosing import CITIZEN_KINDS
from pqr.terms.kinds import TERMS
from pqr.tickets.models import Channel, Identity
from pqr.tickets.priority import LABELS

BY_HAND = (Channel.COUNTER, Channel.PHONE, Channel.PAPER, Channel.BOX)
VERBAL = (Channel.COUNTER, Channel.PHONE)
JUST_NOW = timedelta(minutes=15)
DOCUMENTS = {**DOCUMENT_TYPES, "": "No lo dio"}
KINDS = {
    "De la ciudadanía": {kind.value: TERMS[kind].label for kind in CITIZEN_KINDS},
    "De autoridades y casos especiales": {
        kind.value: term.label for kind, term in TERMS.items() if kind not in CITIZEN_KINDS
    },
}


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Es muy largo: caben {length} letras.")


class RegisterForm(StaffForm, ProfileFields):
    """A filing by hand. `now`: the instant of this request, which no receipt may follow."""

    now: datetime

    channel = RadioField(
        "¿Cómo llegó?",
        choices={channel.value: CHANNELS[channel] for channel in BY_HAND},
        default=Channel.COUNTER.value,
        validators=[InputRequired("Elija cómo llegó.")],
    )
    kind = SelectField("Tipo", choices=KINDS, default=CITIZEN_KINDS[1].value)
    subject = StringField(
        "Asunto", [required("Escriba el asunto en pocas palabras."), _at_most(250)], filters=[clean_line]
    )
    description = TextAreaField(
        "Qué pide o cuenta la persona",
        [required("Escriba lo que la persona pide o cuenta.")],
        filters=[clean_text],
    )
    lacking = TextAreaField("Qué le falta, si le falta algo", [_at_most(2000)], filters=[clean_text])
    topic = SelectField("Tema", validators=[Optional()])
    place = StringField("Vereda, barrio o sitio", [Optional(), _at_most(120)], filters=[clean_line])
    attachments = MultipleFileField("Documento escaneado o fotos", [Optional()])
    priority = SelectMultipleField("Atención prioritaria", choices=dict(LABELS), validators=[Optional()])
    identity = RadioField(
        "Identidad",
        choices={identity.value: words for identity, words in IDENTITIES.items()},
        default=Identity.NAMED.value,
        validators=[InputRequired("Elija si la presenta con nombre, en reserva o de forma anónima.")],
    )
    petitioner_type = SelectField("¿Quién la presenta?", choices=dict(PETITIONER_TYPES), default="natural")
    name = StringField("Nombre completo", [Optional(), _at_most(200)], filters=[clean_line])
    document_type = SelectField("Documento", choices=DOCUMENTS, validators=[Optional()])
    document_number = StringField("Número", [Optional(), _at_most(40)], filters=[clean_line])
    answer_by = RadioField(
        "¿Cómo quiere la respuesta?",
        choices={way: words.capitalize() for way, words in ANSWER_WAYS.items()},
        default="email",
        validators=[InputRequired("Elija cómo quiere la respuesta.")],
    )
    email = StringField("Correo", filters=[clean_address])
    phone = StringField("Teléfono", [Optional(), _at_most(60)], filters=[clean_line])
    address = StringField("Dirección", [_at_most(250)], filters=[clean_line])
    municipality = StringField("Municipio", [Optional(), _at_most(120)], filters=[clean_line])
    accept_electronic_notification = BooleanField("Acepta que le notifiquen por correo electrónico")
    accept_notice = BooleanField("Se le informó el aviso de privacidad")
    received_date = DateField("Fecha en que llegó", [Optional()])
    received_time = TimeField("Hora", [Optional()], format=["%H:%M", "%H:%M:%S"])
    late_reason = StringField("¿Por qué se registra después?", [_at_most(300)], filters=[clean_line])
    received_by = StringField(
        "Quién la recibió", [required("Escriba quién la recibió."), _at_most(120)], filters=[clean_line]
    )
    filing_key = HiddenField()

    @property
    def received_at(self) -> datetime:
        """The true instant of arrival; now, where no other was given."""
        day, hour = self.received_date.data, self.received_time.data
        if day is None or hour is None:
            return self.now
        return datetime.combine(day, hour, tzinfo=BOGOTA)

    @property
    def is_late(self) -> bool:
        """Whether it arrived well before it is written down here."""
        return self.now - self.received_at > JUST_NOW

    def validate_received_date(self, field: DateField) -> None:
        """Goes with its hour, and never in the future: a term cannot begin tomorrow."""
        if self.received_time.data is None:
            raise ValidationError("Escriba también la hora en que llegó.")
        if self.received_at > self.now:
            raise ValidationError("La fecha y la hora en que llegó no pueden ser futuras.")

    def validate_received_time(self, field: TimeField) -> None:
        """Goes with its date."""
        if self.received_date.data is None:
            raise ValidationError("Escriba también la fecha en que llegó.")

    def validate_late_reason(self, field: StringField) -> None:
        """A paper of last week is registered today for some reason, which the file keeps."""
        if self.is_late and not field.data:
            raise ValidationError("Diga por qué se registra después de haber llegado.")

    def validate_answer_by(self, field: RadioField) -> None:
        """Paper needs an address, which is not kept of who is anonymous."""
        if field.data == "postal" and self.identity.data == Identity.ANONYMOUS:
            raise ValidationError("De una persona anónima no se guarda la dirección: elija otra forma.")

    def validate_email(self, field: StringField) -> None:
        """Needed when the answer goes there."""
        if not field.data and self.answer_by.data == "email":
            raise ValidationError("Escriba el correo, o elija otra forma de recibir la respuesta.")
        if field.data and (problem := what_is_wrong_with(field.data)):
            raise ValidationError(problem)

    def validate_address(self, field: StringField) -> None:
        """Needed when the answer goes there."""
        if not field.data and self.answer_by.data == "postal" and self.identity.data != Identity.ANONYMOUS:
            raise ValidationError("Escriba la dirección a la que se envía la respuesta.")

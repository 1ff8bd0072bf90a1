"""What may an administrator change?  Offices, closed days, topics, ready texts and accounts."""

from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from pqr import clock
from pqr.accounts.roles import ROLE_LABELS, Role
from pqr.desk.forms import LONGEST_TEXT, StaffForm, required
from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with
from pqr.terms.calendar import BOGOTA, ClosureKind
from pqr.tickets.templates import unknown_fields

CLOSURE_KINDS = {
    ClosureKind.FULL_DAY: "Todo el día",
    ClosureKind.EARLY_CLOSE: "Cierre anticipado",
    ClosureKind.TERMS_SUSPENDED: "Suspensión de términos",
}


def _good_address(form: object, field: StringField) -> None:
    if problem := what_is_wrong_with(field.data or ""):
        raise ValidationError(problem)


class OfficeForm(StaffForm):
    """An office that answers."""

    name = StringField(
        "Nombre",
        [required("Escriba el nombre."), Length(max=120, message="Caben 120 letras.")],
        filters=[clean_line],
    )
    email = StringField("Correo al que llegan las peticiones", [_good_address], filters=[clean_address])
    other_emails = TextAreaField("Otros correos desde los que responde", filters=[clean_text])
    active = BooleanField("Recibe peticiones", default=True)
    substitute = SelectField("La reemplaza")
    away_from = DateField("Desde", [Optional()])
    away_until = DateField("Hasta", [Optional()])

    @property
    def others(self) -> list[str]:
        """The further addresses, one each."""
        return [
            clean_address(each)
            for each in (self.other_emails.data or "").replace(",", "\n").split("\n")
            if each.strip()
        ]

    def validate_substitute(self, field: SelectField) -> None:
        """Who is away says from when until when, and who receives."""
        start, end = self.away_from.data, self.away_until.data
        if any((field.data, start, end)) and not (field.data and start and end):
            raise ValidationError("Para una ausencia hacen falta las dos fechas y la dependencia que recibe.")
        if start and end and end < start:
            raise ValidationError("La ausencia termina antes de empezar: revise las fechas.")

    def validate_other_emails(self, field: TextAreaField) -> None:
        """Every one must be an address."""
        wrong = [address for address in self.others if what_is_wrong_with(address)]
        if wrong:
            raise ValidationError(f"No parece un correo: {', '.join(wrong)}. Escriba uno por línea.")


class BodyForm(StaffForm):
    """Another entity."""

    name = StringField(
        "Nombre",
        [required("Escriba el nombre."), Length(max=120, message="Caben 120 letras.")],
        filters=[clean_line],
    )
    email = StringField("Correo para los traslados", filters=[clean_address])
    address = StringField("Dirección", [Length(max=250, message="Caben 250 letras.")], filters=[clean_line])
    active = BooleanField("Se le trasladan peticiones", default=True)

    def validate_email(self, field: StringField) -> None:
        """None, or one that can be."""
        if field.data:
            _good_address(self, field)


class ClosureForm(StaffForm):
    """A day off, by an act."""

    day = DateField("Fecha", [InputRequired("Escriba la fecha.")])
    kind = SelectField("Clase", choices={kind.value: words for kind, words in CLOSURE_KINDS.items()})
    closes_at = TimeField("Hora de cierre", [Optional()], format=["%H:%M", "%H:%M:%S"])
    name = StringField(
        "Nombre",
        [required("Diga por qué se cierra."), Length(max=120, message="Caben 120 letras.")],
        filters=[clean_line],
    )
    act = StringField(
        "Acto que lo ordena",
        [
            required("Escriba el número y la fecha del acto: sin él no se puede cerrar ningún día."),
            Length(max=120, message="Caben 120 letras."),
        ],
        filters=[clean_line],
    )

    act_on = DateField("Fecha del acto", [InputRequired("Escriba la fecha del acto.")])

    def validate_act_on(self, field: DateField) -> None:
        """What is not decided yet closes nothing."""
        if field.data is not None and field.data > clock.now().astimezone(BOGOTA).date():
            raise ValidationError("El acto no puede ser posterior a hoy.")

    def validate_kind(self, field: SelectField) -> None:
        """An early closing has an hour."""
        if field.data == ClosureKind.EARLY_CLOSE and self.closes_at.data is None:
            raise ValidationError("Un cierre anticipado necesita la hora de cierre.")


class TopicForm(StaffForm):
    """A matter, and the words by which it is known."""

    name = StringField(
        "Tema",
        [required("Escriba el nombre del tema."), Length(max=120, message="Caben 120 letras.")],
        filters=[clean_line],
    )
    secretaria = SelectField("De quién es")
    transfer_to = StringField("Cuál entidad", [Length(max=120, message="Caben 120 letras.")], filters=[clean_line])
    keywords = TextAreaField("Palabras", filters=[clean_text])
    active = BooleanField("Se ofrece", default=True)
    sensitive = BooleanField("Es delicado")

    @property
    def words(self) -> list[str]:
        """The words and expressions, one each."""
        return [
            " ".join(each.split()) for each in (self.keywords.data or "").replace(";", "\n").split("\n") if each.strip()
        ]

    def validate_transfer_to(self, field: StringField) -> None:
        """What is nobody's here is somebody's elsewhere."""
        if not self.secretaria.data and not field.data:
            raise ValidationError("Elija la dependencia o escriba la entidad a la que le corresponde.")


class TemplateForm(StaffForm):
    """A text that answers begin with."""

    name = StringField(
        "Nombre",
        [required("Escriba un nombre corto: se elige por él."), Length(max=120, message="Caben 120 letras.")],
        filters=[clean_line],
    )
    text = TextAreaField(
        "Texto",
        [required("Escriba el texto."), Length(max=LONGEST_TEXT, message="Es demasiado largo.")],
        filters=[clean_text],
    )
    secretaria = SelectField("Para quién")
    active = BooleanField("Se ofrece", default=True)

    def validate_text(self, field: TextAreaField) -> None:
        """A field that nobody knows would leave in its braces."""
        if wrong := unknown_fields(field.data or ""):
            raise ValidationError(f"No existe {', '.join('{' + each + '}' for each in wrong)}. Vea la lista de campos.")


class UserForm(StaffForm):
    """A new account."""

    email = StringField("Correo", [_good_address], filters=[clean_address])
    role = SelectField("Qué hace", choices={role.value: words for role, words in ROLE_LABELS.items()})
    secretaria = SelectField("Dependencia")

    def validate_secretaria(self, field: SelectField) -> None:
        """Only, and always, for an office's official."""
        if self.role.data == Role.SECRETARIA and not field.data:
            raise ValidationError("Elija la dependencia de esta persona.")


class ButtonForm(StaffForm):
    """One button."""

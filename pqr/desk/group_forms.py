"""What is asked of whoever groups analogous petitions, answers them together, or notes where that was printed?"""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from pqr.desk.forms import LONGEST_TEXT, ActForm, StaffForm, required
from pqr.portal.cleaning import clean_line, clean_text
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.models import Ticket

_SHORT = Length(max=300, message="Hasta 300 letras.")


class GroupForm(ActForm):
    """Into a group that waits, or a new one."""

    prefix_of_ids = "group"
    group = SelectField("Grupo")
    title = StringField(
        "Qué piden todas, para un grupo nuevo",
        [Length(max=200, message="Hasta 200 letras.")],
        filters=[clean_line],
    )

    def offer(self, groups: Iterable[PetitionGroup]) -> None:
        """Fills the list."""
        self.group.choices = {"": "Un grupo nuevo", **{str(each.id): f"{each.id}: {each.title}" for each in groups}}

    def validate_title(self, field: StringField) -> None:
        """A new group says what all ask."""
        if not self.group.data and not (field.data or "").strip():
            raise ValidationError("Escriba qué piden todas, o elija un grupo que ya existe.")


class OfGroupForm(StaffForm):
    """A form on a group's page. `version`: of the group as this page showed it."""

    version = HiddenField()

    def shown(self, group: PetitionGroup) -> None:
        """Marks the form with the state that the page shows."""
        self.version.data = str(group.version)


class AddForm(OfGroupForm):
    """Which petitions ask the same."""

    prefix_of_ids = "add"
    words: Mapping[str, str] = {}  # how each of the likely ones begins
    likely = SelectMultipleField("Piden algo parecido", validate_choice=False)
    radicados = TextAreaField(
        "Otros radicados", [Length(max=5_000, message="Son demasiados a la vez.")], filters=[clean_text]
    )

    def offer(self, tickets: Iterable[Ticket]) -> None:
        """Fills the list of the likely ones."""
        likely = list(tickets)
        self.likely.choices = [(each.radicado, f"{each.radicado} · {each.subject}") for each in likely]
        self.words = {each.radicado: each.body if len(each.body) < 300 else f"{each.body[:280]}…" for each in likely}

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """At least one."""
        good = bool(super().validate(extra_validators))
        if good and not self.likely.data and not (self.radicados.data or "").strip():
            self.radicados.errors = ["Elija o escriba al menos un radicado."]
            return False
        return good


class RemoveForm(OfGroupForm):
    """Which one is answered by itself after all, and why."""

    prefix_of_ids = "remove"
    ticket = SelectField("Petición")
    reason = StringField("Razón", [required("Diga por qué sale del grupo."), _SHORT], filters=[clean_line])

    def offer(self, tickets: Iterable[Ticket]) -> None:
        """Fills the list."""
        waiting = {each.radicado: f"{each.radicado} · {each.subject[:60]}" for each in tickets}
        self.ticket.choices = {"": "Elija…", **waiting}

    def validate_ticket(self, field: SelectField) -> None:
        """One of them."""
        if not field.data:
            raise ValidationError("Elija la petición.")


class EntrustForm(OfGroupForm):
    """Which office answers them all."""

    prefix_of_ids = "entrust"
    secretaria = SelectField("Dependencia", [InputRequired("Elija la dependencia.")])


class GroupAnswerForm(OfGroupForm):
    """The one answer."""

    prefix_of_ids = "answer"
    text = TextAreaField(
        "Respuesta para todas",
        [required("Escriba la respuesta."), Length(max=LONGEST_TEXT, message="Es demasiado larga.")],
        filters=[clean_text],
    )
    names_nobody = BooleanField("Lo revisé: el texto no dice quién es nadie")


class PrintedForm(OfGroupForm):
    """Where the answer was printed."""

    prefix_of_ids = "printed"
    newspaper = StringField(
        "Diario",
        [required("Escriba el nombre del diario."), Length(max=120, message="Hasta 120 letras.")],
        filters=[clean_line],
    )
    on = DateField("Día en que salió", [InputRequired("Escriba el día.")])

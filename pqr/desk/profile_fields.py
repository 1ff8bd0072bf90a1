"""What may a person choose to say of themselves at the counter?  The same questions as on the public form.

Voluntary, with a consent of their own (Ley 1581 de 2012, art. 6); never a condition, never shown with the case.
"""

from wtforms import BooleanField, Form, SelectField, SelectMultipleField

from pqr.portal.choices import CONDITIONS, NO_ANSWER, PROFILE


def _about(name: str, label: str) -> SelectField:
    return SelectField(label, choices={**NO_ANSWER, **PROFILE[name]}, default="")


class ProfileFields(Form):
    """The differential questions (law: the differential approach of the attention to the public)."""

    sex = _about("sex", "Sexo")
    gender = _about("gender", "Identidad de género")
    ethnic_group = _about("ethnic_group", "Grupo étnico")
    disability = _about("disability", "Discapacidad")
    age_range = _about("age_range", "Edad")
    zone = _about("zone", "Zona donde vive")
    adjustment = _about("adjustment", "¿Cómo hay que atenderla?")
    condition = SelectMultipleField("Condición", choices=dict(CONDITIONS))
    accept_sensitive = BooleanField("La persona autoriza que se guarden estas respuestas")

    @property
    def profile(self) -> dict[str, str | list[str]] | None:
        """The answers given, None without the person's own consent."""
        if not self.accept_sensitive.data:
            return None
        answers: dict[str, str | list[str]] = {name: self[name].data for name in PROFILE if self[name].data}
        return answers | ({"condition": self.condition.data} if self.condition.data else {}) or None

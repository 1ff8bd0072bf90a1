"""What is asked of whoever reads the action plan's figures by hand, or edits what it aims at?"""

from datetime import date

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from pqr.desk.forms import StaffForm, required
from pqr.desk.numbers import WholeNumber
from pqr.portal.cleaning import clean_line, clean_text
from pqr.reports.plan import Action, Goal, Source, Unit, what_is_wrong_with
from pqr.reports.readings import PlanReading, Typed

FIRST_DAY = date(2008, 1, 1)  # the plan's year
MOST = 2_000_000_000  # what a column of the database holds
_COUNT = NumberRange(min=0, max=MOST, message="Escriba un número entero, desde cero.")
_LINE = Length(max=200, message="Caben 200 letras.")


class ReadingForm(StaffForm):
    """A figure with what proves it. `numerator`: of growth, how many there are today."""

    measure = SelectField("Qué se leyó")
    on = DateField("Fecha de la lectura", [InputRequired("Escriba la fecha de la que habla la evidencia.")])
    numerator = WholeNumber("Cuántos cumplen", [InputRequired("Escriba cuántos."), _COUNT])
    denominator = WholeNumber("De cuántos", [InputRequired("Escriba el total."), _COUNT])
    evidence = TextAreaField(
        "Evidencia",
        [required("Diga qué lo prueba: el documento, quién lo expidió y su fecha."), Length(max=2000)],
        filters=[clean_text],
    )
    link = StringField("Dirección web de la evidencia", [Length(max=300, message="Caben 300 letras.")], [clean_line])
    reason = StringField("Por qué se corrige", [Length(max=300, message="Caben 300 letras.")], [clean_line])

    def prepare(self, action: Action, wrong: PlanReading | None, today: date) -> None:
        """Fits it to the action, and to the reading that it mends."""
        self.unit, self.today, self.wrong = action.unit, today, wrong
        self.measure.choices = {each.code: each.name for each in action.measures if each.source is Source.PERSON}
        if action.unit is Unit.GROWTH:
            self.numerator.label.text, self.denominator.label.text = "Cuántos hay hoy", "Cuántos había en la línea base"
        if wrong is not None and not self.is_submitted():
            for name in ("measure", "on", "denominator", "evidence", "link"):
                self[name].data = getattr(wrong, name)
            self.numerator.data = wrong.numerator + (wrong.denominator if action.unit is Unit.GROWTH else 0)

    unit: Unit
    today: date
    wrong: PlanReading | None

    def validate_on(self, field: DateField) -> None:
        """Neither before the plan nor still to come."""
        if field.data and not FIRST_DAY <= field.data <= self.today:
            raise ValidationError("La fecha debe estar entre 2008 y hoy.")

    def validate_denominator(self, field: WholeNumber) -> None:
        """A fraction that can be."""
        if self.numerator.data is None or field.data is None:
            return
        if problem := what_is_wrong_with(self._counted(), field.data, self.unit):
            raise ValidationError(problem)

    def validate_link(self, field: StringField) -> None:
        """A page of the web, nothing else."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Escriba la dirección completa, por ejemplo https://www.gov.co/")

    def validate_reason(self, field: StringField) -> None:
        """A correction says why."""
        if self.wrong is not None and not field.data:
            raise ValidationError("Diga qué estaba mal: la lectura anterior se conserva.")

    def typed(self, actor: str) -> Typed:  # type: ignore[override]
        """What was read."""
        wrong = self.wrong
        assert self.on.data is not None  # validated
        assert self.denominator.data is not None
        return Typed(
            measure=self.measure.data,
            on=self.on.data,
            numerator=self._counted(),
            denominator=self.denominator.data,
            evidence=self.evidence.data or "",
            actor=actor,
            link=self.link.data or "",
            corrects=wrong.id if wrong else None,
            reason=(self.reason.data or "") if wrong else "",
        )

    def _counted(self) -> int:
        now, at_first = self.numerator.data or 0, self.denominator.data or 0
        return now - at_first if self.unit is Unit.GROWTH else now


class GoalForm(StaffForm):
    """What an action aims at."""

    value = WholeNumber(
        "Meta",
        [InputRequired("Escriba la meta."), NumberRange(min=1, max=1000, message="Escriba un número entre 1 y 1000.")],
    )
    responsible = StringField("Responsable", [required("Escriba quién responde."), _LINE], filters=[clean_line])
    term = StringField("Plazo", [required("Escriba el plazo."), _LINE], filters=[clean_line])

    def prepare(self, action: Action, goal: Goal) -> None:
        """Fits it to the action."""
        self.unit = action.unit
        if not self.is_submitted():
            self.value.data, self.responsible.data, self.term.data = goal.value, goal.responsible, goal.term

    unit: Unit

    def validate_value(self, field: WholeNumber) -> None:
        """A share of a whole ends at the whole."""
        if self.unit is Unit.SHARE and (field.data or 0) > 100:
            raise ValidationError("La meta no puede pasar de 100 %.")

    @property
    def goal(self) -> Goal:
        """What was written."""
        return Goal(self.value.data or 0, self.responsible.data or "", self.term.data or "")

"""What is asked of whoever wants a contribution of another office, gives one, or needs it no more?"""

from wtforms import DateField, MultipleFileField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from pqr.desk.forms import LONGEST_TEXT, ActForm, WordsOrFileForm, required
from pqr.portal.cleaning import clean_text
from pqr.tickets.contributions import Contribution

_LONG = Length(max=LONGEST_TEXT, message="Es demasiado largo.")


class AskOfficeForm(ActForm):
    """Whom, what and until when."""

    prefix_of_ids = "ask-office"
    secretaria = SelectField("Dependencia", [InputRequired("Elija a qué dependencia le pide el aporte.")])
    question = TextAreaField("Qué se le pide", [required("Escriba qué necesita saber."), _LONG], [clean_text])
    due_on = DateField("Para qué día", [InputRequired("Escriba para qué día lo necesita.")])


class _OfContribution(ActForm):
    """About one of those that are waited for; where it is the only one, nobody has to choose."""

    contribution = SelectField("Cuál aporte", [InputRequired("Elija cuál aporte.")])

    def offer(self, waited_for: list[Contribution]) -> None:
        """Fills the list."""
        self.contribution.choices = [(str(each.id), _said(each)) for each in waited_for]


class ContributeForm(_OfContribution, WordsOrFileForm):
    """What the office says."""

    prefix_of_ids = "contribute"
    nothing = "Escriba el aporte o adjunte el archivo que lo contiene."
    text = TextAreaField("Aporte", [_LONG], [clean_text])
    attachments = MultipleFileField("Archivos del aporte", [Optional()])


class CancelContributionForm(_OfContribution):
    """It is not needed any more."""

    prefix_of_ids = "cancel-contribution"


def _said(contribution: Contribution) -> str:
    question = contribution.question
    return f"{contribution.secretaria.name}: {question[:80]}{'…' if len(question) > 80 else ''}"

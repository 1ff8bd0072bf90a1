"""What is asked of whoever presents something against a decision?"""

from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired

from pqr.portal.cleaning import clean_text
from pqr.portal.forms import AddingForm


class AppealForm(AddingForm):
    """`POST /radicado/<radicado>/recurso`: why the decision should be another one."""

    text = TextAreaField("Sus razones", filters=[clean_text], validators=[DataRequired("Escriba sus razones.")])
    higher = BooleanField("También pido el recurso de apelación")

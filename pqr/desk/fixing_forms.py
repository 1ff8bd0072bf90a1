"""What is asked of whoever writes down a date that an authority fixed?"""

from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from pqr.desk.forms import ActForm, required
from pqr.portal.cleaning import clean_line


class FixDateForm(ActForm):
    """The day, the hour and the act that names them."""

    prefix_of_ids = "fix-date"
    day = DateField("Día", [InputRequired("Escriba el día.")])
    hour = TimeField("Hora", [Optional()], format=["%H:%M", "%H:%M:%S"])
    act = StringField(
        "Dónde lo dice",
        [required("Escriba el auto, el oficio o la citación que fija la fecha."), Length(max=250)],
        filters=[clean_line],
    )

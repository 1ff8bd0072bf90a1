"""What is asked before the whole file of a case leaves?"""

from wtforms import StringField
from wtforms.validators import Length

from pqr.desk.forms import StaffForm
from pqr.portal.cleaning import clean_line


class ExportForm(StaffForm):
    """`reason`: only where there is a reserved identity that the reader may see."""

    prefix_of_ids = "export"

    reason = StringField(
        "Razón para incluir la identidad reservada",
        [Length(max=300, message="Hasta 300 letras.")],
        filters=[clean_line],
    )

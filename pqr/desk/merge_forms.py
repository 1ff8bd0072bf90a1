"""What is asked of whoever joins two petitions, separates them, writes a note, or says that it is a petition?"""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from pqr.desk.forms import LONGEST_TEXT, ActForm, required
from pqr.portal.cleaning import clean_line, clean_text

_SHORT = Length(max=300, message="Hasta 300 letras.")


class MergeForm(ActForm):
    """With which petition it is answered."""

    prefix_of_ids = "merge"
    into = StringField("Radicado de la otra petición", [required("Escriba el radicado de la otra.")], [clean_line])
    reason = StringField(
        "Razón", [required("Diga por qué se responden juntas."), _SHORT], [clean_line], default="Piden lo mismo"
    )


class UnmergeForm(ActForm):
    """Why it is answered by itself after all."""

    prefix_of_ids = "unmerge"
    reason = StringField("Razón", [required("Diga por qué se separa."), _SHORT], [clean_line])


class NoteForm(ActForm):
    """What colleagues must know."""

    prefix_of_ids = "note"
    text = TextAreaField(
        "Nota interna (no la ve la persona)",
        [required("Escriba la nota."), Length(max=LONGEST_TEXT, message="Es demasiado largo.")],
        [clean_text],
    )


class TrustForm(ActForm):
    """One button."""

    prefix_of_ids = "trust"

"""Which number did somebody write?  One that every column can hold; what is longer is no number."""

from typing import Any

from wtforms import IntegerField

LONGEST = 9  # figures
TOO_LONG = "Ese número es demasiado largo."


def number_in(text: str) -> int | None:
    """The number that the text is, in plain figures; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


class WholeNumber(IntegerField):
    """A field for a number of at most nine figures; what checks it counts with it, and may not break of it."""

    def process_formdata(self, valuelist: Any) -> None:
        """Raises the field's error for what is no number or too long to be one here."""
        if any(len(each.strip().lstrip("-")) > LONGEST for each in valuelist):
            raise ValueError(TOO_LONG)
        super().process_formdata(valuelist)

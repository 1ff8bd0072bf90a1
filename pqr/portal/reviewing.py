"""What will be sent?  The answers of a form in words, and only those that the chosen identity lets us keep.

It follows `drafting`: what is not shown here is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import BooleanField, Field, SelectFieldBase

from pqr.portal.choices import PROFILE
from pqr.portal.forms import FilingForm

MESSAGE = ("subject", "description", "place", "topic")
PERSON = ("petitioner_type", "name", "document_type", "document_number")
ANSWER = ("answer_by", "email", "address", "municipality", "phone", "accept_electronic_notification")


@dataclass(frozen=True)
class Line:
    """One answer. `field`: the id of what it is changed at."""

    label: str
    words: str
    field: str


@dataclass(frozen=True)
class Part:
    """Some answers under a title."""

    title: str
    lines: Sequence[Line]


def summary(form: FilingForm) -> list[Part]:
    """All that will be sent, in the order of the form; an optional answer that was not given takes no line."""
    files = Line("Archivos", "\n".join(each.label for each in form.held) or "Ninguno", "attachments")
    parts = (
        Part("El tipo", _lines(form, ("kind",))),
        Part("Su mensaje", [*_lines(form, MESSAGE), files]),
        Part("Quién la presenta", _lines(form, ("identity", *(PERSON if form.knows_who() else ())))),
        Part("La respuesta", _lines(form, ANSWER if form.knows_who() else _nameless_answer(form))),
        Part("Sobre usted", _lines(form, (*PROFILE, "condition")) if _tells_of_self(form) else ()),
    )
    return [part for part in parts if part.lines]


def _nameless_answer(form: FilingForm) -> tuple[str, ...]:
    return ("answer_by", "email") if form.answer_by.data == "email" else ("answer_by",)


def _tells_of_self(form: FilingForm) -> bool:
    return form.knows_who() and bool(form.accept_sensitive.data)


def _lines(form: FilingForm, names: Sequence[str]) -> list[Line]:
    found = ((form[name], _words(form[name])) for name in names if _is_sent(form, name))
    return [Line(field.label.text, words, field.id) for field, words in found if words]


def _is_sent(form: FilingForm, name: str) -> bool:
    """A kind of document without its number is not kept."""
    return name != "document_type" or bool(form.document_number.data)


def _words(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "Sí" if field.data else ""
    if isinstance(field, SelectFieldBase):
        return ", ".join(label for value, label, chosen, *_ in field.iter_choices() if chosen and value)
    return str(field.data or "")

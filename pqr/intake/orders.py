"""What does an office ask for in a reply?  Reads the ready-made body of an extension. Pure."""

import re
from dataclasses import dataclass

from pqr.errors import NotUnderstood
from pqr.secretarias.routing import fold

_DAYS = re.compile(r"d[ií]as[^:\n]*:\s*(\d{1,3})\b|\b(\d{1,3})\s+d[ií]as", re.IGNORECASE)
_REASON = re.compile(r"(?:porque|raz[oó]n|motivo)\s*:?\s*(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class ExtensionOrder:
    """`days`: business days asked for; `reason`: in the office's own words."""

    days: int
    reason: str


def read_extension(text: str) -> ExtensionOrder:
    """The days and the reason. Raises NotUnderstood, saying what to write, when either is missing."""
    days, reason = _DAYS.search(text), _REASON.search(text)
    if days is None or reason is None or not reason[1].strip():
        raise NotUnderstood(
            "No se entendió la prórroga. Escriba, por ejemplo: «Días hábiles que necesita: 5» y en otra línea"
            " «Porque: falta la visita técnica»."
        )
    return ExtensionOrder(int(days[1] or days[2]), " ".join(reason[1].split()))


def read_return(text: str) -> str:
    """The reason for returning a petition, without the ready-made words; never empty."""
    return _after_ready_words(text, "no es competencia") or "La dependencia la devolvió sin decir por qué."


def read_question(text: str) -> str:
    """The question for the petitioner, without the ready-made words. Raises NotUnderstood when there is none."""
    question = _after_ready_words(text, "necesitamos que")
    if not question:
        raise NotUnderstood("No se entendió la pregunta. Escríbala después de «Necesitamos que nos cuente:».")
    return question


def _after_ready_words(text: str, ready: str) -> str:
    """What was written after the colon of the ready-made sentence; all of it where that sentence was removed."""
    written = text.strip()
    _, colon, rest = written.partition(":")
    return rest.strip() if colon and fold(written).startswith(ready) else written

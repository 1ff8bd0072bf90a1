"""Who goes first?  Flags that change the turn, never the legal number of days (law: CPACA arts. 5, 20; DL 19/2012).

Urgent words only propose a flag; a person decides.
"""

from collections.abc import Iterable

from pqr.secretarias.routing import stems

LABELS = {
    "peligro_inminente": "Peligro inminente para la vida o la integridad (CPACA art. 20)",
    "nna": "Niña, niño o adolescente (DL 19 de 2012 art. 12)",
    "perjuicio_irremediable": "Perjuicio irremediable (CPACA art. 20)",
    "periodista": "Periodista en ejercicio (CPACA art. 20)",
    "preferente": "Atención preferente: discapacidad, gestante, persona mayor (CPACA art. 5)",
    "veterano": "Veterano de la Fuerza Pública (DL 19 de 2012 art. 13)",
}
_RANKS = {
    "peligro_inminente": 0,
    "nna": 1,
    "perjuicio_irremediable": 2,
    "periodista": 3,
    "preferente": 3,
    "veterano": 3,
}
_LOWEST = 9
_URGENT = (
    "amenaza", "me va a matar", "suicidio", "golpe", "abuso", "desaparecido", "no respira", "urgencia",
    "deslizamiento", "se está cayendo", "sin agua hospital",
)  # fmt: skip


def rank(flags: Iterable[str]) -> int:
    """The turn: 0 is first; 9 where no known flag is set."""
    return min((_RANKS.get(flag, _LOWEST) for flag in flags), default=_LOWEST)


def urgent_words(text: str) -> tuple[str, ...]:
    """The words in the text that speak of danger, so that somebody looks at once."""
    phrase = f" {' '.join(stems(text))} "
    return tuple(words for words in _URGENT if f" {' '.join(stems(words))} " in phrase)

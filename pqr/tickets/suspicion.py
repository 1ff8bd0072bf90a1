"""Does this petition look as if a program had written it?  Signs that weigh together, and never a refusal. Pure.

How it came is not enough: a browser fills in a hidden box by itself, a person pastes in a second what was written
before, and a program may file. So something of the text itself has to count, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "trap": "llenó una casilla que las personas no ven",
        "fast": "se llenó en menos de cinco segundos",
        "unopened": "no se abrió el formulario",
        "links": "trae muchos enlaces",
        "repeated": "el mismo texto llegó varias veces desde la misma conexión",
    }
)
_WEIGHTS = {"trap": 2, "fast": 2, "unopened": 1, "links": 2, "repeated": 2}
_OF_THE_TEXT = {"links", "repeated"}
ENOUGH = 4
FASTEST = 5  # seconds
MANY_LINKS = 3
_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s", re.IGNORECASE)


@dataclass(frozen=True)
class Arrival:
    """How it came. `seconds`: from the form's opening, None where that is not known; `text`: all its words.

    `trapped`: whether the hidden box was filled in. `repeated`: whether its source sends the same again and again.
    """

    text: str
    trapped: bool = False
    seconds: float | None = None
    repeated: bool = False


def doubts(arrival: Arrival) -> tuple[str, ...]:
    """The signs, of `LABELS`, where they are enough for a person to look first; none where they are not."""
    held = {
        "trap": arrival.trapped,
        "fast": arrival.seconds is not None and arrival.seconds < FASTEST,
        "unopened": arrival.seconds is None,
        "links": len(_LINK.findall(arrival.text)) >= MANY_LINKS,
        "repeated": arrival.repeated,
    }
    signs = tuple(sign for sign, holds in held.items() if holds)
    weighs = sum(_WEIGHTS[sign] for sign in signs) >= ENOUGH
    return signs if weighs and not _OF_THE_TEXT.isdisjoint(signs) else ()

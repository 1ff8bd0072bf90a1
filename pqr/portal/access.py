"""Which cases may this visitor see?  Those filed here or opened with their code, remembered in the signed session.

Nothing else of the visitor is kept, and closing the browser forgets it.
"""

from flask import session

SEEN = "radicados"
MOST = 20


def remember(radicado: str) -> None:
    """Lets this visitor see the case from now on; the oldest of more than `MOST` is forgotten."""
    others = [each for each in session.get(SEEN, []) if each != radicado]
    session[SEEN] = [*others, radicado][-MOST:]


def may_see(radicado: str) -> bool:
    """Whether this visitor filed the case here or gave its code."""
    return radicado in session.get(SEEN, [])


def forget_all() -> None:
    """For whoever uses somebody else's telephone or computer."""
    session.pop(SEEN, None)

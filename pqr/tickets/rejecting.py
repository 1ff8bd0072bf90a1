"""Is it so disrespectful that it is not answered?  The rare exception of CPACA art. 19, always with its reasons.

Harsh words, bad manners or a complaint that hurts are no reason (C-951 of 2014): only what can be read in no other way.
Nor is a petition returned because it is inadequate or incomplete (art. 15 par. 2).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.states import Act, Outcome

GROUNDS = 40  # letters: one word is no reason


def reject(session: Session, decision: Decision, office: Office, now: datetime) -> None:
    """Closes it with a reasoned act that the person receives. Raises ActNotAllowed."""
    if len(decision.text.strip()) < GROUNDS:
        raise ActNotAllowed(
            "El rechazo es excepcional y debe explicarse: diga qué expresiones son y por qué (CPACA, art. 19)."
        )
    close_unanswered(session, decision, Act.REJECT, Outcome.REJECTED, office, now)

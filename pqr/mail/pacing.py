"""How many acknowledgements may leave in an hour?  A ceiling over all senders, so that no loop runs at full speed.

Nothing is dropped: what comes over the ceiling leaves an hour later, and the desk sees it among the letters that need
a person.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.mail.outbox import IS_ACKNOWLEDGEMENT, Letter

MOST_AN_HOUR = 1000  # a municipality of a million people files fewer by mail
AN_HOUR = timedelta(hours=1)


def hold_back(session: Session, letter: Letter, now: datetime) -> None:
    """Lets a new acknowledgement wait an hour where too many were written in the last one."""
    lately = select(Letter.id).where(IS_ACKNOWLEDGEMENT, Letter.created_at > now - AN_HOUR)
    if session.scalar(lately.offset(MOST_AN_HOUR).limit(1)) is not None:
        letter.next_try_at = now + AN_HOUR
        letter.last_error = f"Se retuvo una hora: en la última hubo más de {MOST_AN_HOUR} peticiones por correo."

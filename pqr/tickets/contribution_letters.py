"""Which letters does a contribution cause?  To the office that is asked, and to whoever waits for what it says.

The asked office is told what is asked and until when, never who the petitioner is; the words of somebody anonymous, or
who asked for reserve, may give that away, and are read in the browser alone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, Letter
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import DESK
from pqr.tickets.contributions import Contribution
from pqr.tickets.letters import signed
from pqr.tickets.models import Identity


def ask(session: Session, contribution: Contribution, office: Office, now: datetime) -> Letter:
    """Asks the second office, which may answer by replying."""
    return _to_asked(session, contribution, "contribution", office, now)


def remind(session: Session, contribution: Contribution, office: Office, now: datetime) -> Letter:
    """Says that its day is near."""
    return _to_asked(session, contribution, "contribution_reminder", office, now)


def tell_cancelled(session: Session, contribution: Contribution, office: Office, now: datetime) -> Letter:
    """Says that it is not needed any more."""
    return _to_asked(session, contribution, "contribution_cancelled", office, now)


def tell_given(
    session: Session, contribution: Contribution, files: tuple[dict[str, Any], ...], office: Office, now: datetime
) -> Letter:
    """Passes what the second office says to the one that has the case, with a copy to the desk, which may have it."""
    ticket = contribution.ticket
    told = [each.email for each in (ticket.secretaria, by_code(session, DESK)) if each is not None]
    envelope = Envelope(
        letter="contribution_given",
        recipient=told[0],
        copies=tuple(copy for copy in told[1:] if copy != told[0]),
        ticket_id=ticket.id,
        reply_to=signed(ticket, Action.ANSWER, office) if ticket.secretaria else "",
        automatic="auto-generated",
        files=files,
    )
    return write(session, envelope, _values(contribution, office), office, now)


def _to_asked(session: Session, contribution: Contribution, letter: str, office: Office, now: datetime) -> Letter:
    address = SignedAddress(Action.CONTRIBUTE, contribution.id)
    envelope = Envelope(
        letter=letter,
        recipient=contribution.secretaria.email,
        ticket_id=contribution.ticket_id,
        reply_to=sign(address, office.keys[0], office.mail_domain) if contribution.is_pending else "",
        automatic="auto-generated",
    )
    return write(session, envelope, _values(contribution, office), office, now)


def _values(contribution: Contribution, office: Office) -> dict[str, Any]:
    ticket = contribution.ticket
    return {
        "ticket": ticket,
        "contribution": contribution,
        "shows_text": ticket.identity == Identity.NAMED,
        "desk_link": f"{office.base_url}/atencion/radicado/{ticket.radicado}",
    }

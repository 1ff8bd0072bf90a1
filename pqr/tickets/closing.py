"""How does a case end without an answer on the merits?  By an official's act, with its reasons, told to the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.tickets import letters
from pqr.tickets.claiming import release_mark
from pqr.tickets.contributing import cancel_all
from pqr.tickets.documents import TITLES
from pqr.tickets.duties import OF_THE_OPEN, settle
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.issuing import issue_document
from pqr.tickets.merging import Separation, merged_into, unmerge
from pqr.tickets.models import Message, Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import OPEN, Act, Outcome, after


@dataclass(frozen=True)
class Decision:
    """The act that ends a case. `text`: its reasons, as the person reads them. `actor`: user:<id>.

    `kind`: of its event and its letter, where the outcome does not name them. `told`: what else its letter says;
    `facts`: what else its event holds; `files`: rows that the letter carries.
    """

    ticket: Ticket
    text: str
    actor: str
    told: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[dict[str, Any], ...] = ()
    kind: str = ""


def close_unanswered(
    session: Session, decision: Decision, act: Act, outcome: Outcome, office: Office, now: datetime
) -> Message:
    """Closes the ticket, keeps the words, writes the letter named as the outcome. Raises ActNotAllowed.

    What was to be answered with it is answered by itself again, and what offices still owe to it is not needed.
    """
    ticket = decision.ticket
    ticket.state = after(ticket.state, act)
    ticket.outcome, ticket.closed_at = outcome, now
    kind = decision.kind or outcome
    message = say(session, ticket, decision.actor, decision.text, now)
    values = {"message": message, **decision.told}
    if kind in TITLES:
        told = issue_document(session, ticket, kind, values, office, now).facts()
    else:
        letter = letters.to_petitioner(session, ticket, kind, values, office, now, files=decision.files)
        told = {"by_mail": letter is not None}
    record(
        session, ticket.id, kind, decision.actor, now,
        message=message.id, text_sha256=digest_of_text(message.text), **told, **decision.facts,
    )  # fmt: skip
    settle(session, ticket, *OF_THE_OPEN, now=now)
    cancel_all(session, ticket, decision.actor, office, now)
    release_mark(session, ticket)
    for duplicate in merged_into(session, ticket):
        if duplicate.state in OPEN:
            unmerge(session, Separation(duplicate, "La otra se cerró sin respuesta.", "system"), office, now)
    return message

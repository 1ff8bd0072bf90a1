"""What does a second office know of it?  It is asked, with a date of its own, and what it says stays with the staff.

The case, its term and its answer remain with whoever has it: a contribution moves nothing and is never sent to the
petitioner. What arrives is told by mail to the office that has the case, and to the desk.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets import contribution_letters as letters
from pqr.tickets import indexing
from pqr.tickets.contributions import Contribution, pending_of
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.files import StoredFile
from pqr.tickets.internal_dates import is_allowed, latest
from pqr.tickets.models import Attachment, Ticket
from pqr.tickets.states import OPEN

FILES = "support"  # what `Attachment.belongs_to` says of a contribution's files


@dataclass(frozen=True)
class Asking:
    """`secretaria`: who is asked. `asker`: the office that asks, None for the desk. `actor`: user:<id>."""

    ticket: Ticket
    secretaria: Secretaria
    question: str
    due_on: date
    asker: Secretaria | None
    actor: str


def ask_office(session: Session, asking: Asking, office: Office, now: datetime) -> Contribution:
    """Asks, and writes to the office. Raises ActNotAllowed for a day that is not good, or an office that has it."""
    ticket, today = asking.ticket, now.astimezone(BOGOTA).date()
    if ticket.state not in OPEN:
        raise ActNotAllowed("La petición ya se respondió: no hay para qué pedir un aporte.")
    if asking.secretaria.id == ticket.secretaria_id:
        raise ActNotAllowed(f"La petición la tiene {asking.secretaria.name}: pídale el aporte a otra dependencia.")
    if not is_allowed(asking.due_on, today, ticket.due_on, office.calendar):
        last = long_date(latest(today, ticket.due_on, office.calendar))
        raise ActNotAllowed(f"La fecha del aporte debe ser un día hábil, de hoy al {last}.")
    contribution = Contribution(
        ticket=ticket,
        secretaria=asking.secretaria,
        asker_id=asking.asker.id if asking.asker else None,
        question=asking.question,
        due_on=asking.due_on,
        asked_at=now,
    )
    session.add(contribution)
    session.flush()  # the event and the signed address name the contribution's id
    record(
        session, ticket.id, "contribution_asked", asking.actor, now,
        contribution=contribution.id, secretaria=asking.secretaria.code, due_on=asking.due_on.isoformat(),
        text_sha256=digest_of_text(asking.question),
    )  # fmt: skip
    indexing.index(session, ticket, asking.question, desk=True)
    indexing.open_to(session, ticket.id, asking.secretaria.id)
    letters.ask(session, contribution, office, now)
    return contribution


@dataclass(frozen=True)
class Gift:
    """What the asked office says. `actor`: secretaria:<code> or user:<id>."""

    contribution: Contribution
    text: str
    actor: str
    files: tuple[StoredFile, ...] = ()
    inbox_id: int | None = None


def contribute(session: Session, gift: Gift, office: Office, now: datetime) -> Contribution:
    """Keeps it on the case and tells who waits for it. Raises ActNotAllowed where nobody waits, or NotUnderstood."""
    given = gift.contribution
    if not given.is_pending:
        raise ActNotAllowed(f"Ese aporte sobre {given.ticket.radicado} {_why_not(given)}.")
    if not gift.text.strip() and not gift.files:
        raise NotUnderstood("El aporte llegó sin texto y sin archivos.")
    given.text, given.given_at, given.inbox_id = gift.text.strip(), now, gift.inbox_id
    for file in gift.files:
        given.ticket.attachments.append(Attachment(belongs_to=FILES, added_at=now, **file.as_attachment()))
    record(
        session, given.ticket_id, "contribution_given", gift.actor, now,
        contribution=given.id, secretaria=given.secretaria.code, text_sha256=digest_of_text(given.text),
        files_sha256=[file.sha256 for file in gift.files],
    )  # fmt: skip
    indexing.index(session, given.ticket, given.text, desk=True)
    letters.tell_given(session, given, tuple(file.as_row() for file in gift.files), office, now)
    return given


def cancel(session: Session, contribution: Contribution, actor: str, office: Office, now: datetime) -> None:
    """It is not needed any more: the office is told, and does not see the case from now on. Raises ActNotAllowed."""
    if not contribution.is_pending:
        raise ActNotAllowed(f"Ese aporte {_why_not(contribution)}.")
    contribution.cancelled_at = now
    record(
        session, contribution.ticket_id, "contribution_cancelled", actor, now,
        contribution=contribution.id, secretaria=contribution.secretaria.code,
    )  # fmt: skip
    letters.tell_cancelled(session, contribution, office, now)


def cancel_all(session: Session, ticket: Ticket, actor: str, office: Office, now: datetime) -> None:
    """The case was answered without them."""
    for contribution in pending_of(session, ticket):
        cancel(session, contribution, actor, office, now)


def _why_not(contribution: Contribution) -> str:
    if contribution.cancelled_at is not None:
        return "ya no hace falta: se canceló o la petición se respondió"
    return "ya había llegado"

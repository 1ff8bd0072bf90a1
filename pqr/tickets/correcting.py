"""Where is the petitioner found now?  The desk corrects an address, and what did not arrive there leaves again.

Who asks, by name and document, is not changed here. The event says which data changed and why; of the data themselves
it holds seals under the installation's key, since a plain digest of a telephone number can be guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.mail import mending
from pqr.mail.dead_addresses import revive
from pqr.mail.outbox import Letter, LetterState
from pqr.sealing import Sealed
from pqr.tickets.contact import proving_key, seal_of
from pqr.tickets.events import record
from pqr.tickets.models import Identity, Petitioner, Ticket

FIELDS = ("email", "phone", "address", "municipality")
NEEDED = {"email": "email", "postal": "address"}  # by the way in which the answer is to come


@dataclass(frozen=True)
class Correction:
    """`contact`: the data to write, by the names of `FIELDS`; what is not named stays. `actor`: user:<id>.

    `again`: what could not be delivered to the old e-mail leaves for the new one.
    """

    ticket: Ticket
    contact: Mapping[str, str]
    reason: str
    actor: str
    again: bool = True


def correct_contact(session: Session, correction: Correction, office: Office, now: datetime) -> int:
    """Writes the new data; returns how many letters leave again. Raises ActNotAllowed, in words."""
    ticket, person = correction.ticket, correction.ticket.petitioner
    if person is None:
        raise ActNotAllowed("Esta petición no tiene datos de contacto que corregir.")
    changed = {name: new for name, new in correction.contact.items() if getattr(person, name) != new}
    _check(ticket, person, changed)
    key = proving_key(office.keys[0])
    before = {name: seal_of(ticket.radicado, name, getattr(person, name), key) for name in changed}
    after = {name: seal_of(ticket.radicado, name, new, key) for name, new in changed.items()}
    old = person.email
    for name, new in changed.items():
        setattr(person, name, new if ticket.identity == Identity.NAMED else Sealed(new))
    flag_modified(ticket, "petitioner_id")  # a new version: who has the old page open is told
    record(
        session, ticket.id, "contact_corrected", correction.actor, now,
        fields=sorted(changed), before=before, after=after, reason=correction.reason,
    )  # fmt: skip
    if not changed.get("email"):
        return 0
    revive(session, person.email)
    return _send_again(session, ticket, old, now) if correction.again else 0


@dataclass(frozen=True)
class Dismissal:
    """A letter that need not leave any more. `actor`: user:<id>."""

    letter_id: int
    reason: str
    actor: str


def dismiss_letter(session: Session, dismissal: Dismissal, now: datetime) -> None:
    """Lets the letter rest, with the reason on its case. Raises as `mending.retry` does."""
    letter = mending.dismiss(session, dismissal.letter_id, dismissal.reason)
    if letter.ticket_id is not None:
        record(
            session, letter.ticket_id, "letter_dismissed", dismissal.actor, now,
            letter=letter.letter, message_id=letter.message_id, reason=dismissal.reason,
        )  # fmt: skip


def redirect_letter(session: Session, letter_id: int, actor: str, now: datetime) -> None:
    """Sends a petitioner's letter to the address that they have now. Raises as `mending.retry` does."""
    letter = session.get_one(Letter, letter_id)
    ticket = session.get(Ticket, letter.ticket_id) if letter.ticket_id is not None else None
    if ticket is None or ticket.petitioner is None or not ticket.petitioner.email or not letter.is_for_petitioner:
        raise ValueError(f"La carta {letter_id} no es para quien presentó la petición.")
    mending.redirect(session, letter_id, ticket.petitioner.email, now)
    record(
        session, ticket.id, "letter_redirected", actor, now, letter=letter.letter, message_id=letter.message_id
    )  # fmt: skip


def _check(ticket: Ticket, person: Petitioner, changed: Mapping[str, str]) -> None:
    if not changed:
        raise ActNotAllowed("No cambió ningún dato.")
    if ticket.identity == Identity.ANONYMOUS and set(changed) != {"email"}:
        raise ActNotAllowed("De una petición anónima solo se guarda el correo para la respuesta.")
    if changed.get(NEEDED.get(person.answer_by, "")) == "":
        raise ActNotAllowed("Por ahí se le envía la respuesta: escriba el dato nuevo en vez de borrarlo.")


def _send_again(session: Session, ticket: Ticket, old: str, now: datetime) -> int:
    """What waits, came back or was given up; never what a server may be taking at this moment."""
    assert ticket.petitioner is not None
    held = (Letter.state == LetterState.QUEUED) & ((Letter.attempts == 0) | (Letter.last_error != ""))
    given_up = Letter.state.in_((LetterState.FAILED, LetterState.BOUNCED))
    wanted = select(Letter).where(Letter.ticket_id == ticket.id, held | given_up)
    found = (letter for letter in session.scalars(wanted) if letter.recipient == old)  # which may be sealed
    letters = [letter for letter in found if letter.is_for_petitioner]
    for letter in letters:
        mending.redirect(session, letter.id, ticket.petitioner.email, now)
    return len(letters)

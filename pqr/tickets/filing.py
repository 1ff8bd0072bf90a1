"""How is a petition filed?  One act for every door: web, mail, counter, phone, paper.

No authority may refuse to receive and number a respectful petition (CPACA art. 15 par. 2): nothing here rejects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.entity.notices import current_version
from pqr.sealing import Sealed
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import due_date
from pqr.terms.kinds import TicketKind
from pqr.tickets import indexing, letters
from pqr.tickets.assigning import announce, hand
from pqr.tickets.claiming import owe_mark
from pqr.tickets.contact import seals_of
from pqr.tickets.counter import take_next
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.files import StoredFile, Unread, unread
from pqr.tickets.lacking import note_lacking
from pqr.tickets.models import Attachment, Channel, Identity, Petitioner, Profile, Ticket
from pqr.tickets.priority import rank
from pqr.tickets.radicado import Series
from pqr.tickets.states import State
from pqr.tickets.travelling import find_way, owe_transfer

NO_SUBJECT = "(sin asunto)"
LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class PetitionerData:
    """What somebody said of themselves; every field may be empty. `kind`: natural, juridica, menor, apoderado."""

    name: str = ""
    email: str = ""
    kind: str = "natural"
    document_type: str = ""
    document_number: str = ""
    answer_by: str = "email"
    phone: str = ""
    address: str = ""
    municipality: str = ""
    accepts_electronic_notification: bool = False
    accepted_notice: bool = False


@dataclass(frozen=True)
class Draft:
    """What a door has gathered. `received_at`: true instant of arrival. `filing_key`: the same key files once.

    `message_ids`: Message-IDs of the mail that brought it, nearest first. `author`: who files (see Event.actor).
    `notices`: the version of the notices that were shown, "" where nobody says: then those of now.
    `profile`: differential answers, only with the person's consent. `left_out`: files that came and were not kept.
    `doubts`: the signs of a program (see `suspicion`), so that the desk reads it before any office does.
    """

    kind: TicketKind
    subject: str
    body: str
    channel: Channel
    received_at: datetime
    identity: Identity = Identity.NAMED
    petitioner: PetitionerData = field(default_factory=PetitionerData)
    topic_id: int | None = None
    place: str = ""
    priority: tuple[str, ...] = ()
    files: tuple[StoredFile, ...] = ()
    left_out: tuple[Unread, ...] = ()
    profile: Mapping[str, str | list[str]] | None = None
    filing_key: str | None = None
    message_ids: tuple[str, ...] = ()
    author: str = "citizen"
    notices: str = ""
    lacking: str = ""
    doubts: tuple[str, ...] = ()


def file_ticket(session: Session, draft: Draft, office: Office, now: datetime) -> Ticket:
    """Numbers the petition, computes its term, records it and enqueues acknowledgement and assignment.

    A draft whose `filing_key` was filed before gives the ticket of then, so a double click files once.
    """
    known = filed_before(session, draft.filing_key)
    if known is not None:
        return known
    ticket = _new_ticket(session, draft, office, now)
    way = find_way(session, ticket, office)
    if way.assignment is not None:
        hand(ticket, way.assignment.secretaria, office, now)
    _insert(session, ticket, draft, now)
    person = {"person": seals_of(ticket.radicado, ticket.petitioner, office.keys[0])}
    record(session, ticket.id, "filed", draft.author, now, **_facts(ticket, draft), **person)
    if draft.doubts:
        record(session, ticket.id, "doubted", "system", now, signs=list(draft.doubts))
    owe_mark(session, ticket, ticket.day_zero, office, now)
    if draft.lacking:
        note_lacking(session, ticket, draft.lacking, draft.author, office, now)
    useless = unread(draft.files, draft.left_out)
    letters.acknowledge(session, ticket, useless, office, now, lacking=draft.lacking)
    if way.assignment is not None:
        announce(session, way.assignment, office, now)
    owe_transfer(session, ticket, way, office, now)
    return ticket


def filed_before(session: Session, key: str | None) -> Ticket | None:
    """The ticket that was filed with this `filing_key`."""
    if not key:
        return None
    found = session.scalar(select(Ticket.id).where(Ticket.filing_key == key))  # as a rule there is none
    return session.get_one(Ticket, found) if found else None


def _new_ticket(session: Session, draft: Draft, office: Office, now: datetime) -> Ticket:
    due = due_date(draft.kind, draft.received_at, office.calendar, office.closing_rule)
    return Ticket(
        radicado=take_next(session, Series.ENTRY, now),
        kind=draft.kind,
        state=State.FILED,
        subject=" ".join(draft.subject.split())[:250] or NO_SUBJECT,
        body=draft.body,
        channel=draft.channel,
        identity=draft.identity,
        petitioner=_petitioner(session, draft, now),
        topic_id=draft.topic_id,
        priority=list(draft.priority),
        priority_rank=rank(draft.priority),
        place=draft.place[:120],
        received_at=draft.received_at,
        received_on=draft.received_at.astimezone(BOGOTA).date(),
        filed_at=now,
        day_zero=due.day_zero,
        due_on=due.due_on,
        term_length=due.length,
        term_unit=due.unit,
        term_source=due.source,
        closing_rule=str(due.rule),
        calendar_version=due.calendar_version,
        filing_key=draft.filing_key or None,
        doubted_at=now if draft.doubts else None,
        thread_ids=" ".join(draft.message_ids),
    )


def _petitioner(session: Session, draft: Draft, now: datetime) -> Petitioner | None:
    """An anonymous person may leave an address to be answered at, and nothing else is kept."""
    given = draft.petitioner
    kept = str if draft.identity == Identity.NAMED else Sealed
    if draft.identity == Identity.ANONYMOUS:
        email = _address(given)
        return Petitioner(email=kept(email), answer_by=given.answer_by) if email else None
    return Petitioner(
        kind=given.kind,
        name=kept(given.name[:200]),
        email=kept(_address(given)),
        document_type=kept(given.document_type[:10]),
        document_number=kept(given.document_number[:40]),
        answer_by=given.answer_by,
        phone=kept(given.phone[:60]),
        address=kept(given.address[:250]),
        municipality=kept(given.municipality[:120]),
        accepts_electronic_notification=given.accepts_electronic_notification,
        notice_version=(draft.notices or current_version(session)) if given.accepted_notice else "",
        notice_accepted_at=now if given.accepted_notice else None,
    )


def _address(given: PetitionerData) -> str:
    """Lower-case; "" for what no server delivers to: cut short, it would be somebody else's (RFC 5321 §4.5.3.1.3)."""
    return given.email.lower() if len(given.email) <= LONGEST_ADDRESS else ""


def _insert(session: Session, ticket: Ticket, draft: Draft, now: datetime) -> None:
    """Its rows. Events and signed addresses need its id; what else is to be written goes in with the commit."""
    ticket.attachments = [Attachment(added_at=now, **each.as_attachment()) for each in draft.files]
    session.add(ticket)
    session.flush()
    indexing.begin(session, ticket)
    if draft.profile:
        session.add(Profile(ticket_id=ticket.id, answers=dict(draft.profile), consented_at=now))


def _facts(ticket: Ticket, draft: Draft) -> dict[str, object]:
    useless = [each.as_row() for each in unread(draft.files, draft.left_out)]
    return {
        "radicado": ticket.radicado,
        "kind": ticket.kind,
        "channel": ticket.channel,
        "identity": ticket.identity,
        "received_at": ticket.received_at.isoformat(),
        "due_on": ticket.due_on.isoformat(),
        "source": ticket.term_source,
        "calendar": ticket.calendar_version,
        "text_sha256": digest_of_text(ticket.body),
        "subject_sha256": digest_of_text(ticket.subject),
        "files_sha256": [file.sha256 for file in draft.files],
        **({"notices": draft.notices} if draft.notices else {}),
        **({"unreadable": useless} if useless else {}),
    }

"""What did the petitioner add?  New words on a case, passed on to the office that has it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.inbox import InboxMail
from pqr.tickets import indexing, letters
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.files import StoredFile, Unread, unread
from pqr.tickets.models import Attachment, Message, Ticket
from pqr.tickets.suspensions import note_supplied


@dataclass(frozen=True)
class FollowUp:
    """`author`: citizen or user:<id> when the desk types it in. `message_id`: of the mail that brought it.

    `left_out`: files that came and were not kept.
    """

    ticket: Ticket
    text: str
    author: str
    files: tuple[StoredFile, ...] = ()
    inbox_id: int | None = None
    message_id: str = ""
    left_out: tuple[Unread, ...] = ()


def add_message(session: Session, follow_up: FollowUp, office: Office, now: datetime) -> Message:
    """Adds the words to the case in whatever state it is; it never moves the term nor reopens by itself.

    Where the case waits for the person, whoever waits is shown that they wrote.
    """
    ticket = follow_up.ticket
    message = Message(
        ticket=ticket,
        author=follow_up.author,
        text=follow_up.text,
        written_at=now,
        inbox_id=follow_up.inbox_id,
    )
    session.add(message)
    for file in follow_up.files:
        ticket.attachments.append(Attachment(belongs_to="message", added_at=now, **file.as_attachment()))
    if follow_up.message_id and follow_up.author == "citizen":
        ticket.thread_ids = f"{follow_up.message_id} {ticket.thread_ids}".strip()
    note_supplied(session, ticket, arrived(session, message), office)
    useless = unread(follow_up.files, follow_up.left_out)
    session.flush()  # the event names the message's id
    record(
        session, ticket.id, "follow_up", follow_up.author, now,
        message=message.id, text_sha256=digest_of_text(message.text),
        files_sha256=[file.sha256 for file in follow_up.files],
        **({"unreadable": [each.as_row() for each in useless]} if useless else {}),
    )  # fmt: skip
    indexing.index(session, ticket, message.text)
    letters.forward_message(session, message, office, now)
    if useless and follow_up.author == "citizen":
        letters.tell_unread(session, ticket, useless, office, now)
    return message


def arrived(session: Session, message: Message) -> datetime:
    """When the person sent it: a mail may have waited to be read."""
    mail = session.get(InboxMail, message.inbox_id) if message.inbox_id is not None else None
    return mail.received_at if mail is not None else message.written_at

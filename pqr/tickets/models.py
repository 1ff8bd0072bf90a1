"""What is a ticket?  One petition, complaint, claim, suggestion or report, and what hangs on it.

Facts are fixed when they happen (due date with the rule that gave it, days used); lateness is computed.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.db import Model
from pqr.sealing import SealedText
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome, must_be_notified
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.states import State

LOWEST_PRIORITY = 9


class Channel(StrEnum):
    """By which way it reached the municipality."""

    WEB = "web"
    EMAIL = "email"
    COUNTER = "counter"
    PHONE = "phone"
    PAPER = "paper"
    CHAT = "chat"
    BOX = "box"
    API = "api"


ONLINE = (Channel.WEB, Channel.EMAIL, Channel.API)


class Identity(StrEnum):
    """What is known of who speaks, and who may see it (law: Ley 190/1995 art. 38, Ley 1581/2012 art. 4)."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    RESERVED = "reserved"


IDENTIFYING = ("name", "document_type", "document_number", "email", "phone", "address", "municipality")


class Petitioner(Model):
    """Who asks, in a row of its own so that a ticket can be read without it.

    `IDENTIFYING` is sealed for whoever does not show the name to all (see `pqr.sealing`).
    `answer_by`: email, postal or portal. `notice_version`: the privacy notice that was shown (Ley 1581 art. 12).
    """

    __tablename__ = "petitioners"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default="natural")
    name: Mapped[str] = mapped_column(SealedText(200), default="")
    document_type: Mapped[str] = mapped_column(SealedText(10), default="")
    document_number: Mapped[str] = mapped_column(SealedText(40), default="", index=True)
    answer_by: Mapped[str] = mapped_column(String(10), default="email")
    email: Mapped[str] = mapped_column(SealedText(254), default="", index=True)
    phone: Mapped[str] = mapped_column(SealedText(60), default="")
    address: Mapped[str] = mapped_column(SealedText(250), default="")
    municipality: Mapped[str] = mapped_column(SealedText(120), default="")
    accepts_electronic_notification: Mapped[bool] = mapped_column(default=False)
    notice_version: Mapped[str] = mapped_column(String(20), default="")
    notice_accepted_at: Mapped[datetime | None]


def _list(name: str, held: str, *columns: str) -> Index:
    """The index of a list of tickets, in its order."""
    return Index(name, *columns, sqlite_where=text(held), postgresql_where=text(held))


_OPEN = "state IN ('filed', 'assigned', 'awaiting_petitioner')"


class Ticket(Model):
    """One petition. Terms in business days unless `term_unit` says months; instants in UTC; dates in Bogotá.

    `received_on`: the date of `received_at`. `day_zero`: receipt date under the closing rule. `elapsed`: business
    days run before the suspension in force. `reception_days`: business days from receipt to the first assignment.
    `fixed_at`: the end of the term where an authority named it (`terms.fixing`). `days_used`: business days to the
    communication; `in_time`: whether that, or the transfer, was within the term.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        _list("ix_tickets_open", _OPEN, "priority_rank", "due_on", "id", "suspended_on"),
        _list("ix_tickets_open_by_office", _OPEN, "secretaria_id", "priority_rank", "due_on", "id", "suspended_on"),
        _list("ix_tickets_awaiting", "state = 'awaiting_petitioner'", "priority_rank", "due_on", "id"),
        _list("ix_tickets_answered", "state = 'answered'", "answered_at", "id"),
        _list("ix_tickets_closed", "state = 'closed'", "closed_at", "id"),
        _list("ix_tickets_closed_by_office", "state = 'closed'", "secretaria_id", "closed_at", "id"),
        _list("ix_tickets_doubted", "doubted_at IS NOT NULL AND state = 'filed'", "priority_rank", "due_on", "id"),
        _list("ix_tickets_merged", "duplicate_of_id IS NOT NULL", "duplicate_of_id"),
        _list("ix_tickets_grouped", "group_id IS NOT NULL", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    radicado: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str]
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default=State.FILED)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    identity: Mapped[str] = mapped_column(String(10))
    petitioner_id: Mapped[int | None] = mapped_column(ForeignKey("petitioners.id"), unique=True)
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    priority: Mapped[list[str]] = mapped_column(JSON, default=list)
    priority_rank: Mapped[int] = mapped_column(default=LOWEST_PRIORITY)
    place: Mapped[str] = mapped_column(String(120), default="")

    received_at: Mapped[datetime]
    received_on: Mapped[date] = mapped_column(index=True)
    filed_at: Mapped[datetime]
    day_zero: Mapped[date]
    due_on: Mapped[date]
    term_length: Mapped[int]
    term_unit: Mapped[str] = mapped_column(String(20))
    extension: Mapped[int] = mapped_column(default=0)
    term_source: Mapped[str] = mapped_column(String(250))
    closing_rule: Mapped[str] = mapped_column(String(30))
    calendar_version: Mapped[str] = mapped_column(String(20))
    suspended_on: Mapped[date | None]
    elapsed: Mapped[int] = mapped_column(default=0)
    fixed_at: Mapped[datetime | None]

    first_assigned_at: Mapped[datetime | None]
    reception_days: Mapped[int | None]
    acknowledgement_failed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    communicated_at: Mapped[datetime | None]
    days_used: Mapped[int | None]
    in_time: Mapped[bool | None]
    closed_at: Mapped[datetime | None]

    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("petition_groups.id"))
    filing_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    doubted_at: Mapped[datetime | None]  # see `moderating`
    thread_ids: Mapped[str] = mapped_column(default="")  # Message-IDs of the petitioner's mails, latest first
    version: Mapped[int] = mapped_column()

    petitioner: Mapped[Petitioner | None] = relationship(lazy="joined")
    secretaria: Mapped[Secretaria | None] = relationship(lazy="joined")
    topic: Mapped[Topic | None] = relationship()
    group: Mapped[PetitionGroup | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id", back_populates="ticket")
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id", back_populates="ticket")
    messages: Mapped[list["Message"]] = relationship(order_by="Message.id", back_populates="ticket")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def answer(self) -> "Answer | None":
        """The answer that was given; what completes it is not counted."""
        return next((each for each in self.answers if each.radicado and each.completes_id is None), None)


class Profile(Model):
    """Differential data that somebody chose to give (Ley 1581 art. 6), apart from the case and never shown with it."""

    __tablename__ = "profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    consented_at: Mapped[datetime]


class Answer(Model):
    """An answer on the merits. It gets its exit number when it is approved; until then it waits for review.

    `completes_id`: the answer that this one adds to, without being a second decision. `outcome`: see
    `terms.notifying`; `provision`: the norm that reserves what was asked. `opened_at`: when its page was first read.
    """

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    radicado: Mapped[str | None] = mapped_column(String(20), unique=True)
    text: Mapped[str]
    author: Mapped[str] = mapped_column(String(60))
    secretaria_name: Mapped[str] = mapped_column(String(120), default="")
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    communicated_by: Mapped[str] = mapped_column(String(20), default="")
    completes_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    outcome: Mapped[str] = mapped_column(String(20), default=AnswerOutcome.INFORMED, server_default="informed")
    provision: Mapped[str] = mapped_column(String(250), default="", server_default="")
    opened_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(back_populates="answers")
    completes: Mapped["Answer | None"] = relationship(remote_side=[id])

    @property
    def must_be_notified(self) -> bool:
        """Whether it has no effect until it is formally notified."""
        return must_be_notified(TicketKind(self.ticket.kind), AnswerOutcome(self.outcome))


class Message(Model):
    """Words added to a case that are not its answer: the petitioner's follow-up, an office's remark.

    `author`: `citizen`, `secretaria:<code>` or `user:<id>`.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    author: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    written_at: Mapped[datetime]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))

    ticket: Mapped[Ticket] = relationship(back_populates="messages")


class Attachment(Model):
    """A file of the case; its bytes are in the store under their SHA-256. `belongs_to`: petition, answer, message.

    `trouble`: why nobody can open it (see `mail.sealed.Seal`), "" for a file that opens.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    belongs_to: Mapped[str] = mapped_column(String(10), default="petition")
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    added_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(60), default="", server_default="")

    ticket: Mapped[Ticket] = relationship(back_populates="attachments")

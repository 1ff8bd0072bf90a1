"""How does an official letter leave the house?  With its exit number, a PDF that can be verified, and a mail.

An act calls `issue_document`; its kind names `templates/pdf/<kind>.typ` and `templates/mail/<kind>/`. A letter to
somebody else than the petitioner is made with `make_document` and sent by the act.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.config import Office
from pqr.db import Model
from pqr.mail.addresses import document_code, typed_code
from pqr.secretarias.routing import fold
from pqr.tickets import files, letters
from pqr.tickets.counter import take_next
from pqr.tickets.documents import TITLES, official_pdf
from pqr.tickets.files import StoredFile
from pqr.tickets.models import Ticket
from pqr.tickets.radicado import Series


class Document(Model):
    """A letter that left. `kind`: of `documents.TITLES`. `code`: verifies it; None for one from before the codes.

    `letter_id`: the mail that took it; None where none did.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    radicado: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str | None] = mapped_column(String(10), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))

    @property
    def title(self) -> str:
        """What it is, in words."""
        return TITLES[self.kind]

    @property
    def file_name(self) -> str:
        """As it is downloaded and attached."""
        return f"{fold(self.title).replace(' ', '-')}-{self.radicado}.pdf"

    def facts(self) -> dict[str, Any]:
        """What the event of its act says of it."""
        return {"radicado": self.radicado, "pdf_sha256": self.sha256, "by_mail": self.letter_id is not None}


def issue_document(
    session: Session, ticket: Ticket, kind: str, values: Mapping[str, Any], office: Office, now: datetime
) -> Document:
    """Numbers and keeps the letter, and mails it to the petitioner where there is an address.

    `values`: what both templates say; a date, an instant or a message becomes words on the paper. "signer" among
    them: who signs, else the office that has the case. Put `**document.facts()` into the event of the act.
    """
    document, pdf = make_document(session, ticket, kind, values, office, now)
    mail = {**values, "document": document}
    letter = letters.to_petitioner(session, ticket, kind, mail, office, now, files=(pdf.as_row(),))
    session.flush()  # the document keeps the id of its letter
    document.letter_id = letter.id if letter else None
    return document


def make_document(
    session: Session, ticket: Ticket, kind: str, values: Mapping[str, Any], office: Office, now: datetime
) -> tuple[Document, StoredFile]:
    """Numbers and keeps the letter, for an act that sends it itself and notes `letter_id`."""
    radicado = take_next(session, Series.EXIT, now)
    return keep_document(
        session, Document(ticket_id=ticket.id, kind=kind, radicado=radicado),
        official_pdf(ticket, kind, radicado, values, office, now), office, now,
    )  # fmt: skip


def keep_document(
    session: Session, document: Document, pdf: bytes, office: Office, now: datetime
) -> tuple[Document, StoredFile]:
    """Writes down a letter whose PDF is ready. `document`: its ticket, kind and number."""
    stored = files.keep(pdf, document.file_name, "application/pdf", office)
    document.sha256, document.created_at = stored.sha256, now
    document.code = document_code(document.radicado, office.keys[0])
    session.add(document)
    return document, stored


def documents_of(session: Session, ticket_id: int) -> list[Document]:
    """The letters that left for this ticket, oldest first."""
    return list(session.scalars(select(Document).where(Document.ticket_id == ticket_id).order_by(Document.id)))


def letter_of(session: Session, ticket_id: int, radicado: str) -> Document | None:
    """The ticket's letter with this exit number."""
    return session.scalar(select(Document).where(Document.ticket_id == ticket_id, Document.radicado == radicado))


def by_code(session: Session, typed: str) -> Document | None:
    """The letter that this code verifies, however a person typed it."""
    return session.scalar(select(Document).where(Document.code == typed_code(typed)))


def by_digest(session: Session, sha256: str) -> Document | None:
    """The letter whose PDF has this digest; the newest where several have the same bytes."""
    return session.scalar(select(Document).where(Document.sha256 == sha256).order_by(Document.id.desc()).limit(1))

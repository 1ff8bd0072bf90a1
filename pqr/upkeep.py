"""Is everything that we promised still there?  Numbers without gaps, chains unbroken, files in the store."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.accounts.changes import SettingChange, altered
from pqr.config import Office
from pqr.mail.inbox import InboxMail, Received
from pqr.publishing.opendata import OpenFile
from pqr.rekeying import kept_proving_keys
from pqr.reports.models import Erratum, Report
from pqr.sealing import LOST, open_texts
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets import files
from pqr.tickets.anchoring import broken_anchors, broken_rows
from pqr.tickets.contact import proving_key
from pqr.tickets.counter import last_given
from pqr.tickets.events import digest_of_text
from pqr.tickets.hiding import hidden
from pqr.tickets.issuing import Document
from pqr.tickets.models import IDENTIFYING, Attachment, Ticket
from pqr.tickets.proving import what_differs
from pqr.tickets.radicado import Series, format_radicado


def verify(session: Session, office: Office) -> Iterator[str]:
    """One sentence for each broken promise, the radicado first; nothing when all is well."""
    yield from _numbering(session)
    yield from what_differs(session, [*map(proving_key, office.keys), *kept_proving_keys(session)])
    yield from _anchors(session)
    yield from _files(session, office)
    yield from _seals(session)
    yield from _reports(session)
    yield from altered(session)


def _numbering(session: Session) -> Iterator[str]:
    for (year, series), last in sorted(last_given(session).items()):
        table = Ticket if series == Series.ENTRY else Document
        given = set(session.scalars(select(table.radicado).where(table.radicado.like(f"{year}-{series}-%"))))
        for number in range(1, last + 1):
            radicado = format_radicado(year, series, number)
            if radicado not in given:
                yield f"{radicado}: falta; el número se dio y no está."
            given.discard(radicado)
        for radicado in sorted(given):
            yield f"{radicado}: sobra; el contador va en {last}."


def _anchors(session: Session) -> Iterator[str]:
    for each in broken_anchors(session):
        day = long_date(each.made_at.astimezone(BOGOTA).date())
        yield f"sello del {day}: lo que se selló ese día cambió o se borró después ({each.digest[:12]}…)."
    for each, ledger, first, last in broken_rows(session):
        day = long_date(each.made_at.astimezone(BOGOTA).date())
        yield f"sello del {day}: en «{ledger}» cambió o se borró algo entre las filas {first} y {last}."


def _seals(session: Session) -> Iterator[str]:
    for ticket in hidden(session):
        person = ticket.petitioner
        if person is not None and any(getattr(person, name) is LOST for name in IDENTIFYING):
            yield f"{ticket.radicado}: los datos de la persona no se abren con las claves de PQR_SECRET_KEY."
        if person is not None and open_texts(person, IDENTIFYING):
            yield f"{ticket.radicado}: los datos de la persona están sin cifrar: ejecute «pqr upgrade»."


def _reports(session: Session) -> Iterator[str]:
    for report in session.scalars(select(Report).where(Report.approved_at.is_not(None)).order_by(Report.id)):
        if not _as_approved(session, report):
            yield f"informe {report.kind} {report.period}: no es el que consta que se firmó."
        papers: list[tuple[str, Report | Erratum]] = [("", report)]
        papers += [(f", fe de erratas {each.number}", each) for each in report.errata]
        for which, paper in papers:
            for content, sha256 in ((paper.content, paper.sha256), (paper.public_content, paper.public_sha256)):
                if content and digest_of_text(content) != sha256:
                    yield f"informe {report.kind} {report.period}{which}: no es el que se firmó."


def _as_approved(session: Session, report: Report) -> bool:
    """Whether its digests are those of its approval; True where it was approved before approvals were written down."""
    signed = select(SettingChange.after).where(
        SettingChange.what == Report.__tablename__, SettingChange.which == f"{report.kind} {report.period}"
    )
    said = session.scalar(signed.order_by(SettingChange.id).limit(1))
    return said is None or said == {"sha256": report.sha256, "public_sha256": report.public_sha256}


def _files(session: Session, office: Office) -> Iterator[str]:
    attached = select(Ticket.radicado, Attachment.sha256).join(Attachment, Attachment.ticket_id == Ticket.id)
    letters = select(Document.radicado, Document.sha256)
    for radicado, sha256 in session.execute(attached.union(letters)):
        if not files.is_intact(sha256, office):
            yield f"{radicado}: falta o cambió el archivo {sha256[:12]}…"
    for name, sha256 in session.execute(select(OpenFile.name, OpenFile.sha256)):
        if not files.is_intact(sha256, office):
            yield f"datos abiertos, {name}: falta o cambió el archivo {sha256[:12]}…"
    for mail in session.scalars(select(InboxMail).execution_options(yield_per=10)):
        recipients = tuple(filter(None, mail.envelope_to.split(",")))
        if Received(mail.raw, envelope_to=recipients).digest != mail.digest:
            yield f"mensaje {mail.id}: los bytes no son los que llegaron."

"""Is everything that we promised still there?  Numbers without gaps, chains unbroken, files in the store."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.inbox import InboxMail, Received
from pqr.publishing.opendata import OpenFile
from pqr.reports.models import Erratum, Report
from pqr.sealing import LOST, open_texts
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets import files
from pqr.tickets.anchoring import broken_anchors
from pqr.tickets.contributions import Contribution
from pqr.tickets.counter import last_given
from pqr.tickets.events import Event, digest_of_text, first_broken
from pqr.tickets.hiding import hidden
from pqr.tickets.issuing import Document
from pqr.tickets.models import IDENTIFYING, Answer, Attachment, Message, Ticket
from pqr.tickets.radicado import Series, format_radicado

BATCH = 1000
WORDS = {"answered": "la respuesta", "follow_up": "el mensaje", "contribution_given": "el aporte"}


def verify(session: Session, office: Office) -> Iterator[str]:
    """One sentence for each broken promise, the radicado first; nothing when all is well."""
    yield from _numbering(session)
    yield from _chains(session)
    yield from _anchors(session)
    yield from _texts(session)
    yield from _files(session, office)
    yield from _seals(session)
    yield from _reports(session)


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


def _chains(session: Session) -> Iterator[str]:
    events = session.scalars(select(Event).order_by(Event.ticket_id, Event.seq).execution_options(yield_per=BATCH))
    chained = set()
    for ticket_id, chain in groupby(events, key=lambda event: event.ticket_id):
        chained.add(ticket_id)
        broken = first_broken(list(chain))
        if broken is not None:
            yield f"petición {ticket_id}: el evento {broken.seq} ({broken.kind}) no encadena con el anterior."
    for ticket_id, radicado in session.execute(select(Ticket.id, Ticket.radicado)):
        if ticket_id not in chained:
            yield f"{radicado}: no tiene eventos."


def _anchors(session: Session) -> Iterator[str]:
    for each in broken_anchors(session):
        day = long_date(each.made_at.astimezone(BOGOTA).date())
        yield f"sello del {day}: lo que se selló ese día cambió o se borró después ({each.digest[:12]}…)."


def _texts(session: Session) -> Iterator[str]:
    filed = select(Ticket.radicado, Ticket.body, Event.data).join(Event, Event.ticket_id == Ticket.id)
    for radicado, body, data in session.execute(filed.where(Event.kind == "filed")):
        if data.get("text_sha256") != digest_of_text(body):
            yield f"{radicado}: el texto no es el que se radicó."
    for table, kind, name in (
        (Answer, "answered", "answer"),
        (Message, "follow_up", "message"),
        (Contribution, "contribution_given", "contribution"),
    ):
        added = select(Ticket.radicado, table.id, table.text, Event.data).join(table, table.ticket_id == Ticket.id)
        rows = session.execute(added.join(Event, Event.ticket_id == Ticket.id).where(Event.kind == kind))
        for radicado, row_id, text, data in rows:
            if data.get(name) == row_id and data.get("text_sha256") != digest_of_text(text):
                yield f"{radicado}: {WORDS[kind]} {row_id} no dice lo que decía."


def _seals(session: Session) -> Iterator[str]:
    for ticket in hidden(session):
        person = ticket.petitioner
        if person is not None and any(getattr(person, name) is LOST for name in IDENTIFYING):
            yield f"{ticket.radicado}: los datos de la persona no se abren con las claves de PQR_SECRET_KEY."
        if person is not None and open_texts(person, IDENTIFYING):
            yield f"{ticket.radicado}: los datos de la persona están sin cifrar: ejecute «pqr upgrade»."


def _reports(session: Session) -> Iterator[str]:
    for report in session.scalars(select(Report).where(Report.approved_at.is_not(None)).order_by(Report.id)):
        papers: list[tuple[str, Report | Erratum]] = [("", report)]
        papers += [(f", fe de erratas {each.number}", each) for each in report.errata]
        for which, paper in papers:
            for content, sha256 in ((paper.content, paper.sha256), (paper.public_content, paper.public_sha256)):
                if content and digest_of_text(content) != sha256:
                    yield f"informe {report.kind} {report.period}{which}: no es el que se firmó."


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

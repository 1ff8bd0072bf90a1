"""Which report is due?  It is prepared by itself on the first business day after its period, and asks to be signed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.db import insert
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.reports.building import key_of
from pqr.reports.models import Report
from pqr.reports.named_periods import NamedPeriod, period_before, period_of
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import CONTROL_INTERNO, DESK
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Ticket


def prepare_due(session: Session, office: Office, now: datetime) -> Sequence[Report]:
    """Prepares, once, what is due since the first business day after its period, and asks for the signatures."""
    today = in_bogota(now).date()
    first = session.scalar(select(Ticket.received_on).order_by(Ticket.received_on).limit(1))
    due = [
        (kind, period)
        for kind, ordered in ORDERED.items()
        if today >= office.calendar.next_business_day((period := period_before(today, ordered.months)).end)
        and first is not None
        and first <= period.end
    ]
    fresh = [report for kind, period in due if (report := _prepare(session, kind, period, office, now)) is not None]
    if fresh:
        _ask_for_signature(session, fresh, office, now)
    return fresh


def _prepare(session: Session, kind: ReportKind, period: NamedPeriod, office: Office, now: datetime) -> Report | None:
    row = {
        "kind": kind, "period": period.name, "start": period.start, "end": period.end, "prepared_at": now,
        "id_key": key_of(kind, period, office), "recommendations": "", "version": 1, "approved_by": "", "signer": "",
        "post": "", "content": "", "sha256": "", "public_content": "", "public_sha256": "", "cases": [],
    }  # fmt: skip
    added = insert(session, Report).values(**row).on_conflict_do_nothing().returning(Report.id)
    number = session.scalar(added)
    return session.get_one(Report, number) if number is not None else None


def _ask_for_signature(session: Session, fresh: Sequence[Report], office: Office, now: datetime) -> None:
    head, desk = by_code(session, CONTROL_INTERNO), by_code(session, DESK)
    reader = head or desk
    if reader is None:
        return
    copies = (desk.email,) if head and desk and desk.email != head.email else ()
    envelope = Envelope(letter="report_ready", recipient=reader.email, copies=copies, automatic="auto-generated")
    values = {"reports": fresh, "link": f"{office.base_url}/atencion/informes/oficiales"}
    write(session, envelope, values, office, now)


def next_due(kind: ReportKind, today: date, office: Office) -> tuple[NamedPeriod, date]:
    """The period that runs, and the day on which its report is prepared."""
    period = period_of(today, ORDERED[kind].months)
    return period, office.calendar.next_business_day(period.end)

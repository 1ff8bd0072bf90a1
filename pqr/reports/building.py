"""What does a report say now?  The live value of any kind and period; nothing here is kept."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.letters import instant
from pqr.reports.access import access
from pqr.reports.briefing import Brief, Findings, agreeing
from pqr.reports.control import control
from pqr.reports.evidence import evidence
from pqr.reports.named_periods import NamedPeriod
from pqr.reports.offices import offices
from pqr.reports.official import OfficialReport, Section
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.terms.receipt import in_bogota

BUILDERS: Mapping[ReportKind, Callable[[Session, Brief], Findings]] = {
    ReportKind.ACCESS: access,
    ReportKind.CONTROL: control,
    ReportKind.OFFICES: offices,
    ReportKind.EVIDENCE: evidence,
}


@dataclass(frozen=True)
class Wanted:
    """Which report. `id_key`: see `key_of`. `shows_small`: for the administration; `recommendations`: typed by hand."""

    kind: ReportKind
    period: NamedPeriod
    id_key: str
    shows_small: bool = True
    recommendations: str = ""


def key_of(kind: ReportKind, period: NamedPeriod, office: Office) -> str:
    """What names the requests of this report, and of no other. Kept with it, since keys of an installation change."""
    return hmac.digest(office.keys[0].encode(), f"pqr:informe:{kind}:{period.name}".encode(), "sha256").hex()


def build(session: Session, wanted: Wanted, office: Office, now: datetime) -> tuple[OfficialReport, Findings]:
    """The report with today's figures, provisional as long as nobody signs it."""
    ordered, today = ORDERED[wanted.kind], in_bogota(now).date()
    brief = Brief(wanted.period, wanted.id_key, wanted.shows_small, office, today)
    found = BUILDERS[wanted.kind](session, brief)
    typed = wanted.recommendations.strip()
    parts = tuple(part.strip() for part in typed.split("\n\n") if part.strip())
    return OfficialReport(
        title=ordered.title,
        period=f"Del {wanted.period.words}",
        entity=office.entity,
        made_at=now.replace(microsecond=0),
        status=f"Provisional: cifras del {instant(now).removesuffix('.')}. {_what_may_change(brief, found)}".strip(),
        sections=(
            *found.sections,
            *((Section("Recomendaciones", parts),) if parts else ()),
            Section("Norma", (f"{ordered.norm}.",)),
        ),
        lines=office.about.lines,
        logo=office.about.logo,
    ), found


def _what_may_change(brief: Brief, found: Findings) -> str:
    if brief.period.end >= brief.today:
        return "El periodo no ha terminado."
    return still_changing(found.still_open, brief.shows_small)


def still_changing(still_open: int, shows_small: bool) -> str:
    """How many petitions of the period are open, in a sentence; "" where none is."""
    if not still_open:
        return ""
    if not shows_small:
        return "Algunas peticiones del periodo siguen abiertas."
    return agreeing(still_open, "1 petición del periodo sigue abierta.", "{} peticiones del periodo siguen abiertas.")

"""How does a report become official?  Read, signed by name and so frozen; later, corrected.

What is frozen is never written again: a correction is a document of its own beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.accounts.changes import SettingChange
from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.reports.building import Wanted, build, still_changing
from pqr.reports.errata import Change, changes
from pqr.reports.models import Erratum, Report
from pqr.reports.official import Column, OfficialReport, Section, Table, as_json
from pqr.reports.ordered import ReportKind
from pqr.terms.receipt import in_bogota
from pqr.terms.spanish import long_date


@dataclass(frozen=True)
class Signature:
    """Who signs, by name and post. `actor`: user:<id>."""

    name: str
    post: str
    actor: str


def live(
    session: Session, report: Report, office: Office, now: datetime, *, shows_small: bool = True
) -> OfficialReport:
    """What the report would say now."""
    kind = ReportKind(report.kind)
    wanted = Wanted(kind, report.days, report.id_key, shows_small, report.recommendations)
    return build(session, wanted, office, now)[0]


def recommend(report: Report, text: str) -> None:
    """Keeps what the official recommends. Raises ActNotAllowed for one that is signed."""
    if report.approved_at is not None:
        raise ActNotAllowed("El informe ya está aprobado y no cambia.")
    report.recommendations = text


def approve(session: Session, report: Report, signature: Signature, office: Office, now: datetime) -> Report:
    """Freezes it: figures, tickets and digest. Raises ActNotAllowed for one that is signed already."""
    if report.approved_at is not None:
        raise ActNotAllowed("El informe ya está aprobado y no cambia.")
    for shows_small in (True, False) if report.ordered.public else (True,):
        wanted = Wanted(ReportKind(report.kind), report.days, report.id_key, shows_small, report.recommendations)
        value, found = build(session, wanted, office, now)
        day = long_date(in_bogota(now).date())
        remark = still_changing(found.still_open, shows_small)
        signed = replace(
            value,
            status=f"Aprobado el {day}."
            + (f" Con cifras provisionales: {remark[0].lower()}{remark[1:]}" if remark else ""),
            signature=f"Aprobado y firmado por {signature.name}, {signature.post}, el {day}.",
        )
        if shows_small:
            report.content, report.sha256, report.cases = as_json(signed), signed.digest, list(found.cases)
        else:
            report.public_content, report.public_sha256 = as_json(signed), signed.digest
    report.approved_at, report.approved_by = now, signature.actor
    report.signer, report.post = signature.name, signature.post
    proof = {"sha256": report.sha256, "public_sha256": report.public_sha256}
    which = f"{report.kind} {report.period}"
    session.add(
        SettingChange(at=now, actor=signature.actor, what=Report.__tablename__, which=which, before={}, after=proof)
    )
    return report


def changed_since(
    session: Session, report: Report, office: Office, now: datetime, *, shows_small: bool = True
) -> tuple[Change, ...]:
    """Today's figures against those that were signed; nothing of what is not."""
    frozen = report.frozen if shows_small else report.published
    return changes(frozen, live(session, report, office, now, shows_small=shows_small)) if frozen else ()


def correct(
    session: Session, report: Report, signature: Signature, reason: str, office: Office, now: datetime
) -> Erratum:
    """Signs what changed since the approval. Raises ActNotAllowed where nothing did since the last erratum."""
    found, number = changed_since(session, report, office, now), len(report.errata) + 1
    frozen = report.frozen
    if frozen is None or not found:
        raise ActNotAllowed("No hay cambios que corregir.")
    whole = _erratum(frozen, found, number, signature, reason, now)
    if report.errata and report.errata[-1].frozen.sections[1:] == whole.sections[1:]:
        raise ActNotAllowed("La última fe de erratas ya dice estos cambios.")
    shown = None
    if (public := report.published) is not None:
        small_hidden = changed_since(session, report, office, now, shows_small=False)
        shown = _erratum(public, small_hidden, number, signature, reason, now)
    row = Erratum(
        report=report, number=number, made_at=now, made_by=signature.actor, content=as_json(whole), sha256=whole.digest,
        public_content=as_json(shown) if shown else "", public_sha256=shown.digest if shown else "",
    )  # fmt: skip
    session.add(row)
    return row


def _erratum(
    frozen: OfficialReport, found: Sequence[Change], number: int, signature: Signature, reason: str, now: datetime
) -> OfficialReport:
    day = long_date(in_bogota(now).date())
    columns = (Column("Dónde"), Column("Decía"), Column("Debe decir"))
    rows = tuple((change.where, change.before, change.now) for change in found)
    return replace(
        frozen,
        title=f"Fe de erratas {number}: {frozen.title}",
        made_at=now.replace(microsecond=0),
        status=f"Firmada el {day}. El informe publicado no cambia; esta fe de erratas se lee con él.",
        sections=(
            Section("Razón", (reason,)),
            Section(
                "Lo que cambió",
                () if rows else ("Nada de lo que se muestra.",),
                Table("Cifras que cambiaron", columns, rows),
            ),
        ),
        signature=f"Firmado por {signature.name}, {signature.post}, el {day}.",
    )

"""Which reports may everybody read?  Those that were approved, as they were frozen, in every format."""

from flask import Response, abort, g, render_template
from sqlalchemy import select

from pqr.db import db
from pqr.reporting import reporting
from pqr.reporting.official import as_file, find
from pqr.reports.formats import MEDIA_TYPES
from pqr.reports.models import Report
from pqr.reports.official import OfficialReport, shown


@reporting.get("/informes/publicados")
def published_reports() -> str:
    """All of them, newest first."""
    g.public = True
    found = select(Report).where(Report.public_content != "").order_by(Report.end.desc(), Report.id.desc())
    return render_template("reports/published_list.html", reports=db.session.scalars(found).all(), forms=MEDIA_TYPES)


@reporting.get("/informes/<report_kind>/<period>")
def published_report(report_kind: str, period: str) -> str:
    """One of them, with its errata."""
    g.public = True
    report, value = _find(report_kind, period)
    return render_template("reports/published.html", report=report, value=value, shown=shown, forms=MEDIA_TYPES)


@reporting.get("/informes/<report_kind>/<period>/informe.<form>")
def published_report_file(report_kind: str, period: str, form: str) -> Response:
    """The same as a file: always the same bytes."""
    return as_file(_find(report_kind, period)[1], f"{report_kind}-{period}", form)


@reporting.get("/informes/<report_kind>/<period>/fe-de-erratas-<int:number>.<form>")
def published_erratum_file(report_kind: str, period: str, number: int, form: str) -> Response:
    """One of its errata."""
    report, _ = _find(report_kind, period)
    found = next((each.published for each in report.errata if each.number == number), None)
    return as_file(found, f"{report_kind}-{period}-fe-de-erratas-{number}", form)


def _find(kind: str, period: str) -> tuple[Report, OfficialReport]:
    report = find(db.session(), kind, period).report
    value = report.published if report else None
    if report is None or value is None:
        abort(404)
    return report, value

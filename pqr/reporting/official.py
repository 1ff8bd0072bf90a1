"""How do the staff bring an official report to its signature?  The list, each report, and the two acts upon it."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import NamedTuple

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.uploads import download
from pqr.door import nudge, office
from pqr.errors import ActNotAllowed
from pqr.publishing.updates import Published, note_update
from pqr.reporting.official_forms import CorrectingForm, SigningForm
from pqr.reports.approving import Signature, approve, changed_since, correct, recommend
from pqr.reports.building import Wanted, build, key_of
from pqr.reports.errata import Change
from pqr.reports.formats import MEDIA_TYPES, render
from pqr.reports.models import Report
from pqr.reports.named_periods import NamedPeriod, read_period
from pqr.reports.official import OfficialReport, shown
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.reports.preparing import next_due
from pqr.terms.receipt import in_bogota

Page = tuple[str, int]
STALE = "Alguien guardó algo en este informe después de que usted abrió la página. Revíselo y guarde otra vez."
MOVED = "Las cifras cambiaron después de que usted abrió la página. Revíselas y apruebe otra vez."


class Named(NamedTuple):
    """What an address names: the kind, the period, and the report where it is prepared."""

    kind: ReportKind
    period: NamedPeriod
    report: Report | None


def find(session: Session, kind: str, name: str, *, lock: bool = False) -> Named:
    """The report of this address; 404 for what cannot be."""
    if kind not in {*ReportKind}:
        abort(404)
    period = read_period(name, ORDERED[ReportKind(kind)].months)
    if period is None or period.start > in_bogota(clock.now()).date():
        abort(404)
    query = select(Report).where(Report.kind == kind, Report.period == period.name)
    return Named(ReportKind(kind), period, session.scalar(query.with_for_update() if lock else query))


@desk.get("/atencion/informes/oficiales")
@needs(Right.REPORTS)
def official_reports() -> str:
    """What waits for a signature, what is signed, and what comes next."""
    here, today = office(db.session()), in_bogota(clock.now()).date()
    reports = db.session.scalars(select(Report).order_by(Report.end.desc(), Report.id.desc())).all()
    coming = [(kind, *next_due(kind, today, here)) for kind in ReportKind]
    return render_template("reports/official_list.html", reports=reports, coming=coming, ordered=ORDERED)


@desk.get("/atencion/informes/oficiales/<report_kind>/<period>")
@needs(Right.REPORTS)
def official_report(report_kind: str, period: str) -> Page:
    """The report: live until it is signed, frozen afterwards, with what changed since."""
    named = find(db.session(), report_kind, period)
    return _page(named, SigningForm(obj=named.report), CorrectingForm())


@desk.get("/atencion/informes/oficiales/<report_kind>/<period>/informe.<form>")
@needs(Right.REPORTS)
def official_report_file(report_kind: str, period: str, form: str) -> Response:
    """The same as a file."""
    named = find(db.session(), report_kind, period)
    return as_file(_value(db.session(), named), f"{report_kind}-{period}", form)


@desk.get("/atencion/informes/oficiales/<report_kind>/<period>/fe-de-erratas-<int:number>.<form>")
@needs(Right.REPORTS)
def official_erratum_file(report_kind: str, period: str, number: int, form: str) -> Response:
    """One of its errata, whole."""
    report = find(db.session(), report_kind, period).report
    found = next((each.frozen for each in report.errata if each.number == number), None) if report else None
    return as_file(found, f"{report_kind}-{period}-fe-de-erratas-{number}", form)


@desk.post("/atencion/informes/oficiales/<report_kind>/<period>/firmar")
@needs(Right.SIGN)
def sign_report(report_kind: str, period: str) -> AnyResponse | Page:
    """Keeps the recommendations, or approves."""
    form, approves = SigningForm(), False
    named = find(db.session(), report_kind, period)
    if named.report is None:
        abort(404)
    if form.validate_on_submit():
        approves = request.form.get("accion") == "aprobar"
        if not approves or form.names_who_signs():
            refusal = _sign(named, form, approves)
            if not refusal:
                flash(
                    "El informe quedó aprobado y sus cifras ya no cambian."
                    if approves
                    else "Se guardaron las recomendaciones.",
                    "success",
                )
                return redirect(url_for("desk.official_report", report_kind=report_kind, period=period), 303)
            form.form_errors = [refusal]
            db.session.rollback()
            named = find(db.session(), report_kind, period)
    return _page(named, form, CorrectingForm(formdata=None))


def _sign(named: Named, form: SigningForm, approves: bool) -> str:
    """What keeps it from being done, "" when it is done."""
    now = clock.now()
    with transaction() as session:
        report = find(session, named.kind, named.period.name, lock=True).report
        assert report is not None
        here = office(session)
        if str(report.version) != form.version.data:
            return STALE
        try:
            recommend(report, form.recommendations.data or "")
        except ActNotAllowed as refusal:
            return str(refusal)
        if approves:
            if figures(_value(session, named._replace(report=report))) != form.seen.data:
                return MOVED
            approve(session, report, _signature(form), here, now)
            if report.public_content:
                note_update(
                    session,
                    Published(
                        "report", f"{report.ordered.title}: {report.days.words}"[:200], report.path, officer().actor
                    ),
                    now,
                )
    nudge()
    return ""


@desk.post("/atencion/informes/oficiales/<report_kind>/<period>/corregir")
@needs(Right.SIGN)
def correct_report(report_kind: str, period: str) -> AnyResponse | Page:
    """Signs an erratum."""
    form, named = CorrectingForm(), find(db.session(), report_kind, period)
    if named.report is None:
        abort(404)
    if form.validate_on_submit():
        refusal = _correct(named, form)
        if not refusal:
            flash("La fe de erratas quedó firmada.", "success")
            return redirect(url_for("desk.official_report", report_kind=report_kind, period=period), 303)
        form.form_errors = [refusal]
    return _page(named, SigningForm(formdata=None, obj=named.report), form)


def _correct(named: Named, form: CorrectingForm) -> str:
    now = clock.now()
    try:
        with transaction() as session:
            report = find(session, named.kind, named.period.name, lock=True).report
            assert report is not None
            here = office(session)
            if changed(changed_since(session, report, here, now)) != form.seen.data:
                return MOVED
            row = correct(session, report, _signature(form), form.reason.data or "", here, now)
            if row.public_content:
                title = f"Fe de erratas {row.number}: {report.ordered.title}"[:200]
                note_update(
                    session,
                    Published("erratum", title, f"{report.path}#fe-de-erratas-{row.number}", officer().actor),
                    now,
                )
    except ActNotAllowed as refusal:
        return str(refusal)
    return ""


def _signature(form: SigningForm | CorrectingForm) -> Signature:
    return Signature(form.name.data or "", form.post.data or "", officer().actor)


def _value(session: Session, named: Named) -> OfficialReport:
    """The frozen report, else the live one."""
    if named.report is not None and (frozen := named.report.frozen) is not None:
        return frozen
    here, now, report = office(session), clock.now(), named.report
    key = report.id_key if report else key_of(named.kind, named.period, here)
    typed = report.recommendations if report else ""
    return build(session, Wanted(named.kind, named.period, key, recommendations=typed), here, now)[0]


def _page(named: Named, signing: SigningForm, correcting: CorrectingForm) -> Page:
    session, report = db.session(), named.report
    value = _value(session, named)
    since = changed_since(session, report, office(session), clock.now()) if report else ()
    if report is not None:
        signing.version.data, signing.seen.data = str(report.version), figures(value)
        correcting.seen.data = changed(since)
    is_new = since and not (report and report.errata and _said(report, since))
    page = render_template(
        "reports/official_report.html",
        named=named, report=report, value=value, ordered=ORDERED[named.kind], shown=shown, forms=MEDIA_TYPES,
        signing=signing, correcting=correcting, since=since, is_new=is_new,
    )  # fmt: skip
    return page, 422 if signing.errors or correcting.errors else 200


def _said(report: Report, since: Sequence[Change]) -> bool:
    """Whether the last erratum says all of it."""
    (_, table), *_ = report.errata[-1].frozen.tables
    return table.rows == tuple((change.where, change.before, change.now) for change in since)


def figures(value: OfficialReport) -> str:
    """A digest of what the tables hold: the same figures, the same digest, whenever they are looked at."""
    return sha256(repr([table.rows for _, table in value.tables]).encode()).hexdigest()


def changed(since: Sequence[Change]) -> str:
    """The same of what changed."""
    return sha256(repr([asdict(each) for each in since]).encode()).hexdigest()


def as_file(value: OfficialReport | None, name: str, form: str) -> Response:
    """The report as a download; 404 where there is none, or no such format."""
    if value is None or form not in MEDIA_TYPES:
        abort(404)
    return download(render(value, form, office(db.session())), f"informe-{name}.{form}", MEDIA_TYPES[form])

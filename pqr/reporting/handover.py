"""Who hands over to whom?  The *empalme* as it was delivered, or would be now, and who says to have received it."""

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import ButtonForm
from pqr.desk.uploads import download
from pqr.door import office, settings
from pqr.reports.formats import MEDIA_TYPES, render
from pqr.reports.handing_over import Handover, acknowledge, deliver, latest_handover, linked_share, receipts
from pqr.reports.handover import handover as made
from pqr.reports.handover import part_of
from pqr.reports.official import OfficialReport, from_json, shown
from pqr.secretarias.models import Secretaria
from pqr.terms.receipt import in_bogota


@desk.get("/atencion/informes/empalme")
@needs(Right.READ)
def handover() -> str:
    """The latest one that was delivered, who received it, and what the document would say now."""
    session = db.session()
    latest = latest_handover(session)
    received = receipts(session, latest.id) if latest else []
    report = from_json(latest.report) if latest else made(session, office(session), settings(), clock.now())
    return render_template(
        "reports/handover.html",
        latest=latest,
        author=_author(session, latest),
        received=received,
        mine=next((at for user, at in received if user.id == officer().id), None),
        share=linked_share(session),
        report=_reach(session, report),
        shown=shown,
        button=ButtonForm(formdata=None),
    )


@desk.post("/atencion/informes/empalme")
@needs(Right.SETTINGS)
def deliver_handover() -> Response:
    """Keeps it as it is now: from here on officials receive this one."""
    if ButtonForm().validate_on_submit():
        now = clock.now()
        with transaction() as session:
            deliver(session, made(session, office(session), settings(), now), officer().actor, now)
        flash("El empalme quedó entregado. Cada funcionario puede declarar que lo recibió.", "success")
    return redirect(url_for("desk.handover"), 303)


@desk.post("/atencion/informes/empalme/<int:number>/recibido")
@needs(Right.ACCOUNT)
def receive_handover(number: int) -> Response:
    """ "Recibí el empalme"."""
    latest = latest_handover(db.session())
    if latest is None:
        abort(404)
    if latest.id != number:
        flash("Mientras tanto se entregó otro empalme. Revíselo y declare que recibió ese.", "warning")
    elif ButtonForm().validate_on_submit():
        db.session.rollback()
        with transaction() as session:
            acknowledge(session, number, officer().id, clock.now())
        flash("Quedó escrito que usted recibió el empalme.", "success")
    return redirect(url_for("desk.handover"), 303)


@desk.get("/atencion/informes/empalme/archivo/<form>")
@needs(Right.READ)
def handover_file(form: str) -> Response:
    """The delivered one, else as it would be now, as PDF or as a spreadsheet."""
    if form not in ("pdf", "xlsx"):
        abort(404)
    session = db.session()
    here, latest = office(session), latest_handover(session)
    report = _reach(session, from_json(latest.report) if latest else made(session, here, settings(), clock.now()))
    return download(
        render(report, form, here), f"empalme-{in_bogota(report.made_at):%Y-%m-%d}.{form}", MEDIA_TYPES[form]
    )


def _reach(session: Session, report: OfficialReport) -> OfficialReport:
    """All of it, or the part of the official's own office."""
    number = officer().only_office
    if number is None:
        return report
    own = session.get(Secretaria, number)
    return part_of(report, own.name if own else "")


def _author(session: Session, latest: Handover | None) -> str:
    user = session.get(User, int(latest.actor.removeprefix("user:"))) if latest else None
    return user.email if user else ""

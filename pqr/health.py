"""Is it alive, and is it ready?  And its numbers.  For the operator's machines; no personal data."""

from datetime import datetime, timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy import text

from pqr import metrics
from pqr.clock import now
from pqr.db import db, reading
from pqr.door import office, settings
from pqr.terms.calendar import BOGOTA
from pqr.tickets.queries import SOON
from pqr.tracing import peer
from pqr.watching.facts import OLDEST_LETTER, OLDEST_MAIL, gauges, looks
from pqr.watching.rules import SILENT, STUCK, WATCH

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """The database answers, the disk takes a file, no mail has waited long without a worker, and the schedule runs."""
    findings = {"database": _database(), "disk": _disk()}
    if findings["database"] == "ok":
        with reading() as session:
            findings["mail_in"] = _age(session.scalar(OLDEST_MAIL), STUCK)
            findings["mail_out"] = _age(session.scalar(OLDEST_LETTER), STUCK)
            watched = next((each.ran_at for each in looks(session) if each.name == WATCH), None)
            findings["schedule"] = _age(watched, SILENT)
    good = all(finding == "ok" for finding in findings.values())
    return {"status": "ok" if good else "not_ready", **findings}, 200 if good else 503


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:  # whatever the driver raises, the answer is the same: not ready
        return type(error).__name__
    return "ok"


def _disk() -> str:
    probe = settings().data_dir / f".ready-{id(current_app)}"
    try:
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        return error.strerror or "error"
    return "ok"


def _age(oldest: datetime | None, patience: timedelta) -> str:
    waited = now() - oldest if oldest else timedelta()
    return "ok" if waited < patience else f"waiting since {int(waited.total_seconds())} s"


def _may_ask(address: str | None) -> bool:
    return bool(address) and any(ip_address(address or "") in network for network in settings().metrics_allow)


@health.get("/metrics")
def numbers() -> Response:
    """For Prometheus, and for nobody whose address is not in PQR_METRICS_ALLOW: to others there is nothing here."""
    if not all(map(_may_ask, (request.remote_addr, peer()))):  # what a header says of the first is not enough
        abort(404)
    moment = now()
    today = moment.astimezone(BOGOTA).date()
    with reading() as session:
        soon = office(session).calendar.nth_business_day_after(today, SOON)
        found = list(gauges(session, today, soon, moment))
    return Response(metrics.page(found), mimetype=metrics.MIME)

"""Is the service well?  For the one person in systems: what answers, what waits, and when it was last copied."""

from flask import render_template

from pqr import clock, guard
from pqr.accounts.permissions import Right
from pqr.config import production_findings
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import needs
from pqr.door import settings
from pqr.watching.models import alarms_on


@desk.get("/atencion/ajustes/estado")
@needs(Right.SETTINGS)
def condition() -> str:
    """All of it, what is not well first. `since`: when an alarm began."""
    session, configured, now = db.session(), settings(), clock.now()
    readings = sorted(guard.seen(session, configured, now), key=lambda each: not each.advice)
    since = {each.code: each.began_at for each in alarms_on(session)}
    missing = list(production_findings(configured))
    return render_template("desk/condition.html", readings=readings, since=since, missing=missing)

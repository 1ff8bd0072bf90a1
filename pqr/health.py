"""Is it alive, and is it ready?  For the operator's machines; no personal data."""

from datetime import datetime

from flask import Blueprint, current_app
from sqlalchemy import func, select, text

from pqr.clock import now
from pqr.db import db
from pqr.mail.inbox import IS_OPEN, InboxMail
from pqr.mail.outbox import IS_QUEUED, Letter

health = Blueprint("health", __name__)
OLDEST_SECONDS = 900
OLDEST_MAIL = select(func.min(InboxMail.received_at)).where(IS_OPEN)
OLDEST_LETTER = select(func.min(Letter.created_at)).where(IS_QUEUED, Letter.attempts == 0)


@health.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """The database answers, the disk takes a file, and no mail has waited long without a worker."""
    findings = {"database": _database(), "disk": _disk(), "mail_in": _mail_in(), "mail_out": _mail_out()}
    good = all(finding == "ok" for finding in findings.values())
    return {"status": "ok" if good else "not_ready", **findings}, 200 if good else 503


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:  # whatever the driver raises, the answer is the same: not ready
        return type(error).__name__
    return "ok"


def _disk() -> str:
    from pqr.door import settings

    probe = settings().data_dir / f".ready-{id(current_app)}"
    try:
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        return error.strerror or "error"
    return "ok"


def _mail_in() -> str:
    return _age(db.session.scalar(OLDEST_MAIL))


def _mail_out() -> str:
    return _age(db.session.scalar(OLDEST_LETTER))


def _age(oldest: datetime | None) -> str:
    if oldest is None:
        return "ok"
    seconds = int((now() - oldest).total_seconds())
    return "ok" if seconds < OLDEST_SECONDS else f"waiting since {seconds} s"

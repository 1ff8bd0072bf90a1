"""What is said of a message?  The contract's JSON of `pqr mail receive`, with or without storing it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.intake.bounded import parse_bounded
from pqr.intake.classify import classify
from pqr.intake.facts import look_up, told_by
from pqr.intake.process import VERDICTS
from pqr.mail import quoting
from pqr.mail.inbox import InboxMail, Received, Verdict, store
from pqr.mail.message import Attachment, IncomingMail
from pqr.tickets.models import Ticket


def described(session: Session, row: InboxMail, fresh: bool) -> dict[str, Any]:
    """What became of a stored message; one that was stored before says so, with the case of then."""
    ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
    verdict, reason = row.verdict, row.reason or row.last_error
    if not fresh and verdict:
        verdict, reason = Verdict.IGNORED, f"Ya se había recibido: mensaje {row.id} ({row.reason})"
    return _answer(verdict or "pending", reason, ticket.radicado if ticket else None, parse_bounded(row.raw))


def preview(session: Session, raw: bytes, office: Office, now: datetime) -> dict[str, Any]:
    """What would become of a message. The caller rolls back: nothing is to stay."""
    row, fresh = store(session, Received(raw=raw), now)
    if not fresh:
        return described(session, row, fresh)
    mail = parse_bounded(raw)
    facts = look_up(session, mail, told_by(mail, row.envelope_to), row, office)
    finding = classify(mail, facts, quoting.split(mail.text).new)
    return _answer(VERDICTS[type(finding)], finding.why, facts.case.radicado if facts.case else None, mail)


def _answer(verdict: str, reason: str, radicado: str | None, mail: IncomingMail) -> dict[str, Any]:
    reply = quoting.split(mail.text)
    return {
        "verdict": str(verdict),
        "reason": reason,
        "radicado": radicado,
        "subject": mail.subject,
        "from": mail.sender,
        "text": reply.new,
        "quoted": reply.quoted,
        "attachments": _files(mail.attachments),
        "automatic": bool(mail.automatic),
    }


def _files(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    return [{"name": each.name, "media_type": each.media_type, "bytes": each.size} for each in attachments]

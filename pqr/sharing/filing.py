"""How does a program file for somebody?  By the act of every door, once for the same thing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import PqrError
from pqr.sharing.models import ApiFiling, ApiKey
from pqr.tickets.filing import Draft, file_ticket
from pqr.tickets.models import Ticket

REPEATED = timedelta(minutes=10)  # a program that had no answer asks again


class UsedForAnother(PqrError):
    """The idempotency key came before, with something else."""


@dataclass(frozen=True)
class Submission:
    """`said`: all that the program sent, `asked`: its idempotency key, "" for none."""

    draft: Draft
    key: ApiKey
    said: Mapping[str, str]
    asked: str = ""


def file_for(session: Session, submission: Submission, office: Office, now: datetime) -> tuple[Ticket, bool]:
    """The ticket, and whether it is new. Raises UsedForAnother."""
    digest = _digest(json.dumps(dict(submission.said), sort_keys=True))
    asked = _digest(submission.asked) if submission.asked else ""
    before = _before(session, submission.key, digest, asked, now)
    if before is not None:
        if before.digest != digest:
            raise UsedForAnother("Esa clave de idempotencia ya se usó con otro contenido.")
        return session.get_one(Ticket, before.ticket_id), False
    # What reaches us twice at one instant falls into one slot: the second finds the key taken, and asks anew.
    once = asked or f"{digest}:{now.timestamp() // REPEATED.total_seconds():.0f}"
    draft = replace(submission.draft, filing_key=_digest(f"api:{submission.key.id}:{once}"))
    ticket = file_ticket(session, draft, office, now)
    session.add(ApiFiling(ticket_id=ticket.id, key_id=submission.key.id, digest=digest, asked=asked, filed_at=now))
    return ticket, True


def _before(session: Session, key: ApiKey, digest: str, asked: str, now: datetime) -> ApiFiling | None:
    same = ApiFiling.asked == asked if asked else ApiFiling.digest == digest
    query = select(ApiFiling).where(ApiFiling.key_id == key.id, same).order_by(ApiFiling.filed_at.desc()).limit(1)
    return session.scalar(query if asked else query.where(ApiFiling.filed_at > now - REPEATED))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()

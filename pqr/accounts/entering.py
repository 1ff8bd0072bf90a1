"""May this try to get in be made, and where is somebody in?  Tries that grow slower, and sessions that can be ended.

An address that belongs to nobody is counted and slowed down like any other, so that nothing tells which ones exist.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pqr.accounts.models import Knock, Outcome, StaffSession

FREE_TRIES = 5
LONGEST_PAUSE = timedelta(hours=1)
REMEMBERED = timedelta(days=1)
KEPT = timedelta(days=2 * 365)
SEEN_EVERY = timedelta(minutes=10)
_FAILED = (Outcome.WRONG, Outcome.CODE)
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"))


@dataclass(frozen=True)
class Visitor:
    """Who says to be whom. `device`: of a browser where that official was in before, else "". `agent`: User-Agent."""

    email: str
    device: str = ""
    agent: str = ""


def locked_until(session: Session, visitor: Visitor, now: datetime) -> datetime | None:
    """Until when the visitor may not try; None when it may. From the fifth failure in a row the pause doubles."""
    failures = _failures(session, visitor, now)
    if len(failures) < FREE_TRIES:
        return None
    pause = min(timedelta(minutes=2 ** min(len(failures) - FREE_TRIES, 10)), LONGEST_PAUSE)
    until = failures[0] + pause
    return until if until > now else None


def knock(session: Session, visitor: Visitor, outcome: Outcome, now: datetime) -> None:
    """Remembers a try."""
    who, browser = _digest(visitor.email), name_of_browser(visitor.agent)
    session.add(Knock(who=who, device=visitor.device, at=now, outcome=outcome, browser=browser))


def knocks(session: Session, email: str, limit: int = 20) -> Sequence[Knock]:
    """The latest tries of this address, newest first."""
    latest = select(Knock).where(Knock.who == _digest(email)).order_by(Knock.at.desc(), Knock.id.desc())
    return session.scalars(latest.limit(limit)).all()


def forget_knocks(session: Session, now: datetime) -> None:
    """Nobody asks who tried to get in years ago."""
    session.execute(delete(Knock).where(Knock.at < now - KEPT))


def open_session(session: Session, user_id: int, agent: str, now: datetime) -> str:
    """The token of a new session, for its cookie alone."""
    token = secrets.token_urlsafe(24)
    browser = name_of_browser(agent)
    session.add(StaffSession(user_id=user_id, token_hash=_hash(token), browser=browser, started_at=now, seen_at=now))
    return token


def find_session(session: Session, token: str) -> StaffSession | None:
    """The open session of this token."""
    return session.scalar(
        select(StaffSession).where(StaffSession.token_hash == _hash(token), StaffSession.ended_at.is_(None))
    )


def open_sessions(session: Session, user_id: int) -> Sequence[StaffSession]:
    """Where the official is in, the latest seen first."""
    mine = select(StaffSession).where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
    return session.scalars(mine.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())).all()


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Notes that the session was used."""
    session.get_one(StaffSession, session_id).seen_at = now


def end_session(session: Session, session_id: int, now: datetime) -> None:
    """Ends one session; nothing for one that does not exist."""
    row = session.get(StaffSession, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = now


def name_of_browser(agent: str) -> str:
    """A browser and its system in two words: "Firefox en Windows". The rest would only tell people apart."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    other = re.sub(r"[^\w ./-]", "", agent.partition("/")[0])[:30]
    return " en ".join(filter(None, (browser or other or "Navegador desconocido", system)))


def _failures(session: Session, visitor: Visitor, now: datetime) -> list[datetime]:
    """When the tries since the last good one failed, the latest first; what a pause refused is not counted."""
    same = (Knock.who == _digest(visitor.email), Knock.device == visitor.device)
    lately = select(Knock.at, Knock.outcome).where(*same, Knock.at > now - REMEMBERED)
    failed: list[datetime] = []
    for at, outcome in session.execute(lately.order_by(Knock.at.desc(), Knock.id.desc()).limit(100)):
        if outcome == Outcome.GOOD:
            break
        if outcome in _FAILED:
            failed.append(at)
    return failed


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

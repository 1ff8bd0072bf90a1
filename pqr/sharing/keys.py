"""Which program is this?  A key is made for it, shown once, and ends when somebody revokes it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.sharing.models import ApiFiling, ApiKey

PREFIX = "pqr_"  # by which a key that somebody published can be looked for
BYTES = 32


@dataclass(frozen=True)
class NewKey:
    """`name`: of the program; `per_hour`: how many petitions it may file."""

    name: str
    per_hour: int


def make_key(session: Session, new: NewKey, now: datetime) -> tuple[ApiKey, str]:
    """The key's row and its secret, which is nowhere kept."""
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    key = ApiKey(
        name=new.name,
        digest=_digest(secret),
        ending=secret[-4:],
        per_hour=new.per_hour,
        created_at=now,
        revoked_at=None,
    )
    session.add(key)
    return key, secret


def revoke(key: ApiKey, now: datetime) -> None:
    """It opens no more, and not again."""
    key.revoked_at = key.revoked_at or now


def key_of(session: Session, secret: str) -> ApiKey | None:
    """The key with this secret, while it opens. A hash without salt: the secret is 256 random bits."""
    return session.scalar(select(ApiKey).where(ApiKey.digest == _digest(secret), ApiKey.revoked_at.is_(None)))


def all_keys(session: Session) -> Sequence[tuple[ApiKey, int, datetime | None]]:
    """Each with how many petitions it filed and when the last one; those that open first."""
    query = (
        select(ApiKey, func.count(ApiFiling.ticket_id), func.max(ApiFiling.filed_at))
        .outerjoin(ApiFiling, ApiFiling.key_id == ApiKey.id)
        .group_by(ApiKey.id)
        .order_by(ApiKey.revoked_at.is_not(None), ApiKey.name, ApiKey.id)
    )
    return [(key, count, last) for key, count, last in session.execute(query)]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()

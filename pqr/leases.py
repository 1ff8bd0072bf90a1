"""Who does what only one may do, when several machines run?  Whoever holds its lease, a row that runs out by itself.

The instant is the database's, for the clocks of machines differ: see `pqr.db.instant`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert

BEAT, LEASE = "beat", timedelta(seconds=30)


class Lease(Model):
    """`holder`: who does it, until then at least."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]


@dataclass(frozen=True)
class Claim:
    """What somebody asks for. `gone`: a holder that is known to be dead, whose time need not be waited for."""

    name: str
    holder: str
    length: timedelta
    gone: str = ""


def holder_of(session: Session, name: str) -> str:
    """Who held it last; "" where nobody ever did."""
    return session.scalar(select(Lease.holder).where(Lease.name == name)) or ""


def take(session: Session, claim: Claim, now: datetime) -> bool:
    """Takes the lease or prolongs it; False while another holds it, or is about to."""
    fresh = {"name": claim.name, "holder": claim.holder, "until": now + claim.length}
    first = insert(session, Lease).values(fresh).on_conflict_do_nothing()
    if holder_of(session, claim.name) == "" and session.execute(first).rowcount:  # type: ignore[attr-defined]
        return True
    held = select(Lease).where(Lease.name == claim.name).with_for_update(skip_locked=True)
    lease = session.scalars(held.execution_options(populate_existing=True)).first()
    if lease is None or (lease.holder not in (claim.holder, claim.gone) and lease.until > now):
        return False
    lease.holder, lease.until = claim.holder, now + claim.length
    return True

"""Which addresses do not exist?  Nobody writes to them again until a person corrects or revives them.

Only what the far side says of the address itself counts: a full mailbox (5.2.2), a refused content or a refusal of
us says nothing about it. Addresses are kept in lower case; of one that is sealed elsewhere, an alias.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import String

from pqr.db import Model, insert
from pqr.mail.bounces import DeliveryReport
from pqr.sealing import Sealed, alias

# RFC 3463 §3.2 and RFC 7505 §4: no such mailbox or domain, malformed, moved, null MX, mailbox closed.
GONE = frozenset(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"))
VAGUE = frozenset(("", "5.0.0", "5.1.0"))
_UNKNOWN = re.compile(
    r"no such (user|mailbox|recipient|address)|(user|recipient|mailbox|address|account)\b.{0,60}?"
    r"(unknown|not found|does(n't| not) exist|not exist)|unknown (user|recipient|mailbox|address)|no mailbox here"
    r"|invalid (recipient|mailbox)|no existe|usuario desconocido",
    re.IGNORECASE,
)
_OF_US = re.compile(r"\bsender\b|\brelay|authenticat|client host", re.IGNORECASE)


class DeadAddress(Model):
    """One address that bounced for good. `reason`: the far side's words."""

    __tablename__ = "dead_addresses"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    since: Mapped[datetime]
    reason: Mapped[str]


_REVIVE = (  # asked for every mail, and built once: building it costs more than running it
    delete(DeadAddress)
    .where(DeadAddress.address.in_((bindparam("revived"), bindparam("hidden"))))
    .returning(DeadAddress.address)
    .execution_options(synchronize_session=False)
)


def is_gone(status: str, words: str) -> bool:
    """Whether a permanent refusal says that the address does not exist. `status`: "5.1.1", or "" where it had none."""
    return status in GONE or (status in VAGUE and says_unknown(words))


def says_unknown(words: str) -> bool:
    """Whether a refusal says in words that nobody has this address."""
    return _UNKNOWN.search(words) is not None and _OF_US.search(words) is None


def bury(session: Session, address: str, reason: str, now: datetime) -> None:
    """Remembers that the address does not exist; what was known before stays."""
    values = {"address": _plain(address), "since": now, "reason": reason[:500]}
    if isinstance(address, Sealed):  # servers repeat the address in what they say
        values |= {"address": alias(_plain(address)), "reason": "no se guarda por qué: pidió reserva"}
    session.execute(insert(session, DeadAddress).values(values).on_conflict_do_nothing())


def learn(session: Session, report: DeliveryReport, letter_went_to: Collection[str], now: datetime) -> None:
    """Buries the address that a delivery report says does not exist, if our letter went to it.

    Anybody can write a delivery report: one about another address than the letter's changes nothing.
    """
    reached = {_plain(each): each for each in letter_went_to}
    address = reached.get(_plain(report.recipient))
    if report.failed and address is not None and is_gone(report.status, report.diagnostic):
        bury(session, address, f"{report.status} {report.diagnostic}".strip(), now)


def revive(session: Session, address: str) -> bool:
    """Forgets that the address bounced: a person says that it is good, or a mail came from it. False: it did not."""
    names = {"revived": _plain(address), "hidden": alias(_plain(address))}
    return session.execute(_REVIVE, names).first() is not None


def among(session: Session, addresses: Iterable[str]) -> dict[str, DeadAddress]:
    """The dead ones, by the spelling that was asked for."""
    names = {name: each for each in addresses for name in (_plain(each), alias(_plain(each)))}
    rows = session.scalars(select(DeadAddress).where(DeadAddress.address.in_(names)))
    return {names[row.address]: row for row in rows}


def _plain(address: str) -> str:
    return address.strip().lower()[:254]

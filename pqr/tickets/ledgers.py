"""Which tables are only added to?  Once a day what was added to each is sealed, and nobody changes it unseen.

A row counts from the second seal after it on: whatever was under way when the first one looked has ended by then, in
whatever order the database gave the numbers. Only columns that never change are sealed, and none that is encrypted.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from pqr.db import Model

NOTHING = "0" * 64
BATCH = 5_000
# A column that is added here later makes the seals of before untrue: begin another ledger instead.
LEDGERS: Mapping[str, tuple[str, ...]] = {
    "inbox": ("digest", "received_at", "source"),
    "outbox": ("letter", "ticket_id", "message_id", "created_at"),
    "attachments": ("ticket_id", "belongs_to", "sha256", "name", "media_type", "size", "added_at"),
    "messages": ("ticket_id", "author", "text", "written_at", "inbox_id"),
    "notes": ("ticket_id", "author", "text", "written_at"),
    "documents": ("ticket_id", "kind", "radicado", "code", "sha256", "created_at"),
    "transfers": ("ticket_id", "body_id", "body_name", "radicado", "part", "reason", "made_at"),
    "contributions": ("ticket_id", "secretaria_id", "asker_id", "question", "asked_at"),
    "suspensions": ("ticket_id", "cause", "requested_at"),
    "profiles": ("ticket_id", "answers", "consented_at"),
    "avisos": ("ticket_id", "answer_id", "message_id", "cites", "why", "published_at"),
    "petition_groups": ("founded_by", "founded_at"),
    "notices": ("name", "version", "text", "valid_from", "author"),
    "setting_changes": ("at", "actor", "what", "which", "before", "after"),
    "site_updates": ("at", "on", "what", "path", "actor"),
    "plan_readings": ("measure", "month", "on", "numerator", "denominator", "evidence", "sha256", "actor", "at"),
    "handovers": ("at", "actor", "sha256"),
    "report_errata": ("report_id", "number", "made_at", "made_by", "sha256", "public_sha256"),
    "open_data_files": ("month", "dataset", "name", "sha256"),
    "satisfaction": ("month", "secretaria_id", "kind", "channel", "answered", "solved"),
}


@dataclass(frozen=True)
class Sealed:
    """What a seal says of a ledger: `rows` of them with ids above that of the seal before up to `last`.

    `seen`: the highest id when it was made, where the next seal ends. `digest` covers the rows and the digest before.
    """

    last: int = 0
    seen: int = 0
    rows: int = 0
    digest: str = NOTHING


def seal_ledgers(session: Session, before: Mapping[str, Any]) -> dict[str, Any]:
    """What has been added to each since the seal before, as JSON values."""
    return {name: vars(_next(session, name, Sealed(**before.get(name, {})))) for name in LEDGERS}


def broken_ledgers(
    session: Session, before: Mapping[str, Any], sealed: Mapping[str, Any]
) -> Iterator[tuple[str, int, int]]:
    """The ledgers whose rows of today do not give the seal: name, and the ids between which something was changed."""
    for name, values in sealed.items():
        start, said = Sealed(**before.get(name, {})), Sealed(**values)
        if name in LEDGERS and _digest(session, name, start, said.last) != (said.rows, said.digest):
            yield name, start.last + 1, said.last


def as_bytes(sealed: Mapping[str, Any]) -> bytes:
    """For the day's seal to cover."""
    return json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode()


def _next(session: Session, name: str, before: Sealed) -> Sealed:
    table = _table(name)
    seen = session.scalar(select(func.max(table.c.id))) or 0
    rows, digest = _digest(session, name, before, before.seen)
    return Sealed(before.seen, max(seen, before.seen), rows, digest)


def _digest(session: Session, name: str, before: Sealed, end: int) -> tuple[int, str]:
    table, count = _table(name), 0
    if end == before.last:
        return 0, before.digest
    seal = hashlib.sha256(before.digest.encode())
    columns = [table.c[column] for column in ("id", *LEDGERS[name])]
    rows = select(*columns).where(table.c.id > before.last, table.c.id <= end).order_by(table.c.id)
    for row in session.execute(rows.execution_options(yield_per=BATCH)):
        seal.update(json.dumps(list(row), separators=(",", ":"), sort_keys=True, default=_plain).encode())
        count += 1
    return count, seal.hexdigest()


def _plain(value: Any) -> str:
    """An instant or a day, the same from both databases."""
    return str(value.isoformat())


def _table(name: str) -> Table:
    return Model.metadata.tables[name]

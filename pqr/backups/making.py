"""How is a copy made?  The database first, then the files: none of those that it names can be missing then."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from pqr.backups import archive, databases
from pqr.backups.archive import Manifest
from pqr.backups.models import Backup
from pqr.config import Settings
from pqr.tickets import files


@dataclass(frozen=True)
class Made:
    """A finished copy. `damaged`: digests of files that were not any more what their name says."""

    row: Backup
    manifest: Manifest
    damaged: tuple[str, ...]


def make(engine: Engine, settings: Settings, target: Path, now: datetime, *, with_files: bool = True) -> Made:
    """Writes the copy as one file that appears when it is whole, and only its owner reads. Raises CannotCopy.

    Raises FileExistsError where there is one of that name. `with_files`: False for what only the tables are about to
    lose.
    """
    if target.exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    damaged: list[str] = []
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pqr-copia-") as scratch:
        database, plain, sealed = (Path(scratch) / name for name in ("database", "plain.tar", "sealed"))
        revision, counts = databases.copy(engine, database)
        manifest = Manifest(
            made_at=now,
            entity=settings.entity,
            engine=engine.dialect.name,
            revision=revision,
            keys=fingerprints(settings),
            counts=counts,
        )
        archive.write(plain, manifest, database, _files(settings.files_url, damaged) if with_files else iter(()))
        if settings.backup_recipients:
            archive.encrypt(plain, sealed, settings.backup_recipients)
        whole = sealed if settings.backup_recipients else plain
        digest, size = archive.digest_of(whole), whole.stat().st_size
        os.link(whole, target)  # fails if somebody took the name meanwhile
    row = Backup(made_at=now, revision=revision, size=size, sha256=digest, encrypted=bool(settings.backup_recipients))
    return Made(row, manifest, tuple(damaged))


def fingerprints(settings: Settings) -> list[str]:
    """By which one knows a key again without having it."""
    return [hashlib.sha256(b"pqr backup key\0" + key.encode()).hexdigest()[:16] for key in settings.secret_keys]


def _files(url: str, damaged: list[str]) -> Iterator[tuple[str, bytes]]:
    for digest, content in files.everything(url):
        if hashlib.sha256(content).hexdigest() != digest:
            damaged.append(digest)
        yield digest, content

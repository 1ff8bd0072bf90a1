"""How does everything come back?  Into an empty place alone, and only what is exactly as it was copied."""

import tempfile
from pathlib import Path

from sqlalchemy import Engine

from pqr.backups import archive, databases
from pqr.backups.archive import BadBackup, Manifest
from pqr.backups.making import fingerprints
from pqr.backups.revisions import known
from pqr.config import Settings
from pqr.errors import PqrError
from pqr.tickets import files

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class NotRestored(PqrError):
    """Why the copy was not put back here; nothing was changed."""


def restore(
    engine: Engine, settings: Settings, source: Path, identity: Path | None = None, any_key: bool = False
) -> Manifest:
    """Puts the copy back: its manifest. Raises NotRestored or BadBackup, and has changed nothing then.

    `identity`: the private age key's file for an encrypted copy. `any_key`: even where PQR_SECRET_KEY is another.
    """
    if not databases.is_empty(engine):
        raise NotRestored("La base de datos no está vacía: una copia solo se restaura donde no hay nada.")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as scratch:
        manifest, inside = archive.unpack(source, Path(scratch), identity)
        _refuse_what_does_not_fit(manifest, engine, settings, any_key)
        for name in manifest.members:
            if name.startswith(f"{archive.FILES}/"):
                files.put_back(settings.files_url, Path(name).name, (inside / name).read_bytes())
        counts = databases.put_back(engine, inside / archive.DATABASE)
    for name in sorted(counts.keys() | manifest.counts):
        if counts.get(name) != manifest.counts.get(name):
            raise BadBackup(f"La tabla {name} no quedó con las filas de la copia.")
    return manifest


def _refuse_what_does_not_fit(manifest: Manifest, engine: Engine, settings: Settings, any_key: bool) -> None:
    if manifest.engine != engine.dialect.name:
        theirs, ours = (ENGINES.get(each, each) for each in (manifest.engine, engine.dialect.name))
        raise NotRestored(
            f"La copia es de {theirs} y esta instalación usa {ours}: restáurela con una PQR_DATABASE_URL de {theirs} y"
            " pase luego la base de datos con «pqr move-database»."
        )
    if not known(manifest.revision):
        raise NotRestored("La copia es de una versión más nueva del programa: actualícelo primero.")
    if not any_key and not set(manifest.keys) & set(fingerprints(settings)):
        raise NotRestored(
            "PQR_SECRET_KEY no es la de la copia: los códigos de consulta ya entregados no servirían y los datos"
            " reservados no se abrirían. Ponga la clave de entonces; si se perdió, repita con --any-key."
        )

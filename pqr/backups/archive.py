"""What is in a copy?  A tar of the database, every file, and a manifest with the SHA-256 of each of them.

Any tool opens it in twenty years. Nothing is believed on the way back: each member is compared with the manifest,
and what is not in it is refused. Encrypted copies are age files (age-encryption.org/v1).
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage

from pqr.errors import PqrError

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
AGE = b"age-encryption.org/v1"


class BadBackup(PqrError):
    """A copy that cannot be believed, or not be opened."""


@dataclass
class Manifest:
    """What a copy says of itself. `keys`: fingerprints of PQR_SECRET_KEY; `counts`: rows of each table.

    `members`: name in the tar to SHA-256.
    """

    made_at: datetime
    entity: str
    engine: str
    revision: str
    keys: list[str]
    counts: dict[str, int]
    members: dict[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """As JSON, to be read by people too."""
        values = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """Raises BadBackup for what this version does not know."""
        try:
            values: dict[str, Any] = json.loads(content)
            if values.pop("format") != FORMAT:
                raise BadBackup("La copia es de un formato que esta versión no conoce: actualice el programa.")
            return cls(**values | {"made_at": datetime.fromisoformat(values["made_at"])})
        except (ValueError, KeyError, TypeError) as error:
            raise BadBackup("La copia no tiene un manifiesto que se pueda leer.") from error


def write(target: Path, manifest: Manifest, database: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Writes the tar, and into the manifest what it holds. `files`: name and bytes, one at a time."""
    _for_the_owner(target)
    with tarfile.open(target, "w") as tar:
        manifest.members[DATABASE] = digest_of(database)
        tar.add(database, DATABASE, filter=_plain)
        for name, content in files:
            manifest.members[f"{FILES}/{name}"] = hashlib.sha256(content).hexdigest()
            _add(tar, f"{FILES}/{name}", content)
        _add(tar, MANIFEST, manifest.as_bytes())
    with target.open("rb") as written:
        os.fsync(written.fileno())


def encrypt(plain: Path, target: Path, recipients: Sequence[str]) -> None:
    """Writes the copy for these age recipients alone. Raises BadBackup for one that is none."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError as error:
        raise BadBackup("Un destinatario de la copia no es una clave pública de age (age1…).") from error
    _for_the_owner(target)
    pyrage.encrypt_file(str(plain), str(target), keys)


def unpack(source: Path, scratch: Path, identity: Path | None) -> tuple[Manifest, Path]:
    """The manifest and a directory with the members, each as the manifest says. Raises BadBackup for any doubt."""
    with source.open("rb") as raw:
        sealed = raw.read(len(AGE)) == AGE
    plain = scratch / "plain.tar" if sealed else source
    if sealed:
        _decrypt(source, plain, identity)
    inside = scratch / "inside"
    try:
        with tarfile.open(plain) as tar:
            tar.extractall(inside, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BadBackup(f"La copia está incompleta o dañada ({type(error).__name__}).") from error
    return _checked(inside), inside


def _checked(inside: Path) -> Manifest:
    if not (inside / MANIFEST).is_file():
        raise BadBackup("La copia no tiene manifiesto: quedó a medias o no es una copia de PQR.")
    manifest = Manifest.read((inside / MANIFEST).read_bytes())
    there = {str(path.relative_to(inside)) for path in inside.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(there ^ set(manifest.members)):
        raise BadBackup(f"La copia no está completa: {'sobra' if name in there else 'falta'} {name}.")
    for name, digest in manifest.members.items():
        if digest_of(inside / name) != digest:
            raise BadBackup(f"La copia está dañada: {name} no es lo que se guardó.")
    return manifest


def _decrypt(source: Path, plain: Path, identity: Path | None) -> None:
    if identity is None:
        raise BadBackup("La copia está cifrada: indique con --identity el archivo de la clave privada de age.")
    written = identity.read_text(encoding="utf-8").splitlines()
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in written if line.startswith("AGE-SECRET-KEY-")]
        _for_the_owner(plain)
        pyrage.decrypt_file(str(source), str(plain), keys)
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise BadBackup("Esa clave no abre la copia.") from error


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, BytesIO(content))


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of this machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _for_the_owner(path: Path) -> None:
    path.touch(mode=0o600, exist_ok=False)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Where are the files?  Bytes under their SHA-256 in a store (a folder, or S3 where there are several machines).

Written before the transaction that names them: a file that nobody names is harmless, a name without its file is
a loss. The same bytes are kept once.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import filetype
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError

from pqr.config import Office
from pqr.mail.sealed import seal_of
from pqr.sealing import seal, unseal
from pqr.tickets.store import StoreUnavailable, opened

UNKNOWN = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,59}", re.ASCII)  # 120 letters are kept of it
HELD, HELD_FOR = "held", timedelta(hours=1)
LENT = "lent"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


@dataclass(frozen=True)
class StoredFile:
    """A file in the store: name as given (made safe), type as its bytes tell, size in bytes.

    `trouble`: why nobody here can open it (see `mail.sealed.Seal`), "" for a file that opens.
    """

    sha256: str
    name: str
    media_type: str
    size: int
    trouble: str = ""

    def as_row(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {"sha256": self.sha256, "name": self.name, "media_type": self.media_type, "size": self.size}

    def as_attachment(self) -> dict[str, Any]:
        """As the case keeps it."""
        return self.as_row() | {"trouble": self.trouble}


INFECTED = "infected"


@dataclass(frozen=True)
class Unread:
    """A file that is of no use as it came. `why`: what seals it, or INFECTED, and then it was not kept."""

    name: str
    why: str

    def as_row(self) -> dict[str, str]:
        """As an event keeps it."""
        return {"name": self.name, "why": self.why}


def unread(given: Iterable[StoredFile], left_out: Iterable[Unread]) -> tuple[Unread, ...]:
    """The files among these that cannot be opened, and those that were left out."""
    return (*(Unread(file.name, file.trouble) for file in given if file.trouble), *left_out)


def keep(content: bytes, name: str, declared_type: str, office: Office) -> StoredFile:
    """Stores the bytes, once, and says what they are. Raises obstore.exceptions.BaseError if it cannot."""
    digest = hashlib.sha256(content).hexdigest()
    with suppress(AlreadyExistsError):
        obstore.put(opened(office.files_url), _path(digest), content, mode="create")
    sniffed = filetype.guess_mime(content[:8192]) if content else None
    media_type = sniffed or (declared_type if _MEDIA_TYPE.fullmatch(declared_type) else UNKNOWN)
    return StoredFile(digest, safe_name(name), media_type, len(content), seal_of(content, declared_type) or "")


def read(sha256: str, office: Office) -> bytes:
    """The bytes with this digest. Raises FileNotFoundError when the store has lost them."""
    return bytes(obstore.get(opened(office.files_url), _path(sha256)).bytes())


def hold(content: bytes, office: Office) -> str:
    """Keeps the bytes apart and sealed, for a petition that is not filed yet: their digest. See `forget_held`."""
    digest = hashlib.sha256(content).hexdigest()
    obstore.put(opened(office.files_url), f"{HELD}/{digest}", seal(content))
    return digest


def read_held(sha256: str, office: Office) -> bytes | None:
    """The bytes that are held under this digest; None when they were forgotten."""
    try:
        return unseal(bytes(obstore.get(opened(office.files_url), f"{HELD}/{sha256}").bytes()))
    except FileNotFoundError:
        return None


def drop_held(sha256: str, office: Office) -> None:
    """Forgets it now."""
    with suppress(FileNotFoundError):
        obstore.delete(opened(office.files_url), f"{HELD}/{sha256}")


def forget_held(before: datetime, office: Office) -> int:
    """Deletes what was held before that instant: how many. What was filed meanwhile has its own copy."""
    store = opened(office.files_url)
    old = [each["path"] for batch in obstore.list(store, HELD) for each in batch if each["last_modified"] < before]
    for path in old:
        with suppress(FileNotFoundError):
            obstore.delete(store, path)
    return len(old)


def lend(path: Path, name: str, office: Office) -> None:
    """Puts a whole file in the store under a name, for some days: see `take_back`."""
    obstore.put(opened(office.files_url), f"{LENT}/{name}", path)


def lent(name: str, office: Office) -> bytes | None:
    """The bytes under that name; None when they were taken back."""
    try:
        return bytes(obstore.get(opened(office.files_url), f"{LENT}/{name}").bytes())
    except FileNotFoundError:
        return None


def take_back(name: str, office: Office) -> None:
    """Deletes it."""
    with suppress(FileNotFoundError):
        obstore.delete(opened(office.files_url), f"{LENT}/{name}")


def is_intact(sha256: str, office: Office) -> bool:
    """Whether the store still gives the bytes of this digest. Raises StoreUnavailable: that is no damage."""
    try:
        return hashlib.sha256(read(sha256, office)).hexdigest() == sha256
    except FileNotFoundError:
        return False
    except BaseError as error:
        raise StoreUnavailable.of(office.files_url, error) from error


def trouble(url: str) -> Iterator[str]:
    """Why no file can be kept in this store now, in one sentence; nothing when one can."""
    probe = f"{HELD}/{secrets.token_hex(8)}"
    try:
        obstore.put(opened(url), probe, b"ok")
        obstore.delete(opened(url), probe)
    except (BaseError, OSError) as error:
        yield str(StoreUnavailable.of(url, error))


def everything(url: str) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of each file that is kept; what is held for a moment, or lent for some days, is left out."""
    store = opened(url)
    for batch in obstore.list(store):
        for folder, _, name in (each["path"].rpartition("/") for each in batch):
            if folder not in (HELD, LENT):
                yield name, bytes(obstore.get(store, f"{folder}/{name}").bytes())


def put_back(url: str, digest: str, content: bytes) -> None:
    """Keeps the bytes under the digest that they had, whatever they are."""
    with suppress(AlreadyExistsError):
        obstore.put(opened(url), _path(digest), content, mode="create")


def safe_name(name: str) -> str:
    """A file name without folders, control characters or characters that some system refuses."""
    return _UNSAFE.sub("_", name).strip(" .")[-150:] or "archivo"


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"

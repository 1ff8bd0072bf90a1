"""Which files came with a form?  Their sizes are checked before anything is kept.

A limit may not make filing impossible (CPACA art. 15 par. 2): the text is filed all the same, and the
file may come another way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from werkzeug.datastructures import FileStorage

from pqr.config import Office
from pqr.tickets import files
from pqr.tickets.files import StoredFile
from pqr.tickets.programs import HEAD, is_program
from pqr.tickets.scanner import refuse_infected
from pqr.tickets.traces import without_traces

LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_TOGETHER = 30 * 1024 * 1024
MOST_FILES = 30
# The request is read beyond that, so that the form can come back with everything that was typed.
LARGEST_READ = 100 * 1024 * 1024
WAY_OUT = (
    "Radique sin ellos y envíelos después por correo, respondiendo al mensaje que le llegue, o tráigalos a la "
    "oficina con su número de radicado."
)


@dataclass
class Uploads:
    """What was kept, and the names of the files that arrived without a byte. `digests`: SHA-256 of each as it came."""

    kept: list[StoredFile] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def what_cannot_be_taken(given: Iterable[object] | None, held: Sequence[int] = ()) -> str:
    """What to do about programs and files that are too large or too many; "" when none is.

    `held`: bytes of each that came with the form before.
    """
    sizes = [(file.filename, _size(file)) for file in chosen(given)]
    programs = ", ".join(f"«{file.filename}»" for file in chosen(given) if is_program(_head(file)))
    if programs:
        return f"No se reciben programas: {programs}. Si es una prueba, dígalo en el texto y tráigalo a la oficina."
    if len(sizes) + len(held) > MOST_FILES:
        return f"Caben hasta {MOST_FILES} archivos. {WAY_OUT}"
    large = [f"«{name}» ({weight(size)})" for name, size in sizes if size > LARGEST_FILE]
    if large:
        names = ", ".join(large)
        return f"Cada archivo puede pesar hasta {weight(LARGEST_FILE)} y pasa de ahí: {names}. {WAY_OUT}"
    if sum(held) + sum(size for _, size in sizes) > LARGEST_TOGETHER:
        return f"Los archivos juntos pueden pesar hasta {weight(LARGEST_TOGETHER)}. {WAY_OUT}"
    return ""


def keep_all(given: Iterable[object] | None, office: Office, *, bare: bool = False) -> Uploads:
    """Puts the files in the store. An empty one is noted, and is no reason to refuse.

    `bare`: without what they say of their author (see `tickets.traces`), for who does not show the name.

    Raises InfectedFile, with nothing stored.
    """
    read = [(file, file.stream.read()) for file in chosen(given)]
    refuse_infected([(file.filename or "", content) for file, content in read], office.clamd_url)
    uploads = Uploads()
    for file, content in read:
        name = file.filename or ""
        if content:
            kept = without_traces(content) if bare else content
            uploads.kept.append(files.keep(kept, name, file.mimetype, office))
            uploads.digests.append(uploads.kept[-1].sha256 if kept is content else sha256(content).hexdigest())
        else:
            uploads.empty.append(files.safe_name(name))
    return uploads


def chosen(given: Iterable[object] | None) -> list[FileStorage]:
    """The files among what a field holds: an empty one holds a nameless file."""
    return [file for file in given or () if isinstance(file, FileStorage) and file.filename]


def _head(file: FileStorage) -> bytes:
    head: bytes = file.stream.read(HEAD)
    file.stream.seek(0)
    return head


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size


def weight(size: int) -> str:
    """A size in bytes as people read it."""
    if size < 100 * 1024:
        return f"{max(1, size // 1024)} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".0", "").replace(".", ",") + " MB"

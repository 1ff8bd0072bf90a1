"""How do files outlive the way from the form to its review?  Held for an hour; the page carries a signed note of each.

A browser never gives a file back to a form, so whoever corrects a word would choose all of them again. The note is a
checkbox of the form: it works without a script, and taking the mark away leaves the file out.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from io import BytesIO

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from pqr.config import Office
from pqr.portal.uploads import chosen, weight
from pqr.tickets import files
from pqr.tickets.scanner import refuse_infected
from pqr.tickets.traces import without_traces

FIELD = "held"


@dataclass(frozen=True)
class HeldFile:
    """A file that waits for its petition. `name`: as given, made safe; `size` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int

    @property
    def note(self) -> str:
        """What the page carries of it; nobody else can write one."""
        return _signer().dumps(asdict(self))

    @property
    def label(self) -> str:
        """For people: name and size."""
        return f"{self.name} ({weight(self.size)})"

    def opened(self, office: Office) -> FileStorage | None:
        """The file as if it had just been sent; None when its hour is over."""
        content = files.read_held(self.sha256, office)
        if content is None:
            return None
        return FileStorage(BytesIO(content), self.name, content_type=self.media_type)


def noted(notes: Iterable[str]) -> list[HeldFile]:
    """The files of these notes, each once; a note that nobody signed, or an old one, is none."""
    found = []
    for note in dict.fromkeys(notes):
        try:
            # Longer than the file is held: a note whose file is gone is still told by its name.
            found.append(HeldFile(**_signer().loads(note, max_age=24 * 3600)))
        except BadSignature:
            continue
    return each_once(found)


def each_once(found: Iterable[HeldFile]) -> list[HeldFile]:
    """Without the files that were chosen again."""
    return list({each.sha256: each for each in found}.values())


def hold_all(given: Iterable[object] | None, office: Office, *, bare: bool) -> tuple[list[HeldFile], list[str]]:
    """Holds the files of a form: them, and the names of those without a byte, which are left out.

    `bare`: see `uploads.keep_all`. Raises InfectedFile, with nothing held.
    """
    read = [(file, file.stream.read()) for file in chosen(given)]
    refuse_infected([(file.filename or "", content) for file, content in read], office.clamd_url)
    held, empty = [], []
    for file, content in read:
        name = files.safe_name(file.filename or "")
        if content:
            kept = without_traces(content) if bare else content
            held.append(HeldFile(files.hold(kept, office), name, file.mimetype, len(kept)))
        else:
            empty.append(name)
    return held, empty


def _signer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"][::-1], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="pqr-held")

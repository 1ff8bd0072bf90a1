"""What becomes of a mail that is too large to be read?  It waits for a person, and its sender learns how to send it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.intake.facts import look_up, told_by
from pqr.intake.telling import tell_trouble
from pqr.intake.work import Prepared, Work
from pqr.mail import quoting
from pqr.mail.inbox import InboxMail, Verdict, settle
from pqr.mail.message import parse

MAX_BYTES = 40 * 1024 * 1024
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Oversize:
    """A mail of which only the headers are stored. `size`: bytes of all of it; `folder`: where in the mailbox it is."""

    row: InboxMail
    size: int
    folder: str


def set_aside(session: Session, mail: Oversize, office: Office, now: datetime) -> None:
    """Settles the row with what its headers say, and writes to the sender, who is no machine and not ourselves."""
    row, read = mail.row, parse(mail.row.raw)
    told = replace(told_by(read, row.envelope_to), said="")  # nobody has read what it says: no other mail repeats it
    told.write_into(row)
    prepared, facts = Prepared(read, quoting.split(""), (), None), look_up(session, read, told, row, office)
    work = Work(session, row, prepared, told, facts, office, now)
    weight, most = f"{mail.size / MEGABYTE:.0f} MB", f"{MAX_BYTES / MEGABYTE:.0f} MB"
    reason = (
        f"Pesa {weight} y se reciben hasta {most}: aquí están solo sus encabezados. El mensaje entero sigue en el"
        f" buzón, en la carpeta {mail.folder}."
    )
    settle(row, Verdict.NEEDS_HUMAN, reason, work.case_id, now)
    if not facts.sender_is_ours:
        tell_trouble(
            work,
            f"Su mensaje pesa {weight} y por correo se reciben hasta {most}, así que no se pudo leer. Envíelo otra vez"
            " con archivos más livianos o repartidos en varios correos, o preséntelo en la página.",
        )

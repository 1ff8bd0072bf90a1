"""Who looks whether the service is well, and says so?  The door of `pqr.watching`: it reads clock and disk."""

import shutil
import socket
import threading
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from pqr import clock
from pqr.checkups import EVERY_SECONDS, note
from pqr.config import Settings
from pqr.db import reading, transaction
from pqr.door import office, settings
from pqr.posting import send_now
from pqr.watching.certificate import expiry
from pqr.watching.facts import facts, looks
from pqr.watching.rules import CERTIFICATE, LISTENER, SILENT, WATCH, Facts, Reading, readings
from pqr.watching.telling import tell

log = structlog.get_logger(__name__)
_said: set[str] = set()


def seen(session: Session, configured: Settings, now: datetime) -> list[Reading]:
    """Everything that can be looked at from here."""
    return list(readings(_with_this_machine(facts(session, now), configured), now))


def _with_this_machine(found: Facts, configured: Settings) -> Facts:
    free = shutil.disk_usage(configured.data_dir).free if configured.data_dir.exists() else None
    return replace(found, free=free, host=socket.gethostname(), by_imap=bool(configured.imap_url))


def look() -> None:
    """Begins and ends alarms; their letter leaves at once, for the workers may be what is not well."""
    now, configured = clock.now(), settings()
    with reading() as session:
        here, readings_now = office(session), seen(session, configured, now)
    with transaction() as session:
        letter = tell(session, readings_now, configured.alerts_to, here, now)
        session.flush()  # the letter is sent by its id
        letter_id = letter.id if letter else None
    _say({each.code for each in readings_now if each.alarm})
    if letter_id is not None:
        send_now(letter_id)


def _say(codes: set[str]) -> None:
    """In the log, when it is not as it was."""
    for code in sorted(codes - _said):
        log.error("not_well", code=code)
    for code in sorted(_said - codes):
        log.info("well_again", code=code)
    _said.clear()
    _said.update(codes)


def check_certificate() -> None:
    """Looks at the certificate that visitors of PQR_BASE_URL are shown."""
    found = expiry(settings().base_url, clock.now())
    if found is not None:
        note(CERTIFICATE, every=0, said=found.said, trouble=found.trouble)


def stand_in() -> None:
    """What the mail listener does each minute: shows itself, and looks in place of a scheduler that stands still."""
    note(LISTENER, every=EVERY_SECONDS)
    with reading() as session:
        watch = next((each for each in looks(session) if each.name == WATCH), None)
    if watch is not None and clock.now() - watch.ran_at > SILENT:
        look()


def keep_standing_in(stop: threading.Event) -> None:
    """Until told to stop; whatever fails is said, and tried again the next minute."""
    while True:
        try:
            stand_in()
        except Exception as error:  # mail must go on coming in while nobody can look
            log.error("watch_failed", error=type(error).__name__)
        if stop.wait(EVERY_SECONDS):
            return

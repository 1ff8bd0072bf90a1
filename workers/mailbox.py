"""Who waits for new mail in the IMAP mailbox?  One connection in IDLE (RFC 2177); run as `python -m workers.mailbox`.

Every sign of life calls the same fetch as the schedule, which remains the safety net. It never gives up: what goes
wrong is said, and tried again after growing pauses.
"""

import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import nullcontext
from types import FrameType

import structlog

from pqr import fetching
from pqr.app import create_app
from pqr.door import recall_keys, settings
from pqr.errors import PqrError
from pqr.mail.transport.imap import Account, Folder, opened
from workers.broker import Nudger, make_celery

IDLE_SECONDS = 9 * 60  # routers forget a silent connection after ten minutes
POLL_SECONDS = 60
PAUSES = (1, 2, 5, 15, 30, 60, 120, 300)

log = structlog.get_logger(__name__)


class Watcher:
    """Watches until `stop()`. `fetch`: stores what is new and returns how many; `found`: told when that was any."""

    def __init__(self, fetch: Callable[[], int], found: Callable[[], None]) -> None:
        self._fetch, self._found = fetch, found
        self._bell, self._ringer = socket.socketpair()
        self.stopped, self._failures = False, 0

    def stop(self, *_signal: "int | FrameType | None") -> None:
        """Ends the watch, whatever it waits for; also a signal's handler."""
        self.stopped = True
        self._ringer.send(b"x")

    def run(self, account: Account) -> None:
        """Returns once stopped."""
        while not self.stopped:
            try:
                with opened(account) as folder:
                    self._watch(folder)
            except Exception as trouble:  # whatever it was, mail must go on coming once it is over
                reason = str(trouble) if isinstance(trouble, PqrError) else type(trouble).__name__
                pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
                self._failures += 1
                log.error("mailbox_unavailable", reason=reason, next_try_in_seconds=pause)
                self._wait(pause)

    def _watch(self, folder: Folder) -> None:
        """The fetch comes after IDLE has begun: what arrives between the two is told, so nothing waits unseen."""
        idles = "IDLE" in folder.abilities
        sign = folder.box.client.sock if idles else None
        while not self.stopped:
            with folder.box.idle if idles else nullcontext():
                while self._fetch():
                    self._found()
                self._failures = 0
                self._wait(IDLE_SECONDS if idles else POLL_SECONDS, sign)

    def _wait(self, seconds: float, also: socket.socket | None = None) -> None:
        if not self.stopped:
            select.select([self._bell, *([also] if also else [])], [], [], seconds)


def main() -> None:
    """Watches the configured mailbox until SIGTERM; ends at once where there is none."""
    app = create_app()
    with app.app_context():
        recall_keys()
        configured = settings()
        account = fetching.account(configured)
        if account is None:
            print("buzón: PQR_IMAP_URL no está definida; no hay nada que vigilar.", file=sys.stderr)
            return
        watcher = Watcher(fetching.fetch_mailbox, Nudger(make_celery(configured)))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, watcher.stop)
        watcher.run(account)


if __name__ == "__main__":
    main()

"""Which process listens for mail?  SMTP and LMTP; run as `python -m workers.listener`."""

import asyncio
import signal
import threading

import structlog

from pqr import guard, mailroom
from pqr.app import create_app
from pqr.door import recall_keys, settings
from pqr.mail.inbox import Received
from pqr.mail.transport.listen import serve
from workers.broker import Nudger, make_celery

log = structlog.get_logger(__name__)


async def _listen() -> None:
    app = create_app()
    with app.app_context():
        recall_keys()
        configured = settings()
    nudge = Nudger(make_celery(configured))

    def store(received: Received) -> None:
        with app.app_context():
            mailroom.store(received)
        nudge()

    def watch() -> None:
        with app.app_context():
            guard.keep_standing_in(leaving)

    leaving = threading.Event()
    threading.Thread(target=watch, name="watch", daemon=True).start()
    serving = asyncio.create_task(serve(configured, store, _say_ready))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        return
    finally:
        leaving.set()


def _say_ready() -> None:
    log.info("listening")


if __name__ == "__main__":
    asyncio.run(_listen())

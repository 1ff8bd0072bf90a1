"""What came in?  Messages of the mailbox are stored, stored messages are settled."""

import structlog
from celery import shared_task

from pqr import fetching, mailroom
from pqr.checkups import note
from pqr.door import settings
from pqr.errors import PqrError
from pqr.watching.rules import FETCH

log = structlog.get_logger(__name__)


@shared_task(name="mail_in.process")
def process() -> None:
    """Settles every message that is due, then sends what that produced without waiting for the schedule."""
    if mailroom.process_waiting():
        mailroom.send_waiting()


@shared_task(name="mail_in.fetch")
def fetch() -> None:
    """Takes what is new in the IMAP mailbox, where one is configured; the safety net of `workers.mailbox`."""
    if not settings().imap_url:
        return
    try:
        while fetching.fetch_mailbox():
            mailroom.process_waiting()
            mailroom.send_waiting()
    except PqrError as trouble:
        log.error("mailbox_unavailable", reason=str(trouble))
        note(FETCH, trouble=str(trouble))
    else:
        note(FETCH)

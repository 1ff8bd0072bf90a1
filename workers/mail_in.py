"""What came in?  Messages of the mailbox are stored, stored messages are settled."""

from celery import shared_task

from pqr import mailroom


@shared_task(name="mail_in.process")
def process() -> None:
    """Settles every message that is due, then sends what that produced without waiting for the schedule."""
    if mailroom.process_waiting():
        mailroom.send_waiting()


@shared_task(name="mail_in.fetch")
def fetch() -> None:
    """Takes what the IMAP mailbox holds, where one is configured."""
    if mailroom.fetch_mailbox():
        mailroom.process_waiting()
        mailroom.send_waiting()

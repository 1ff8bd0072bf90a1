"""What is a sender told at once?  One sentence about the message, never to a machine (RFC 3834 §2)."""

from datetime import timedelta

from sqlalchemy import select

from pqr.intake.work import Work
from pqr.mail import letters
from pqr.mail.outbox import IS_NOTICE, Envelope, Letter
from pqr.sealing import Sealed, like

ONE_NOTICE_A = timedelta(days=1)


def tell_sender(work: Work, sentence: str) -> None:
    """Tells an office what became of its order. It goes to the address that was checked, not to any Reply-To."""
    _write(work, "order_done", work.prepared.mail.sender, sentence)


def tell_trouble(work: Work, sentence: str) -> None:
    """Tells who wrote why the message waits, once a day: a robot that answers our notice cannot start a loop.

    What the receiving server disowns is told to the owner of the address alone, who may not have written it.
    """
    mail = work.prepared.mail
    recipient = mail.sender if work.facts.sender_disowned else mail.reply_to
    recipient = like(work.facts.case.petitioner_email, recipient) if work.facts.case else recipient
    if recipient and not mail.automatic and not _told_lately(work, recipient):
        _write(work, "not_understood", recipient, sentence)


def _write(work: Work, letter: str, recipient: str, sentence: str) -> None:
    message_id = work.prepared.mail.message_id
    envelope = Envelope(
        letter=letter,
        recipient=recipient,
        ticket_id=work.case_id if letter == "order_done" else None,
        answers=(message_id,) if message_id else (),
        automatic="auto-replied",
    )
    values = {"sentence": sentence, "original_subject": work.prepared.mail.subject}
    letters.write(work.session, envelope, values, work.office, work.now)


def _told_lately(work: Work, recipient: str) -> bool:
    lately = select(Letter.recipient).where(IS_NOTICE, Letter.created_at > work.now - ONE_NOTICE_A)
    if isinstance(recipient, Sealed):  # the database cannot compare it
        return recipient in work.session.scalars(lately)
    return work.session.scalar(lately.where(Letter.recipient == recipient).limit(1)) is not None

"""What must be looked after?  Next years' holidays, and the proof that nothing was altered, lost or left behind.

And what past assignments teach is learnt anew.
"""

import structlog
from celery import shared_task

from pqr import clock
from pqr.accounts import entering
from pqr.checkups import note_findings
from pqr.comparing import compare_mailbox
from pqr.db import reading, transaction
from pqr.door import office, settings
from pqr.errors import PqrError
from pqr.mail.mending import take_from_the_future
from pqr.reports import exports
from pqr.reports.preparing import prepare_due
from pqr.tickets import files, presence, reads
from pqr.tickets.anchoring import anchor
from pqr.tickets.teaching import keep_lessons, read_lessons
from pqr.upgrade import seed
from pqr.upkeep import verify
from pqr.watching.rules import COMPARED, VERIFIED

log = structlog.get_logger(__name__)


@shared_task(name="upkeep.daily")
def daily() -> None:
    """Seeds coming holidays, prepares reports, forgets, seals the day, learns and verifies; findings go to the log."""
    with transaction() as session:
        seed(session, clock.now())
        presence.forget(session, clock.now())
        reads.forget(session, settings().reads_days, clock.now())
        entering.forget_knocks(session, clock.now())
        prepare_due(session, office(session), clock.now())
        exports.forget(session, office(session), clock.now())
        take_from_the_future(session, clock.now())
    with transaction() as session:
        anchor(session, office(session), clock.now())
    learn_assignments()
    with reading() as session:
        findings = list(verify(session, office(session)))
    for finding in findings:
        log.error("verify", finding=finding)
    note_findings(VERIFIED, findings)
    try:
        findings = compare_mailbox()
        for finding in findings:
            log.error("mailbox_differs", finding=finding)
        if settings().imap_url:
            note_findings(COMPARED, findings)
    except PqrError as trouble:
        log.error("mailbox_unavailable", reason=str(trouble))


@shared_task(name="upkeep.forget_held")
def forget_held() -> None:
    """Deletes the files of petitions that were reviewed and never sent."""
    with reading() as session:
        here = office(session)
    files.forget_held(clock.now() - files.HELD_FOR, here)


def learn_assignments() -> None:
    """Reads first and writes afterwards: what takes seconds must not hold up a filing."""
    with reading() as session:
        lessons = read_lessons(session)
    with transaction() as session:
        keep_lessons(session, lessons, clock.now())

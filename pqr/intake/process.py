"""What does the message do?  The verdict's act and the row's settling, in the caller's one transaction.

It calls the same acts as every other door. An act that refuses (already answered, extension too late) leaves the
case untouched and the message on the desk, with the reason; the sender is told.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import PqrError
from pqr.intake import classify as found
from pqr.intake.bounded import parse_bounded
from pqr.intake.classify import classify
from pqr.intake.facts import bounced_letter, look_up, told_by
from pqr.intake.offices import obey
from pqr.intake.telling import tell_trouble
from pqr.intake.work import Prepared, Work, identity_by_words
from pqr.mail import dead_addresses, quoting
from pqr.mail.bounces import read_report
from pqr.mail.inbox import InboxMail, Verdict, settle
from pqr.mail.outbox import mark_bounced, send_again
from pqr.tickets import files, indexing
from pqr.tickets.communicating import letter_refused
from pqr.tickets.files import Unread
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.hiding import hide_sender
from pqr.tickets.models import Channel, Ticket
from pqr.tickets.scanner import scan


def prepare(raw: bytes, office: Office) -> Prepared:
    """Parses the raw bytes and stores the attachments, but those that carry a virus."""
    mail = parse_bounded(raw)
    report = read_report(raw) if mail.is_delivery_report else None
    # A signature's logo is in the raw mail, which stays; among the files it would only hide the others. The parts of a
    # delivery report are nobody's files, and name the address that it is about.
    worth = [each for each in mail.attachments if not each.is_logo and report is None]
    scans = scan([each.content for each in worth], office.clamd_url)
    good = (each for each, seen in zip(worth, scans, strict=True) if not seen.infected)
    kept = tuple(files.keep(each.content, each.name, each.media_type, office) for each in good)
    bad = (each for each, seen in zip(worth, scans, strict=True) if seen.infected)
    left_out = tuple(Unread(files.safe_name(each.name), files.INFECTED) for each in bad)
    return Prepared(mail, quoting.split(mail.text), kept, report, left_out)


def process(session: Session, mail_id: int, prepared: Prepared, office: Office, now: datetime) -> InboxMail:
    """Classifies the stored message, does what it asks for and settles its row; a settled row is left alone."""
    row = session.scalars(select(InboxMail).where(InboxMail.id == mail_id).with_for_update()).one()
    if row.verdict:
        return row
    mail = prepared.mail
    told = told_by(mail, row.envelope_to)
    facts = look_up(session, mail, told, row, office)
    finding = classify(mail, facts, prepared.reply.new)
    if isinstance(finding, (found.NewTicket, found.CitizenFollowUp, found.SecretariaReply)):
        dead_addresses.revive(session, mail.sender)  # whoever writes from an address can be written to
    work = Work(session, row, prepared, told, facts, office, now)
    try:
        # Only an office orders what an act may refuse; for all others a savepoint would cost without use.
        with session.begin_nested() if isinstance(finding, found.SecretariaReply) else nullcontext():
            _ACTS[type(finding)](work, finding)
    except PqrError as refusal:
        _set_aside(work, found.NeedsHuman(str(refusal), str(refusal)))
    return row


def _settle(work: Work, finding: found.Finding, ticket_id: int | None) -> None:
    work.told.write_into(work.row)  # now, and not before: the row is written once
    settle(work.row, VERDICTS[type(finding)], finding.why, ticket_id, work.now)
    if ticket_id is not None:
        hide_sender(work.row, work.session.get_one(Ticket, ticket_id))


def _file(work: Work, finding: found.NewTicket) -> None:
    mail = work.prepared.mail
    draft = Draft(
        kind=finding.kind,
        subject=mail.subject,
        body=mail.text,
        channel=Channel.EMAIL,
        received_at=work.row.received_at,
        identity=identity_by_words(mail),
        petitioner=PetitionerData(name=mail.sender_name, email=mail.reply_to or mail.sender),
        files=work.prepared.files,
        left_out=work.prepared.left_out,
        message_ids=(mail.message_id,) if mail.message_id else (),
    )
    ticket = file_ticket(work.session, draft, work.office, work.now)
    _settle(work, finding, ticket.id)


def _follow_up(work: Work, finding: found.CitizenFollowUp) -> None:
    prepared = work.prepared
    follow_up = FollowUp(
        work.ticket,
        prepared.reply.new,
        "citizen",
        prepared.files,
        work.row.id,
        prepared.mail.message_id,
        prepared.left_out,
    )
    add_message(work.session, follow_up, work.office, work.now)
    _settle(work, finding, work.case_id)


def _reply(work: Work, finding: found.SecretariaReply) -> None:
    obey(work, finding.action)
    _settle(work, finding, work.case_id)


def _bounce(work: Work, finding: found.Bounce) -> None:
    report = work.prepared.report
    if report is None:
        return _settle(work, found.Ignored("Aviso de entrega que no se pudo leer."), None)
    letter = bounced_letter(work.session, report, work.row, work.prepared.mail, work.office)
    if letter is None:
        return _settle(work, found.Ignored("Aviso de entrega de una carta que no es nuestra."), None)
    reason = f"{report.recipient or letter.recipient}: {report.status} {report.diagnostic}".strip()
    dead_addresses.learn(work.session, report, letter.addresses, work.now)
    about_the_copy = report.recipient.lower() in {copy.lower() for copy in letter.copies.split(",") if copy}
    if report.failed and letter.bounced_at is None and not about_the_copy:
        if not (report.is_temporary and send_again(letter, reason, work.now)):
            mark_bounced(letter, reason, work.now)
        letter_refused(work.session, letter, work.now)
    return _settle(work, replace(finding, why=reason), letter.ticket_id)


def _ignore(work: Work, finding: found.Ignored) -> None:
    twin = work.facts.twin
    _settle(work, finding, twin.ticket_id if twin else work.case_id)


def _set_aside(work: Work, finding: found.NeedsHuman) -> None:
    _settle(work, finding, work.case_id)
    if work.case_id is not None:
        indexing.index(work.session, work.ticket, work.prepared.mail.subject, work.prepared.reply.new, desk=True)
    if finding.tell:
        tell_trouble(work, finding.tell)


_ACTS: dict[type, Callable[..., None]] = {
    found.NewTicket: _file,
    found.CitizenFollowUp: _follow_up,
    found.SecretariaReply: _reply,
    found.Bounce: _bounce,
    found.Ignored: _ignore,
    found.NeedsHuman: _set_aside,
}
VERDICTS: dict[type, Verdict] = {
    found.NewTicket: Verdict.NEW_TICKET,
    found.CitizenFollowUp: Verdict.CITIZEN_FOLLOW_UP,
    found.SecretariaReply: Verdict.SECRETARIA_REPLY,
    found.Bounce: Verdict.BOUNCE,
    found.Ignored: Verdict.IGNORED,
    found.NeedsHuman: Verdict.NEEDS_HUMAN,
}

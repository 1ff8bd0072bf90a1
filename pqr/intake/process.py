"""What does the message do?  The verdict's act and the row's settling, in the caller's one transaction.

It calls the same acts as every other door. An act that refuses (already answered, extension too late) leaves the
case untouched and the message on the desk, with the reason; the sender is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import NotUnderstood, PqrError
from pqr.intake import classify as found
from pqr.intake.bounded import parse_bounded
from pqr.intake.classify import classify
from pqr.intake.facts import bounced_letter, look_up
from pqr.intake.orders import read_extension, read_return
from pqr.mail import dead_addresses, letters, quoting
from pqr.mail.addresses import Action
from pqr.mail.bounces import DeliveryReport, read_report
from pqr.mail.inbox import InboxMail, Verdict, settle
from pqr.mail.message import IncomingMail
from pqr.mail.outbox import Envelope, Letter, mark_bounced
from pqr.mail.quote_marks import REPLY_MARK
from pqr.secretarias.directory import by_address
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Return, return_to_desk
from pqr.tickets.communicating import letter_refused
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.files import StoredFile
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Channel, Ticket

ONE_NOTICE_A = timedelta(days=1)


@dataclass(frozen=True)
class Prepared:
    """A stored message, parsed, its files in the store: all that is slow, done before the transaction."""

    mail: IncomingMail
    reply: quoting.Reply
    files: tuple[StoredFile, ...]
    report: DeliveryReport | None


def prepare(raw: bytes, office: Office) -> Prepared:
    """Parses the raw bytes and stores the attachments."""
    mail = parse_bounded(raw)
    # A signature's logo is in the raw mail, which stays; among the files it would only hide the others.
    worth = (each for each in mail.attachments if not each.is_logo)
    kept = tuple(files.keep(each.content, each.name, each.media_type, office) for each in worth)
    report = read_report(raw) if mail.is_delivery_report else None
    return Prepared(mail, quoting.split(mail.text), kept, report)


def reason_of(finding: found.Finding) -> str:
    """Why, in words for the desk."""
    if isinstance(finding, (found.Ignored, found.NeedsHuman)):
        return finding.why
    if isinstance(finding, found.SecretariaReply):
        return _REASONS[finding.action]
    return _REASONS[type(finding)]


def process(session: Session, mail_id: int, prepared: Prepared, office: Office, now: datetime) -> InboxMail:
    """Classifies the stored message, does what it asks for and settles its row; a settled row is left alone."""
    row = session.scalars(select(InboxMail).where(InboxMail.id == mail_id).with_for_update()).one()
    if row.verdict:
        return row
    mail = prepared.mail
    row.message_id, row.sender, row.subject = mail.message_id[:250], mail.sender[:254], mail.subject[:250]
    facts = look_up(session, mail, row, office)
    work = _Work(session, row, prepared, facts.case.ticket_id if facts.case else None, office, now)
    finding = classify(mail, facts)
    if isinstance(finding, (found.NewTicket, found.CitizenFollowUp, found.SecretariaReply)):
        dead_addresses.revive(session, mail.sender)  # whoever writes from an address can be written to
    try:
        with session.begin_nested():
            _ACTS[type(finding)](work, finding)
    except PqrError as refusal:
        _set_aside(work, found.NeedsHuman(str(refusal), str(refusal)))
    return row


@dataclass(frozen=True)
class _Work:
    session: Session
    row: InboxMail
    prepared: Prepared
    case_id: int | None
    office: Office
    now: datetime

    @property
    def ticket(self) -> Ticket:
        return self.session.get_one(Ticket, self.case_id)

    def settle(self, finding: found.Finding, ticket_id: int | None) -> None:
        settle(self.row, VERDICTS[type(finding)], reason_of(finding), ticket_id, self.now)


def _file(work: _Work, finding: found.NewTicket) -> None:
    mail = work.prepared.mail
    draft = Draft(
        kind=finding.kind,
        subject=mail.subject,
        body=mail.text,
        channel=Channel.EMAIL,
        received_at=work.row.received_at,
        petitioner=PetitionerData(name=mail.sender_name, email=mail.reply_to or mail.sender),
        files=work.prepared.files,
        message_ids=(mail.message_id,) if mail.message_id else (),
    )
    ticket = file_ticket(work.session, draft, work.office, work.now)
    work.settle(finding, ticket.id)


def _follow_up(work: _Work, finding: found.CitizenFollowUp) -> None:
    prepared = work.prepared
    follow_up = FollowUp(
        work.ticket, prepared.reply.new, "citizen", prepared.files, work.row.id, prepared.mail.message_id
    )
    add_message(work.session, follow_up, work.office, work.now)
    work.settle(finding, work.case_id)


def _reply(work: _Work, finding: found.SecretariaReply) -> None:
    _REPLIES[finding.action](work)
    work.settle(finding, work.case_id)


def _answer(work: _Work) -> None:
    prepared = work.prepared
    if REPLY_MARK.search(prepared.reply.new):  # nothing above our letter, or words between its lines
        raise NotUnderstood(
            "No se pudo separar su respuesta de nuestra carta. Escríbala toda encima de la línea que dice «Escriba su"
            " respuesta encima de esta línea»."
        )
    reply = Reply(work.ticket, prepared.reply.new, _actor(work), prepared.files, work.row.id)
    record_answer(work.session, reply, work.office, work.now)


def _return(work: _Work) -> None:
    returned = Return(work.ticket, read_return(work.prepared.reply.new), _actor(work))
    return_to_desk(work.session, returned, work.now)


def _extend(work: _Work) -> None:
    order = read_extension(work.prepared.reply.new)
    extension = Extension(work.ticket, order.days, order.reason, _actor(work))
    extend_term(work.session, extension, work.office, work.now)


def _unsubscribe(work: _Work) -> None:
    secretaria = by_address(work.session, work.prepared.mail.sender)
    assert secretaria is not None
    secretaria.wants_digest = False


def _actor(work: _Work) -> str:
    secretaria = work.ticket.secretaria
    return f"secretaria:{secretaria.code}" if secretaria else "system"


def _bounce(work: _Work, finding: found.Bounce) -> None:
    report = work.prepared.report
    if report is None:
        return work.settle(found.Ignored("Aviso de entrega que no se pudo leer."), None)
    letter = bounced_letter(work.session, report, work.row, work.prepared.mail, work.office)
    if letter is None:
        return work.settle(found.Ignored("Aviso de entrega de una carta que no es nuestra."), None)
    reason = f"{report.recipient or letter.recipient}: {report.status} {report.diagnostic}".strip()
    dead_addresses.learn(work.session, report, letter.addresses, work.now)
    about_the_copy = report.recipient.lower() in {copy.lower() for copy in letter.copies.split(",") if copy}
    if report.failed and letter.bounced_at is None and not about_the_copy:
        mark_bounced(letter, reason, work.now)
        letter_refused(work.session, letter, work.now)
    return settle(work.row, Verdict.BOUNCE, reason, letter.ticket_id, work.now)


def _ignore(work: _Work, finding: found.Ignored) -> None:
    work.settle(finding, work.case_id)


def _set_aside(work: _Work, finding: found.NeedsHuman) -> None:
    work.settle(finding, work.case_id)
    recipient = work.prepared.mail.reply_to
    if finding.tell and recipient and not _told_lately(work, recipient):
        envelope = Envelope(
            letter="not_understood",
            recipient=recipient,
            answers=(work.prepared.mail.message_id,) if work.prepared.mail.message_id else (),
            automatic="auto-replied",
        )
        values = {"sentence": finding.tell, "original_subject": work.prepared.mail.subject}
        letters.write(work.session, envelope, values, work.office, work.now)


def _told_lately(work: _Work, recipient: str) -> bool:
    """One notice a day for each sender: a robot that answers our notice cannot start a loop."""
    latest = select(Letter.id).where(
        Letter.letter == "not_understood",
        Letter.recipient == recipient,
        Letter.created_at > work.now - ONE_NOTICE_A,
    )
    return work.session.scalar(latest.limit(1)) is not None


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
_REASONS: dict[object, str] = {
    found.NewTicket: "Petición nueva.",
    found.CitizenFollowUp: "El peticionario escribió de nuevo.",
    found.Bounce: "Aviso de entrega.",
    Action.ANSWER: "Respuesta de la dependencia.",
    Action.RETURN: "La dependencia la devolvió.",
    Action.EXTEND: "La dependencia prorrogó el término.",
    Action.UNSUBSCRIBE: "La dependencia ya no quiere el resumen diario.",
}
_REPLIES: dict[Action, Callable[[_Work], None]] = {
    Action.ANSWER: _answer,
    Action.RETURN: _return,
    Action.EXTEND: _extend,
    Action.UNSUBSCRIBE: _unsubscribe,
}

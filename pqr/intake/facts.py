"""What do the ledgers know about a message?  Looked up before the pure rule decides."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.intake.classify import MOST_A_DAY, CaseFacts, Facts, Twin
from pqr.mail.addresses import Action, SignedAddress, read, service_address
from pqr.mail.bounces import DeliveryReport
from pqr.mail.inbox import IS_FILED, IS_READ, InboxMail, Verdict
from pqr.mail.message import IncomingMail
from pqr.mail.outbox import Letter
from pqr.mail.trust import fails_dmarc
from pqr.sealing import alias
from pqr.secretarias.directory import office_addresses
from pqr.terms.calendar import BOGOTA
from pqr.tickets.contributions import Contribution
from pqr.tickets.models import Ticket
from pqr.tickets.radicado import find_radicado

CITED_AT_MOST = 20
A_DAY = timedelta(days=1)
# Every message asks these two: built once, since building them costs more than running them.
_OURS = select(Letter.id).where(Letter.message_id == bindparam("message_id"))
_SAME = (
    select(InboxMail.id, InboxMail.ticket_id, InboxMail.message_id, InboxMail.received_at)
    .where(
        IS_READ,
        InboxMail.said == bindparam("said"),
        InboxMail.verdict != "",
        InboxMail.verdict != Verdict.IGNORED,
        InboxMail.id != bindparam("this"),
    )
    .order_by(InboxMail.id.desc())
    .limit(CITED_AT_MOST)
)


@dataclass(frozen=True)
class Told:
    """What the row of a message keeps of it once it was read; `said` as in `InboxMail`."""

    message_id: str
    sender: str
    subject: str
    said: str

    def write_into(self, row: InboxMail) -> None:
        """Keeps it."""
        row.message_id, row.sender, row.subject, row.said = self.message_id, self.sender, self.subject, self.said


def told_by(mail: IncomingMail, envelope_to: str) -> Told:
    """Who says what in this message, cut to what its row holds."""
    return Told(mail.message_id[:250], mail.sender[:254], mail.subject[:250], _digest(mail, envelope_to))


def look_up(session: Session, mail: IncomingMail, told: Told, row: InboxMail, office: Office) -> Facts:
    """The facts of this message, of which its row may still know nothing; reads only."""
    addresses = _signed_addresses(mail, row.envelope_to, office)
    address = next(iter(addresses), None)
    case = _case(session, mail, address, row.received_at.astimezone(BOGOTA).date())
    return Facts(
        address=address,
        case=case,
        several_orders=len(addresses) > 1,
        twin=_twin(session, mail, told, row),
        sender_disowned=fails_dmarc(mail.vouchers, office.authserv_id),
        petitions_today=_petitions_today(session, told.sender, row) if office.limits and case is None else 0,
        messages_today=_messages_today(session, case.ticket_id, row) if office.limits and case else 0,
        sender_is_ours=_is_ours(mail.sender, office),
        letter_came_back=_came_back(session, mail),
        sender_is_office=mail.sender.lower() in office_addresses(session),
    )


def bounced_letter(
    session: Session, report: DeliveryReport, row: InboxMail, mail: IncomingMail, office: Office
) -> Letter | None:
    """The letter a delivery report speaks of: by the address it came to, else by the Message-ID it returns."""
    for address in _addresses(mail, row.envelope_to):
        signed = read(address, office.keys, office.mail_domain)
        if signed is not None and signed.action == Action.BOUNCE:
            return session.get(Letter, signed.subject_id)
    if not report.original_message_id:
        return None
    return session.scalar(select(Letter).where(Letter.message_id == report.original_message_id))


def _addresses(mail: IncomingMail, envelope_to: str) -> list[str]:
    return [*filter(None, envelope_to.split(",")), *mail.recipients]


def _signed_addresses(mail: IncomingMail, envelope_to: str, office: Office) -> set[SignedAddress]:
    found = (read(each, office.keys, office.mail_domain) for each in _addresses(mail, envelope_to))
    return {signed for signed in found if signed is not None and signed.action != Action.BOUNCE}


def _came_back(session: Session, mail: IncomingMail) -> bool:
    """A letter that we wrote ourselves: a mailbox that forwards to us, or our own address among the recipients."""
    if not mail.message_id:
        return False
    return session.scalar(_OURS, {"message_id": mail.message_id}) is not None


def _is_ours(sender: str, office: Office) -> bool:
    own = service_address(office.mail_domain)
    return sender == own or read(sender, office.keys, office.mail_domain) is not None


def _case(session: Session, mail: IncomingMail, address: SignedAddress | None, day: date) -> CaseFacts | None:
    if address is not None and address.action == Action.CONTRIBUTE:
        return _asked_of(session.get(Contribution, address.subject_id), day)
    if address is not None:
        about_ticket = address.action != Action.UNSUBSCRIBE
        return _facts(session.get(Ticket, address.subject_id) if about_ticket else None, "address", day)
    cited = mail.in_reply_to[:CITED_AT_MOST]
    if cited:
        ticket_id = _cited(session, cited)
        if ticket_id is not None:
            return _facts(session.get(Ticket, ticket_id), "thread", day)
    radicado = find_radicado(mail.subject)
    if radicado is None:
        return None
    return _facts(session.scalar(select(Ticket).where(Ticket.radicado == radicado)), "number", day)


def _cited(session: Session, message_ids: Iterable[str]) -> int | None:
    """The case of the nearest letter of ours, or of the petitioner's own earlier mail, that the message answers."""
    ids, cases = list(message_ids), dict[str, int | None]()
    # A stranger's mail that waits is about a case and not of it: who answers the notice may bring a new petition.
    placed = InboxMail.verdict.in_((Verdict.NEW_TICKET, Verdict.CITIZEN_FOLLOW_UP)) | InboxMail.closed_at.is_not(None)
    for table, condition in ((InboxMail, placed), (Letter, Letter.ticket_id.is_not(None))):
        found = select(table.message_id, table.ticket_id).where(table.message_id.in_(ids), condition)
        cases.update((message_id, ticket_id) for message_id, ticket_id in session.execute(found) if ticket_id)
    return next((cases[each] for each in ids if each in cases), None)


def _facts(ticket: Ticket | None, found_by: str, day: date) -> CaseFacts | None:
    if ticket is None:
        return None
    return CaseFacts(
        ticket_id=ticket.id,
        radicado=ticket.radicado,
        office_addresses=ticket.secretaria.addresses_on(day) if ticket.secretaria else frozenset(),
        petitioner_email=ticket.petitioner.email if ticket.petitioner else "",
        found_by=found_by,
    )


def _asked_of(contribution: Contribution | None, day: date) -> CaseFacts | None:
    """The case on which an office was asked to contribute; nobody but that office may do so."""
    found = _facts(contribution.ticket if contribution else None, "address", day)
    if found is None or contribution is None:
        return None
    return replace(found, office_addresses=contribution.secretaria.addresses_on(day))


def _digest(mail: IncomingMail, envelope_to: str) -> str:
    """SHA-256 of who says what, in answer to what, to whom; two mails that have it in common say the same."""
    addressed = sorted({*mail.recipients, *envelope_to.split(",")})
    told = (mail.sender, mail.subject, mail.text, *mail.in_reply_to, *addressed)
    digest = hashlib.sha256("\0".join(told).encode())
    for file in mail.attachments:
        digest.update(hashlib.sha256(file.content).digest())
    return digest.hexdigest()


def _twin(session: Session, mail: IncomingMail, told: Told, row: InboxMail) -> Twin | None:
    """An earlier message that says the same: under the same Message-ID whenever it came, else within a day.

    A copy that was set aside is no reason to set the other one aside. Two reports of delivery may read alike.
    """
    for twin in session.execute(_SAME, {"said": told.said, "this": row.id}):
        if mail.message_id and twin.message_id == told.message_id:
            return Twin(twin.id, twin.ticket_id)
        if told.sender and not mail.is_delivery_report and abs(row.received_at - twin.received_at) < A_DAY:
            return Twin(twin.id, twin.ticket_id, again=True)
    return None


def _petitions_today(session: Session, sender: str, row: InboxMail) -> int:
    filed = select(InboxMail.id).where(
        IS_FILED,
        InboxMail.sender.in_((sender, alias(sender))),
        InboxMail.settled_at > _day_before(row),
    )
    return _count(session, filed)


def _messages_today(session: Session, ticket_id: int, row: InboxMail) -> int:
    added = select(InboxMail.id).where(
        InboxMail.ticket_id == ticket_id,
        InboxMail.verdict == Verdict.CITIZEN_FOLLOW_UP,
        InboxMail.received_at > _day_before(row),
    )
    return _count(session, added)


def _day_before(row: InboxMail) -> datetime:
    return row.received_at - A_DAY


def _count(session: Session, rows: Select[int]) -> int:
    """How many, as far as it matters: who is over the limit is not counted on."""
    return session.scalar(select(func.count()).select_from(rows.limit(MOST_A_DAY).subquery())) or 0

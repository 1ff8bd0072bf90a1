"""What do the ledgers know about a message?  Looked up before the pure rule decides."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.intake.classify import CaseFacts, Facts
from pqr.mail.addresses import Action, SignedAddress, read, service_address
from pqr.mail.bounces import DeliveryReport
from pqr.mail.inbox import InboxMail, Verdict
from pqr.mail.message import IncomingMail, parse
from pqr.mail.outbox import Letter
from pqr.secretarias.directory import by_address
from pqr.tickets.models import Ticket
from pqr.tickets.radicado import find_radicado

CITED_AT_MOST = 20


def look_up(session: Session, mail: IncomingMail, row: InboxMail, office: Office) -> Facts:
    """The facts of this message; reads only."""
    addresses = _signed_addresses(mail, row.envelope_to, office)
    address = next(iter(addresses), None)
    return Facts(
        address=address,
        case=_case(session, mail, address),
        several_orders=len(addresses) > 1,
        duplicate_of=_duplicate(session, mail, row),
        sender_is_ours=_is_ours(mail.sender, office),
        letter_came_back=_came_back(session, mail),
        sender_is_office=bool(mail.sender) and by_address(session, mail.sender) is not None,
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
    return session.scalar(select(Letter.id).where(Letter.message_id == mail.message_id)) is not None


def _is_ours(sender: str, office: Office) -> bool:
    own = service_address(office.mail_domain)
    return sender == own or read(sender, office.keys, office.mail_domain) is not None


def _case(session: Session, mail: IncomingMail, address: SignedAddress | None) -> CaseFacts | None:
    if address is not None:
        about_ticket = address.action != Action.UNSUBSCRIBE
        return _facts(session.get(Ticket, address.subject_id) if about_ticket else None, "address")
    cited = mail.in_reply_to[:CITED_AT_MOST]
    if cited:
        ticket_id = _cited(session, cited)
        if ticket_id is not None:
            return _facts(session.get(Ticket, ticket_id), "thread")
    radicado = find_radicado(mail.subject)
    if radicado is None:
        return None
    return _facts(session.scalar(select(Ticket).where(Ticket.radicado == radicado)), "number")


def _cited(session: Session, message_ids: Iterable[str]) -> int | None:
    """The case of the nearest letter of ours, or of the petitioner's own earlier mail, that the message answers."""
    ids, cases = list(message_ids), dict[str, int | None]()
    # A stranger's mail that waits is about a case and not of it: who answers the notice may bring a new petition.
    placed = InboxMail.verdict.in_((Verdict.NEW_TICKET, Verdict.CITIZEN_FOLLOW_UP)) | InboxMail.closed_at.is_not(None)
    for table, condition in ((InboxMail, placed), (Letter, Letter.ticket_id.is_not(None))):
        found = select(table.message_id, table.ticket_id).where(table.message_id.in_(ids), condition)
        cases.update((message_id, ticket_id) for message_id, ticket_id in session.execute(found) if ticket_id)
    return next((cases[each] for each in ids if each in cases), None)


def _facts(ticket: Ticket | None, found_by: str) -> CaseFacts | None:
    if ticket is None:
        return None
    return CaseFacts(
        ticket_id=ticket.id,
        radicado=ticket.radicado,
        office_addresses=ticket.secretaria.addresses if ticket.secretaria else frozenset(),
        petitioner_email=ticket.petitioner.email if ticket.petitioner else "",
        found_by=found_by,
    )


def _duplicate(session: Session, mail: IncomingMail, row: InboxMail) -> str:
    """The same Message-ID, sender and recipients again: a relay or a mail client delivered it twice.

    Machines that number their messages badly repeat an id with other words, so what is said counts, too. A copy
    that was set aside is no reason to set the other one aside.
    """
    if not mail.message_id:
        return ""
    twins = session.scalars(
        select(InboxMail)
        .where(
            InboxMail.message_id == mail.message_id[:250],
            InboxMail.sender == mail.sender[:254],
            InboxMail.subject == mail.subject[:250],
            InboxMail.envelope_to == row.envelope_to,
            InboxMail.verdict.not_in(("", Verdict.IGNORED)),
            InboxMail.id != row.id,
        )
        .order_by(InboxMail.id)
        .limit(CITED_AT_MOST)
    )
    return next((f"mensaje {twin.id}" for twin in twins if _says_the_same(twin, mail)), "")


def _says_the_same(twin: InboxMail, mail: IncomingMail) -> bool:
    earlier = parse(twin.raw)
    return earlier.text == mail.text and earlier.attachments == mail.attachments

"""How does a letter look on the wire?  The row of the outbox as MIME, under the same Message-ID and date at every try.

Files go with it up to a limit, the others as a link that the letter tells of. From is always the service's own
address, so that DMARC holds. Where the test mode is on, every letter goes to one address and says whose it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any

from pqr.config import Settings
from pqr.mail.addresses import service_address
from pqr.mail.outbox import Letter
from pqr.mail.transport.replies import Delayed, Refused
from pqr.mail.transport.signing import sign
from pqr.terms.calendar import BOGOTA

ATTACHED_BYTES = 10_000_000  # in all; a third more on the wire, and many servers stop at 20 or 25 MB
THREADING = ("message-id", "in-reply-to", "references")
WHOLE = ("message", "multipart")  # types that no file may have on the wire: their bytes would have to be unwrapped


@dataclass(frozen=True)
class Parcel:
    """A letter and what sending it takes.

    `read`: gives the bytes of a file by its SHA-256. `link`: where the reader finds files that do not fit. `dead`:
    why those of its addresses that do not exist are not written to.
    """

    letter: Letter
    read: Callable[[str], bytes]
    link: str
    dead: dict[str, str]


@dataclass(frozen=True)
class Composed:
    """What leaves: bytes with CRLF, the words as they are told, and the files (SHA-256) that became a link."""

    content: bytes
    text: str
    html: str
    linked: tuple[str, ...]


class _Wire(EmailPolicy):
    """The standard library would encode a long Message-ID in a reference as if it were text, and break the thread."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as bytes, ids one a line."""
        if name.lower() in THREADING:
            return f"{name}: {f'{self.linesep} '.join(str(value).split())}{self.linesep}".encode()
        return super().fold_binary(name, value)


WIRE = _Wire(linesep="\r\n", cte_type="7bit")


def compose(parcel: Parcel, settings: Settings, most: int = 0) -> Composed:
    """The letter as bytes. `most`: the largest message that the server takes, 0 for any.

    Raises Refused for an address that cannot be written or a letter that is too large even without its files, Delayed
    when a file cannot be read now.
    """
    whole = _compose(parcel, settings, ATTACHED_BYTES)
    if most and len(whole.content) > most:
        whole = _compose(parcel, settings, 0)
    if most and len(whole.content) > most:
        raise Refused(f"La carta pesa {len(whole.content)} bytes y el servidor recibe {most}, aun sin adjuntos.")
    return whole


def recipients(letter: Letter, settings: Settings) -> tuple[str, ...]:
    """Whom the envelope names: the person first, then the copies; in test mode the one address of the tests."""
    if settings.mail_all_to:
        return (settings.mail_all_to,)
    return letter.addresses


def needs_utf8(*addresses: str) -> bool:
    """Whether one of them has a local part that only SMTPUTF8 (RFC 6531) can carry; a domain never needs it."""
    return not all(address.rpartition("@")[0].isascii() for address in addresses)


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891). Raises Refused for what is no address."""
    local, at, domain = address.strip().rpartition("@")
    try:
        if not (local and at and domain) or any(each.isspace() or each in "<>,;\0" for each in address.strip()):
            raise ValueError
        return f"{local}@{domain.encode('idna').decode()}"
    except ValueError as error:  # UnicodeError is one
        raise Refused(f"5.1.3 «{address}» no es una dirección de correo.") from error


def is_address(text: str) -> bool:
    """Whether a letter could go to it."""
    try:
        return bool(on_the_wire(text))
    except Refused:
        return False


def _compose(parcel: Parcel, settings: Settings, room: int) -> Composed:
    attached, linked = _divide(parcel.letter.files, room)
    text, html = _told(parcel, linked)
    message = _headers(parcel.letter, settings)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for row in attached:
        _attach(message, row, _read(parcel, row))
    utf8 = needs_utf8(*recipients(parcel.letter, settings))
    content = message.as_bytes(policy=WIRE.clone(utf8=utf8))
    if settings.dkim is not None:
        content = sign(content, settings.dkim, settings.mail_domain)
    return Composed(content, text, html, tuple(row["sha256"] for row in linked))


def _headers(letter: Letter, settings: Settings) -> EmailMessage:
    headers = dict(letter.headers)
    to, cc = headers.pop("To", letter.recipient), headers.pop("Cc", letter.copies)
    subject = letter.subject
    if settings.mail_all_to:
        headers["X-PQR-Original-To"] = ", ".join(letter.addresses)
        to, cc, subject = settings.mail_all_to, "", f"[Para {letter.recipient}] {subject}"
    message = EmailMessage(policy=WIRE.clone(utf8=True))
    message["From"] = _address(service_address(settings.mail_domain), letter.sender_name)
    message["To"] = _address(to)
    copies = [_address(copy) for copy in cc.split(",") if is_address(copy)]
    if copies:
        message["Cc"] = copies
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"], message["Message-ID"] = subject, letter.message_id
    message["Date"] = format_datetime(letter.created_at.astimezone(BOGOTA))
    if letter.request:
        message["X-PQR-Request"] = letter.request
    for name, value in headers.items():
        message[name] = value
    return message


def _address(address: str, name: str = "") -> Address:
    local, _, domain = on_the_wire(address).rpartition("@")
    return Address(name, local.strip('"'), domain)


def _divide(files: list[dict[str, Any]], room: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that fit, in their order, and those that do not."""
    attached: list[dict[str, Any]] = []
    for row in files:
        if row["size"] <= room:
            attached.append(row)
            room -= row["size"]
    return attached, [row for row in files if row not in attached]


def _told(parcel: Parcel, linked: list[dict[str, Any]]) -> tuple[str, str]:
    text, html = parcel.letter.text, parcel.letter.html
    if not linked:
        return text, html
    names = ", ".join(f"{row['name']} ({_size(row['size'])})" for row in linked)
    sentence = f"Por su tamaño, estos archivos no van adjuntos: {names}. Puede verlos y descargarlos aquí:"
    link = escape(parcel.link)
    paragraph = f'<p style="padding:0 20px">{escape(sentence)} <a href="{link}">{link}</a></p>\n'
    before, body, after = html.rpartition("</body>")
    told = f"{before}{paragraph}{body}{after}" if body else html + paragraph
    return f"{text.rstrip()}\n\n{sentence}\n{parcel.link}\n", told


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 100_000 else f"{max(size // 1000, 1)} kB"


def _read(parcel: Parcel, row: dict[str, Any]) -> bytes:
    try:
        return parcel.read(row["sha256"])
    except OSError as error:
        raise Delayed(f"No se pudo leer el archivo «{row['name']}»: {type(error).__name__}.") from error


def _attach(message: EmailMessage, row: dict[str, Any], content: bytes) -> None:
    main, _, sub = row["media_type"].partition(";")[0].strip().partition("/")
    if not sub or main in WHOLE:
        main, sub = "application", "octet-stream"
    message.add_attachment(content, maintype=main, subtype=sub, filename=row["name"])

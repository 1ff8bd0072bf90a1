"""How does mail come in by SMTP or LMTP?  Stored and committed first, acknowledged after (RFC 5321, RFC 2033).

Any recipient but the service's address and the ones it signed is refused at once, so nothing here relays.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, AnyStr

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from pqr.config import Settings
from pqr.mail.addresses import is_ours, service_address
from pqr.mail.inbox import Received

MAX_BYTES = 40 * 1024 * 1024
# RFC 5321 says 998, and careless programs write a whole HTML page on one line: a citizen's mail is not refused for it.
LONGEST_LINE = 8 * 1024 * 1024

log = structlog.get_logger(__name__)
Store = Callable[[Received], object]


class PatientSMTP(SMTP):
    """SMTP that takes long lines, and says what to do about a message that is too large."""

    line_length_limit = LONGEST_LINE

    async def push(self, status: AnyStr) -> None:
        """Sends the reply; in our words where the library's own are for programmers."""
        if isinstance(status, str) and status.startswith("552 "):
            await super().push(self.event_handler.too_large)
        else:
            await super().push(status)


class PatientLMTP(PatientSMTP, LMTP):
    """The same for LMTP."""


@dataclass(frozen=True)
class Desk:
    """What the protocol asks: is this recipient ours, and is the message safely stored?

    `store` commits the message or raises; it runs in a thread, so a slow disk does not stop other senders.
    """

    settings: Settings
    store: Store
    source: str

    @property
    def too_large(self) -> str:
        """The refusal of a message over the limit (RFC 1870 §6.2); its sender reads it in the report of delivery."""
        return (
            f"552 5.3.4 El mensaje pesa mas de {MAX_BYTES // 1024 // 1024} MB y no se recibe. Envie los archivos en"
            f" varios correos o mas livianos, o presente su peticion en {self.settings.base_url}/radicar"
        )

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accepts our addresses, in any case of letters."""
        if not is_ours(address, self.settings.secret_keys, self.settings.mail_domain):
            own = service_address(self.settings.mail_domain)
            return f"550 5.1.1 Esta direccion no recibe correo; escriba a {own}"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Says yes only once the message is committed; LMTP wants one answer for each recipient."""
        received = Received(
            raw=bytes(envelope.original_content or b""),
            envelope_from=envelope.mail_from or "",
            envelope_to=tuple(envelope.rcpt_tos),
            source=self.source,
        )
        answer = await self._stored(received)
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self.source == "lmtp" else 1))

    async def _stored(self, received: Received) -> str:
        try:
            await asyncio.to_thread(self.store, received)
        except Exception as error:  # whatever failed, the sender must keep the message and try again
            log.error("mail_not_stored", error=type(error).__name__)
            return "451 4.3.0 No se pudo guardar el mensaje; intente mas tarde"
        return "250 2.0.0 Guardado"


async def serve(settings: Settings, store: Store, ready: Callable[[], None]) -> None:
    """Listens until cancelled, on the SMTP port and, where one is set, the LMTP socket.

    Raises OSError when the port or the socket cannot be had.
    """
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {"data_size_limit": MAX_BYTES, "enable_SMTPUTF8": True, "ident": "PQR"}
    options["hostname"] = settings.mail_domain

    def protocol(kind: type[SMTP], source: str) -> SMTP:
        return kind(Desk(settings, store, source), loop=loop, **options)

    servers = [
        await loop.create_server(partial(protocol, PatientSMTP, "smtp"), settings.mail_in_host, settings.mail_in_port)
    ]
    if settings.lmtp_socket:
        Path(settings.lmtp_socket).unlink(missing_ok=True)
        servers.append(await loop.create_unix_server(partial(protocol, PatientLMTP, "lmtp"), settings.lmtp_socket))
    ready()
    try:
        await asyncio.gather(*(server.serve_forever() for server in servers))
    finally:
        for server in servers:
            server.close()

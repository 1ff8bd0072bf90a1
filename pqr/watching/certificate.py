"""Until when is the certificate of our own address good?  Asked as a visitor would, and in no more than ten seconds."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509

from pqr.terms.moments import instant

PATIENCE_SECONDS = 5.0
NEAR = timedelta(days=14)  # whoever renews by themselves does so with thirty days left


@dataclass(frozen=True)
class Found:
    """What was seen. `trouble`: why it must be looked after, "" where it need not."""

    said: str
    trouble: str = ""


def expiry(base_url: str, now: datetime) -> Found | None:
    """What visitors are shown; None where the address is not https. Not reaching it from here is no trouble of it."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    host, port = parts.hostname, parts.port or 443
    try:
        last = _last_moment(host, port)
        refused = _refused(host, port)
    except (OSError, ValueError) as error:
        return Found(f"No se pudo mirar desde este equipo ({type(error).__name__}).")
    if last <= now:
        return Found("", f"Venció el {instant(last)}")
    if refused:
        return Found("", f"Los navegadores no lo aceptan: {refused}.")
    if last - now < NEAR:
        return Found("", f"Vence el {instant(last)}")
    return Found(f"Vence el {instant(last)}")


def _last_moment(host: str, port: int) -> datetime:
    """Read without trusting it: nothing but its date is asked of it, and a bad one has a date too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, port), PATIENCE_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        return x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"").not_valid_after_utc


def _refused(host: str, port: int) -> str:
    """Why a browser would not believe it, as OpenSSL says it; "" where it would."""
    try:
        with (
            socket.create_connection((host, port), PATIENCE_SECONDS) as connection,
            ssl.create_default_context().wrap_socket(connection, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message

"""Is a port free, and who answers there?  Asked before anything starts, and before it is said to be ready."""

import errno
import socket
from urllib.parse import urlsplit

from pqr.errors import PqrError

ANSWER_SECONDS = 1.0
TROUBLES = {
    errno.EADDRINUSE: "lo está usando otro programa",
    errno.EACCES: "hace falta ser administrador",
    errno.EADDRNOTAVAIL: "este equipo no tiene esa dirección",
}
EVERY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound


class PortUnavailable(PqrError):
    """The port cannot be had; the text says which, why, and the setting that changes it."""


def require_free(host: str, port: int, setting: str) -> None:
    """Raises PortUnavailable, in Spanish, when this address cannot be listened on now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: TIME_WAIT is not busy
        try:
            probe.bind((host, port))
        except OSError as error:
            trouble = TROUBLES.get(error.errno or 0, error.strerror)
            raise PortUnavailable(
                f"no se puede usar el puerto {port} de {host}: {trouble}. Libérelo o cambie {setting}."
            ) from error


def netloc(host: str, port: int) -> str:
    """The host and port as one word, for a URL or for gunicorn."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serves_pages(host: str, port: int, base_url: str) -> bool:
    """Whether the web door answers 200 on /healthz, asked under its public name."""
    name = urlsplit(base_url).netloc
    request = f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    return _first_words(host, port, request).startswith(b"HTTP/1.1 200")


def greets_by_mail(host: str, port: int) -> bool:
    """Whether the mail door says 220 (RFC 5321 §4.3.1)."""
    return _first_words(host, port, "").startswith(b"220")


def _first_words(host: str, port: int, question: str) -> bytes:
    try:
        with socket.create_connection((EVERY_ADDRESS.get(host, host), port), ANSWER_SECONDS) as connection:
            connection.sendall(question.encode())
            return connection.recv(64)
    except OSError:
        return b""

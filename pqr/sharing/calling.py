"""How do we hand a message to a program?  One POST over TLS to the very address that was looked at, and no further.

The name is resolved once and every address of it must be public, so that no second answer of a name server leads
inside. Nothing that the program answers is followed or kept but its status.
"""

import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import urlsplit

from pqr.sharing.reachable import Network, may_call, what_is_wrong_with

CONNECT_SECONDS, ALL_SECONDS = 5, 15
GONE = 410  # the program asks not to be told any more


@dataclass(frozen=True)
class Outcome:
    """`status`: of HTTP, 0 where there was none; `error`: what went wrong, in Spanish, "" where nothing did."""

    status: int
    error: str = ""


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate must be that of the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=CONNECT_SECONDS, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """To the address that was looked at, whatever the name may lead to by now."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def call(url: str, headers: Mapping[str, str], body: bytes, trusted: Sequence[Network] = ()) -> Outcome:
    """What became of it; it raises nothing that the other side could cause."""
    if problem := what_is_wrong_with(url, trusted):
        return Outcome(0, problem)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        address = _resolve(host, port, trusted)
        if not address:
            return Outcome(0, "El nombre lleva a una dirección que no es pública.")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _judge(_post(_Pinned(host, port, address), path, headers, body))
    except ssl.SSLError as error:
        return Outcome(0, f"TLS: {getattr(error, 'verify_message', '') or error.reason or 'no hubo acuerdo'}"[:200])
    except TimeoutError:
        return Outcome(0, "No respondió a tiempo.")
    except (OSError, HTTPException, UnicodeError) as error:
        return Outcome(0, f"No se pudo llamar ({type(error).__name__}).")


def _resolve(host: str, port: int, trusted: Sequence[Network]) -> str:
    """The address to call; "" where any that the name leads to may not be called."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    good = all(may_call(ip_address(each.partition("%")[0]), trusted) for each in found)
    return found[0] if found and good else ""


def _post(connection: _Pinned, path: str, headers: Mapping[str, str], body: bytes) -> int:
    with closing(connection):
        connection.connect()
        # A program that drips its answer byte by byte would otherwise keep us for hours.
        cut = threading.Timer(ALL_SECONDS, _cut, [connection.sock])
        cut.start()
        try:
            connection.request("POST", path, body, {**headers, "Connection": "close"})
            return connection.getresponse().status  # its body is nobody's concern
        finally:
            cut.cancel()


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, f"Respondió {status}: no se siguen redirecciones.")
    return Outcome(status, f"Respondió {status}.")

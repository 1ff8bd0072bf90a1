"""How does a test start the whole service?  `pqr up` as a process of its own, on free ports."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
READY = "Ctrl-C para detener"


@dataclass
class Service:
    """A running `pqr up`."""

    process: subprocess.Popen[str]
    environ: dict[str, str]
    said: str

    def children(self) -> dict[int, str]:
        """Its children, by number, with the command line of each."""
        pid = self.process.pid
        numbers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {int(number): Path(f"/proc/{number}/cmdline").read_text() for number in numbers}


def environment(directory: Path, **more: str) -> dict[str, str]:
    """Nothing configured but places: that is the demonstration."""
    places = {"PQR_DATA_DIR": str(directory), "PQR_PORT": str(free_port()), "PQR_MAIL_IN_PORT": str(free_port())}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"} | places | more


def pqr_up(environ: dict[str, str], log: int | IO[str] = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pqr.cli", "up"],
        env=environ,
        text=True,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def started(environ: dict[str, str]) -> Service:
    """A service that has said that it is ready; `up` itself gives up after a minute."""
    process = pqr_up(environ)
    said = []
    for line in process.stdout or ():
        said.append(line)
        if READY in line:
            return Service(process, environ, "".join(said))
    pytest.fail(f"up ended with {process.wait()}:\n{''.join(said)}")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a port of this machine, in a thread of this process; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()

"""How do tests have several machines on one?  Network namespaces on a switch of their own, which can be pulled out.

Whatever starts `inside` a machine, a process or a thread, stays in it. Needs root and iproute2; what is left of a run
that was killed is taken away by the next one.
"""

import ctypes
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlencode

from tests import servers
from tests.faults.kept import poll
from tests.peer import Peer, peer
from tests.running import READY, pqr_up

PREFIX = "pqr-prueba"
SWITCH, DATA = "red", "datos"
ADDRESSES = {SWITCH: "10.77.0.1", DATA: "10.77.0.10", "una": "10.77.0.21", "otra": "10.77.0.22"}
APPS = ("una", "otra")
KEY = "clave-de-las-pruebas-0123456789"
IP = "/usr/sbin/ip"
CLONE_NEWNET = 0x40000000
ANSWER_SECONDS, OUT_SECONDS = 15.0, 5.0
PETITION = {
    "kind": "reclamo",
    "subject": "No llega agua",
    "description": "Hay un tubo roto.",
    "identity": "named",
    "name": "Ana Prueba",
    "answer_by": "email",
    "email": "ana@correo.example",
    "accept_notice": "y",
}
CGROUPS = ((Path("/sys/fs/cgroup/cpu"), "cpu.cfs_quota_us", "{}"), (Path("/sys/fs/cgroup"), "cpu.max", "{} 100000"))


def why_not() -> str:
    """Why there can be no namespaces here; "" where there can."""
    if os.geteuid() != 0 or not Path(IP).exists():
        return "network namespaces need root and iproute2"
    tried = subprocess.run([IP, "netns", "add", f"{PREFIX}-ensayo"], capture_output=True, text=True)
    subprocess.run([IP, "netns", "del", f"{PREFIX}-ensayo"], capture_output=True)
    return tried.stderr.strip()


def _ip(*words: str) -> None:
    subprocess.run([IP, *words], check=True)


def _clean() -> None:
    for name in ADDRESSES:
        for number in _numbers(name):
            os.kill(number, signal.SIGKILL)
        subprocess.run([IP, "netns", "del", f"{PREFIX}-{name}"], capture_output=True)


def _numbers(name: str) -> list[int]:
    """The processes of a machine, none of which is this one."""
    found = subprocess.run([IP, "netns", "pids", f"{PREFIX}-{name}"], capture_output=True, text=True)
    return [int(number) for number in found.stdout.split() if int(number) != os.getpid()]


@contextmanager
def network() -> Iterator[None]:
    """A switch, a data machine and two for the service; nothing of it outside."""
    _clean()
    try:
        for name in ADDRESSES:
            _ip("netns", "add", f"{PREFIX}-{name}")
            _ip("-n", f"{PREFIX}-{name}", "link", "set", "lo", "up")
        switch = f"{PREFIX}-{SWITCH}"
        _ip("-n", switch, "link", "add", "br0", "type", "bridge")
        _ip("-n", switch, "addr", "add", f"{ADDRESSES[SWITCH]}/24", "dev", "br0")
        _ip("-n", switch, "link", "set", "br0", "up")
        for name in (DATA, *APPS):
            machine = f"{PREFIX}-{name}"
            _ip("-n", switch, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", machine)
            _ip("-n", switch, "link", "set", name, "master", "br0", "up")
            _ip("-n", machine, "addr", "add", f"{ADDRESSES[name]}/24", "dev", "eth0")
            _ip("-n", machine, "link", "set", "eth0", "up")
        yield
    finally:
        _clean()


def pull_out(name: str) -> None:
    """The cable of this machine."""
    _ip("-n", f"{PREFIX}-{SWITCH}", "link", "set", name, "down")


def enter(name: str) -> None:
    """This thread works in that machine from now on."""
    with open(f"/run/netns/{PREFIX}-{name}") as there:
        _set(there.fileno())


def _set(descriptor: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def inside(name: str) -> Iterator[None]:
    """What is started in this block belongs to that machine."""
    with open("/proc/thread-self/ns/net") as here:
        enter(name)
        try:
            yield
        finally:
            _set(here.fileno())


@dataclass
class Machines:
    """Those that the service runs on. `directory`: where each keeps its own; `database_url`: as seen from here."""

    directory: Path
    environ: dict[str, str]
    database_url: str
    relay: Peer
    running: dict[str, "Popen[str]"] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """`pqr up` on this machine; returns once it is ready."""
        own = self.directory / name
        own.mkdir()
        places = {"PQR_DATA_DIR": str(own), "PQR_HOST": ADDRESSES[name], "PQR_MAIL_IN_HOST": ADDRESSES[name]}
        log = own / "log"
        with inside(name), log.open("w") as said:
            self.running[name] = pqr_up(self.environ | places, said)
        poll(lambda: READY in log.read_text() or self.running[name].poll() is not None, f"{name} is ready")
        assert self.running[name].poll() is None, log.read_text()[-3000:]

    def of(self, process: int) -> str:
        """On which machine this process runs."""
        return next((name for name in self.running if process in _numbers(name)), "")

    def kill(self, name: str) -> None:
        """As when its power fails."""
        for number in _numbers(name):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.running.pop(name).wait(servers.PATIENCE)

    def processor_seconds(self, name: str) -> float:
        """What its processes, and those of them that ended, have used so far."""
        ticks = 0
        for number in _numbers(name):
            with suppress(OSError):
                ticks += sum(map(int, Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def give(self, name: str, share: float) -> None:
        """No more than this part of a processor."""
        for root, file, words in CGROUPS:
            group = root / f"{PREFIX}-{name}"
            with suppress(OSError):
                group.mkdir(exist_ok=True)
                (group / file).write_text(words.format(int(share * 100_000)))
                for number in _numbers(name):
                    (group / "cgroup.procs").write_text(str(number))
                return
        raise OSError("no cgroup for processors")

    def stop(self) -> None:
        """All that run, as an operator does."""
        for process in self.running.values():
            process.terminate()
        for name, process in list(self.running.items()):
            try:
                process.wait(servers.PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill(name)
        for root, _, _ in CGROUPS:
            for name in APPS:
                with suppress(OSError):
                    (root / f"{PREFIX}-{name}").rmdir()


@contextmanager
def machines(directory: Path, speed: tuple[str, ...] = servers.SPEED) -> Iterator[Machines]:
    """The network with PostgreSQL, Redis, an S3 and a relay on the data machine; the service runs nowhere yet."""
    with network(), ExitStack() as stack:
        with inside(DATA):
            broker = servers.new_broker()
            stack.enter_context(_inside(servers.redis(broker, ADDRESSES[DATA])))
            sockets = stack.enter_context(_inside(servers.postgres(ADDRESSES[DATA], speed)))
            files = stack.enter_context(_inside(servers.s3("pqr-archivos", ADDRESSES[DATA])))
            relay = stack.enter_context(_inside(peer(host=ADDRESSES[DATA])))
        database = f"postgresql+psycopg://pqr@{ADDRESSES[DATA]}/postgres"
        environ = {
            "PQR_SECRET_KEY": KEY,
            "PQR_DATABASE_URL": database,
            "PQR_REDIS_URL": broker.url.replace("127.0.0.1", ADDRESSES[DATA]),
            "PQR_FILES_URL": files,
            "PQR_SMTP_URL": relay.url(),
            "PQR_BASE_URL": "http://pqr.example",
            "PQR_RATE_LIMITS": "off",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        found = Machines(directory, environ, servers.database(sockets, "postgres"), relay)
        try:
            yield found
        finally:
            found.stop()


@contextmanager
def _inside(server):
    """It ends where it began, too: some ask themselves whether they are still there."""
    with ExitStack() as stack:
        with inside(DATA):
            started = stack.enter_context(server)
        yield started
        with inside(DATA):
            stack.close()


class Citizens:
    """People who file, each by one of the machines in turn, and by another when it does not answer.

    What was broken off is sent again as it was: its key tells the service that it is the same.
    """

    def __init__(self, names: Sequence[str], number: int, wanted: Callable[[int], bool]) -> None:
        self.shown: list[str] = []
        self._hosts, self._wanted = [ADDRESSES[name] for name in names], wanted
        self._out: dict[str, float] = {}  # who did not answer is left in peace for a while, as balancers do
        self._pool = ThreadPoolExecutor(number, initializer=enter, initargs=(SWITCH,))
        self._filing = [self._pool.submit(self._file_on, turn) for turn in range(number)]

    @property
    def are_done(self) -> bool:
        """Whether nobody files any more."""
        return all(each.done() for each in self._filing)

    def end(self) -> None:
        """Waits for the last, whose failure is the test's."""
        for each in self._filing:
            each.result()
        self._pool.shutdown()

    def _file_on(self, turn: int) -> None:
        while self._wanted(len(self.shown)):
            turn += 1
            self.shown.append(self._file(turn))

    def _file(self, turn: int) -> str:
        page, cookie, _ = self._insist(turn, "GET", "", "")
        fields = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1] for name in ("csrf_token", "filing_key")
        }
        form = fields | PETITION
        return self._insist(turn, "POST", urlencode(form), cookie)[2].rsplit("/", 1)[1]

    def _insist(self, turn: int, verb: str, body: str, cookie: str) -> tuple[str, str, str]:
        until = time.monotonic() + servers.PATIENCE * 3
        while True:
            host = self._hosts[turn % len(self._hosts)]
            turn += 1
            if time.monotonic() < self._out.get(host, 0.0):
                threading.Event().wait(0.01)
                continue
            try:
                return _asked(host, verb, body, cookie)
            except (OSError, HTTPException):
                assert time.monotonic() < until, "nobody answers"
                self._out[host] = time.monotonic() + OUT_SECONDS


def _asked(host: str, verb: str, body: str, cookie: str) -> tuple[str, str, str]:
    line = HTTPConnection(host, 8000, timeout=ANSWER_SECONDS)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        line.request(verb, "/radicar", body, {"Host": "pqr.example", "Cookie": cookie, **kind})
        answer = line.getresponse()
        page = answer.read().decode()
        if answer.status >= 500:
            raise HTTPException(f"{answer.status}")
        assert answer.status in (200, 303), page
        assert verb == "GET" or answer.status == 303, page
        cookies = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", []))
        return page, cookies, answer.headers.get("Location", "")
    finally:
        line.close()

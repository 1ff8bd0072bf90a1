"""What breaks?  Each fault once in every round, in any order, while people write; what has fallen stands up again."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.faults.kept import PATIENCE, PROCESSES, Again, Kept, glimpse, poll
from tests.faults.people import People
from tests.faults.tight import full
from tests.peer import GREETING, HANG, Peer

PQR = (sys.executable, "-m", "pqr.cli")
SHARE = 4  # mails that come during a fault
MOMENT = 2.0  # seconds that a fault lasts at most where nothing gets on
HOUR, DAY = 3600.0, 86400.0


@dataclass
class World:
    """The service, whom it speaks with, and what may fall. `ahead`: seconds by which the machine's clock is off.

    `everywhere`: what one place has shown is shown at the other, too. `copy`: the latest copy of the service, made when
    these radicados had been `shown`.
    """

    service: Kept
    relay: Peer
    line: Again
    people: People
    chance: random.Random
    everywhere: bool
    copy: Path
    disk: Path | None = None
    base: Again | None = None
    redis: Again | None = None
    imap: Again | None = None
    ahead: float = 0.0
    shown: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)

    def bustle(self) -> None:
        """People write, and some of it gets somewhere."""
        wanted = self._done + self.chance.randint(1, 2 * SHARE)
        self.people.write(SHARE)
        glimpse(lambda: self._done >= wanted, MOMENT)

    def clock(self, ahead: float) -> None:
        """The machine's clock shows another hour."""
        self.ahead = ahead
        self.service.jump(ahead)

    @property
    def now(self) -> datetime:
        """What that clock shows."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    @property
    def interruptions(self) -> int:
        """How often a letter may have been in the hands of who could not note any more that it had left."""
        killed, disk = self.service.killed, 3 * self.faults["disk full"]
        ended = sum(times for name, times in self.faults.items() if name.startswith("database"))
        return killed["worker"] + killed["up"] + ended + disk

    def told(self) -> str:
        """What it has been through."""
        repeats = len(self.relay.taken) - len({str(each.mail["Message-ID"]) for each in self.relay.taken})
        come = f"{len(self.people.mails)} mails, {len(self.people.pages)} pages, {len(self.people.answers)} answers"
        gone = f"{len(self.relay.taken)} letters, {repeats} repeats"
        return f"{come}, {gone}, {self.service.starts} starts, {dict(self.faults)}"

    @property
    def _done(self) -> int:
        return self.people.taken + len(self.relay.taken)


def everything(world: World) -> None:
    """One round."""
    faults = list(_faults(world))
    world.chance.shuffle(faults)
    for name, fault in faults:
        world.faults[name] += 1
        fault(world)
        if world.service.has_ended:
            world.service.start()


def _faults(world: World) -> Iterator[tuple[str, Callable[[World], None]]]:
    absent = {"broker"} if world.redis else {"mailbox"}
    deck = world.chance.sample(kinds := [kind for kind in PROCESSES if kind not in absent], len(kinds))
    cut = world.chance.randint(2, len(deck) - 2)
    for blow in (deck[:cut], deck[cut:])[: None if _all_of_it(world) else 1]:
        yield f"{'+'.join(blow)} killed", partial(_processes_die, blow=tuple(blow))
    if _all_of_it(world):
        yield from {"relay busy": _relay_is_busy, "relay hangs": _relay_hangs, "relay gone": _relay_is_gone}.items()
        yield from {"clock ahead": _clock_goes_ahead, "clock back": _clock_goes_back}.items()
    yield "copied", _a_copy_is_made
    if world.disk:
        yield "disk full", _disk_is_full
    if world.redis:
        yield from {"redis flushed": _redis_forgets, "redis killed": _redis_dies}.items()
    if world.imap:
        yield from {"imap killed": _mailbox_dies, "imap hangs": _mailbox_hangs}.items()
    if world.base:
        yield "database ends at once", partial(_database_restarts, how=signal.SIGQUIT)
        yield "database ends in order", partial(_database_restarts, how=signal.SIGINT)


def _all_of_it(world: World) -> bool:
    """In the short form, what the other place has shown need not be shown at this one, too."""
    return world.everywhere or not world.base


def _processes_die(world: World, blow: tuple[str, ...]) -> None:
    world.bustle()
    world.service.kill(blow)


def _relay_is_busy(world: World) -> None:
    world.relay.says["MAIL"] = "451 4.3.2 Try later"
    world.bustle()
    del world.relay.says["MAIL"]


def _relay_hangs(world: World) -> None:
    world.relay.says[GREETING] = HANG
    world.bustle()
    del world.relay.says[GREETING]


def _relay_is_gone(world: World) -> None:
    world.line.fall()
    world.bustle()
    world.line.stand_up()


def _clock_goes_ahead(world: World) -> None:
    world.bustle()
    world.clock(world.ahead + world.chance.uniform(HOUR, 3 * DAY))
    world.bustle()


def _clock_goes_back(world: World) -> None:
    world.bustle()
    world.clock(world.ahead - world.chance.uniform(HOUR / 60, 2 * HOUR))
    world.bustle()


def _disk_is_full(world: World) -> None:
    assert world.disk
    with full(world.disk):
        world.bustle()


def _a_copy_is_made(world: World) -> None:
    """Nothing breaks here: while people write, the service is copied."""
    world.bustle()
    world.shown = {page.result() for page in world.people.pages if page.done()}
    world.copy.unlink(missing_ok=True)
    made = subprocess.Popen([*PQR, "backup", str(world.copy)], env=world.service.environ, stderr=subprocess.PIPE)
    world.bustle()
    said = made.communicate(timeout=PATIENCE)[1]
    assert made.returncode == 0, said.decode()


def _redis_forgets(world: World) -> None:
    import redis

    world.bustle()
    with redis.Redis.from_url(world.service.environ["PQR_REDIS_URL"]) as client:
        client.flushall()
    world.bustle()


def _redis_dies(world: World) -> None:
    _falls(world.redis, signal.SIGKILL)
    world.bustle()
    world.redis.stand_up()


def _mailbox_dies(world: World) -> None:
    world.imap.it.kill()
    world.imap.fall()
    world.bustle()
    world.imap.stand_up()


def _mailbox_hangs(world: World) -> None:
    os.killpg(world.imap.it.process.pid, signal.SIGSTOP)
    world.bustle()
    os.killpg(world.imap.it.process.pid, signal.SIGCONT)


def _database_restarts(world: World, how: signal.Signals) -> None:
    world.bustle()
    _falls(world.base, how)
    world.bustle()
    world.base.stand_up()


def _falls(server: Again, how: signal.Signals) -> None:
    server.it.send_signal(how)
    poll(lambda: server.it.poll() is not None, "the server ends")
    server.fall()

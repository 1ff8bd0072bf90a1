"""Is mail lost or doubled when processes die?  The real ones, killed at random while mail comes in and letters go out.

PQR_TEST_FULL=1 makes it long, PQR_TEST_SEED=N chooses another order of deaths.
"""

import os
import random
import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.faults.kept import PROCESSES, Kept, insist, kept, poll
from tests.flows.test_flow_broker_down import file_by_web
from tests.peer import Peer, peer
from tests.running import environment
from tests.sink import petition

FULL = os.environ.get("PQR_TEST_FULL") == "1"
SEED = int(os.environ.get("PQR_TEST_SEED", "1"))
MAILS, DEATHS = (500, 5) if FULL else (120, 2)  # mails that come in; deaths of each process
SENDERS = 4  # connections at a time, as of a relay that catches up

pytestmark = pytest.mark.xdist_group("up")


def blows(chance: random.Random) -> Iterator[tuple[str, ...]]:
    """Every process dies as often as the others, in any order, two to four at a blow."""
    for _ in range(DEATHS):
        deck = chance.sample(list(PROCESSES), len(PROCESSES))
        while deck:
            size = chance.randint(2, 4)
            yield tuple(deck[:size])
            deck = deck[size:]


class Traffic:
    """What comes from outside; whoever is broken off says it again, byte for byte, until it is taken."""

    def __init__(self, pool: ThreadPoolExecutor, environ: dict[str, str]) -> None:
        self._pool = pool
        self._door, self._base = int(environ["PQR_MAIL_IN_PORT"]), f"http://127.0.0.1:{environ['PQR_PORT']}"
        self.mails: list[Future[None]] = []
        self.pages: list[Future[str]] = []

    def add(self, mails: int) -> None:
        """So many new mails, and one petition by web."""
        numbers = range(len(self.mails), len(self.mails) + mails)
        self.mails += [self._pool.submit(insist, self._hand_over, number) for number in numbers]
        self.pages.append(self._pool.submit(insist, file_by_web, self._base))

    @property
    def taken(self) -> int:
        """How many mails the service has said yes to."""
        return sum(mail.done() for mail in self.mails)

    @property
    def is_over(self) -> bool:
        """Whether nobody is still asking."""
        return all(each.done() for each in (*self.mails, *self.pages))

    def _hand_over(self, number: int) -> None:
        mail = petition(writer(number), f"No llega agua a la casa {number}", "El acueducto no llega.")
        with smtplib.SMTP("127.0.0.1", self._door, timeout=30) as door:
            door.sendmail(writer(number), ["pqr@puerres.example"], mail)


def writer(number: int) -> str:
    """Whoever sends this mail, and no other."""
    return f"persona-{number}@correo.example"


def test_nothing_is_lost_and_a_death_repeats_one_letter_at_most(database_url, tmp_path):
    chance, engine = random.Random(SEED), create_engine(database_url)  # noqa: S311 - nobody's secret
    with peer() as relay, ThreadPoolExecutor(SENDERS) as pool:
        given = {"PQR_DATABASE_URL": database_url, "PQR_SMTP_URL": relay.url(), "PQR_RATE_LIMITS": "off"}
        environ = environment(tmp_path, PQR_SECRET_KEY="clave-de-las-pruebas-0123456789", **given)
        traffic = Traffic(pool, environ)
        with kept(environ, tmp_path / "up.log") as service:
            live_through(service, list(blows(chance)), traffic, relay, chance)
            service.stop()
            let_the_leases_run_out(engine)
            service.start()
            traffic.add(MAILS - len(traffic.mails))
            poll(lambda: traffic.is_over and not unfinished(engine), "every mail is settled and every letter has left")
        assert_every_mail_has_one_fate(engine, traffic)
        assert_every_letter_arrived(engine, relay, service)
        verified = subprocess.run([sys.executable, "-m", "pqr.cli", "verify"], env=environ, capture_output=True)
        assert verified.returncode == 0, verified.stdout.decode()
    engine.dispose()


def live_through(service: Kept, deaths: list[tuple[str, ...]], traffic: Traffic, relay: Peer, chance: random.Random):
    """A share of the mails comes before each blow, which falls somewhere between their arrival and their letters."""
    share = MAILS // (len(deaths) + 1)
    for blow in deaths:
        wanted = traffic.taken + len(relay.taken) + chance.randint(1, 2 * share)
        traffic.add(share)
        poll(lambda wanted=wanted: traffic.taken + len(relay.taken) >= wanted, f"mails and letters before {blow} die")
        service.kill(blow)
        if service.has_ended:
            service.start()
    poll(lambda: traffic.is_over, "what was broken off is taken")


def let_the_leases_run_out(engine: Engine) -> None:
    """As if the service had been off for a quarter of an hour: what the dead had in their hands is free again."""
    with engine.begin() as connection:
        mails = connection.execute(
            text("UPDATE inbox SET next_try_at = received_at WHERE verdict = '' AND attempts > 0")
        )
        letters = connection.execute(
            text("UPDATE outbox SET next_try_at = created_at WHERE state = 'queued' AND attempts > 0")
        )
    print(f"in the hands of the dead: {mails.rowcount} mails, {letters.rowcount} letters")


def unfinished(engine: Engine) -> list[tuple]:
    return ask(
        engine,
        "SELECT 'mail', id FROM inbox WHERE verdict = '' UNION ALL"
        " SELECT 'letter', id FROM outbox WHERE state = 'queued'",
    )


def assert_every_mail_has_one_fate(engine: Engine, traffic: Traffic) -> None:
    mails = ask(engine, "SELECT sender, verdict, ticket_id FROM inbox ORDER BY sender")
    assert [sender for sender, _, _ in mails] == sorted(writer(number) for number in range(MAILS))
    assert {verdict for _, verdict, _ in mails} == {"new_ticket"}
    by_mail = ask(engine, "SELECT id FROM tickets WHERE channel = 'email'")
    assert sorted(ticket for _, _, ticket in mails) == sorted(ticket for (ticket,) in by_mail)

    radicados = [radicado for (radicado,) in ask(engine, "SELECT radicado FROM tickets ORDER BY radicado")]
    assert [int(radicado[-6:]) for radicado in radicados] == list(range(1, len(radicados) + 1))
    shown = [page.result() for page in traffic.pages]
    assert len(set(shown) & set(radicados)) == len(shown), "a number was shown to a citizen and is not there"


def assert_every_letter_arrived(engine: Engine, relay: Peer, service: Kept) -> None:
    letters = ask(engine, "SELECT message_id, letter, state, ticket_id FROM outbox")
    assert {state for _, _, state, _ in letters} == {"sent"}
    acknowledged = [ticket for _, letter, _, ticket in letters if letter == "acknowledgement"]
    assert sorted(acknowledged) == sorted(ticket for (ticket,) in ask(engine, "SELECT id FROM tickets"))

    arrived = Counter(str(taken.mail["Message-ID"]) for taken in relay.taken)
    repeats = arrived.total() - len(arrived)
    print(f"{MAILS} mails, {len(arrived)} letters, {repeats} repeats, {service.starts} starts, {dict(service.killed)}")
    assert set(arrived) == {message_id for message_id, _, _, _ in letters}
    assert repeats <= service.killed["worker"]


def ask(engine: Engine, question: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]

"""Is everything there once?  What the ledgers hold when all faults are over, beside what people were told."""

import json
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine, create_engine, text

from pqr.reminders.schedule import steps_reached
from pqr.terms.calendar import BOGOTA, Calendar
from tests import mailbox
from tests.faults.breaking import PQR, World
from tests.faults.kept import poll
from tests.faults.people import writer

REMINDED = "SELECT ticket_id, data FROM events WHERE kind = 'reminded'"
DAYS_LATER = 8  # business days: every petition has reached a step of the ladder


def let_days_pass(engine: Engine, world: World) -> None:
    """The machine is off until the next morning, and again for some days; each time it makes up for what was missed.

    Whoever held a lease has lost it in the night, and no pause between two tries is longer so far.
    """
    _sleep(world, 1)
    world.people.write(1)
    poll(lambda: world.people.are_done, "all is said")
    poll(lambda: not world.imap or not mailbox.count(world.imap.it.url, "INBOX"), "all is taken from the mailbox")
    poll(lambda: not unfinished(engine), "all is settled and has left")
    _read_what_waits_for_a_person(engine, world)
    _sleep(world, DAYS_LATER)
    poll(lambda: not _unreminded(engine, world), "every petition that is due is reminded")
    poll(lambda: not unfinished(engine), "what reminds has left")


def _read_what_waits_for_a_person(engine: Engine, world: World) -> None:
    """A mail that was in the hands of the dead three times waits for an official, who lets it go on."""
    stopped = "SELECT id FROM inbox WHERE verdict = 'needs_human' AND attempts >= 3"
    for (number,) in ask(engine, stopped):
        done = subprocess.run([*PQR, "mail", "retry", str(number)], env=world.service.environ, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


def _sleep(world: World, days: int) -> None:
    today = world.now.astimezone(BOGOTA).date()
    morning = datetime.combine(Calendar().nth_business_day_after(today, days), time(10), BOGOTA)
    world.service.stop()
    world.clock((morning - datetime.now(UTC)).total_seconds())
    world.service.start()


def unfinished(engine: Engine) -> list[tuple]:
    """Mails without a fate and letters that have not left."""
    return ask(
        engine,
        "SELECT 'mail', id FROM inbox WHERE verdict = '' UNION ALL"
        " SELECT 'letter', id FROM outbox WHERE state = 'queued'",
    )


def all_is_there_once(engine: Engine, world: World) -> None:
    """Numbers, petitions, mails, answers, reminders and letters."""
    _every_petition(engine, world)
    _every_mail(engine, world)
    _every_answer(engine, world)
    _reminders_are_given_once(engine)
    _every_letter(engine, world)


def comes_back(engine: Engine, world: World, empty: dict[str, str]) -> None:
    """The copy that was made meanwhile is put back where there is nothing: all that had been told, and as it was."""
    done = subprocess.run([*PQR, "restore", str(world.copy)], env=empty, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()  # it compares, counts and verifies
    back = create_engine(empty.get("PQR_DATABASE_URL") or f"sqlite:///{empty['PQR_DATA_DIR']}/pqr.sqlite3")
    assert world.shown <= {radicado for (radicado,) in ask(back, "SELECT radicado FROM tickets")}
    for same in ("SELECT id, hash FROM events", "SELECT id, digest FROM inbox", "SELECT id, radicado FROM tickets"):
        assert set(ask(back, same)) <= set(ask(engine, same)), same
    back.dispose()


def _every_petition(engine: Engine, world: World) -> None:
    radicados = [radicado for (radicado,) in ask(engine, "SELECT radicado FROM tickets ORDER BY radicado")]
    for year in {radicado[:4] for radicado in radicados}:
        given = [int(each[-6:]) for each in radicados if each.startswith(year)]
        assert given == list(range(1, len(given) + 1))
    shown = [page.result() for page in world.people.pages]
    by_web = ask(engine, "SELECT radicado, body FROM tickets WHERE channel = 'web' ORDER BY radicado")
    assert [radicado for radicado, _ in by_web] == sorted(shown), by_web


def _every_mail(engine: Engine, world: World) -> None:
    mails = ask(engine, "SELECT sender, verdict, ticket_id FROM inbox WHERE verdict <> 'secretaria_reply'")
    assert sorted(sender for sender, _, _ in mails) == sorted(map(writer, range(len(world.people.mails))))
    assert {verdict for _, verdict, _ in mails} == {"new_ticket"}
    by_mail = ask(engine, "SELECT id FROM tickets WHERE channel = 'email'")
    assert sorted(ticket for _, _, ticket in mails) == sorted(ticket for (ticket,) in by_mail)


def _every_answer(engine: Engine, world: World) -> None:
    given = ask(engine, "SELECT t.radicado, a.radicado FROM answers a JOIN tickets t ON t.id = a.ticket_id")
    assert sorted(radicado for radicado, _ in given) == sorted(world.people.answers)
    assert len({exit_number for _, exit_number in given}) == len(given)
    closed = {radicado for (radicado,) in ask(engine, "SELECT radicado FROM tickets WHERE state = 'closed'")}
    assert closed == set(world.people.answers), "an answer that left is not communicated"


def _every_letter(engine: Engine, world: World) -> None:
    letters = ask(engine, "SELECT message_id, letter, state, ticket_id FROM outbox")
    assert {state for _, _, state, _ in letters} == {"sent"}
    acknowledged = [ticket for _, letter, _, ticket in letters if letter == "acknowledgement"]
    assert sorted(acknowledged) == sorted(ticket for (ticket,) in ask(engine, "SELECT id FROM tickets"))
    arrived = Counter(str(taken.mail["Message-ID"]) for taken in world.relay.taken)
    assert set(arrived) == {message_id for message_id, _, _, _ in letters}
    # A process that dies, or cannot write, between the relay's yes and its own note repeats the one in its hands.
    assert arrived.total() - len(arrived) <= world.interruptions


def _reminders_are_given_once(engine: Engine) -> None:
    told = ask(engine, REMINDED)
    steps = Counter((ticket, data["step"], data.get("code", "")) for ticket, data in _read(told))
    assert set(steps.values()) <= {1}, steps


def _unreminded(engine: Engine, world: World) -> list[tuple]:
    """Petitions that are open and whose latest step of the ladder nobody was told of."""
    today, calendar = world.now.astimezone(BOGOTA).date(), Calendar()
    told = {(ticket, data["step"]) for ticket, data in _read(ask(engine, REMINDED)) if "code" not in data}
    running = ask(engine, "SELECT id, term_length, due_on FROM tickets WHERE state IN ('filed', 'assigned')")
    steps = [(ticket, steps_reached(whole, _day(due_on), today, calendar)) for ticket, whole, due_on in running]
    return [(ticket, reached[-1]) for ticket, reached in steps if reached and (ticket, reached[-1].name) not in told]


def _read(events: list[tuple]) -> list[tuple]:
    """SQLite gives JSON as it is written."""
    return [(ticket, json.loads(data) if isinstance(data, str) else data) for ticket, data in events]


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


def let_the_leases_run_out(engine: Engine) -> None:
    """As if a quarter of an hour had gone by: what the dead had in their hands is free again."""
    with engine.begin() as connection:
        for ledger, waits, since in (
            ("inbox", "verdict = ''", "received_at"),
            ("outbox", "state = 'queued'", "created_at"),
        ):
            connection.execute(text(f"UPDATE {ledger} SET next_try_at = {since} WHERE {waits} AND attempts > 0"))  # noqa: S608


def ask(engine: Engine, question: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]

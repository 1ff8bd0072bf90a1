"""Does the service ever talk to a machine without end?  Robots of every manner, and a second copy of ourselves."""

import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from itertools import count

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from pqr import mailroom
from pqr.app import create_app
from pqr.db import db, reading
from pqr.intake.classify import MOST_A_DAY
from pqr.mail.inbox import Received
from pqr.tickets.models import Ticket
from tests.installation import make_settings
from tests.peer import Peer, Taken, peer

ROBOT = "ventas@almacen.example"
OFFICE = "servicios@puerres.example"
OURS, THEIRS = "pqr@puerres.example", "pqr@copia.example"
TUESDAY = "2026-02-03T09:15:00-05:00"
VACATION = "Gracias por su mensaje. Estamos de vacaciones y volvemos el lunes."
ENOUGH = 60  # rounds
numbers = count(1)


@dataclass
class Town:
    """Everybody's mail: what leaves an installation arrives where it is addressed, a minute later.

    `homes`: the installation behind each mail domain. `robots`: how whoever has this address answers a letter.
    """

    relay: Peer
    clock: time_machine.Traveller
    homes: dict[str, Flask] = field(default_factory=dict)
    robots: dict[str, Callable[[str, Taken], tuple[str, EmailMessage]]] = field(default_factory=dict)

    def post(self, sender: str, to: str, mail: EmailMessage) -> None:
        """A mail arrives at an installation, which does all that it has to."""
        received = Received(mail.as_bytes(), sender, (to,), "smtp")
        with self.homes[to.rpartition("@")[2]].app_context():
            mailroom.store(received)
            mailroom.process_waiting()
            mailroom.send_waiting()

    def live(self) -> int:
        """Until nobody has anything to say; how many rounds of letters that took."""
        read = 0
        for rounds in range(ENOUGH):
            fresh = self.relay.taken[read:]
            if not fresh:
                return rounds
            read += len(fresh)
            self.clock.shift(timedelta(minutes=1))
            for letter in fresh:
                self._deliver(letter)
        pytest.fail(f"they still write after {ENOUGH} rounds and {read} letters")

    def _deliver(self, letter: Taken) -> None:
        (recipient,) = letter.recipients
        if recipient in self.robots:
            to, mail = self.robots[recipient](recipient, letter)
            self.post(recipient, to, mail)
        elif recipient.rpartition("@")[2] in self.homes and recipient.startswith("pqr"):
            self.post(letter.sender, recipient, letter.mail)

    def tickets(self, domain: str = "puerres.example") -> int:
        """How many petitions that installation has filed."""
        with self.homes[domain].app_context(), reading() as session:
            return session.scalar(select(func.count()).select_from(Ticket)) or 0


def written(sender: str, to: str, subject: str, text: str, **headers: str) -> EmailMessage:
    """A mail with a Message-ID of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{next(numbers)}@{sender.rpartition('@')[2]}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def polite(robot: str, letter: Taken) -> tuple[str, EmailMessage]:
    """As RFC 3834 wants it: says that it is a machine, to the envelope's sender."""
    headers = {"Auto_Submitted": "auto-replied", "In_Reply_To": letter.mail["Message-ID"]}
    subject = f"Auto: {letter.mail['Subject']}"
    return letter.sender, written(robot, letter.sender, subject, VACATION, **headers)


def rude(robot: str, letter: Taken, text: str = VACATION) -> tuple[str, EmailMessage]:
    """As a person would: "Re:", in the thread, to the Reply-To."""
    to = str(letter.mail["Reply-To"] or OURS)
    return to, written(robot, to, f"Re: {letter.mail['Subject']}", text, In_Reply_To=letter.mail["Message-ID"])


def rude_and_talkative(robot: str, letter: Taken) -> tuple[str, EmailMessage]:
    """The same in words that nothing tells from a person's, others each time."""
    return rude(robot, letter, f"Buen día. Lo miramos con gusto, quedó en el turno {next(numbers)}. Saludos, Marta.")


def rude_and_fresh(robot: str, _letter: Taken) -> tuple[str, EmailMessage]:
    """As somebody who writes for the first time, each time."""
    number = next(numbers)
    text = f"Buen día. Este es el mensaje número {number} de nuestro almacén; pronto lo atenderemos."
    return OURS, written(robot, OURS, f"Pedido {number} recibido", text)


@contextmanager
def installed(settings):
    """An installation; its connections are closed afterwards."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def town(database_url, tmp_path):
    """With our installation alone in it."""
    with (
        peer() as relay,
        time_machine.travel(TUESDAY, tick=False) as clock,
        installed(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url(), PQR_RATE_LIMITS="on")) as ours,
    ):
        yield Town(relay, clock, {"puerres.example": ours})


@pytest.fixture
def with_copy(town, sqlite_template, tmp_path):
    """The same town, and a neighbour that runs the same service under a domain and a database of its own."""
    home = tmp_path / "copia"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "pqr.sqlite3")
    more = {"PQR_MAIL_DOMAIN": "copia.example", "PQR_SECRET_KEY": "otra-clave-de-las-pruebas-987654321"}
    url, relay = f"sqlite:///{home / 'pqr.sqlite3'}", town.relay.url()
    with installed(make_settings(home, url, PQR_SMTP_URL=relay, PQR_RATE_LIMITS="on", **more)) as theirs:
        town.homes["copia.example"] = theirs
        yield town


def petition(sender: str) -> EmailMessage:
    return written(sender, OURS, "No llega agua", "El acueducto no llega hace dos semanas.")


def subjects(town: Town, address: str) -> list[str]:
    return [str(letter.mail["Subject"]) for letter in town.relay.to(address)]


@pytest.mark.parametrize(("robot", "to_the_office"), [(polite, 1), (rude, 1), (rude_and_talkative, 2)])
def test_a_robot_that_answers_every_letter_gets_the_acknowledgement_alone(town, robot, to_the_office):
    town.robots[ROBOT] = robot
    town.post(ROBOT, OURS, petition(ROBOT))
    town.live()
    assert len(town.relay.to(ROBOT)) == 1, subjects(town, ROBOT)
    assert len(town.relay.to(OFFICE)) == to_the_office, subjects(town, OFFICE)
    assert town.tickets() == 1


@pytest.mark.parametrize(("robot", "most"), [(polite, 1), (rude, 1), (rude_and_talkative, MOST_A_DAY + 2)])
def test_robots_at_both_ends_of_a_case_fall_silent(town, robot, most):
    """Each of them gets what the other wrote, for nothing tells the talkative from persons, until the day's ceiling."""
    town.robots |= {ROBOT: robot, OFFICE: robot}
    town.post(ROBOT, OURS, petition(ROBOT))
    town.live()
    assert 1 <= len(town.relay.to(ROBOT)) <= most, subjects(town, ROBOT)
    assert 1 <= len(town.relay.to(OFFICE)) <= most, subjects(town, OFFICE)
    assert town.tickets() == 1


def test_a_robot_that_answers_our_notice_is_told_once_and_filed_once(town):
    """Its first mail goes to an address that we signed for somebody else."""
    town.post("ana@correo.example", OURS, petition("ana@correo.example"))
    signed = str(town.relay.to(OFFICE)[0].mail["Reply-To"])
    town.robots[ROBOT] = rude_and_talkative
    town.post(ROBOT, signed, written(ROBOT, signed, "Su pedido", "Ya salió su pedido."))
    town.live()
    assert len(town.relay.to(ROBOT)) == 2, subjects(town, ROBOT)
    assert town.tickets() == 2


def test_a_robot_that_begins_anew_each_time_is_answered_no_more_than_a_day_allows(town):
    town.robots[ROBOT] = rude_and_fresh
    town.post(ROBOT, OURS, petition(ROBOT))
    assert town.live() <= 40
    assert town.tickets() == MOST_A_DAY
    *acknowledgements, notice = subjects(town, ROBOT)
    assert len(acknowledgements) == MOST_A_DAY
    assert "2026-E-" not in notice, "over the ceiling it is told once that a person looks at its mails"


def test_two_copies_of_this_service_exchange_one_acknowledgement(with_copy):
    with_copy.post(THEIRS, OURS, petition(THEIRS))
    with_copy.live()
    assert len(with_copy.relay.to(THEIRS)) == 1
    assert (with_copy.tickets(), with_copy.tickets("copia.example")) == (1, 0)


def test_two_copies_fall_silent_even_where_the_mail_between_them_loses_its_marks(with_copy, monkeypatch):
    """A gateway on the way strips every header that says that a machine wrote."""
    post = with_copy.post

    def stripped(sender: str, to: str, mail: EmailMessage) -> None:
        for mark in ("Auto-Submitted", "X-Auto-Response-Suppress"):
            del mail[mark]
        post(sender, to, mail)

    monkeypatch.setattr(with_copy, "post", stripped)
    with_copy.post(THEIRS, OURS, petition(THEIRS))
    with_copy.live()
    theirs = [letter for letter in with_copy.relay.taken if "copia.example" in letter.sender]
    assert len(with_copy.relay.to(THEIRS)) == 1, "ours acknowledges once"
    assert len([letter for letter in theirs if letter.recipients != (OFFICE,)]) == 1, "theirs acknowledges once"
    assert (with_copy.tickets(), with_copy.tickets("copia.example")) == (1, 1)


def test_a_mail_that_claims_to_be_from_ourselves_is_answered_to_nobody(town):
    town.post("alguien@correo.example", OURS, petition(OURS))
    assert town.live() == 0
    assert town.tickets() == 0

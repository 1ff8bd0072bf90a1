"""Does the one person in systems see at a glance what is not well, and what to do?"""

from datetime import timedelta

import pytest
import time_machine

from pqr import guard
from pqr.accounts.roles import Role
from pqr.backups.models import Backup
from pqr.mail.inbox import Received, store
from pqr.mail.outbox import LetterState
from pqr.sharing.calling import Outcome
from pqr.sharing.delivering import claim, settle
from pqr.sharing.hooks import NewHook, subscribe
from pqr.sharing.telling import sweep
from pqr.tickets.anchoring import SETTLED, anchor
from pqr.watching.rules import DAILY
from tests.builders import NOW, assigned, letters_of, office_of, raw_mail
from tests.desk.staff import at_work, words_of

PAGE = "/atencion/ajustes/estado"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def read(client, session):
    at_work(client, session, Role.ADMIN)
    return lambda: words_of(client.get(PAGE))


def copied(session, moment):
    session.add(Backup(made_at=moment, revision="0036", size=1, sha256="0", encrypted=True))
    session.commit()


def test_a_copy_is_asked_for_every_day(session, read):
    assert "Copia de seguridad Atender Nunca se ha hecho una." in read()
    copied(session, NOW - 2 * DAILY)
    assert "Copia de seguridad Atender La última, cifrada, es del" in read()
    copied(session, NOW)
    assert "Bien La última, cifrada, es del martes 3 de marzo de 2026, a las 10:00 a. m. " in read()


def test_what_waits_without_anybody_working_is_said_first(session, settings, read, on_a_tuesday):
    copied(session, NOW)
    assert "Atender" not in read()
    store(session, Received(raw_mail(subject="Agua", text="Hola"), envelope_to=("pqr@puerres.example",)), NOW)
    assigned(session, office_of(session, settings))
    session.commit()
    assert "Atender" not in read()
    on_a_tuesday.shift(1800)
    page = read()
    assert page.count("Lo más antiguo espera desde el martes 3 de marzo de 2026, a las 10:00 a. m.") == 2
    assert page.index("Correo que llegó") < page.index("Base de datos")
    for letter in (letters := letters_of(session)):
        letter.state = LetterState.FAILED
    session.commit()
    assert f"Cartas detenidas Atender {len(letters)} cartas no pudieron salir." in read()


def test_the_seal_of_the_day_is_shown(session, settings, read, on_a_tuesday):
    assert "Sello diario del registro Bien Todavía no hay." in read()
    assigned(session, office_of(session, settings))
    session.flush()
    anchor(session, office_of(session, settings), NOW + 2 * SETTLED)
    session.commit()
    assert "El último es del martes 3 de marzo de 2026, a las 12:00 m." in read()


def test_a_demonstration_is_told_what_it_lacks_to_serve_people(read):
    assert "PQR_SMTP_URL: falta; sin ella no sale ninguna carta." in read()


def test_a_program_that_could_not_be_told_is_named_for_a_week(session, settings, read):
    assert "Avisos a programas Bien Ninguno" in read()
    subscribe(session, NewHook("Tablero", "https://tablero.example/", ("filed",)), NOW)
    office = office_of(session, settings)
    assigned(session, office, topic_id=16, kind="reclamo")
    session.flush()
    sweep(session, office, NOW)
    session.flush()
    delivery = settle(session, claim(session, NOW).delivery_id, Outcome(410, "Respondió 410."), NOW)
    session.commit()
    assert "Avisos a programas Atender En una semana no se le pudo avisar a Tablero." in read()
    delivery.created_at = NOW - timedelta(days=8)
    session.commit()
    assert "Avisos a programas Bien Ninguno" in read()


def test_an_alarm_says_since_when(app, session, read, on_a_tuesday):
    copied(session, NOW - 2 * DAILY)
    with app.app_context():
        guard.look()
    on_a_tuesday.shift(3600)
    assert "«pqr backup ARCHIVO». Así desde el martes 3 de marzo de 2026, a las 10:00 a. m. " in read()

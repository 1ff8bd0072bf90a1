"""Can the installation change its key while it works, and can the old one then go, with nothing lost?"""

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from pqr import sealing
from pqr.accounts import passwords, second_step
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.cli import main
from pqr.db import db
from pqr.door import recall_keys
from pqr.mail.addresses import Action, is_ours, survey_token, surveyed
from pqr.mail.inbox import InboxMail
from pqr.rekeying import places, waiting
from pqr.sharing.hooks import NewHook, subscribe
from pqr.sharing.models import Webhook
from pqr.tickets import letters
from pqr.tickets.filing import PetitionerData
from pqr.tickets.letters import code_of
from pqr.tickets.models import Identity, Ticket
from pqr.upkeep import verify
from tests.builders import NOW, arrive, filed, letters_of, office_of, raw_mail
from tests.desk.staff import PASSWORD, employ, send
from tests.installation import make_settings

OLD, NEW = "clave-vieja-de-las-pruebas-0123456789", "clave-nueva-de-las-pruebas-9876543210"


@pytest.fixture
def environ(tmp_path, database_url, monkeypatch):
    """The environment of the commands, which the test changes as an operator does."""
    given = {
        "PQR_DATA_DIR": str(tmp_path),
        "PQR_DATABASE_URL": database_url,
        "PQR_MAIL_DOMAIN": "puerres.example",
        "PQR_RATE_LIMITS": "off",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    def with_keys(*keys):
        monkeypatch.setenv("PQR_SECRET_KEY", ",".join(keys))
        return make_settings(tmp_path, database_url, PQR_SECRET_KEY=",".join(keys))

    yield with_keys
    sealing.use(["clave-de-las-pruebas-0123456789"])


@pytest.fixture
def running(environ):
    """An application that starts with these keys, as a process of the service does; and its session."""
    from sqlalchemy.orm import Session

    opened = []

    def start(*keys):
        app = create_app(environ(*keys))
        with app.app_context():
            recall_keys()
            session = Session(db.engine, expire_on_commit=False)
            opened.append((app, session))
        return app, session

    yield start
    for app, session in opened:
        session.close()
        with app.app_context():
            db.engine.dispose()


def sealed_everywhere(session, office):
    """Something in every column that is sealed; the ticket whose person asked for reserve."""
    person = PetitionerData("Rosalba Incógnita", "rosa@correo.example", document_number="1087", phone="3001234567")
    ticket = filed(session, office, identity=Identity.RESERVED, petitioner=person)
    arrive(
        session, office, raw_mail("rosa@correo.example", letters.signed(ticket, Action.CITIZEN, office), "Más", "Sí.")
    )
    subscribe(session, NewHook("Tablero", "https://tablero.example/", ("filed",)), NOW)
    user = employ(session, Role.ADMIN)
    nonce = second_step.new_nonce()
    code = pyotp.TOTP(second_step.secret_of(nonce, user.id, office.keys[0])).at(NOW)
    assert second_step.enrol(user, nonce, code, office.keys, NOW)
    session.commit()
    return ticket


def run(*words):
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_after_the_change_the_old_key_can_go_and_everything_opens(running, environ):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    ticket = sealed_everywhere(session, office)
    code, survey = code_of(ticket, office), survey_token(ticket.id, OLD)
    reply = letters.signed(ticket, Action.CITIZEN, office)
    raw = session.scalars(select(InboxMail)).one().raw
    secret = session.scalars(select(Webhook)).one().secret
    session.close()

    environ(NEW, OLD)
    assert "datos todavía necesitan una clave vieja" in run("check")[1]
    assert run("keys", "rotate")[0] == 0
    assert run("keys", "rotate")[1].startswith("Se volvieron a cifrar 0 datos")
    environ(NEW)
    assert "clave vieja" not in run("check")[1]

    app, session = running(NEW)
    assert waiting(session) == {}
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.petitioner.name, ticket.petitioner.document_number) == ("Rosalba Incógnita", "1087")
    assert session.scalars(select(InboxMail)).one().raw == raw
    assert session.scalars(select(Webhook)).one().secret == secret
    assert letters_of(session, ticket=ticket)[0].recipient == "rosa@correo.example"
    settings = app.extensions["pqr_settings"]
    assert not list(verify(session, office_of(session, settings)))
    assert surveyed(survey, settings.secret_keys) == ticket.id
    assert is_ours(reply, settings.secret_keys, settings.mail_domain)
    opened = app.test_client().get(f"/radicado/{ticket.radicado}?code={code}")
    assert opened.location == f"/radicado/{ticket.radicado}"


@pytest.mark.parametrize("kept", [True, False])
def test_a_second_step_survives_the_key_that_made_it(running, environ, kept):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    sealed_everywhere(session, office)
    user = session.scalars(select(User)).one()
    totp = pyotp.TOTP(second_step.secret_of(user.totp_nonce, user.id, OLD))
    if not kept:  # as those who enrolled before it was kept
        user.totp_secret = ""
    user.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    session.close()
    environ(NEW, OLD)
    assert run("keys", "rotate", "--forget")[0] == 0
    app, session = running(NEW)
    client = app.test_client()
    half = send(client, "/ingresar", email="admin@puerres.example", password=PASSWORD)
    assert half.location == "/ingresar/codigo"
    assert send(client, "/ingresar/codigo", code=totp.now()).location == "/atencion/"


def test_a_key_that_strangers_may_have_signs_nothing_any_more(running, environ):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    ticket = sealed_everywhere(session, office)
    code, radicado = code_of(ticket, office), ticket.radicado
    session.close()
    environ(NEW, OLD)
    assert "ya no sirven" in run("keys", "rotate", "--forget")[1]
    app, session = running(NEW)
    assert session.scalars(select(Ticket)).one().petitioner.name == "Rosalba Incógnita"
    assert app.test_client().get(f"/radicado/{radicado}?code={code}").status_code == 422
    here = office_of(session, app.extensions["pqr_settings"])
    assert not list(verify(session, here))
    session.scalars(select(Ticket)).one().petitioner.phone = sealing.Sealed("3000000000")
    session.flush()
    assert ["los datos de la persona cambiaron" in finding for finding in verify(session, here)] == [True]


def test_an_interrupted_change_goes_on_where_it_stopped(running, environ):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    for number in range(3):
        filed(session, office, identity=Identity.RESERVED, petitioner=PetitionerData(f"Rosa {number}", "r@x.example"))
    session.commit()
    session.close()
    app, session = running(NEW, OLD)
    before = waiting(session)
    assert before["petitioners.name"] == 3
    person = session.scalars(select(Ticket).order_by(Ticket.id)).first().petitioner
    person.name = sealing.Sealed("Rosalba")  # written by the service meanwhile, with the newest key
    session.commit()
    assert waiting(session)["petitioners.name"] == 2
    session.close()
    code, told = run("keys", "rotate")
    assert code == 0
    assert f"Se volvieron a cifrar {sum(before.values()) - 1} datos" in told


def test_what_was_sealed_before_seals_named_their_key_opens_and_is_sealed_anew(running, environ):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    filed(session, office, identity=Identity.RESERVED, petitioner=PetitionerData("Rosalba", "r@x.example"))
    session.commit()
    head = sealing.newest_head()
    changed = text("UPDATE petitioners SET name = replace(name, :head, :first)")
    session.execute(changed, {"head": head, "first": sealing.FIRST})
    session.commit()
    session.expire_all()
    assert session.scalars(select(Ticket)).one().petitioner.name == "Rosalba"
    assert waiting(session) == {"petitioners.name": 1}
    session.close()
    assert run("keys", "rotate")[0] == 0
    assert waiting(session) == {}


def test_what_no_key_opens_stays_as_it_is_and_is_said(running, environ):
    app, session = running(OLD)
    office = office_of(session, app.extensions["pqr_settings"])
    filed(session, office, identity=Identity.RESERVED, petitioner=PetitionerData("Rosalba", "r@x.example"))
    session.commit()
    before = session.scalar(text("SELECT name FROM petitioners"))
    session.close()
    environ(NEW)
    code, told = run("keys", "rotate")
    assert code == 1
    assert "no se abren" in told
    assert session.scalar(text("SELECT name FROM petitioners")) == before


def test_every_sealed_column_is_known():
    assert {place.name for place in places()} >= {
        "petitioners.name", "petitioners.email", "inbox.raw", "outbox.recipient", "webhooks.secret",
        "users.totp_secret", "retired_keys.secret",
    }  # fmt: skip

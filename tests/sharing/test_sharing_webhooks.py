"""Is a program told what happened, once, signed, without anybody's data, and however long it takes?"""

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from ipaddress import ip_network
from time import monotonic

import pytest
import time_machine
from sqlalchemy import select, text

from pqr import announcing, sealing
from pqr.app import create_app
from pqr.db import db
from pqr.sharing import calling, hooks
from pqr.sharing.calling import call
from pqr.sharing.delivering import MAX_ATTEMPTS, PAUSES
from pqr.sharing.hooks import NewHook
from pqr.sharing.models import Delivery, Webhook, WebhookMark
from pqr.sharing.showing import own_name
from pqr.sharing.telling import CLOSING, SLOWEST_ACT, sweep
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.events import Event
from pqr.tickets.models import Identity
from pqr.tickets.states import Outcome
from tests.builders import NOW, filed, office_of
from tests.installation import make_settings
from tests.sharing.receiver import certificate, listening

ROADS, VIOLENCE = 16, 39
TRUSTED = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
EVERYTHING = ("filed", "answered", "closed")


@pytest.fixture
def at_ten():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    pem = certificate(tmp_path / "recibe.pem", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))  # whom OpenSSL believes
    with listening(pem) as server:
        yield server


@pytest.fixture
def app(database_url, tmp_path):
    """An installation that trusts this machine."""
    app = create_app(make_settings(tmp_path, database_url, PQR_WEBHOOKS_ALLOW="127.0.0.0/8, ::1"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def hook(session, receiver, at_ten):
    url = f"https://localhost:{receiver.server_port}/avisos?de=pqr"
    hook = hooks.subscribe(session, NewHook("Tablero", url, EVERYTHING), NOW)
    session.commit()
    return hook


def tell(app):
    with app.app_context():
        return announcing.tell_waiting()


def road(session, office, **changes):
    ticket = filed(session, office, **{"topic_id": ROADS, "kind": "reclamo"} | changes)
    session.commit()
    return ticket


def deliveries(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def test_what_happens_to_a_case_is_told_signed_and_without_anybodys_data(app, session, office, hook, receiver):
    ticket = road(session, office, place="Vereda El Alto")
    record_answer(session, Reply(ticket, "Se tapó.", "user:1", final=True), office, NOW + timedelta(minutes=1))
    communicate(session, ticket, "counter", "user:1", office, NOW + timedelta(minutes=2))
    session.commit()
    assert tell(app) == 3
    heard = [json.loads(body) for _, _, body in receiver.heard]
    same = {"service_request_id": own_name(ticket.id, office.keys), "service_code": "16"}
    assert heard == [
        {"type": "request.filed", "timestamp": "2026-03-03T10:00:00-05:00", "data": same | {"status": "open"}},
        {"type": "request.answered", "timestamp": "2026-03-03T10:01:00-05:00", "data": same | {"status": "open"}},
        {"type": "request.closed", "timestamp": "2026-03-03T10:02:00-05:00", "data": same | {"status": "closed"}},
    ]
    path, headers, body = receiver.heard[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = base64.b64decode(hook.secret.removeprefix("whsec_"))
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert (path, headers["webhook-timestamp"]) == ("/avisos?de=pqr", str(int(NOW.timestamp())))
    everything = str(receiver.heard)
    assert not [word for word in ("Ana", "Alto", "agua", ticket.radicado, "correo.example") if word in everything]
    assert tell(app) == 0
    assert [(each.state, each.answered) for each in deliveries(session)] == [("sent", 204)] * 3


HARMFUL = (
    {"identity": Identity.ANONYMOUS}, {"identity": Identity.RESERVED}, {"kind": "denuncia"}, {"kind": "queja"},
    {"topic_id": VIOLENCE}, {"topic_id": None, "subject": "Otra cosa", "body": "De lo que nadie sabe."},
)  # fmt: skip


def test_of_what_could_harm_somebody_nothing_is_told(app, session, office, hook, receiver):
    for changes in HARMFUL:
        road(session, office, **changes)
    assert tell(app) == 0
    assert receiver.heard == []


def test_a_program_is_told_what_it_asked_for_and_nothing_of_before(app, session, office, hook, receiver, at_ten):
    hook.events = ["closed"]
    road(session, office)
    assert tell(app) == 0
    at_ten.shift(60)
    later = hooks.subscribe(session, NewHook("Otro", hook.url, EVERYTHING), NOW + timedelta(minutes=1))
    session.commit()
    assert tell(app) == 0
    road(session, office, now=NOW + timedelta(minutes=1))
    assert tell(app) == 1
    assert [each.webhook_id for each in deliveries(session)] == [later.id]


def test_an_event_that_commits_below_one_that_was_seen_is_told_all_the_same(app, session, office, hook):
    """As on PostgreSQL: the lower number was given first and committed last."""
    road(session, office)
    late = road(session, office)
    event = session.scalars(select(Event).where(Event.ticket_id == late.id, Event.kind == "filed")).one()
    assert sweep(session, office, NOW) == 2
    session.query(Delivery).filter(Delivery.event_id == event.id).delete()  # it had not been there
    assert sweep(session, office, NOW) == 1
    assert sweep(session, office, NOW + SLOWEST_ACT) == 0
    mark = session.get(WebhookMark, 1).event_id
    assert mark >= event.id
    session.query(Delivery).delete()
    assert sweep(session, office, NOW + SLOWEST_ACT) == 0


def test_a_program_that_is_down_is_tried_for_days_with_growing_pauses(app, session, office, hook, receiver, at_ten):
    receiver.status = 503
    road(session, office)
    assert tell(app) == 1
    for pause in PAUSES:
        assert tell(app) == 0
        at_ten.shift(pause)
        assert tell(app) == 1
    (delivery,) = deliveries(session)
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("failed", MAX_ATTEMPTS, "Respondió 503.")
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=4)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.heard}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in receiver.heard}) == MAX_ATTEMPTS


def test_a_program_that_is_paused_is_told_nothing_and_later_what_was_owed(app, session, office, hook, receiver, at_ten):
    receiver.status = 500
    road(session, office)
    tell(app)
    hooks.pause(hook)
    session.commit()
    at_ten.shift(3600)
    road(session, office, now=NOW + timedelta(minutes=30))
    assert tell(app) == 0
    receiver.status = 200
    hooks.resume(session, hook, NOW + timedelta(hours=1))
    session.commit()
    assert tell(app) == 1
    assert [each.state for each in deliveries(session)] == ["sent"]


def test_a_program_that_is_gone_is_paused(app, session, office, hook, receiver):
    receiver.status = 410
    road(session, office)
    tell(app)
    (delivery,) = deliveries(session)
    assert delivery.state == "failed"
    assert not session.get(Webhook, hook.id).active


def test_a_redirection_is_not_followed(app, session, office, hook, receiver):
    receiver.status, receiver.headers = 302, {"Location": f"https://localhost:{receiver.server_port}/otra"}
    road(session, office)
    tell(app)
    (delivery,) = deliveries(session)
    assert (delivery.state, delivery.answered) == ("queued", 302)
    assert "no se siguen redirecciones" in delivery.last_error
    assert len(receiver.heard) == 1


def test_a_try_that_was_never_settled_is_made_again_under_the_same_id(app, session, office, hook, receiver, at_ten):
    from pqr.sharing.delivering import LEASE, claim

    road(session, office)
    sweep(session, office, NOW)
    assert claim(session, NOW) is not None
    session.commit()
    assert tell(app) == 0
    at_ten.shift(LEASE)
    assert tell(app) == 1
    assert [each.attempts for each in deliveries(session)] == [2]


def test_the_secret_is_sealed_in_the_database(session, hook):
    kept = session.execute(text("SELECT secret FROM webhooks")).scalar_one()
    assert hook.secret not in kept
    assert sealing.is_sealed(kept)


def test_without_the_operators_word_no_name_that_leads_inside_is_called(receiver):
    outcome = call(f"https://localhost:{receiver.server_port}/", {}, b"{}")
    assert outcome.error == "El nombre lleva a una dirección que no es pública."
    assert receiver.heard == []


def test_who_has_another_names_certificate_is_told_nothing(receiver):
    outcome = call(f"https://127.0.0.1:{receiver.server_port}/", {}, b"{}", TRUSTED)
    assert outcome.error.startswith("TLS:")
    assert receiver.heard == []


def test_a_program_that_takes_the_call_and_says_nothing_does_not_keep_us(monkeypatch):
    monkeypatch.setattr(calling, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert call(f"https://127.0.0.1:{port}/", {}, b"{}", TRUSTED).error == "No respondió a tiempo."
    assert "ConnectionRefusedError" in call(f"https://127.0.0.1:{port}/", {}, b"{}", TRUSTED).error


def test_a_program_that_drips_its_answer_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(calling, "ALL_SECONDS", 0.3)
    receiver.drips = True
    began = monotonic()
    assert call(f"https://localhost:{receiver.server_port}/", {}, b"{}", TRUSTED).status == 200  # so far it had come
    assert monotonic() - began < 5


def test_every_end_of_a_case_is_an_event_that_closes(session):
    """Those that `closing` names after the outcome, and the two with a name of their own."""
    own = {Outcome.ANSWERED: "communicated", Outcome.BY_REFERENCE: "answered_by_reference"}
    ends = {own.get(outcome, outcome.value) for outcome in Outcome if outcome is not Outcome.DUPLICATE}
    assert set(CLOSING) == ends

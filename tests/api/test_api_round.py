"""Does a program that speaks GeoReport v2 find its way, in both formats, from the discovery to the list?"""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import event, func, select

from pqr.app import create_app
from pqr.db import db
from pqr.mail.outbox import Letter
from pqr.portal.choices import KINDS
from pqr.secretarias.models import Topic
from pqr.sharing.keys import NewKey, key_of, make_key, revoke
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.labelling import Label, label
from pqr.tickets.letters import code_of
from pqr.tickets.models import Channel, Identity, Ticket
from tests.api.georeport_client import GeoReport, Refused
from tests.builders import NOW, at, office_of

ROADS = "16"
HOLE = {
    "service_code": ROADS,
    "description": "Un hueco no deja pasar el carro de la leche.",
    "lat": "0.88",
    "long": "-77.5",
}
ANA = {"first_name": "Ana", "last_name": "Prueba", "email": "ana@correo.example", "attribute_accept_notice": "true"}


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def key(session):
    _, secret = make_key(session, NewKey("App de prueba", 1000), NOW)
    session.commit()
    return secret


@pytest.fixture
def program(client, key):
    return GeoReport(client, "json", key)


def only_ticket(session):
    session.rollback()
    return session.scalars(select(Ticket)).one()


@pytest.mark.parametrize("form", ["xml", "json"])
def test_the_whole_round(client, session, settings, key, form):
    program = GeoReport(client, form, key)
    endpoint = program.discovery()["endpoints"][0]
    assert endpoint["url"] == f"{settings.base_url}/open311/v2"
    roads = next(each for each in program.services() if each["service_code"] == ROADS)
    assert roads["group"] == "Secretaría de Planeación"
    kinds = next(each for each in program.definition(ROADS)["attributes"] if each["code"] == "kind")
    assert [each["key"] for each in kinds["values"]] == list(KINDS)
    filed = program.post(**HOLE, **ANA, attribute_kind="reclamo")
    name = program.token(filed["service_request_id"])["service_request_id"]
    mine = program.request(name)
    assert (mine["status"], mine["status_notes"]) == ("open", "En trámite")
    assert mine["requested_datetime"] == "2026-03-03T10:00:00-05:00"
    assert mine["expected_datetime"] == "2026-03-25T00:00:00-05:00"
    assert program.requests() == [mine]
    assert program.requests(service_request_id=name, status="closed") == [mine]  # the id overrides the rest
    assert program.requests(service_code="50") == program.requests(status="closed") == []
    ticket = only_ticket(session)
    assert (ticket.kind, ticket.channel, ticket.topic_id) == ("reclamo", Channel.API, 16)
    assert ticket.secretaria.code == "planeacion"
    assert ticket.petitioner.name == "Ana Prueba"
    assert ticket.petitioner.notice_accepted_at == NOW


def test_the_notice_gives_the_person_what_follows_the_case(client, session, settings, program):
    notice = program.post(**HOLE)["service_notice"]
    ticket, office = only_ticket(session), office_of(session, settings)
    assert ticket.radicado in notice
    assert code_of(ticket, office) in notice
    assert f"{settings.base_url}/radicado" in notice
    assert "25 de marzo de 2026" in notice
    looked = client.get("/radicado", query_string={"radicado": ticket.radicado, "code": code_of(ticket, office)})
    assert looked.status_code == 303


def test_who_filed_sees_the_end_and_nobody_else_the_beginning(client, session, settings, program, on_a_tuesday):
    name = program.post(**HOLE)["service_request_id"]
    office, ticket = office_of(session, settings), only_ticket(session)
    later = at("2026-03-10 09:30")
    record_answer(session, Reply(ticket, "Se tapó.", "user:1", final=True), office, later)
    communicate(session, ticket, "counter", "user:1", office, later)
    session.commit()
    mine = program.request(name)
    assert (mine["status"], mine["status_notes"]) == ("closed", "Cerrada")
    assert mine["updated_datetime"] == "2026-03-10T09:30:00-05:00"
    _, other = make_key(session, NewKey("Otra", 10), NOW)
    session.commit()
    for stranger in (GeoReport(client, "json"), GeoReport(client, "json", other)):
        with pytest.raises(Refused) as refused:
            stranger.request(name)
        assert refused.value.status == 404
        assert stranger.requests(service_request_id=name) == []


def test_what_is_told_of_an_own_request_repeats_no_word_of_the_person(program):
    name = program.post(**HOLE, **ANA, address_string="Finca El Alto", media_url="https://fotos.example/1.jpg")
    told = str(program.request(name["service_request_id"]))
    assert not [word for word in ("leche", "Ana", "correo.example", "Alto", "0.88", "fotos") if word in told]


REFUSED = (
    ({"service_code": ""}, 400, "service_code: falta"),
    ({"service_code": "999"}, 404, "service_code: no existe"),
    ({"service_code": "016"}, 404, "service_code: no existe"),
    ({"description": " "}, 400, "description: falta"),
    ({"description": "x" * 4001}, 400, "caben 4000"),
    ({"long": ""}, 400, "lat, long: van juntas"),
    ({"lat": "nan"}, 400, "lat, long"),
    ({"lat": "91"}, 400, "lat, long"),
    ({"email": "ana@", "attribute_accept_notice": "true"}, 400, "email: El correo"),
    ({"email": "ana@correo.example"}, 400, "attribute[accept_notice]"),
    ({"attribute_identity": "named"}, 400, "attribute[identity]: falta"),
    ({"attribute_identity": "rey"}, 400, "attribute[identity]: se espera"),
    ({"attribute_kind": "tutela_informe"}, 400, "attribute[kind]"),
)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_cannot_be_filed_is_told_and_nothing_is_kept(client, session, key, form):
    for changes, status, says in REFUSED:
        with pytest.raises(Refused) as refused:
            GeoReport(client, form, key).post(**(HOLE | changes))
        assert refused.value.status == refused.value.errors[0]["code"] == status, changes
        assert says in refused.value.words
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_everything_that_is_wrong_is_told_at_once(program):
    with pytest.raises(Refused) as refused:
        program.post(service_code=ROADS, lat="x", email="ana")
    assert len(refused.value.errors) == 4


def test_without_a_name_it_is_anonymous_and_in_reserve_it_is_sealed(session, program):
    program.post(**HOLE)
    assert (only_ticket(session).identity, only_ticket(session).petitioner) == (Identity.ANONYMOUS, None)
    program.post(**HOLE, **ANA, attribute_identity="reserved")
    session.rollback()
    reserved = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert reserved.identity == Identity.RESERVED
    assert reserved.petitioner.name == "Ana Prueba"
    assert reserved.secretaria is None


def test_what_came_beside_the_words_is_marked_and_no_address_is_fetched(session, program):
    program.post(**HOLE, address_string="Vereda El Alto", media_url="http://127.0.0.1:1/metadata")
    ticket = only_ticket(session)
    assert ticket.place == "Vereda El Alto"
    assert ticket.subject == HOLE["description"]
    assert ticket.body == (
        f"{HOLE['description']}\n\nAdemás envió «App de prueba»:\nDirección: Vereda El Alto\n"
        "Coordenadas: 0.880000, -77.500000\nEnlace (no se abrió): http://127.0.0.1:1/metadata"
    )


def test_only_a_place_on_the_map_is_a_place_too(session, program):
    program.post(**HOLE)
    assert only_ticket(session).place == "0.880000, -77.500000"


def test_the_same_within_ten_minutes_is_the_same_request(client, session, program, on_a_tuesday):
    first = program.post(**HOLE, **ANA)
    on_a_tuesday.shift(599)
    assert program.post(**HOLE, **ANA, device_id="otro")["service_request_id"] == first["service_request_id"]
    assert len(session.scalars(select(Letter).where(Letter.letter == "acknowledgement")).all()) == 1
    on_a_tuesday.shift(2)
    assert program.post(**HOLE, **ANA)["service_request_id"] != first["service_request_id"]


def test_another_key_files_another_request(client, session, program):
    _, other = make_key(session, NewKey("Otra", 10), NOW)
    session.commit()
    assert program.post(**HOLE) != GeoReport(client, "json", other).post(**HOLE)


def test_an_idempotency_key_holds_for_ever_and_for_one_content(program, on_a_tuesday):
    once = {"Idempotency-Key": "5d1f"}
    first = program.post(once, **HOLE)
    on_a_tuesday.shift(24 * 3600)
    assert program.post(once, **HOLE)["service_request_id"] == first["service_request_id"]
    with pytest.raises(Refused) as refused:
        program.post(once, **HOLE | {"description": "Otra cosa."})
    assert refused.value.status == 400
    assert "Idempotency-Key" in refused.value.words
    assert program.post({"Idempotency-Key": "5d20"}, **HOLE)["service_request_id"] != first["service_request_id"]


@pytest.mark.parametrize("secret", ["", "pqr_inventada"])
def test_without_a_good_key_nothing_is_filed(client, session, secret):
    with pytest.raises(Refused) as refused:
        GeoReport(client, "xml", secret).post(**HOLE)
    assert refused.value.status == 403
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_a_revoked_key_opens_nothing(client, session, program, key):
    revoke(key_of(session, key), NOW)
    session.commit()
    for ask in (lambda: program.post(**HOLE), program.requests):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.status == 403


def test_the_key_may_come_in_a_header_and_is_nowhere_kept(client, session, key):
    answer = client.post("/open311/v2/requests", data=HOLE, headers={"X-API-Key": key})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert key not in str(vars(key_of(session, key)))


def test_every_topic_that_is_offered_is_a_service_and_one_that_is_not_is_none(client, session):
    session.get(Topic, 16).active = False
    session.commit()
    program = GeoReport(client, "xml")
    codes = {each["service_code"] for each in program.services()}
    assert codes == {str(number) for number in session.scalars(select(Topic.id).where(Topic.active))}
    with pytest.raises(Refused) as refused:
        program.definition(ROADS)
    assert refused.value.status == 404


def test_a_key_files_as_many_an_hour_as_its_row_says_and_another_is_not_held_up(settings, session):
    app = create_app(replace(settings, rate_limits=True))
    few, many = (make_key(session, NewKey(f"App {number}", number), NOW)[1] for number in (2, 5))
    session.commit()
    program = GeoReport(app.test_client(), "json", few)
    for number in range(2):
        program.post(**HOLE | {"description": f"Hueco {number}"})
    with pytest.raises(Refused) as refused:
        program.post(**HOLE)
    assert refused.value.status == 429
    assert GeoReport(app.test_client(), "json", many).post(**HOLE)
    with app.app_context():
        db.engine.dispose()


def test_the_same_text_again_and_again_full_of_links_waits_for_the_desk(settings, session):
    app = create_app(replace(settings, rate_limits=True))
    _, secret = make_key(session, NewKey("App", 100), NOW)
    session.commit()
    program = GeoReport(app.test_client(), "json", secret)
    text = "Gane http://a.example http://b.example http://c.example"
    for number in range(21):
        program.post(**HOLE | {"description": text, "address_string": f"Casa {number}"})
    session.rollback()
    doubted = session.scalars(select(Ticket.doubted_at).order_by(Ticket.id)).all()
    assert [each is not None for each in doubted] == [False] * 20 + [True]
    with app.app_context():
        db.engine.dispose()


def test_an_own_request_whose_topic_the_desk_took_away_is_told_all_the_same(session, program):
    name = program.post(**HOLE)["service_request_id"]
    label(session, Label(only_ticket(session), None, "user:1"), NOW)
    session.commit()
    mine = program.request(name)
    assert (mine["service_code"], mine["service_name"], mine["agency_responsible"]) == ("0", "Por clasificar", None)


def test_the_same_from_many_at_once_is_filed_once(app, session, key):
    """As a program does that lost patience, against several processes of the service."""
    gate, answers = Barrier(4), []

    def post():
        program = GeoReport(app.test_client(), "json", key)
        gate.wait()
        answers.append(program.post(**HOLE)["service_request_id"])

    several = [Thread(target=post) for _ in range(4)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert only_ticket(session).channel == Channel.API


def test_a_list_costs_the_same_questions_however_long_it_is(app, session, program, settings):
    def questions():
        asked = []
        with app.app_context():
            engine = db.engine
        listener = lambda *each: asked.append(each[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        found = program.requests()
        event.remove(engine, "before_cursor_execute", listener)
        return len(found), len(asked)

    program.post(**HOLE)
    one, few = questions()
    for number in range(4):
        program.post(**HOLE | {"description": f"Hueco {number}", "service_code": str(50 + number)})
    five, many = questions()
    assert (one, five) == (1, 5)
    assert many == few

"""Does the public list of requests point at nobody, and say what it may exactly?"""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from pqr.app import create_app
from pqr.db import db
from pqr.secretarias.models import Topic
from pqr.sharing.keys import NewKey, make_key
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.states import Outcome, State
from tests.api.georeport_client import GeoReport, Refused
from tests.builders import NOW, at, filed, office_of

TODAY = at("2026-05-20 11:00")  # the list is that of the first of May
ROADS, WATER, VIOLENCE = 16, 50, 39
FEBRUARY, MARCH, APRIL, MAY = (f"2026-0{month}-01T00:00:00-05:00" for month in (2, 3, 4, 5))


@pytest.fixture(autouse=True)
def on_a_day_in_may():
    with time_machine.travel(TODAY, tick=False) as clock:
        yield clock


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def public(client):
    return GeoReport(client, "json")


def some(session, office, count, day="2026-03-03 10:00", closed="", **changes):
    """Tickets that came on that day; `closed`: when they were. As they stand in the end, by no act."""
    given = {"topic_id": ROADS, "kind": "reclamo"} | changes
    tickets = [filed(session, office, at(day), **given) for _ in range(count)]
    for ticket in tickets if closed else ():
        ticket.state, ticket.outcome, ticket.closed_at = State.CLOSED, Outcome.ANSWERED, at(closed)
    session.commit()
    return tickets


def looks(rows):
    return Counter((row["service_code"], row["requested_datetime"], row["status"]) for row in rows)


def test_five_that_look_alike_are_shown_and_four_are_not(session, office, public):
    some(session, office, 5, "2026-03-03 10:00")
    some(session, office, 4, "2026-03-09 16:00", topic_id=WATER)
    some(session, office, 4, "2026-04-03 10:00")
    assert looks(public.requests()) == {("16", MARCH, "open"): 5}
    some(session, office, 1, "2026-03-30 10:00", topic_id=WATER)
    assert looks(public.requests()) == {("16", MARCH, "open"): 5, ("50", MARCH, "open"): 5}


def test_an_installation_that_wants_more_alike_shows_fewer(session, office, settings):
    some(session, office, 6)
    app = create_app(replace(settings, publish_fewest=7))
    assert GeoReport(app.test_client(), "json").requests() == []
    some(session, office, 1)
    assert looks(GeoReport(app.test_client(), "json").requests()) == {("16", MARCH, "open"): 7}
    with app.app_context():
        db.engine.dispose()


def test_a_line_tells_nothing_of_who_asked_nor_of_the_day(session, office, public):
    tickets = some(session, office, 5, "2026-03-17 10:00", place="Vereda El Alto", body="Se cayó el puente de Luisa.")
    first = public.requests()[0]
    name = first.pop("service_request_id")
    assert {key: value for key, value in first.items() if value is not None} == {
        "status": "open",
        "status_notes": "En trámite (lista del viernes 1 de mayo de 2026)",
        "service_name": "Vías y huecos (urbanas y terciarias)",
        "service_code": "16",
        "agency_responsible": "Secretaría de Planeación",
        "requested_datetime": MARCH,
    }
    told = str(public.requests()) + str(public.request(name))
    hidden = ("Alto", "puente", "Luisa", "Ana", "correo.example", "2026-03-17", *(each.radicado for each in tickets))
    assert not [word for word in hidden if word in told]


def test_no_combination_of_what_is_told_is_shared_by_fewer_than_five(session, office, public):
    """A generated quarter, recounted from its tickets by plain Python."""
    dice = random.Random(7)  # noqa: S311 - drawn, not secret
    kinds = ("reclamo", "peticion_general", "denuncia", "queja", "habeas_data_consulta")
    for _ in range(90):
        day = date(2026, 3, 1) + timedelta(days=dice.randrange(75))
        closed = day + timedelta(days=dice.randrange(40))
        some(
            session, office, 1, f"{day} 10:00", f"{closed} 09:00" if closed < date(2026, 5, 20) else "",
            topic_id=dice.choice((ROADS, WATER, VIOLENCE, None)), kind=dice.choice(kinds[: dice.choice((1, 5))]),
            identity=dice.choice((Identity.NAMED, Identity.NAMED, Identity.ANONYMOUS, Identity.RESERVED)),
        )  # fmt: skip
    rows = public.requests()
    by_all_but_the_id = Counter(
        tuple(value for key, value in row.items() if key != "service_request_id") for row in rows
    )
    assert min(by_all_but_the_id.values()) >= 5
    expected = Counter(
        (str(each.topic_id), f"{each.received_on:%Y-%m}-01T00:00:00-05:00", _status(each))
        for each in session.scalars(select(Ticket))
        if each.identity == "named" and each.kind in ("reclamo", "peticion_general")
        and each.topic_id in (ROADS, WATER) and date(2026, 3, 1) <= each.received_on < date(2026, 5, 1)
    )  # fmt: skip
    assert looks(rows) == {look: count for look, count in expected.items() if count >= 5}
    for code, status in product(("16", "50", "16,50"), ("open", "closed", "open,closed")):
        asked = looks(public.requests(service_code=code, status=status))
        assert asked == {look: n for look, n in looks(rows).items() if look[0] in code and look[2] in status}


def _status(ticket):
    return "closed" if ticket.closed_at and ticket.closed_at < at("2026-05-01 00:00") else "open"


HARMFUL = (
    {"identity": Identity.ANONYMOUS},
    {"identity": Identity.RESERVED},
    {"kind": "denuncia"},
    {"kind": "queja"},
    {"kind": "tutela_informe"},
    {"topic_id": VIOLENCE},
    {"topic_id": None, "subject": "Otra cosa", "body": "Algo de lo que nadie sabe."},
    {"doubts": ("links", "repeated")},
)


def test_what_could_harm_somebody_is_in_no_list_however_many_there_are(session, office, public):
    for changes in HARMFUL:
        some(session, office, 5, **changes)
        assert public.requests() == [], changes


def test_a_topic_that_is_marked_delicate_leaves_the_list(session, office, public):
    some(session, office, 5)
    session.get(Topic, ROADS).sensitive = True
    session.commit()
    assert public.requests() == []


def test_a_voided_number_and_a_duplicate_do_not_help_to_make_five(session, office, public):
    tickets = some(session, office, 6)
    tickets[0].outcome, tickets[1].duplicate_of_id = Outcome.VOIDED, tickets[2].id
    session.commit()
    assert public.requests() == []


def test_the_list_moves_only_with_the_month_and_takes_new_ids_then(session, office, public, on_a_day_in_may):
    some(session, office, 5, "2026-04-10 10:00", closed="2026-05-04 10:00")
    some(session, office, 5, "2026-05-05 10:00")
    in_may = public.requests()
    assert looks(in_may) == {("16", APRIL, "open"): 5}
    on_a_day_in_may.move_to(at("2026-06-01 00:00"))
    in_june = public.requests()
    assert looks(in_june) == {("16", APRIL, "closed"): 5, ("16", MAY, "open"): 5}
    names = {row["service_request_id"] for row in in_may}
    assert not names & {row["service_request_id"] for row in in_june}
    with pytest.raises(Refused):
        public.request(min(names))


def test_several_ids_at_once_override_the_rest(session, office, public):
    some(session, office, 6)
    one, two, *_ = public.requests()
    names = f"{one['service_request_id']},{two['service_request_id']},inventado"
    found = public.requests(service_request_id=names, status="closed", start_date="2020-01-01T00:00:00Z")
    assert sorted(map(str, found)) == sorted(map(str, (one, two)))


def test_the_id_of_what_is_not_in_the_list_is_nobodys(session, office, public):
    from pqr.sharing.showing import public_name, snapshot

    (ticket, *_) = some(session, office, 4)
    with pytest.raises(Refused) as refused:
        public.request(public_name(ticket.id, snapshot(TODAY), office.keys))
    assert refused.value.status == 404


def test_pages_part_the_list_and_none_is_told_twice(session, office, public):
    some(session, office, 7)
    pages = [public.requests(page=page, page_size=3) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len({row["service_request_id"] for page in pages for row in page}) == 7


RANGES = (
    ({}, {MARCH, APRIL}),
    ({"start_date": MARCH, "end_date": MARCH}, {MARCH}),
    ({"start_date": "2026-03-01T05:00:01Z", "end_date": "2026-04-30T00:00:00Z"}, {APRIL}),
    ({"start_date": FEBRUARY}, {FEBRUARY, MARCH, APRIL}),
    ({"end_date": MARCH}, {FEBRUARY, MARCH}),
    ({"start_date": "", "end_date": ""}, {MARCH, APRIL}),
    ({"start_date": "2026-02-01"}, {FEBRUARY, MARCH, APRIL}),
)


def test_the_range_is_of_ninety_days_over_the_date_that_is_told(session, office, public):
    for month in (2, 3, 4, 5):
        some(session, office, 5, f"2026-0{month}-12 10:00")
    for asked, months in RANGES:
        assert {row["requested_datetime"] for row in public.requests(**asked)} == months, asked


MISASKED = (
    ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}, "90 días"),
    ({"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"}, "posterior"),
    ({"start_date": "ayer"}, "start_date"),
    ({"end_date": "0001-01-01"}, "calendario"),
    ({"start_date": "9999-12-31T23:59:59Z"}, "calendario"),
    ({"status": "abierta"}, "status"),
    ({"page_size": "1001"}, "page_size"),
    ({"page": "0"}, "page"),
    ({"service_request_id": ",".join(f"x{number}" for number in range(201))}, "200"),
)


def test_a_question_that_cannot_be_answered_is_told_how_to_be_put(public):
    for asked, says in MISASKED:
        with pytest.raises(Refused) as refused:
            public.requests(**asked)
        assert refused.value.status == 400
        assert says in refused.value.words


@pytest.mark.parametrize("path", ["nada.json", "services/16.csv.json", "requests/x.json", "tokens/x.json"])
def test_what_there_is_not_is_told_in_the_same_format(client, path):
    answer = client.get(f"/open311/v2/{path}")
    assert (answer.status_code, answer.json[0]["code"]) == (404, 404)


def test_a_method_that_there_is_not_is_told_as_an_error(client):
    answer = client.delete("/open311/v2/services.xml")
    assert answer.status_code == 405
    assert answer.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<errors><error><code>405</code>')
    assert "GET" in answer.headers["Allow"]


def test_without_an_ending_it_is_xml_unless_json_is_preferred(client):
    assert client.get("/open311/v2/services").mimetype == "text/xml"
    assert client.get("/open311/v2/services", headers={"Accept": "application/json"}).mimetype == "application/json"


def test_a_page_of_anybody_may_read_what_is_public_and_nothing_else(client, session):
    _, secret = make_key(session, NewKey("App", 10), NOW)
    session.commit()
    open_to_all = client.get("/open311/v2/requests.json").headers
    assert open_to_all["Access-Control-Allow-Origin"] == "*"
    assert open_to_all["Cache-Control"] == "public, max-age=600"
    own = client.get("/open311/v2/requests.json", query_string={"api_key": secret}).headers
    assert "Access-Control-Allow-Origin" not in own
    assert own["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in open_to_all

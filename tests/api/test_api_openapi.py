"""Does the OpenAPI file say what the routes do?  Held to the routes, and tried by a machine that invents requests."""

from collections import Counter
from contextlib import suppress
from itertools import product

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as tried_by_machine
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from pqr.portal.choices import IDENTITIES, KINDS
from pqr.sharing.keys import NewKey, make_key
from tests.builders import NOW, filed, office_of

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    unsupported_method,
]  # fmt: skip


def described(client):
    return client.get("/open311/v2/openapi.json").json


def test_the_file_names_this_installation(client, settings):
    answer = client.get("/open311/v2/openapi.json")
    assert answer.json["servers"] == [
        {"url": f"{settings.base_url}/open311/v2", "description": "Alcaldía Municipal de Puerres"}
    ]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_whoever_looks_for_the_open_data_finds_it(client):
    assert 'href="/open311/v2/openapi.json"' in client.get("/datos-abiertos").text


def test_every_route_is_described_and_every_description_has_its_route(app, client):
    told = {
        (path, method.upper())
        for path, item in described(client)["paths"].items() for method in item if method != "parameters"
    }  # fmt: skip
    routes = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api.") and rule.rule.endswith("<any(xml, json):form>"):
            path = rule.rule.removeprefix("/open311/v2").replace("<any(xml, json):form>", "{form}")
            path = path.replace("<code>", "{service_code}").replace(
                "<name>", "{token}" if "tokens" in path else "{service_request_id}"
            )
            routes |= {(path, method) for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert told == routes


def test_the_choices_of_the_file_are_those_of_the_form(client):
    fields = described(client)["components"]["schemas"]["Filing"]["properties"]
    assert fields["attribute[kind]"]["enum"] == list(KINDS)
    assert set(fields["attribute[identity]"]["enum"]) == set(IDENTITIES)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what it tries is not the database
def test_no_invented_request_breaks_it_or_is_answered_otherwise_than_it_says(app, session, client, settings):
    """More than two hundred requests, as the file wants them and as it does not; the same in every run."""
    office = office_of(session, settings)
    for _ in range(5):
        filed(session, office, topic_id=16, kind="reclamo")
    _, secret = make_key(session, NewKey("Máquina", 10**6), NOW)
    session.commit()
    told = described(client)
    filing = told["components"]["schemas"]["Filing"]
    filing["properties"]["service_code"]["enum"] = ["16", "50", "999"]  # which topics there are is not in the file
    filing["properties"]["email"]["enum"] = ["ana@correo.example", "ana@"]
    filing["required"].append("attribute[accept_notice]")
    schema = schemathesis.openapi.from_dict(told)
    schema.app = app
    seen = Counter()
    for result, mode in product(schema.get_all_operations(), GenerationMode):
        try_out(result.ok(), mode, secret, seen)
    assert seen.total() > 200
    assert {200, 201, 400, 403, 404} <= set(seen)


def try_out(operation, mode, secret, seen):
    """Every third without the key."""

    @seed(311)
    @tried_by_machine(
        max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(operation.as_strategy(generation_mode=mode))
    def invent(case):
        key = {} if seen.total() % 3 == 0 else {"X-API-Key": secret}
        # In the process nobody unpacks what was packed on the way.
        case.headers = {**(case.headers or {}), **key, "Accept-Encoding": "identity"}
        answer = case.call()
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # there is no wrong way to ask for some of it
        invent()

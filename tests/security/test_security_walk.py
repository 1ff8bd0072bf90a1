"""Every address of the service, walked by whoever should not pass: strangers, other offices, other people's codes.

What is expected stands in tables; an address that no table names fails `test_every_address_is_in_a_table`.
Which role passes where: `tests/desk/test_desk_gate.py`.
"""

import re

import pytest
from sqlalchemy import select

from pqr.accounts.acts import LINK_PATH
from pqr.accounts.permissions import may
from pqr.accounts.roles import Role
from pqr.desk.access import RIGHTS
from pqr.mail.addresses import Action, SignedAddress, document_code, sign, survey_token
from pqr.tickets.letters import code_of
from pqr.tickets.models import Ticket
from tests.builders import office_of
from tests.desk.test_desk_gate import OPEN_TO_ALL
from tests.portal.visitor import hidden
from tests.security.house import NOWHERE, writes_of

pytestmark = pytest.mark.xdist_group("security-walk")
OPEN = """
static portal.home portal.look_up portal.leave portal.file portal.needs portal.published_answers
portal.published_answer portal.avisos portal.aviso portal.help_page portal.privacy portal.accessibility portal.logo
portal.favicon portal.manifest portal.worker portal.robots portal.procedures portal.procedure portal.news
portal.one_news portal.opinion portal.verify reporting.open_data reporting.dictionary reporting.open_catalogue
reporting.open_file reporting.public_plan reporting.public reporting.published_reports reporting.published_report
reporting.published_report_file reporting.published_erratum_file api.openapi api.discovery api.services
api.service_definition api.requests api.one_request api.token health.alive health.ready health.numbers
"""
CASE = """
portal.case portal.add portal.appeal portal.complete portal.open_decision portal.open_appeal portal.wish
portal.receipt portal.answer portal.official_letter portal.answer_file
"""
NAMED = "portal.survey portal.verify_code desk.use_link"  # what the address carries is what opens them
KEYED = "api.file"
PAGE = "portal.bring"  # needs the token of the form that was opened
DEMO = "demo.mailboxes demo.letter demo.enclosure demo.as_html demo.new_mail"  # not there when it is for real

EXPECTED = {
    **dict.fromkeys(OPEN.split(), "open"),
    **dict.fromkeys(CASE.split(), "case"),
    **dict.fromkeys(NAMED.split(), "named"),
    KEYED: "refused",
    PAGE: "refused",
    **dict.fromkeys(OPEN_TO_ALL - {"desk.use_link"}, "door"),
    **dict.fromkeys(RIGHTS, "staff"),
}
ANSWERS = {  # to somebody of whom we know nothing: these statuses, for what exists; and for what does not
    "open": ({200, 303, 404, 422, 503}, {200, 303, 404, 422, 503}),
    "case": ({302}, {302}),
    "named": ({404}, {404}),
    "refused": ({403}, {403}),
    "door": ({200, 302, 303, 422}, {200, 302, 303, 422}),
    "staff": ({302}, {302}),
}
# What looking may write: that somebody is here, and looks.
SEEING = {"staff_sessions", "viewings", "reads"}


def ask(client, path, method="GET", **more):
    """The answer, read to its end."""
    answer = client.open(path, method=method, **more)
    answer.get_data()
    answer.close()
    answer.request.input_stream.close()
    return answer


def without(answer, *words):
    """The page's text apart from these words and the token of its forms."""
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", answer.text)
    for word in words:
        text = text.replace(word, "·")
    return text


def test_every_address_is_in_a_table(house, tmp_path):
    from pqr.app import create_app
    from tests.installation import make_settings

    shown = create_app(make_settings(tmp_path, PQR_DEMO="1"))
    assert {rule.endpoint for rule in house.app.url_map.iter_rules()} == set(EXPECTED)
    assert {rule.endpoint for rule in shown.url_map.iter_rules()} == {*EXPECTED, *DEMO.split()}


def test_a_stranger_gets_what_the_table_says(house):
    stranger = house.visitor()
    for endpoint, method, arguments in house.routes():
        kind = EXPECTED[endpoint]
        for samples, allowed in zip((house.samples, house.samples | NOWHERE), ANSWERS[kind], strict=True):
            answer = ask(stranger, house.path(endpoint, arguments, samples), method)
            assert answer.status_code in allowed, f"{method} {endpoint}: {answer.status_code}"
            if kind == "staff":
                assert answer.location.startswith("/ingresar?next="), endpoint
            if kind == "case":
                assert answer.location.startswith("/radicado?radicado="), endpoint


def test_a_stranger_learns_from_no_answer_whether_a_number_exists(house):
    stranger, known = house.visitor(), house.samples["radicado"]
    for endpoint, method, arguments in house.routes():
        if EXPECTED[endpoint] == "case":
            pages = [
                without(
                    ask(stranger, house.path(endpoint, arguments, house.samples | {"radicado": each}), method), each
                )
                for each in (known, NOWHERE["radicado"])
            ]
            assert pages[0] == pages[1], endpoint


@pytest.mark.parametrize("token", ["", "forged", "true"])
def test_another_office_cannot_tell_a_case_of_others_from_one_that_is_not(house, token):
    official = house.visitor(Role.SECRETARIA, "gobierno")
    fields = {"csrf_token": hidden(ask(official, "/atencion/").text, "csrf_token") if token == "true" else token}
    for endpoint, method, arguments in house.routes():
        if endpoint in RIGHTS and "radicado" in arguments:
            existing, invented = (
                ask(
                    official,
                    house.path(endpoint, arguments, samples),
                    method,
                    data=fields if method == "POST" else None,
                )
                for samples in (house.samples | house.of_endpoint["elsewhere"], house.samples | NOWHERE)
            )
            lacks = not may(Role.SECRETARIA, RIGHTS[endpoint])
            assert existing.status_code == (403 if lacks else 404), endpoint
            assert invented.status_code == existing.status_code, endpoint


def test_who_opened_one_case_opens_no_other(house):
    office = office_of(house.session, house.app.extensions["pqr_settings"])
    tickets = house.session.scalars(select(Ticket).order_by(Ticket.id)).all()
    mine, other = tickets[1], next(each for each in tickets if each.attachments)
    citizen = house.visitor()
    opened = ask(citizen, f"/radicado/{mine.radicado}?code={code_of(mine, office)}")
    assert opened.location == f"/radicado/{mine.radicado}"
    token = hidden(ask(citizen, "/radicar").text, "csrf_token")
    for endpoint, method, arguments in house.routes():
        if EXPECTED[endpoint] == "case":
            samples = house.samples | {"radicado": other.radicado, "number": other.attachments[0].id}
            data = {"csrf_token": token} if method == "POST" else None
            answer = ask(citizen, house.path(endpoint, arguments, samples), method, data=data)
            assert answer.location == f"/radicado?radicado={other.radicado}", endpoint
    for path in (f"archivo/{other.attachments[0].id}", f"carta/{house.samples['exit_number']}.pdf", "pedir/no-existe"):
        method = "POST" if path.startswith("pedir") else "GET"
        assert ask(citizen, f"/radicado/{mine.radicado}/{path}", method).status_code == 404, path


def test_what_opens_one_door_opens_no_other(house):
    """The code of a case, of a letter, of a survey and the address of a reply are made for one purpose each."""
    office = office_of(house.session, house.app.extensions["pqr_settings"])
    ticket = house.session.scalars(select(Ticket).where(Ticket.radicado == house.samples["radicado"])).one()
    reply = sign(SignedAddress(Action.CITIZEN, ticket.id), office.keys[0], office.mail_domain)
    secrets = {
        "case": code_of(ticket, office),
        "letter": document_code(ticket.radicado, office.keys[0]),
        "survey": survey_token(ticket.id, office.keys[0]),
        "reply": reply.partition("+")[2].partition("@")[0],
        "stale": code_of(ticket, office)[::-1],
        "of another": house.of_endpoint["elsewhere"]["code"],
    }
    opened = set()
    for name, secret in secrets.items():
        for path in (
            f"/radicado/{ticket.radicado}?code={secret}",
            f"/verificar/{secret}",
            f"/encuesta/{secret}",
            f"{LINK_PATH}{secret}",
            f"/open311/v2/tokens/{secret}.json",
            f"/open311/v2/requests/{secret}.json",
        ):
            answer = ask(house.visitor(), path)
            assert answer.status_code in (303, 404, 422), path
            if answer.status_code == 303:
                opened.add((name, path.partition("?")[0]))
    assert opened == {("case", f"/radicado/{ticket.radicado}")}


def token_of_another(house):
    """The best forgery that there is: the true token of another browser."""
    return {"csrf_token": hidden(ask(house.visitor(Role.DESK), "/atencion/").text, "csrf_token")}


@pytest.mark.parametrize("fields", [{}, {"csrf_token": ""}, {"csrf_token": "x" * 40}])
def test_no_token_and_rubbish_are_refused_like_the_token_of_another(house, fields):
    admin = house.visitor(Role.ADMIN)
    with writes_of(house.session) as written:
        assert ask(admin, "/atencion/ajustes/lugares", "POST", data={"names": "El Páramo", **fields}).status_code == 422
    assert set(written) <= SEEING


def test_no_form_of_the_staff_does_anything_without_the_token_of_its_page(house):
    admin, fields = house.visitor(Role.ADMIN), token_of_another(house)
    for endpoint, method, arguments in house.routes():
        if method == "POST" and (endpoint in RIGHTS or endpoint in OPEN_TO_ALL):
            with writes_of(house.session) as written:
                answer = ask(admin, house.path(endpoint, arguments), "POST", data=fields)
            assert answer.status_code in (302, 303, 404, 422), f"{endpoint}: {answer.status_code}"
            assert set(written) <= SEEING, f"{endpoint} wrote {written}"


def test_no_form_of_the_portal_does_anything_without_the_token_of_its_page(house):
    office = office_of(house.session, house.app.extensions["pqr_settings"])
    ticket = house.session.scalars(select(Ticket).where(Ticket.radicado == house.samples["radicado"])).one()
    citizen = house.visitor()
    ask(citizen, f"/radicado/{ticket.radicado}?code={code_of(ticket, office)}")
    fields = token_of_another(house)
    for endpoint, method, arguments in house.routes():
        if method == "POST" and endpoint.startswith("portal."):
            with writes_of(house.session) as written:
                answer = ask(citizen, house.path(endpoint, arguments), "POST", data=fields)
            assert answer.status_code < 500, endpoint
            assert not written, f"{endpoint} wrote {written}"


def test_looking_at_a_page_changes_nothing(house):
    admin = house.visitor(Role.ADMIN)
    for endpoint, method, arguments in house.routes():
        if method == "GET":
            for verb in ("GET", "HEAD"):
                with writes_of(house.session) as written:
                    assert ask(admin, house.path(endpoint, arguments), verb).status_code in (200, 302, 303, 404, 503)
                assert set(written) <= SEEING, f"{verb} {endpoint} wrote {written}"


def test_no_address_answers_a_method_that_it_does_not_name(house):
    admin = house.visitor(Role.ADMIN)
    addresses = house.app.url_map.bind("localhost")
    for path in {house.path(endpoint, arguments) for endpoint, _, arguments in house.routes()}:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(addresses.allowed_methods(path)):
            assert ask(admin, path, method).status_code == 405, f"{method} {path}"

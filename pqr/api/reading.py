"""What may a program read?  Services, their questions, and requests; everybody may, and learns of no single person."""

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import SettingChange
from pqr.api import PREFIX, api, keyring
from pqr.api.asking import Misasked, asked, code_of, named
from pqr.api.formats import JSON, XML, answer, both, refuse
from pqr.api.shapes import SPECIFICATION, Fields, definition, request_fields, service, w3
from pqr.db import reading
from pqr.door import limiter, office, settings
from pqr.entity.notices import current_version
from pqr.sharing import listing
from pqr.sharing.listing import Shown

READS = "1200/hour"  # of one address
FRESH = 600  # seconds
UNKNOWN = "No existe."
REFUSALS = {
    404: UNKNOWN,
    405: "Este recurso no admite ese método.",
    413: "Lo enviado es demasiado grande.",
    429: "Demasiadas consultas en la última hora. Espere unos minutos.",
    500: "No se pudo. Vuelva a intentarlo en un minuto.",
}
FIRST_CHANGE = "2026-11-23T00:00:00-05:00"


@api.before_request
def _count() -> None:
    if request.method != "POST":  # which counts for its key
        with limiter.limit(READS, scope="open311"):
            pass


@api.after_request
def _let_anybody_read(response: Response) -> Response:
    """A page of anybody may ask for what is public, and keep it a while; never for what a key opens."""
    if request.method != "POST" and not keyring.given_key():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = f"public, max-age={FRESH}" if response.status_code == 200 else "no-store"
        response.vary.add("Accept")
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


@api.errorhandler(Misasked)
def _misasked(error: Misasked) -> Response:
    return refuse(error.status, *error.sentences)


def refusal(error: HTTPException) -> Response:
    """What a program is told where a person would see a page."""
    status = error.code if error.code in (404, 405, 429) else 400 if (error.code or 500) < 500 else 500
    found = refuse(status, REFUSALS.get(error.code or 500, REFUSALS[500] if status == 500 else "No se entiende."))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            found.headers[name] = value
    return found


@both("/discovery")
def discovery() -> Response:
    """Where what is, for programs that know several cities."""
    with reading() as session:
        here, changed = office(session), _changeset(session)
    mail = f"pqr@{here.mail_domain}"
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{here.base_url}{PREFIX}",
        "changeset": changed,
        "type": "test" if settings().demo else "production",
        "formats": [XML, JSON],
    }
    content = {
        "changeset": changed,
        "contact": f"{here.entity}: {mail}",
        "key_service": f"Pida su clave a {here.entity}, por {here.base_url}/radicar o a {mail}.",
        "endpoints": [endpoint],
    }
    return answer("discovery", content)


@both("/services")
def services() -> Response:
    """The topics."""
    with reading() as session:
        return answer("services", [service(topic) for topic in listing.offered(session)])


@both("/services/<code>")
def service_definition(code: str) -> Response:
    """The questions of one."""
    with reading() as session:
        topic = next((each for each in listing.offered(session) if each.id == code_of(code)), None)
        if topic is None:
            return refuse(404, f"service_code: {UNKNOWN}")
        return answer("service_definition", definition(topic, current_version(session), office(session)))


@both("/requests", endpoint="requests")
def requests() -> Response:
    """Of complete months, for everybody; with a key, what was filed by it."""
    now, names = clock.now(), named()
    with reading() as session:
        here, key = office(session), keyring.opened(session)
        if names:
            found = listing.own_ones(session, key, names, here) if key else []
            found += listing.public_ones(session, names, here, now)
        elif key:
            found = listing.own_list(session, key, asked(now), here)
        else:
            found = listing.public_list(session, asked(now), here, now)
        return answer("service_requests", _fields(found))


@both("/requests/<name>")
def one_request(name: str) -> Response:
    """One of them."""
    now = clock.now()
    with reading() as session:
        here, key = office(session), keyring.opened(session)
        found = listing.own_ones(session, key, [name], here) if key else []
        found = found or listing.public_ones(session, [name], here, now)
        return answer("service_requests", _fields(found)) if found else refuse(404, f"service_request_id: {UNKNOWN}")


@both("/tokens/<name>")
def token(name: str) -> Response:
    """Every id is given at once, so an id is its own token."""
    with reading() as session:
        if not listing.is_filed(session, name, office(session)):
            return refuse(404, f"token: {UNKNOWN}")
    return answer("service_requests", [{"service_request_id": name, "token": name}])


def _fields(found: list[Shown]) -> list[Fields]:
    return [request_fields(each) for each in found]


def _changeset(session: Session) -> str:
    """When a service was last changed."""
    of_services = SettingChange.what.in_(("topics", "secretarias"))
    latest = session.scalar(select(func.max(SettingChange.at)).where(of_services))
    return w3(latest) if latest else FIRST_CHANGE

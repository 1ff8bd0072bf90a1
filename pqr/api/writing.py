"""How does a program file a petition?  With its key, in the form that GeoReport v2 describes, by the act of every door.

Nothing that is sent is fetched or followed: an address of a picture stays a line of text.
"""

from datetime import datetime
from textwrap import shorten

from flask import request
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from pqr import clock
from pqr.api import keyring
from pqr.api.asking import Misasked, code_of
from pqr.api.formats import answer, both, refuse
from pqr.api.keyring import NO_KEY
from pqr.config import Office
from pqr.db import reading, transaction
from pqr.door import limiter, nudge, office
from pqr.portal.choices import IDENTITIES, KINDS
from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with
from pqr.portal.opened import is_repeated
from pqr.sharing import listing
from pqr.sharing.filing import Submission, UsedForAnother, file_for
from pqr.sharing.models import ApiKey
from pqr.sharing.showing import own_name
from pqr.terms.kinds import TicketKind
from pqr.terms.spanish import long_date
from pqr.tickets.filing import Draft, PetitionerData
from pqr.tickets.letters import code_of as verification_of
from pqr.tickets.models import Channel, Identity, Ticket
from pqr.tickets.suspicion import FASTEST, Arrival, doubts

LARGEST = 64 * 1024  # bytes
LONGEST = 4000  # letters, as the specification has it
SUBJECT = 100
YES = ("true", "1", "on", "yes", "si", "sí")
PERSONAL = ("first_name", "last_name", "email", "phone")
IGNORED = ("api_key", "jurisdiction_id", "device_id", "account_id")  # they say nothing that the case needs
Form = MultiDict[str, str]


@both("/requests", endpoint="file", methods=["POST"])
def file() -> Response:
    """One petition; asked twice within some minutes, or under the same idempotency key, it is the same one."""
    request.max_content_length = LARGEST
    with reading() as session:
        key = keyring.opened(session)
    if key is None:
        return refuse(403, NO_KEY)
    with limiter.limit(f"{key.per_hour}/hour", scope="open311_filing", key_func=lambda: f"open311:{key.id}"):
        return _file(key, clock.now())


def _file(key: ApiKey, now: datetime) -> Response:
    form = request.form
    draft = _draft(form, key, now)
    said = {name: "\n".join(form.getlist(name)) for name in form if name not in IGNORED}
    submission = Submission(draft, key, said, request.headers.get("Idempotency-Key", "").strip())
    try:
        ticket, fresh, here = _keep(submission, now)
    except UsedForAnother as refusal:
        return refuse(400, f"Idempotency-Key: {refusal}")
    nudge()
    told = {
        "service_request_id": own_name(ticket.id, here.keys),
        "service_notice": _notice(ticket, here),
        "account_id": None,
    }
    return answer("service_requests", [told], 201 if fresh else 200)


def _keep(submission: Submission, now: datetime) -> tuple[Ticket, bool, Office]:
    try:
        with transaction() as session:
            here = office(session)
            return *file_for(session, submission, here, now), here
    except IntegrityError:  # the same at the same instant: the other one has filed it by now
        with transaction() as session:
            here = office(session)
            return *file_for(session, submission, here, now), here


def _notice(ticket: Ticket, here: Office) -> str:
    """What the person needs to follow it: the program must hand it on."""
    return (
        f"Quedó radicada con el número {ticket.radicado}. Para ver cómo va: {here.base_url}/radicado, con ese número "
        f"y el código {verification_of(ticket, here)}. Se responde a más tardar el {long_date(ticket.due_on)}."
    )


def _draft(form: Form, key: ApiKey, now: datetime) -> Draft:
    """Raises Misasked with everything that is wrong at once."""
    text, kind = clean_text(form.get("description")), _attribute(form, "kind") or TicketKind.PETICION_GENERAL
    wrong = [*_wrong_with_text(text), *_wrong_with_place(form), *_wrong_with_person(form)]
    if kind not in KINDS:
        wrong.append(f"attribute[kind]: se espera {', '.join(KINDS)}.")
    topic_id = _topic_of(form, wrong)
    if wrong:
        raise Misasked(*wrong)
    words = "\n\n".join(part for part in (text, _enclosed(form, key)) if part)
    arrival = Arrival(words, seconds=FASTEST, repeated=is_repeated(text, f"open311:{key.id}"))
    identity = _identity(form)
    return Draft(
        kind=TicketKind(kind),
        subject=shorten(text, SUBJECT, placeholder="…"),
        body=words,
        channel=Channel.API,
        received_at=now,
        identity=identity,
        petitioner=_petitioner(form),
        topic_id=topic_id,
        place=_place(form),
        doubts=doubts(arrival),
    )


def _topic_of(form: Form, wrong: list[str]) -> int:
    """Raises Misasked where there is no such service, which has a status of its own."""
    code = clean_line(form.get("service_code"))
    if not code:
        raise Misasked("service_code: falta.", *wrong)
    with reading() as session:
        known = {topic.id for topic in listing.offered(session)}
    topic_id = code_of(code)
    if topic_id is None or topic_id not in known:
        raise Misasked("service_code: no existe.", status=404)
    return topic_id


def _wrong_with_text(text: str) -> list[str]:
    if not text:
        return ["description: falta; diga qué pasa o qué se necesita."]
    return [f"description: caben {LONGEST} letras."] if len(text) > LONGEST else []


def _wrong_with_place(form: Form) -> list[str]:
    given = [clean_line(form.get(name)) for name in ("lat", "long")]
    if not any(given):
        return []
    for text, limit in zip(given, (90, 180), strict=True):
        try:
            if not abs(float(text)) <= limit:  # so that «nan» is refused, too
                break
        except ValueError:
            break
    else:
        return []
    return ["lat, long: van juntas, en grados decimales (WGS84)."]


def _wrong_with_person(form: Form) -> list[str]:
    wrong, email, identity = [], clean_address(form.get("email")), _attribute(form, "identity")
    if email and (problem := what_is_wrong_with(email)):
        wrong.append(f"email: {problem}")
    if identity and identity not in IDENTITIES:
        wrong.append(f"attribute[identity]: se espera {', '.join(IDENTITIES)}.")
    known = any(clean_line(form.get(name)) for name in PERSONAL)
    if identity in (Identity.NAMED, Identity.RESERVED) and not known:
        wrong.append("attribute[identity]: falta el nombre, el correo o el teléfono de la persona.")
    if known and _attribute(form, "accept_notice").lower() not in YES:
        wrong.append(
            "attribute[accept_notice]: para enviar datos de una persona, ella debe haber leído el aviso de "
            "privacidad; si es así, envíe true. Sin esos datos se radica como anónima."
        )
    return wrong


def _identity(form: Form) -> Identity:
    known = any(clean_line(form.get(name)) for name in PERSONAL)
    return Identity(_attribute(form, "identity") or (Identity.NAMED if known else Identity.ANONYMOUS))


def _petitioner(form: Form) -> PetitionerData:
    """What the identity does not allow is left out by the act itself."""
    email = clean_address(form.get("email"))
    return PetitionerData(
        name=clean_line(f"{form.get('first_name', '')} {form.get('last_name', '')}"),
        email=email,
        phone=clean_line(form.get("phone")),
        answer_by="email" if email else "portal",
        accepted_notice=_attribute(form, "accept_notice").lower() in YES,
    )


def _attribute(form: Form, code: str) -> str:
    """A question's answer; some programs spell every one as a list."""
    return clean_line(form.get(f"attribute[{code}]") or form.get(f"attribute[{code}][]"))


def _place(form: Form) -> str:
    return clean_line(form.get("address_string")) or clean_line(form.get("address_id")) or _point(form)


def _point(form: Form) -> str:
    lat, long = (clean_line(form.get(name)) for name in ("lat", "long"))
    return f"{float(lat):.6f}, {float(long):.6f}" if lat else ""


def _enclosed(form: Form, key: ApiKey) -> str:
    """What came beside the person's words, marked as such."""
    given = (
        ("Dirección", clean_line(form.get("address_string"))),
        ("Identificador de la dirección", clean_line(form.get("address_id"))),
        ("Coordenadas", _point(form)),
        ("Enlace (no se abrió)", clean_line(form.get("media_url"))[:500]),
    )
    lines = [f"{name}: {value}" for name, value in given if value]
    return "\n".join((f"Además envió «{key.name}»:", *lines)) if lines else ""

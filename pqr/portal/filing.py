"""How does a citizen file by web?  One form, a page to review it, one transaction, one receipt.

The review is asked for by the form's own button: a program that posts the fields files at once. Whatever goes wrong
before the commit, the form comes back with everything that was typed, keeps its files and says what to do.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import flash, g, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from obstore.exceptions import BaseError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from werkzeug.wrappers import Response

from pqr import cause, clock
from pqr.config import Office
from pqr.db import db, reading, transaction
from pqr.door import limiter, nudge, office
from pqr.portal import access, blank, held, notices, portal, unfinished
from pqr.portal.drafting import draft_of, filing_key
from pqr.portal.forms import FilingForm
from pqr.portal.reviewing import summary
from pqr.portal.uploads import LARGEST_FILE, LARGEST_READ, LARGEST_TOGETHER, keep_all
from pqr.secretarias.directory import active_topics, topic_words
from pqr.secretarias.models import Topic
from pqr.secretarias.places import first_places, known_places
from pqr.terms.choosing import KIND_HELP
from pqr.tickets import files
from pqr.tickets.filing import Draft, file_ticket, filed_before
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.scanner import InfectedFile

log = structlog.get_logger(__name__)
LIMIT = "60/hour"  # per address: a whole vereda may share one
REVIEWS = "120/hour"  # they change nothing, and one person may look several times
MOST_NAMED = 3  # a cookie carries them, and browsers drop one of more than 4 kB
TOO_MANY = (
    "Desde esta conexión se han enviado muchas peticiones en la última hora. Su texto sigue aquí: espere unos "
    "minutos y vuelva a intentarlo."
)
COPY_WITHOUT = (
    "Así no se puede guardar. Radique sin él y envíe después una copia sana, respondiendo al correo que le llegue, o "
    "tráigala a la oficina con su número de radicado."
)
NOT_SAVED = (
    "No se pudo guardar y no tiene número. Su texto sigue aquí: vuelva a intentarlo en un minuto; no queda dos veces."
    " Referencia: {}."
)
FILES_GONE = "Pasó más de una hora y ya no tenemos sus archivos. Vuelva a escogerlos: {}."

Page = tuple[str, int] | Response


@dataclass(frozen=True)
class Filed:
    """It is in the database. `empty`: names of the files that came without a byte."""

    ticket: Ticket
    empty: Sequence[str] = ()


@portal.route("/radicar", methods=["GET", "POST"])
def file() -> Page:
    """The form, its review, and what happens when it is sent."""
    if request.method != "POST":
        return _open()
    request.max_content_length = LARGEST_READ
    form = FilingForm()
    form.held = held.noted(request.form.getlist(held.FIELD))
    if "change" in request.form:
        return _show(form, 200)
    asked = "review" in request.form
    try:
        with limiter.limit(REVIEWS if asked else LIMIT, scope="review" if asked else "filing"):
            return _receive(form, _review if asked else _finish)
    except RateLimitExceeded:
        return _show(form, 429, TOO_MANY)


def _open() -> Page:
    """An empty form, or what this browser left."""
    if "seguir" in request.args:
        with reading() as session:
            waiting = unfinished.left(office(session))
        if waiting is not None:
            form = FilingForm(waiting)
            form.held = held.noted(waiting.getlist(held.FIELD))
            return _show(form, 200)
    if "borrar" in request.args or "seguir" in request.args:
        unfinished.forget()
        return redirect(url_for("portal.file"), 303)
    g.public = True
    kind, topic = request.args.get("tipo", ""), request.args.get("tema", "")  # as `needs` leads here
    tokens = blank.Tokens.fresh()
    fields = {"filing_key": tokens.filing_key, "opened": tokens.opened, "kind": kind, "topic": topic}
    if kind or topic or unfinished.is_waiting():
        return _show(FilingForm(**fields), 200)
    return blank.page(tokens, lambda: _show(FilingForm(**fields), 200)[0]), 200


def _receive(form: FilingForm, go_on: Callable[[FilingForm], Page | Filed]) -> Page:
    try:
        if not form.validate():
            with suppress(SQLAlchemyError, BaseError, OSError):  # then the page asks for the files again
                _hold(form)
            return _show(form, 422)
        done = go_on(form)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} {COPY_WITHOUT}"]
        form.attachments.data = [file for file in form.attachments.data if file.filename not in refusal.names]
        return _show(form, 422)
    except Exception as error:  # a promise of this page: what was typed outlives whatever broke
        log.error("filing_failed", exc_info=error)
        return _show(form, 503, NOT_SAVED.format(cause.short(cause.current())))
    return _receipt(done) if isinstance(done, Filed) else done


def _hold(form: FilingForm) -> list[str]:
    """Keeps files and words for when the page comes back: names of the files without a byte."""
    with reading() as session:
        here = office(session)
    empty: list[str] = []
    if form.chosen_files and not form.attachments.errors:
        fresh, empty = held.hold_all(form.attachments.data, here, bare=_hides(form))
        form.held, form.attachments.data = held.each_once([*form.held, *fresh]), []
    unfinished.leave(form, here)
    return empty


def _review(form: FilingForm) -> Page:
    empty = _hold(form)
    form.offer_topics(_topics())
    return render_template("portal/review.html", form=form, parts=summary(form), empty=empty), 200


def _finish(form: FilingForm) -> Page | Filed:
    now = clock.now()
    with reading() as session:
        here, topics = office(session), {each.topic_id for each in topic_words(session)}
    form.notices.data = notices.kept(form.notices.data or "")
    brought = [(each, each.opened(here)) for each in form.held]
    gone = [each.name for each, file in brought if file is None]
    if gone:
        return _without_files(form, gone)
    given = [*(file for _, file in brought), *(form.attachments.data or ())]
    uploads = keep_all(given, here, bare=_hides(form))
    filed = Filed(_file(draft_of(form, topics, uploads, now), here, now), uploads.empty)
    if _hides(form):
        for each, _ in brought:  # which may still say where it was taken, and by whom
            files.drop_held(each.sha256, here)
    return filed


def _file(draft: Draft, here: Office, now: datetime) -> Ticket:
    try:
        with transaction() as session:
            return file_ticket(session, draft, here, now)
    except IntegrityError:  # the same form twice at the same instant: the other one has filed it by now
        with transaction() as session:
            return file_ticket(session, draft, here, now)


def _hides(form: FilingForm) -> bool:
    return form.identity.data in (Identity.RESERVED, Identity.ANONYMOUS)


def _without_files(form: FilingForm, gone: Sequence[str]) -> Page | Filed:
    """The hour is over: if the very same was filed in time, its answer was lost on the way."""
    filed = filed_before(db.session(), filing_key(form, (each.sha256 for each in form.held)))
    if filed is not None:
        return Filed(filed)
    form.held = [each for each in form.held if each.name not in gone]
    form.attachments.errors = [FILES_GONE.format(", ".join(gone))]
    return _show(form, 422)


def _receipt(filed: Filed) -> Response:
    nudge()
    unfinished.forget()
    radicado = filed.ticket.radicado
    access.remember(radicado)
    flash(radicado, "filed")
    for name in filed.empty[:MOST_NAMED]:
        flash(name, "empty_file")
    return redirect(url_for("portal.case", radicado=radicado), 303)


def _show(form: FilingForm, status: int, trouble: str = "") -> tuple[str, int]:
    form.offer_topics(_topics())
    shown = notices.shown()
    form.notices.data = shown.version
    page = render_template(
        "portal/file.html",
        form=form,
        trouble=trouble,
        fresh=bool(g.get("public")),
        waiting=unfinished.is_waiting(),
        places=_places(),
        help=KIND_HELP,
        notices=shown,
        file_limit=LARGEST_FILE,
        files_limit=LARGEST_TOGETHER,
    )
    return page, status


def _topics() -> Sequence[Topic]:
    """The list of topics is a help, not a need: without a database the form opens all the same."""
    try:
        return active_topics(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return ()


def _places() -> list[str]:
    """What is suggested; without a database, as it was in the beginning."""
    try:
        return known_places(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return first_places()

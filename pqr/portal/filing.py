"""How does a citizen file by web?  One form, one transaction, one receipt.

Whatever goes wrong before the commit, the form comes back with everything that was typed and says what to do.
"""

import logging
import secrets
import traceback
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from werkzeug.wrappers import Response

from pqr import clock
from pqr.db import db, reading, transaction
from pqr.door import limiter, nudge, office
from pqr.portal import access, notices, portal
from pqr.portal.drafting import draft_of
from pqr.portal.forms import FilingForm
from pqr.portal.uploads import LARGEST_FILE, LARGEST_READ, LARGEST_TOGETHER, Uploads, keep_all
from pqr.secretarias.directory import active_topics
from pqr.secretarias.models import Topic
from pqr.terms.choosing import KIND_HELP
from pqr.tickets.filing import file_ticket
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.scanner import InfectedFile

log = logging.getLogger(__name__)
LIMIT = "60/hour"  # per address: a whole vereda may share one
KEY_BYTES = 24
MOST_NAMED = 3  # a cookie carries them, and browsers drop one of more than 4 kB
TOO_MANY = (
    "Desde esta conexión se han enviado muchas peticiones en la última hora. Su texto sigue aquí: espere unos "
    "minutos y vuelva a oprimir «Enviar»."
)
COPY_WITHOUT = (
    "Así no se puede guardar. Radique sin él y envíe después una copia sana, respondiendo al correo que le llegue, o "
    "tráigala a la oficina con su número de radicado."
)
NOT_SAVED = "No se pudo guardar. Su texto sigue aquí: vuelva a oprimir «Enviar» en un minuto."

Page = tuple[str, int] | Response


@portal.route("/radicar", methods=["GET", "POST"])
def file() -> Page:
    """The form, and what happens when it is sent."""
    if request.method != "POST":
        return _show(FilingForm(filing_key=secrets.token_urlsafe(KEY_BYTES)), 200)
    request.max_content_length = LARGEST_READ
    form = FilingForm()
    try:
        with limiter.limit(LIMIT):
            return _receive(form)
    except RateLimitExceeded:
        return _show(form, 429, TOO_MANY)


def _receive(form: FilingForm) -> Page:
    if not form.validate():
        return _show(form, 422)
    try:
        ticket, uploads = _file(form)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} {COPY_WITHOUT}"]
        form.attachments.data = [file for file in form.attachments.data if file.filename not in refusal.names]
        return _show(form, 422)
    except Exception as error:  # a promise of this page: what was typed outlives whatever broke
        # The frames alone: a database's message repeats the values, and those are somebody's data.
        log.error("filing failed: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return _show(form, 503, NOT_SAVED)
    nudge()
    access.remember(ticket.radicado)
    flash(ticket.radicado, "filed")
    for name in uploads.empty[:MOST_NAMED]:
        flash(name, "empty_file")
    return redirect(url_for("portal.case", radicado=ticket.radicado), 303)


def _file(form: FilingForm) -> tuple[Ticket, Uploads]:
    now = clock.now()
    with reading() as session:
        here, topics = office(session), {topic.id for topic in active_topics(session)}
    uploads = keep_all(form.attachments.data, here, bare=form.identity.data != Identity.NAMED)
    form.notices.data = notices.kept(form.notices.data or "")
    draft = draft_of(form, topics, tuple(uploads.kept), now)
    try:
        with transaction() as session:
            return file_ticket(session, draft, here, now), uploads
    except IntegrityError:  # the same form twice at the same instant: the other one has filed it by now
        with transaction() as session:
            return file_ticket(session, draft, here, now), uploads


def _show(form: FilingForm, status: int, trouble: str = "") -> tuple[str, int]:
    form.offer_topics(_topics())
    shown = notices.shown()
    form.notices.data = shown.version
    page = render_template(
        "portal/file.html",
        form=form,
        trouble=trouble,
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

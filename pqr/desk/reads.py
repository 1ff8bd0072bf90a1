"""Who has seen whose data?  Written down as each page of the staff leaves, and read by Control Interno.

A look that cannot be written down is told to the log and hides nothing from who must answer.
"""

import logging

from flask import Response, g, render_template, request, url_for
from flask_login import current_user  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.numbers import number_in
from pqr.door import settings
from pqr.portal.cleaning import clean_line
from pqr.terms.spanish import counted
from pqr.tickets.models import Ticket
from pqr.tickets.presence import look as look_in
from pqr.tickets.radicado import find_radicado
from pqr.tickets.reads import PAGE, Looked, Read, Seen, Wanted, note, seen

# Every page of the staff that shows somebody's data; `tests/desk/test_desk_reads.py` says why the others do not.
LOOKS = {
    "desk.case": Looked.CASE,
    "desk.registered": Looked.CASE,
    "desk.search": Looked.SEARCH,
    "desk.attachment": Looked.FILE,
    "desk.official_letter": Looked.LETTER,
    "desk.transfer_letter": Looked.LETTER,
    "desk.receipt": Looked.LETTER,
    "desk.citation_paper": Looked.LETTER,
    "desk.notice_paper": Looked.LETTER,
    "desk.expediente": Looked.WHOLE,
    "desk.reveal_identity": Looked.IDENTITY,
    "desk.mail": Looked.MAIL,
    "desk.original": Looked.MAIL,
    "desk.enclosed": Looked.MAIL,
    "desk.persons": Looked.PERSONS,
    "desk.case_export": Looked.LIST,
}
WORDS = {
    Looked.CASE: "Abrió el caso",
    Looked.SEARCH: "Buscó",
    Looked.FILE: "Descargó un archivo",
    Looked.LETTER: "Descargó una carta",
    Looked.WHOLE: "Descargó el expediente",
    Looked.IDENTITY: "Vio la identidad reservada",
    Looked.MAIL: "Abrió un mensaje",
    Looked.PERSONS: "Vio una lista de personas",
    Looked.LIST: "Descargó una lista",
}
log = logging.getLogger(__name__)


@desk.after_request
def write_down(response: Response) -> Response:
    """One line for a page that showed somebody's data; a refusal, a redirection and an empty search show none."""
    what = LOOKS.get(request.endpoint or "")
    if what is None or response.status_code != 200 or request.method == "HEAD" or not current_user.is_authenticated:
        return response
    if what is Looked.SEARCH and not request.args.get("q", "").strip():
        return response
    look = Read(
        at=clock.now(),
        user_id=officer().id,
        ticket_id=g.get("ticket_id"),
        what=what,
        page=str(request.endpoint).removeprefix("desk."),
    )
    db.session.rollback()  # what the page read is over; SQLite would wait for it
    try:
        with transaction() as session:
            note(session, look)
            if what is Looked.CASE and look.ticket_id is not None:
                look_in(session, look.ticket_id, look.user_id, look.at)
    except SQLAlchemyError as error:
        log.error("a look at %s was not written down: %s", request.endpoint, type(error).__name__)
    return response


@desk.get("/atencion/ajustes/consultas")
@needs(Right.HISTORY)
def reads() -> str:
    """The latest looks; of one case by `?radicado=`, of one account by `?cuenta=`, older ones by `?antes=`."""
    session = db.session()
    radicado = request.args.get("radicado", "")[:40]
    wanted = Wanted(
        find_radicado(radicado) or clean_line(radicado).upper()[:20],
        clean_line(request.args.get("cuenta", ""))[:254],
        number_in(request.args.get("antes", "")) or 0,
    )
    found = seen(session, wanted)
    return render_template(
        "desk/reads.html",
        wanted=wanted,
        looks=found[:PAGE],
        words=WORDS,
        accounts=session.scalars(select(User.email).order_by(User.email)).all(),
        unknown=bool(wanted.radicado) and not _is_radicado(session, wanted.radicado),
        kept=how_long(settings().reads_days),
        following=_after(found[PAGE - 1], wanted) if len(found) > PAGE else "",
    )


def _is_radicado(session: Session, radicado: str) -> bool:
    """Whether there is such a case: "nobody has seen it" must not be said of a number typed wrong."""
    return session.scalar(select(Ticket.id).where(Ticket.radicado == radicado)) is not None


def how_long(days: int) -> str:
    """As people say it: in years where they are whole."""
    return counted(days, "día", "días") if days % 365 else counted(days // 365, "año", "años")


def _after(last: Seen, wanted: Wanted) -> str:
    return url_for("desk.reads", radicado=wanted.radicado or None, cuenta=wanted.email or None, antes=last.id)

"""Where is that petition?  What an official types leads to the case, or to a list with the words marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.numbers import number_in
from pqr.desk.urgency import Urgency, urgency
from pqr.desk.wording import STATES
from pqr.door import office
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.tickets import queries
from pqr.tickets.indexing import texts_of
from pqr.tickets.queries import QueueRow
from pqr.tickets.radicado import find_radicado
from pqr.tickets.search import Reach, find
from pqr.tickets.words import Pieces, Query, excerpt, marked, opening, parse

LONGEST = 250
WHERE = {"petition": "", "answer": "En la respuesta: ", "message": "En un mensaje: "}
BESIDE = "Coincide en los datos del caso. "  # the name, the number, the place, or what only the desk reads


@dataclass(frozen=True)
class Hit:
    """A ticket of the list. `where`: which of its texts the words stand in; `said`: those words, in pieces."""

    row: QueueRow
    urgency: Urgency
    subject: Pieces
    where: str
    said: Pieces


@desk.get("/atencion/buscar")
@needs(Right.READ)
def search() -> str | Response:
    """What `?q=` finds, a page at a time by `?antes=`."""
    asked, session = request.args.get("q", "")[:LONGEST].strip(), db.session()
    reach = Reach(officer().only_office, desk=officer().may(Right.TRIAGE) and officer().may(Right.CONTACT))
    number = find_radicado(asked)
    radicado = queries.find(session, number, reach.office_id) if number else None
    if radicado:
        return redirect(url_for("desk.case", radicado=radicado))
    query = parse(asked)
    found = find(session, query, reach, _before())
    today, calendar = clock.now().astimezone(BOGOTA).date(), office(session).calendar
    texts = texts_of(session, [row.id for row in found.rows])
    return render_template(
        "desk/search.html",
        asked=asked,
        number=number,
        understood=bool(query),
        hits=[_hit(row, _urgency(row, today, calendar), texts[row.id], query) for row in found.rows],
        states=STATES,
        first=not _before(),
        following=url_for("desk.search", q=asked, antes=found.before) if found.before else "",
    )


def _urgency(row: QueueRow, today: date, calendar: Calendar) -> Urgency:
    return urgency(row.state, row.due_on, today, calendar, row.suspended_on)


def _before() -> int:
    return number_in(request.args.get("antes", "")) or 0


def _hit(row: QueueRow, left: Urgency, texts: Sequence[tuple[str, str]], query: Query) -> Hit:
    """The text in which the words are; else the beginning of the petition, which is found by its name or number."""
    subject = marked(row.subject, query)
    for what, text in texts:
        said = excerpt(text, query)
        if said:
            return Hit(row, left, subject, WHERE[what], said)
    beside = "" if any(found for _, found in subject) else BESIDE
    return Hit(row, left, subject, beside, [(opening(texts[0][1]), False)])

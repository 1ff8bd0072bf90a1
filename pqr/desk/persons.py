"""Who has written to the municipality, what did they ask, and which entries are one person?"""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.numbers import number_in
from pqr.desk.settings_forms import ButtonForm
from pqr.desk.wording import STATES
from pqr.reports.register import clean_share
from pqr.tickets.models import Ticket
from pqr.tickets.register import Entry, decide, entries_of, likely_same, read_register, take_back

LONGEST = 250
SHOWN = 25
DONE = {
    "una": "Quedan como una sola persona. No se cambió nada de lo que dijeron.",
    "distintas": "Quedan como personas distintas.",
    "deshacer": "Se deshizo: vuelven a la lista.",
}


@desk.get("/atencion/personas")
@needs(Right.CONTACT)
def persons() -> str:
    """Whom `?q=` finds, and what is still to be decided."""
    session, asked = db.session(), request.args.get("q", "")[:LONGEST].strip()
    entries = read_register(session)
    found = list(entries_of(entries, asked))[: SHOWN + 1] if asked else []
    groups = likely_same(entries)
    waiting, decided = ([group for group in groups if group.is_decided is done] for done in (False, True))
    shown = [*found, *(entry for group in (*waiting[:SHOWN], *decided[:SHOWN]) for entry in group.entries)]
    return render_template(
        "desk/persons.html",
        asked_person=asked,
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        waiting=waiting,
        decided=decided,
        most=SHOWN,
        petitions=_petitions(session, shown),
        share=clean_share(entries),
        states=STATES,
        button=ButtonForm(formdata=None),
    )


@desk.post("/atencion/personas/decidir")
@needs(Right.TRIAGE)
def decide_persons() -> Response:
    """One person, several, or nobody knows any more."""
    ids = [number for number in map(number_in, request.form.getlist("ids")) if number is not None]
    what = request.form.get("que", "")
    if ButtonForm().validate_on_submit() and what in DONE:
        with transaction() as session:
            if what == "deshacer":
                take_back(session, ids)
            else:
                decide(session, ids, what == "una", officer().actor, clock.now())
        flash(DONE[what], "success")
    return redirect(url_for("desk.persons"), 303)


def _petitions(session: Session, entries: list[Entry]) -> dict[int, Ticket]:
    """The petition that each row came with."""
    ids = [number for entry in entries for number in entry.ids]
    tickets = session.scalars(select(Ticket).where(Ticket.petitioner_id.in_(ids)))
    return {ticket.petitioner_id or 0: ticket for ticket in tickets}

"""Which letters could not leave?  A person looks at the address, corrects what is wrong and sends again."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs
from pqr.desk.forms import StaffForm
from pqr.desk.wording import LETTER_STATES, LETTERS
from pqr.door import nudge
from pqr.mail.outbox import Letter, retry, stuck
from pqr.tickets.models import Identity, Petitioner, Ticket


class RetryForm(StaffForm):
    """One button."""


@desk.get("/atencion/cartas")
@needs(Right.TRIAGE)
def stuck_letters() -> str:
    """The letters that a person must look at."""
    found = stuck(db.session())
    return render_template(
        "desk/letters.html",
        letters=found,
        cases=_cases(db.session(), found),
        form=RetryForm(),
        names=LETTERS,
        states=LETTER_STATES,
    )


@desk.post("/atencion/cartas/<int:letter_id>/reintentar")
@needs(Right.TRIAGE)
def retry_letter(letter_id: int) -> Response:
    """Queues the letter again."""
    if RetryForm().validate_on_submit():
        try:
            with transaction() as session:
                retry(session, letter_id, clock.now())
            nudge()
            flash("La carta vuelve a salir.", "success")
        except (NoResultFound, ValueError):
            flash("Esa carta ya salió o no existe: no había nada que reintentar.", "warning")
    return redirect(url_for("desk.stuck_letters"), 303)


def _cases(session: Session, letters: Sequence[Letter]) -> dict[int, tuple[str, str]]:
    """Per ticket, its radicado and the address that must not be shown: that of who asked for reserve."""
    wanted = {letter.ticket_id for letter in letters if letter.ticket_id is not None}
    rows = session.execute(
        select(Ticket.id, Ticket.radicado, Ticket.identity, Petitioner.email)
        .join(Petitioner, isouter=True)
        .where(Ticket.id.in_(wanted))
    )
    return {
        number: (radicado, "" if identity == Identity.NAMED else email or "")
        for number, radicado, identity, email in rows
    }

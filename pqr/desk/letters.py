"""Which letters could not leave?  A person corrects what is wrong and sends again, or lets the letter rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm, required
from pqr.desk.settings_forms import ButtonForm
from pqr.desk.wording import LETTER_STATES, LETTERS
from pqr.door import nudge
from pqr.mail.mending import retry
from pqr.mail.outbox import Letter, stuck
from pqr.portal.cleaning import clean_line
from pqr.tickets.correcting import Dismissal, dismiss_letter, redirect_letter
from pqr.tickets.models import Identity, Petitioner, Ticket


class DismissForm(StaffForm):
    """Why it need not leave."""

    reason = StringField(
        "Razón",
        [required("Diga por qué ya no hace falta."), Length(max=300, message="Hasta 300 letras.")],
        filters=[clean_line],
    )


@dataclass(frozen=True)
class Case:
    """What the page says of a letter's ticket. `hidden`: who asks keeps the identity; `email`: theirs, now."""

    radicado: str
    hidden: bool
    email: str

    def hides(self, letter: Letter) -> bool:
        """Whether the letter's address, and what its server said, are nobody's to read here."""
        return self.hidden and (letter.is_for_petitioner or letter.recipient == self.email)

    def has_new_address(self, letter: Letter) -> bool:
        """Whether the petitioner is found elsewhere by now."""
        return letter.is_for_petitioner and bool(self.email) and letter.recipient != self.email


@desk.get("/atencion/cartas")
@needs(Right.TRIAGE)
def stuck_letters() -> str:
    """The letters that a person must look at."""
    return _show()


@desk.post("/atencion/cartas/<int:letter_id>/reintentar")
@needs(Right.TRIAGE)
def retry_letter(letter_id: int) -> Response:
    """Queues the letter again."""
    return _mend(lambda session: retry(session, letter_id, clock.now()), "La carta vuelve a salir.")


@desk.post("/atencion/cartas/<int:letter_id>/direccion-nueva")
@needs(Right.TRIAGE)
def readdress_letter(letter_id: int) -> Response:
    """To where the petitioner is found now."""
    return _mend(
        lambda session: redirect_letter(session, letter_id, officer().actor, clock.now()),
        "La carta sale para la dirección nueva.",
    )


@desk.post("/atencion/cartas/<int:letter_id>/descartar")
@needs(Right.TRIAGE)
def drop_letter(letter_id: int) -> Response | tuple[str, int]:
    """Nobody is asked about it again."""
    form = DismissForm(prefix=f"c{letter_id}-")
    if not form.validate_on_submit():
        return _show(letter_id, form), 422
    dismissal = Dismissal(letter_id, form.reason.data or "", officer().actor)
    return _mend(lambda session: dismiss_letter(session, dismissal, clock.now()), "La carta se descartó.", form)


def _mend(work: Callable[[Session], object], done: str, form: StaffForm | None = None) -> Response:
    if (form or ButtonForm()).validate_on_submit():
        try:
            with transaction() as session:
                work(session)
            nudge()
            flash(done, "success")
        except (NoResultFound, ValueError):
            flash("Esa carta ya salió o no existe: no había nada que reintentar ni descartar.", "warning")
    return redirect(url_for("desk.stuck_letters"), 303)


def _show(refused: int = 0, form: DismissForm | None = None) -> str:
    """The list. `refused`: the letter whose form comes back."""
    found = stuck(db.session())
    forms = {each.id: DismissForm(formdata=None, prefix=f"c{each.id}-") for each in found}
    return render_template(
        "desk/letters.html",
        letters=found,
        cases=_cases(db.session(), found),
        button=ButtonForm(formdata=None),
        forms=forms | ({refused: form} if form is not None and refused in forms else {}),
        refused=form,
        names=LETTERS,
        states=LETTER_STATES,
    )


def _cases(session: Session, letters: Sequence[Letter]) -> dict[int, Case]:
    wanted = {letter.ticket_id for letter in letters if letter.ticket_id is not None}
    rows = session.execute(
        select(Ticket.id, Ticket.radicado, Ticket.identity, Petitioner.email)
        .join(Petitioner, isouter=True)
        .where(Ticket.id.in_(wanted))
    )
    return {
        number: Case(radicado, identity != Identity.NAMED, email or "") for number, radicado, identity, email in rows
    }

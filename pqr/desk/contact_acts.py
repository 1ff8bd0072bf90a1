"""How does an official correct where a petitioner is found?

Who keeps the identity to themselves is corrected unseen: the fields come empty, and what stays empty stays as it was.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.contact_forms import CorrectForm
from pqr.desk.petitioner import sees_contact
from pqr.tickets.correcting import FIELDS, Correction, correct_contact
from pqr.tickets.models import Ticket


@desk.post("/atencion/radicado/<radicado>/contacto")
@needs(Right.CONTACT)
def correct_petitioner(radicado: str) -> Answered:
    """E-mail, telephone, postal address."""
    form = CorrectForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        typed = {name: form[name].data or "" for name in FIELDS}
        if not sees_contact(ticket, officer()):
            typed = {name: value for name, value in typed.items() if value}
        correction = Correction(ticket, typed, form.reason.data or "", officer().actor, again=bool(form.again.data))
        correct_contact(session, correction, here, now)

    return carry_out(radicado, "correct", form, work, "Datos corregidos: lo que no llegó vuelve a salir.")

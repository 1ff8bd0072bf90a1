"""How does an official deliver the copies that silence gave?"""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.delivering_forms import CopiesForm
from pqr.tickets.delivering import Delivery, deliver_copies
from pqr.tickets.models import Ticket


@desk.post("/atencion/radicado/<radicado>/copias")
@needs(Right.TRIAGE)
def hand_over_copies(radicado: str) -> Answered:
    """By hand, by post or by mail."""
    form = CopiesForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        delivery = Delivery(
            ticket, form.way.data, form.handed_at or now, officer().actor, form.note.data or "", form.kept
        )
        deliver_copies(session, delivery, here, now)

    done = "Hecho. Lo que va por correo cuenta como entregado cuando el servidor de la persona lo acepta."
    return carry_out(radicado, "copies", form, work, done)

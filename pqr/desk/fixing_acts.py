"""How does an official write down the day and hour that a judge, or the authority that asks, fixed?"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.fixing_forms import FixDateForm
from pqr.tickets.fixing import Fixing, fix_date
from pqr.tickets.models import Ticket


@desk.post("/atencion/radicado/<radicado>/fecha-fijada")
@needs(Right.TRIAGE)
def fix_due_date(radicado: str) -> Answered:
    """It is the due date from then on."""
    form = FixDateForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        day = form.day.data or date.min
        fix_date(session, Fixing(ticket, day, form.hour.data, form.act.data or "", officer().actor), now)

    return carry_out(radicado, "fix_date", form, work, "Guardado: esa es ahora la fecha del caso.")

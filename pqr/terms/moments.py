"""How is an instant said to a person in Colombia?"""

from datetime import datetime

from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date, long_hour


def instant(moment: datetime) -> str:
    """An instant as people here read it: "martes 3 de febrero de 2026, a las 9:15 a. m."."""
    local = moment.astimezone(BOGOTA)
    return f"{long_date(local.date())}, a {long_hour(local.time().replace(second=0, microsecond=0))}"

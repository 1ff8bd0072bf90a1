"""Which days are national holidays in Colombia?

Ley 51 de 1983, and from 2026 also 9 July (Ley 2578 de 2026, art. 6): by rule, not by list.
It knows nothing of local closures (`calendar`), and it refuses a year outside the rule: a term counted with a
holiday missing is worse than no term.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from types import MappingProxyType

import holidays

FIRST_YEAR, LAST_YEAR = 1984, 2100  # compared day by day with Ley 51 de 1983 and Ley 2578 de 2026

# The library marks what moved to a Monday; for the citizen it is simply the holiday.
_MOVED = " (observado)"


@cache
def national_holidays(year: int) -> Mapping[date, str]:
    """The holidays of one year with their Spanish names; two on one day are joined with "; ".

    Raises ValueError outside FIRST_YEAR..LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"No se conocen los festivos de {year}: solo los de {FIRST_YEAR} a {LAST_YEAR}.")
    found = holidays.country_holidays("CO", years=year, language="es")
    return MappingProxyType({day: found[day].replace(_MOVED, "") for day in sorted(found)})


@cache
def rule_fingerprint() -> str:
    """Changes when, and only when, the rule gives other holidays in some year (about 50 ms, once)."""
    days = (day.isoformat() for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in national_holidays(year))
    return sha256("\n".join(days).encode()).hexdigest()

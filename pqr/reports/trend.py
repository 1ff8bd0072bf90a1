"""How does a report say in words how many came, how that compares, and how long answers took?  Pure."""

from collections.abc import Iterator

from pqr.reports.briefing import agreeing
from pqr.reports.charts import percent
from pqr.reports.official import NO_DATA
from pqr.reports.suppression import FEWEST_SHOWN
from pqr.reports.tallies import Tally


def trend(now: int, before: int) -> Iterator[str]:
    """How many came, and against the period before; a percentage of few says nothing."""
    if not now:
        yield "En el periodo no se recibieron peticiones: sin datos."
        return
    yield agreeing(now, "En el periodo se recibió 1 petición.", "En el periodo se recibieron {} peticiones.")
    if not before:
        yield "En el periodo anterior no se recibieron peticiones."
    elif now == before:
        yield "Son tantas como en el periodo anterior."
    elif before >= FEWEST_SHOWN:
        change = f"{percent(abs(now - before) / before)} {'más' if now > before else 'menos'}"
        yield f"Son un {change} que en el periodo anterior, cuando fueron {before}."


def days_taken(whole: Tally) -> str:
    """The mean and the median of the days to the answer."""
    return f"La respuesta tardó en promedio {_days(whole.average)}; la mitad tardó {_days(whole.median)} o menos."


def _days(days: float | None) -> str:
    if days is None:
        return NO_DATA
    words = f"{days:.1f}".removesuffix(".0").replace(".", ",")
    return f"{words} {'día hábil' if days == 1 else 'días hábiles'}"

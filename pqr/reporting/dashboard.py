"""Where are the figures shown?  `/informes` for everybody, `/atencion/informes` for the staff: the same figures."""

from calendar import monthrange
from datetime import date

from flask import g, render_template, request
from sqlalchemy import select

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import needs
from pqr.door import office
from pqr.reporting import reporting
from pqr.reports.charts import month, month_chart, percent
from pqr.reports.indicator import Indicator, Line, indicator
from pqr.reports.queries import reception_counts, still_in_time
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind

CHANNELS = {
    "web": "Página web",
    "email": "Correo electrónico",
    "counter": "Ventanilla",
    "phone": "Teléfono",
    "paper": "Papel",
    "chat": "Chat",
    "box": "Buzón",
    "api": "Otros sistemas",
}
FEWEST_SHOWN = 5  # in public, smaller groups could point at a person (Ley 1581 art. 6)


@reporting.get("/informes")
def public() -> str:
    """The indicator for everybody; small groups are not told apart."""
    g.public = True
    return _page("reports/public.html", shows_small=False)


@desk.get("/atencion/informes")
@needs(Right.READ)
def reports() -> str:
    """The indicator for the staff."""
    return _page("reports/desk.html", shows_small=True)


def _page(template: str, shows_small: bool) -> str:
    start, end, problem = _period()
    session = db.session()
    current = office(session)
    found = indicator(start, end, reception_counts(session, start, end, current))
    names = dict(iter(session.execute(select(Secretaria.code, Secretaria.name))))
    return render_template(
        template,
        found=found,
        chart=month_chart(found.by_month),
        tables=_tables(found, names, shows_small),
        percent=percent,
        problem=problem,
        pending=still_in_time(session, start, end, current, today()),
        days=current.reception_days,
        fewest=FEWEST_SHOWN,
    )


def today() -> date:
    """Bogotá's date."""
    return clock.now().astimezone(BOGOTA).date()


def _tables(found: Indicator, names: dict[str, str], shows_small: bool) -> list[tuple[str, list[tuple[str, object]]]]:
    groups: tuple[tuple[str, tuple[Line, ...], dict[str, str]], ...] = (
        ("Por mes", found.by_month, {line.key: month(line.key) for line in found.by_month}),
        ("Por dependencia", found.by_secretaria, {"": "Sin dependencia todavía", **names}),
        ("Por canal", found.by_channel, CHANNELS),
        ("Por tipo", found.by_kind, {"": "Correo por leer"} | {kind: TERMS[kind].label for kind in TicketKind}),
    )
    return [
        (
            title,
            [
                (labels.get(line.key, line.key), line)
                for line in lines
                if shows_small or line.reception.denominator >= FEWEST_SHOWN
            ],
        )
        for title, lines, labels in groups
    ]


def _period() -> tuple[date, date, str]:
    """The period asked for, else this year until today; a date that cannot be read is said, never guessed."""
    now = today()
    default = date(now.year, 1, 1), date(now.year, now.month, monthrange(now.year, now.month)[1])
    try:
        start = date.fromisoformat(request.args.get("desde") or default[0].isoformat())
        end = date.fromisoformat(request.args.get("hasta") or default[1].isoformat())
    except ValueError:
        return *default, "No se entendió la fecha; se muestra el año en curso."
    if end < start:
        return *default, "El periodo termina antes de empezar; se muestra el año en curso."
    return start, end, ""

"""What do the figures tell everybody?  `/informes`: by whole quarters, without small groups and without filters."""

from flask import g, render_template, request

from pqr.door import office
from pqr.reporting import reporting
from pqr.reporting.dashboard import today
from pqr.reporting.replica import figures_session, may_lag
from pqr.reporting.showing import by_month, fractions
from pqr.reports.charts import month, month_chart, percent
from pqr.reports.dimensions import DIMENSIONS, name_of, names_of
from pqr.reports.figures import Asking, figures
from pqr.reports.measures import MEASURES
from pqr.reports.periods import Period, read_period, usual
from pqr.reports.published import ALONE, SHOWN, hide_small, publish, to_quarters
from pqr.reports.suppression import FEWEST_SHOWN
from pqr.terms.months import later

MOST_ROWS = 12
LONGEST = 60  # months


@reporting.get("/informes")
@may_lag
def public() -> str:
    """The figures of the whole quarters of the period that the address names."""
    g.public = True
    session, day = figures_session(), today()
    asked, problem = read_period(request.args.get("desde", ""), request.args.get("hasta", ""), day)
    whole, here = to_quarters(asked), office(session)
    period = Period(max(whole.start, later(whole.end, 1 - LONGEST)), whole.end)
    if period.start > whole.start:
        problem = f"Aquí se muestran a lo sumo {LONGEST // 12} años; se muestran los últimos del periodo."
    elif period != asked:
        problem = f"{problem} Aquí las cifras van por trimestres completos: se amplió el periodo.".strip()
    found = figures(session, Asking(period), here, day)
    before = figures(session, Asking(period.previous), here, day)
    shown, months = publish(session, period, here, day), hide_small(by_month(found))
    return render_template(
        "reports/public.html",
        period=period,
        problem=problem,
        found=found,
        fractions=fractions(found, before),
        chart=month_chart(months, without="muy pocas"),
        months=months,
        measures=MEASURES,
        alone=[(MEASURES[key], shown.alone[key]) for key in ALONE],
        opinions=shown.opinions,
        quarters=shown.quarters,
        tables=[
            (
                DIMENSIONS[name].label,
                [(name_of(names, name, row.value), row) for row in told],
                len(shown.tables[name]) - len(told),
            )
            for name in SHOWN
            for names in [names_of(session, name)]
            for told in [[row for row in shown.tables[name] if row.tells][:MOST_ROWS]]
        ],
        periods={name: each for name, each in usual(day).items() if each == to_quarters(each)},
        month_name=month,
        percent=percent,
        days=here.reception_days,
        fewest=FEWEST_SHOWN,
    )

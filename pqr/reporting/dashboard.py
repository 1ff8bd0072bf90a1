"""Where do the staff see the figures?  `/atencion/informes`, and behind each number its list."""

from datetime import date

from flask import abort, render_template, request, url_for
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.wording import CHANNELS, OUTCOMES, STATES
from pqr.door import office
from pqr.reporting.asking import chips, choices, read_asked
from pqr.reporting.replica import figures_session, may_lag
from pqr.reporting.showing import COLUMNS, breakdowns, by_month, fractions, groups
from pqr.reports.cases import cases
from pqr.reports.charts import month_chart, percent
from pqr.reports.dimensions import DIMENSIONS, name_of, names_of
from pqr.reports.figures import Asking, figures
from pqr.reports.measures import MEASURES
from pqr.reports.periods import usual
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA


@desk.get("/atencion/informes")
@needs(Right.READ)
@may_lag
def reports() -> str:
    """The figures of the period and with the filters that the address names."""
    session, day = figures_session(), today()
    asked, here = read_asked(day, own_office(session)), office(session)
    period = asked.asking.period
    found = figures(session, asked.asking, here, day)
    before = figures(session, Asking(period.previous, asked.asking.filters), here, day)
    return render_template(
        "reports/desk.html",
        question=asked,
        found=found,
        before=before,
        fractions=fractions(found, before),
        groups=groups(found, before),
        breakdowns=breakdowns(session, found),
        chart=month_chart(by_month(found)),
        measures=MEASURES,
        columns=[MEASURES[key] for key in COLUMNS],
        periods={name: asked.page(each) for name, each in usual(day).items()},
        chips=chips(session, asked),
        choices=choices(session, asked),
        percent=percent,
        days=here.reception_days,
    )


@desk.get("/atencion/informes/casos")
@needs(Right.READ)
@may_lag
def report_cases() -> str:
    """The petitions behind one number, a page at a time by `?despues=`."""
    measure, session, day = MEASURES.get(request.args.get("medida", "")), figures_session(), today()
    if measure is None:
        abort(404)
    asked, here = read_asked(day, own_office(session)), office(session)
    after = request.args.get("despues", "")
    found = cases(session, measure.key, asked.asking, here, day, after)
    following = url_for("desk.report_cases", medida=measure.key, despues=found.page.after, **asked.arguments())
    return render_template(
        "reports/cases.html",
        question=asked,
        measure=measure,
        filters=[
            (DIMENSIONS[name].label, name_of(names_of(session, name), name, value))
            for name, value in asked.asking.filters.items()
        ],
        count=figures(session, asked.asking, here, day).whole[measure.key],
        found=found,
        following=following if found.page.after else "",
        first=not after,
        channels=CHANNELS,
        outcomes=OUTCOMES,
        states=STATES,
    )


def own_office(session: Session) -> str | None:
    """The code of the office whose petitions are all that the official sees; None: of every one."""
    bound = officer().only_office
    if bound is None:
        return None
    found = session.get(Secretaria, bound)
    return found.code if found else "nobody's"


def today() -> date:
    """Bogotá's date."""
    return clock.now().astimezone(BOGOTA).date()

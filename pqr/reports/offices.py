"""How did each office attend?  The report by secretaría, for the administration (Ley 190/1995 art. 54)."""

from sqlalchemy.orm import Session

from pqr.reports.breakdown import by_dimension, most_first
from pqr.reports.briefing import Brief, Findings, agreeing
from pqr.reports.charts import percent
from pqr.reports.dimensions import names_of
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.official import Section
from pqr.reports.period_cases import cases_of, still_open
from pqr.reports.periods import Period


def offices(session: Session, brief: Brief) -> Findings:
    """All of them in one table, then each by kind."""
    period = Period(brief.period.start, brief.period.end)
    whole = figures(session, Asking(period), brief.office, brief.today)
    names, kinds = names_of(session, "secretaria"), names_of(session, "kind")
    by_office = most_first({code: tally for code, tally in whole.by.get("secretaria", {}).items() if tally["received"]})
    about = () if by_office else ("En el periodo no se recibieron peticiones: sin datos.",)
    table = by_dimension("Peticiones por dependencia", "Dependencia", by_office, names)
    sections = [Section("Todas las dependencias", about, table)]
    for code in by_office:
        own = figures(session, Asking(period, {"secretaria": code}), brief.office, brief.today)
        table = by_dimension("Sus peticiones, por tipo", "Tipo", most_first(own.by.get("kind", {})), kinds)
        sections.append(Section(names.get(code, code), _sentences(own), table))
    return Findings(tuple(sections), cases_of(session, brief), still_open(session, brief))


def _sentences(own: Figures) -> tuple[str, ...]:
    received, late, share = own.whole["received"], own.whole["overdue"], own.rate("timeliness")
    first = agreeing(received, "Recibió 1 petición.", "Recibió {} peticiones.")
    in_time = (
        "Todavía no se puede juzgar su oportunidad: sin datos."
        if share.rate is None
        else f"De {share.denominator} que ya se juzgan, respondió a tiempo {share.numerator}: {percent(share.rate)}."
    )
    overdue = agreeing(
        late, "Tiene 1 vencida sin respuesta.", "Tiene {} vencidas sin respuesta.", "No tiene ninguna vencida."
    )
    return (f"{first} {in_time} {overdue}",)

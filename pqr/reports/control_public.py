"""What may everybody read of the half-year?  The report of Control Interno, made of what the public page publishes.

Ley 1474/2011 art. 76 orders it to the administration (see `control`); here no group is small, and nothing is told that
the quarters on `/informes` do not tell too (see `published`).
"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from pqr.reports.briefing import HIDDEN, Brief, Findings, agreeing, told
from pqr.reports.dimensions import DIMENSIONS, name_of, names_of
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.measures import MEASURES, RATES
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.period_cases import cases_of, still_open
from pqr.reports.periods import Period
from pqr.reports.published import Published, publish
from pqr.reports.suppression import FEWEST_SHOWN
from pqr.reports.trend import days_taken, trend
from pqr.terms.kinds import TicketKind

TABLES = {"kind": "Por tipo", "channel": "Por canal", "secretaria": "Por dependencia", "topic": "Por tema"}
RATES_SHOWN = ("reception", "utilisation", "timeliness")
HOW = (
    "Una petición cuenta en el periodo en que llegó, aunque se responda después. No se cuentan los radicados anulados.",
    "Oportunidad: respondidas a tiempo, de las respondidas y las vencidas. Las trasladadas y las que aún están en "
    "plazo no entran. Los días son hábiles y sin el tiempo en que el término estuvo suspendido.",
    f"Los grupos de menos de {FEWEST_SHOWN} no se muestran, ni los que permitirían calcularlos, para que nadie pueda "
    "ser reconocido.",
)


def control_public(session: Session, brief: Brief) -> Findings:
    """The sections of the report that everybody reads."""
    period = Period(brief.period.start, brief.period.end)
    now, before = (figures(session, Asking(each), brief.office, brief.today) for each in (period, period.previous))
    shown = publish(session, period, brief.office, brief.today)
    sections = (
        _summary(now, before, shown),
        _rates(now),
        *_breakdowns(session, shown),
        _conduct(shown),
        _satisfaction(shown),
        Section("Cómo se cuenta", HOW),
    )
    return Findings(sections, cases_of(session, brief), still_open(session, brief))


def _summary(now: Figures, before: Figures, shown: Published) -> Section:
    counts: dict[str, int | None] = {"received": now.whole["received"], **shown.alone}
    rows = tuple((MEASURES[name].label, told(count), MEASURES[name].definition) for name, count in counts.items())
    columns = (Column("Cifra"), Column("Peticiones", Type.NUMBER), Column("Qué se cuenta"))
    return Section("Resumen", tuple(_sentences(now, before)), Table("Peticiones del periodo", columns, rows))


def _sentences(now: Figures, before: Figures) -> Iterator[str]:
    yield from trend(now.whole["received"], before.whole["received"])
    if now.whole["answered"] >= FEWEST_SHOWN:
        yield days_taken(now.whole)


def _rates(now: Figures) -> Section:
    columns = (
        Column("Indicador"),
        Column("Cumplen", Type.NUMBER),
        Column("De", Type.NUMBER),
        Column("Porcentaje", Type.SHARE),
        Column("Qué se mide"),
    )
    rows: list[tuple[Cell, ...]] = []
    for key in RATES_SHOWN:
        share, rate = now.rate(key), RATES[key]
        few = 0 < share.denominator < FEWEST_SHOWN
        fraction: tuple[Cell, ...] = (HIDDEN,) * 3 if few else (share.numerator, share.denominator, share.rate)
        rows.append((rate.label, *fraction, rate.definition))
    return Section("Indicadores", (), Table("Cada porcentaje con su fracción", columns, tuple(rows)))


def _breakdowns(session: Session, shown: Published) -> Iterator[Section]:
    for dimension, heading in TABLES.items():
        names = names_of(session, dimension)
        rows = tuple(
            (name_of(names, dimension, row.value), told(row.received), told(row.parts["answered_in_time"]))
            for row in shown.tables[dimension]
        )
        columns = (
            Column(DIMENSIONS[dimension].label),
            Column("Recibidas", Type.NUMBER),
            Column("Respondidas a tiempo", Type.NUMBER),
        )
        yield Section(heading, () if rows else ("Sin datos.",), Table(f"Peticiones {heading.lower()}", columns, rows))


def _conduct(shown: Published) -> Section:
    received = {row.value: row.received for row in shown.tables["kind"]}
    denuncias, quejas = (received.get(kind, 0) for kind in (TicketKind.DENUNCIA, TicketKind.QUEJA))
    return Section("Denuncias y quejas contra servidores", conduct_sentences(denuncias, quejas))


def conduct_sentences(denuncias: int | None, quejas: int | None) -> tuple[str, ...]:
    """How many denuncias and quejas came, and where they go; None: not for everybody."""
    return (
        agreeing(denuncias, "Se recibió 1 denuncia.", "Se recibieron {} denuncias.", "No se recibieron denuncias.")
        or "El número de denuncias no se muestra.",
        agreeing(
            quejas,
            "Se recibió 1 queja contra un servidor.",
            "Se recibieron {} quejas contra servidores.",
            "No se recibieron quejas contra servidores.",
        )
        or "El número de quejas contra servidores no se muestra.",
        "Van primero a Control Interno, que coordina con el control disciplinario (Ley 1474 de 2011, art. 76).",
    )


def _satisfaction(shown: Published) -> Section:
    columns = (Column("Opinión"), Column("Personas", Type.NUMBER), Column("De", Type.NUMBER))
    labels = {"answered": "Dicen que se respondió lo que pedían", "solved": "Dicen que quedó resuelto"}
    rows = tuple((label, told(shown.opinions[key][0]), told(shown.opinions[key][1])) for key, label in labels.items())
    spoke = shown.opinions["answered"][1] != 0
    sentence = "Lo que contestó quien recibió una respuesta." if spoke else "Sin datos: nadie contestó la encuesta."
    return Section("Satisfacción", (sentence,), Table("Encuesta de satisfacción", columns, rows))

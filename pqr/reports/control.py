"""How were petitions attended in half a year?  The report of Control Interno to the administration.

Ley 1474/2011 art. 76 and Ley 190/1995 arts. 53 and 54: totals, timeliness, the services with most complaints, and what
people recommend. Where everybody reads it small groups are hidden, and so is what a sum of others would tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pqr.reports.breakdown import (
    OTHERWISE,
    PARTS,
    PENDING,
    VERBAL,
    Counts,
    by_dimension,
    counts_of,
    in_order,
    most_first,
    top,
)
from pqr.reports.briefing import HIDDEN, Brief, Findings, agreeing, told
from pqr.reports.charts import month, percent
from pqr.reports.dimensions import names_of
from pqr.reports.figures import Asking, Figures, figures, rate_of
from pqr.reports.measures import MEASURES, RATES
from pqr.reports.official import NO_DATA, Cell, Column, Section, Table, Type
from pqr.reports.periods import Period
from pqr.reports.suppression import FEWEST_SHOWN, suppress
from pqr.reports.tallies import Tally
from pqr.reports.voices import complaints_of_conduct, fraction, kinds_of, satisfaction, voices
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import Outcome, State
from pqr.tickets.transfers import Transfer

MANY = 10  # topics and places of a report, by law.md §5
LINES = (
    "received",
    "answered",
    "answered_in_time",
    "answered_late",
    "pending",
    *PENDING,
    "transferred",
    *OTHERWISE,
    *PARTS,
    VERBAL,
)


@dataclass(frozen=True)
class Half:
    """What the report is made of: the figures, those of the time before, and what may be said of them."""

    now: Figures
    before: Figures
    counts: Counts
    brief: Brief


def control(session: Session, brief: Brief) -> Findings:
    """The sections of the report."""
    period = Period(brief.period.start, brief.period.end)
    now, before = (figures(session, Asking(each), brief.office, brief.today) for each in (period, period.previous))
    half = Half(now, before, counts_of(now.whole, brief.shows_small), brief)
    cases = cases_of(session, brief)
    sections = (
        _summary(half),
        _rates(half),
        *_breakdowns(session, half),
        _transfers(session, half),
        _denials(session, half),
        complaints_of_conduct(now, brief.shows_small),
        satisfaction(now, brief.shows_small),
        *voices(session, now, brief),
        Section("Cómo se cuenta", _how(brief.shows_small)),
    )
    return Findings(sections, cases, still_open(session, brief))


def cases_of(session: Session, brief: Brief) -> tuple[int, ...]:
    """The tickets of the period, in the order of their numbers."""
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    return tuple(
        session.scalars(select(Ticket.id).where(received, Ticket.outcome != Outcome.VOIDED).order_by(Ticket.id))
    )


def still_open(session: Session, brief: Brief) -> int:
    """How many of them may still change."""
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    return session.scalar(select(func.count(Ticket.id)).where(received, Ticket.state != State.CLOSED)) or 0


def _summary(half: Half) -> Section:
    rows = tuple((MEASURES[name].label, told(half.counts[name]), MEASURES[name].definition) for name in LINES)
    columns = (Column("Cifra"), Column("Peticiones", Type.NUMBER), Column("Qué se cuenta"))
    return Section("Resumen", tuple(_sentences(half)), Table("Peticiones del periodo", columns, rows))


def _sentences(half: Half) -> Iterator[str]:
    counts, whole, before = half.counts, half.now.whole, half.before.whole["received"]
    if not whole["received"]:
        yield "En el periodo no se recibieron peticiones: sin datos."
        return
    received = ("En el periodo se recibió 1 petición.", "En el periodo se recibieron {} peticiones.")
    yield agreeing(counts["received"], *received) or "En el periodo se recibieron pocas peticiones."
    if counts["received"] is not None and (half.brief.shows_small or before == 0 or before >= FEWEST_SHOWN):
        yield _trend(whole["received"], before)
    if counts["answered"] is not None:
        answered = agreeing(counts["answered"], "Se respondió 1", "Se respondieron {}", "No se ha respondido ninguna")
        yield answered + agreeing(counts["answered_in_time"], ": 1 a tiempo.", ": {} a tiempo.", ".")
        if whole.average is not None:
            words = f"{_days(whole.average)}; la mitad tardó {_days(whole.median)} o menos."
            yield f"La respuesta tardó en promedio {words}"
    if counts["overdue"] is not None:
        overdue = ("Hay 1 vencida sin respuesta.", "Hay {} vencidas sin respuesta.")
        yield agreeing(counts["overdue"], *overdue, "No hay ninguna vencida sin respuesta.")


def _trend(now: int, before: int) -> str:
    if not before:
        return "En el periodo anterior no se recibieron peticiones."
    if now == before:
        return "Son tantas como en el periodo anterior."
    change = percent(abs(now - before) / before)
    return f"Son un {change} {'más' if now > before else 'menos'} que en el periodo anterior, cuando fueron {before}."


def _days(days: float | None) -> str:
    if days is None:
        return NO_DATA
    words = f"{days:.1f}".removesuffix(".0").replace(".", ",")
    return f"{words} {'día hábil' if days == 1 else 'días hábiles'}"


def _rates(half: Half) -> Section:
    counts = (Column("Cumplen", Type.NUMBER), Column("De", Type.NUMBER), Column("Porcentaje", Type.SHARE))
    columns = (Column("Indicador"), *counts, Column("Qué se mide"))
    rows = tuple((rate.label, *_rate(key, half), rate.definition) for key, rate in RATES.items())
    return Section("Indicadores", (), Table("Cada porcentaje con su fracción", columns, rows))


def _rate(key: str, half: Half) -> tuple[Cell, Cell, Cell]:
    """The fraction; in public only where none of what it is made of is hidden elsewhere."""
    made_of = {"timeliness": ("answered_in_time", "answered_late", "overdue"), "transfer": ("transferred",)}
    hidden = any(half.counts[part] is None for part in made_of.get(key, ()))
    if key == "utilisation" and not half.brief.shows_small:
        received = {channel: tally["received"] for channel, tally in half.now.by.get("channel", {}).items()}
        hidden = None in suppress(received).values()
    if hidden:
        return HIDDEN, HIDDEN, HIDDEN
    return fraction(rate_of(half.now.whole, key), half.brief.shows_small)


def _breakdowns(session: Session, half: Half) -> Iterator[Section]:
    small, months = half.brief.shows_small, {key: month(key) for key in sorted(half.now.by.get("month", {}))}
    yield _by("Por mes", "Mes", in_order(half.now.by.get("month", {}), list(months)), months, small)
    kinds, without = kinds_of(half.now, small), "" if small else ", sin las de acceso a información"
    yield _by("Por tipo", "Tipo", kinds, names_of(session, "kind"), small, without)
    for dimension, heading, label, rest in (
        ("channel", "Por canal", "Canal", ""),
        ("secretaria", "Por dependencia", "Dependencia", ""),
        ("topic", "Por tema", "Tema", "Otros temas"),
        *([("place", "Por lugar", "Lugar", "Otros lugares")] if small else []),  # a place points at a person most
    ):
        names = names_of(session, dimension)
        found = half.now.by.get(dimension, {})
        ordered = top(found, MANY, rest) if rest else most_first(found)
        if not small:  # the order would tell of what is hidden
            ordered = dict(sorted(ordered.items(), key=lambda item: names.get(item[0], item[0])))
        yield _by(heading, label, ordered, names, small)


def _by(
    heading: str, label: str, found: Mapping[str, Tally], names: Mapping[str, str], small: bool, without: str = ""
) -> Section:
    table = by_dimension(f"Peticiones {heading.lower()}{without}", label, found, names, small)
    return Section(heading, () if table.rows else ("Sin datos.",), table)


def _transfers(session: Session, half: Half) -> Section:
    received = Ticket.received_on.between(half.brief.period.start, half.brief.period.end)
    sent = select(Transfer.body_name, func.count(func.distinct(Transfer.ticket_id))).join(Ticket).where(
        received, Ticket.outcome == Outcome.TRANSFERRED, Transfer.part == ""
    )  # fmt: skip
    bodies = _counted(session, sent.group_by(Transfer.body_name).order_by(Transfer.body_name))
    sentence = agreeing(
        half.counts["transferred"],
        "Se trasladó 1 petición a otra entidad.",
        "Se trasladaron {} peticiones a otras entidades.",
        "No se trasladó ninguna petición.",
    )
    shows = half.brief.shows_small or half.counts["transferred"] is not None
    return Section(
        "Traslados",
        (sentence,) if sentence else (),
        _few("Peticiones trasladadas, por entidad", "Entidad", bodies, half.brief.shows_small, shows),
    )


def _counted(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in session.execute(query)}  # noqa: C416 - mypy knows rows so


def _few(about: str, label: str, found: Mapping[str, int], shows_small: bool, shows: bool) -> Table:
    """A short list of names and counts. `shows`: whether their sum is known to whoever reads it."""
    counts: Mapping[str, int | None] = found if shows_small else suppress(found) if shows else dict.fromkeys(found)
    rows = tuple((name, told(count)) for name, count in counts.items())
    return Table(about, (Column(label), Column("Peticiones", Type.NUMBER)), rows)


def _denials(session: Session, half: Half) -> Section:
    received = Ticket.received_on.between(half.brief.period.start, half.brief.period.end)
    refused = (AnswerOutcome.DENIED, AnswerOutcome.DENIED_RESERVED)
    norm = func.coalesce(func.nullif(Answer.provision, ""), "Sin norma de reserva")
    query = select(norm, func.count(func.distinct(Ticket.id))).join(Ticket, Ticket.id == Answer.ticket_id).where(
        received, Ticket.outcome != Outcome.VOIDED, Answer.radicado.is_not(None), Answer.completes_id.is_(None),
        Answer.outcome.in_(refused),
    )  # fmt: skip
    norms = _counted(session, query.group_by(norm).order_by(norm))
    sentence = agreeing(
        half.counts["denied"], "Se negó 1 petición.", "Se negaron {} peticiones.", "No se negó ninguna petición."
    )
    shows = half.brief.shows_small or half.counts["denied"] is not None
    return Section(
        "Negativas",
        (sentence,) if sentence else (),
        _few("Peticiones negadas, por la norma que se citó", "Norma", norms, half.brief.shows_small, shows),
    )


def _how(shows_small: bool) -> tuple[str, ...]:
    hidden = (
        f"Los grupos de menos de {FEWEST_SHOWN} no se muestran, ni los que permitirían calcularlos, para que nadie "
        "pueda ser reconocido."
    )
    return (
        "Una petición cuenta en el periodo en que llegó, aunque se responda después. No se cuentan los radicados "
        "anulados.",
        "Oportunidad: respondidas a tiempo, de las respondidas y las vencidas. Las trasladadas y las que aún están en "
        "plazo no entran. Los días son hábiles y sin el tiempo en que el término estuvo suspendido.",
        *(() if shows_small else (hidden,)),
    )

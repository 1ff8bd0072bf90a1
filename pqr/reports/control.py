"""How were petitions attended in half a year?  The report of Control Interno to the administration, with every figure.

Ley 1474/2011 art. 76 and Ley 190/1995 arts. 53 and 54: totals, timeliness, the services with most complaints, and what
people recommend. What everybody reads of it is `control_public`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pqr.reports.breakdown import by_dimension, in_order, most_first, top
from pqr.reports.briefing import Brief, Findings, agreeing
from pqr.reports.charts import month
from pqr.reports.control_public import HOW, conduct_sentences, control_public
from pqr.reports.dimensions import names_of
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.indicator import Share
from pqr.reports.measures import MEASURES, RATES
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.period_cases import cases_of, still_open
from pqr.reports.periods import Period
from pqr.reports.tallies import Tally
from pqr.reports.trend import days_taken, trend
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import Outcome
from pqr.tickets.transfers import Transfer

MANY = 10  # topics and places of a report, by law.md §5
LINES = (
    *(
        "received",
        "answered",
        "answered_in_time",
        "answered_late",
        "pending",
        "pending_in_time",
        "overdue",
        "suspended",
    ),
    *("transferred", "withdrawn_express", "withdrawn_tacit", "archived_unclear", "rejected", "by_reference", "denied"),
    *("denied_reserved", "extended", "stopped", "anonymous", "reserved", "verbal", "priority", "duplicates"),
)
SHARE = (Column("Cumplen", Type.NUMBER), Column("De", Type.NUMBER), Column("Porcentaje", Type.SHARE))
VOICES = (
    (
        (TicketKind.QUEJA, TicketKind.RECLAMO),
        "Servicios con más quejas y reclamos", "Quejas y reclamos por tema", "No hubo quejas ni reclamos.",
    ),
    (
        (TicketKind.SUGERENCIA,),
        "Lo que recomienda la gente", "Sugerencias por tema", "No hubo sugerencias: sin datos.",
    ),
)  # fmt: skip


def control(session: Session, brief: Brief) -> Findings:
    """The sections of the report, of the face that was asked for."""
    if not brief.shows_small:
        return control_public(session, brief)
    period = Period(brief.period.start, brief.period.end)
    now, before = (figures(session, Asking(each), brief.office, brief.today) for each in (period, period.previous))
    kinds = now.by.get("kind", {})
    denuncias, quejas = (kinds.get(kind, Tally())["received"] for kind in (TicketKind.DENUNCIA, TicketKind.QUEJA))
    sections = (
        _summary(now, before),
        _rates(now),
        *_breakdowns(session, now),
        _transfers(session, brief),
        _denials(session, brief),
        Section("Denuncias y quejas contra servidores", conduct_sentences(denuncias, quejas)),
        _satisfaction(now),
        *_voices(session, now, brief),
        Section("Cómo se cuenta", HOW[:-1]),
    )
    return Findings(sections, cases_of(session, brief), still_open(session, brief))


def _summary(now: Figures, before: Figures) -> Section:
    rows = tuple((MEASURES[name].label, now.whole[name], MEASURES[name].definition) for name in LINES)
    columns = (Column("Cifra"), Column("Peticiones", Type.NUMBER), Column("Qué se cuenta"))
    return Section("Resumen", tuple(_sentences(now, before)), Table("Peticiones del periodo", columns, rows))


def _sentences(now: Figures, before: Figures) -> Iterator[str]:
    whole = now.whole
    yield from trend(whole["received"], before.whole["received"])
    if not whole["received"]:
        return
    answered = agreeing(whole["answered"], "Se respondió 1", "Se respondieron {}", "No se ha respondido ninguna")
    in_time = agreeing(whole["answered_in_time"], ": 1 a tiempo.", ": {} a tiempo.", ", ninguna a tiempo.")
    yield answered + (in_time if whole["answered"] else ".")
    if whole["answered"]:
        yield days_taken(whole)
    overdue = ("Hay 1 vencida sin respuesta.", "Hay {} vencidas sin respuesta.")
    yield agreeing(whole["overdue"], *overdue, "No hay ninguna vencida sin respuesta.")


def _rates(now: Figures) -> Section:
    columns = (Column("Indicador"), *SHARE, Column("Qué se mide"))
    rows = tuple((rate.label, *_fraction(now.rate(key)), rate.definition) for key, rate in RATES.items())
    return Section("Indicadores", (), Table("Cada porcentaje con su fracción", columns, rows))


def _fraction(share: Share) -> tuple[Cell, Cell, Cell]:
    return share.numerator, share.denominator, share.rate


def _breakdowns(session: Session, now: Figures) -> Iterator[Section]:
    months = {key: month(key) for key in sorted(now.by.get("month", {}))}
    yield _by("Por mes", "Mes", in_order(now.by.get("month", {}), list(months)), months)
    kinds = in_order(now.by.get("kind", {}), list(TicketKind))
    yield _by("Por tipo", "Tipo", kinds, names_of(session, "kind"))
    for dimension, heading, label, rest in (
        ("channel", "Por canal", "Canal", ""),
        ("secretaria", "Por dependencia", "Dependencia", ""),
        ("topic", "Por tema", "Tema", "Otros temas"),
        ("place", "Por lugar", "Lugar", "Otros lugares"),
    ):
        found = now.by.get(dimension, {})
        yield _by(heading, label, top(found, MANY, rest) if rest else most_first(found), names_of(session, dimension))


def _by(heading: str, label: str, found: Mapping[str, Tally], names: Mapping[str, str]) -> Section:
    table = by_dimension(f"Peticiones {heading.lower()}", label, found, names)
    return Section(heading, () if table.rows else ("Sin datos.",), table)


def _transfers(session: Session, brief: Brief) -> Section:
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    sent = select(Transfer.body_name, func.count(func.distinct(Transfer.ticket_id))).join(Ticket).where(
        received, Ticket.outcome == Outcome.TRANSFERRED, Transfer.part == ""
    )  # fmt: skip
    bodies = _counted(session, sent.group_by(Transfer.body_name).order_by(Transfer.body_name))
    sentence = agreeing(
        sum(count for _, count in bodies),
        "Se trasladó 1 petición a otra entidad.",
        "Se trasladaron {} peticiones a otras entidades.",
        "No se trasladó ninguna petición.",
    )
    return _listed("Traslados", sentence, "Peticiones trasladadas, por entidad", "Entidad", bodies)


def _denials(session: Session, brief: Brief) -> Section:
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    refused = (AnswerOutcome.DENIED, AnswerOutcome.DENIED_RESERVED)
    norm = func.coalesce(func.nullif(Answer.provision, ""), "Sin norma de reserva")
    query = select(norm, func.count(func.distinct(Ticket.id))).join(Ticket, Ticket.id == Answer.ticket_id).where(
        received, Ticket.outcome != Outcome.VOIDED, Answer.radicado.is_not(None), Answer.completes_id.is_(None),
        Answer.outcome.in_(refused),
    )  # fmt: skip
    norms = _counted(session, query.group_by(norm).order_by(norm))
    sentence = agreeing(
        sum(count for _, count in norms),
        "Se negó 1 petición.",
        "Se negaron {} peticiones.",
        "No se negó ninguna petición.",
    )
    return _listed("Negativas", sentence, "Peticiones negadas, por la norma que se citó", "Norma", norms)


def _counted(session: Session, query: Select[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((name, count) for name, count in session.execute(query))


def _listed(heading: str, sentence: str, about: str, label: str, rows: tuple[tuple[str, int], ...]) -> Section:
    return Section(
        heading, (sentence,) if sentence else (), Table(about, (Column(label), Column("Peticiones", Type.NUMBER)), rows)
    )


def _satisfaction(now: Figures) -> Section:
    said = (
        ("Dicen que se respondió lo que pedían", now.opinions.answered),
        ("Dicen que quedó resuelto", now.opinions.solved),
    )
    spoke = now.opinions.answered.denominator
    sentence = "Lo que contestó quien recibió una respuesta." if spoke else "Sin datos: nadie contestó la encuesta."
    rows = tuple((label, *_fraction(share)) for label, share in said)
    return Section("Satisfacción", (sentence,), Table("Encuesta de satisfacción", (Column("Opinión"), *SHARE), rows))


def _voices(session: Session, now: Figures, brief: Brief) -> Iterator[Section]:
    """Ley 190 art. 54: the services with most complaints, and what people recommend."""
    topics = names_of(session, "topic")
    for kinds, heading, about, none in VOICES:
        found = Counter[str]()
        for kind in kinds:
            asking = Asking(now.asking.period, {"kind": str(kind)})
            for topic, tally in figures(session, asking, brief.office, brief.today).by.get("topic", {}).items():
                found[topics.get(topic, topic)] += tally["received"]
        first = sorted(((name, count) for name, count in found.items() if count), key=lambda each: (-each[1], each[0]))
        yield _listed(heading, "" if first else none, about, "Tema", tuple(first[:MANY]))

"""What does whoever comes next receive?  The *empalme*: what is open, what was agreed, who works here, how to go on.

Ley 951 de 2005 orders the act of delivery. No petitioner appears in it: number, kind, office and dates are enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office, Settings
from pqr.publishing.avisos import avisos_up
from pqr.reports.board import board
from pqr.reports.charts import month
from pqr.reports.handover_house import HOW_TO_GO_ON, accounts, closures_to_come, installation, texts, what_waits
from pqr.reports.handover_promises import AGREEMENTS, NOBODY, agreements
from pqr.reports.indicator import indicator
from pqr.reports.official import Cell, Column, OfficialReport, Section, Table, Type
from pqr.reports.ordered import ORDERED
from pqr.reports.plan import goal_words
from pqr.reports.preparing import next_due
from pqr.reports.queries import reception_counts
from pqr.secretarias.models import Secretaria
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.months import last_of, later
from pqr.terms.receipt import in_bogota
from pqr.terms.spanish import counted, long_date
from pqr.tickets.models import Ticket
from pqr.tickets.states import OPEN, State

CASES = "Casos abiertos"
TO_AN_OFFICE = (CASES, AGREEMENTS, "Indicador de los últimos doce meses", "Cómo seguir", "Firmas")
_LINES = "\n".join(f"{label}: {'_' * 50}" for label in ("Nombre y cargo", "Documento", "Firma y fecha"))
SIGNATURES = (
    "Quienes firman declaran que entregan y que reciben lo que dice esta acta.",
    *(f"{who}\n{_LINES}" for who in ("Entrega", "Entrega", "Recibe", "Recibe", "Control Interno, como testigo")),
)
SOON = 5  # business days
_CASE = (Ticket.radicado, Ticket.kind, Secretaria.name, Ticket.due_on, Ticket.state, Ticket.suspended_on)


def handover(session: Session, office: Office, settings: Settings, now: datetime) -> OfficialReport:
    """The whole document, as things stand."""
    today = in_bogota(now).date()
    cases = list(_cases(session, office, today))
    return OfficialReport(
        title="Acta de empalme del servicio de PQRS",
        period=f"Al {long_date(today)}",
        entity=office.entity,
        made_at=now,
        status="Se hace con los datos del servicio en ese momento. No contiene datos de los peticionarios.",
        sections=(
            _by_office(cases),
            Section(CASES, () if cases else (_said(cases),), _cases_table(cases)),
            agreements(session, today),
            _avisos(session),
            what_waits(session),
            accounts(session),
            installation(session, office, settings),
            closures_to_come(session, today),
            texts(session),
            _year(session, office, today),
            _board(session, office, today),
            _reports_due(office, today),
            Section("Cómo seguir", HOW_TO_GO_ON),
            Section("Firmas", SIGNATURES),
        ),
        lines=office.about.lines,
        logo=office.about.logo,
    )


def part_of(report: OfficialReport, secretaria: str) -> OfficialReport:
    """What an official of one office receives: its own cases and duties, without accounts, settings and letters."""
    sections = (
        replace(section, table=_rows_of(section.table, secretaria), paragraphs=())
        if section.table and section.heading in (CASES, AGREEMENTS)
        else section
        for section in report.sections
        if section.heading in TO_AN_OFFICE
    )
    return replace(report, title=f"{report.title}: {secretaria}", sections=tuple(sections))


def _rows_of(table: Table, secretaria: str) -> Table:
    place = [column.title for column in table.columns].index("Dependencia")
    return replace(table, rows=tuple(row for row in table.rows if row[place] == secretaria))


_Case = tuple[str, str, str, date, str]


def _cases(session: Session, office: Office, today: date) -> Iterator[_Case]:
    """Radicado, kind, office, due date and situation, the first due first."""
    unfinished = (*OPEN, State.ANSWERED)
    found = select(*_CASE).outerjoin(Secretaria, Secretaria.id == Ticket.secretaria_id)
    rows = session.execute(found.where(Ticket.state.in_(unfinished)).order_by(Ticket.due_on, Ticket.id))
    for radicado, kind, name, due_on, state, suspended_on in rows:
        situation = _situation(office, today, due_on, state, suspended_on)
        yield radicado, TERMS[TicketKind(kind)].label, name or NOBODY, due_on, situation


def _situation(office: Office, today: date, due_on: date, state: str, suspended_on: date | None) -> str:
    if state == State.ANSWERED:
        return "Respondido, falta comunicarlo"
    if suspended_on is not None:
        return "Suspendido"
    if today > due_on:
        days = office.calendar.business_days_between(due_on, today)
        return f"Vencido hace {counted(max(days, 1), 'día hábil', 'días hábiles')}"
    soon = office.calendar.business_days_between(today, due_on) <= SOON
    return "Vence pronto" if soon else "En término"


def _by_office(cases: Sequence[_Case]) -> Section:
    columns = (Column("Dependencia"), *(Column(each, Type.NUMBER) for each in ("Abiertos", "Vencidos", "Suspendidos")))
    names = sorted({case[2] for case in cases})
    rows = tuple(
        (
            name,
            sum(case[2] == name for case in cases),
            sum(case[2] == name and case[4].startswith("Vencido") for case in cases),
            sum(case[2] == name and case[4] == "Suspendido" for case in cases),
        )
        for name in names
    )
    return Section("Resumen por dependencia", (_said(cases),), Table("Casos sin terminar", columns, rows))


def _said(cases: Sequence[_Case]) -> str:
    if not cases:
        return "No hay ningún caso abierto."
    late = sum(case[4].startswith("Vencido") for case in cases)
    return f"Hay {counted(len(cases), 'caso sin terminar', 'casos sin terminar')}; {late} con el término vencido."


def _cases_table(cases: Sequence[_Case]) -> Table:
    titles = ("Radicado", "Tipo", "Dependencia")
    columns = (*map(Column, titles), Column("Vence", Type.DATE), Column("Situación"))
    return Table("Casos sin terminar, el que vence primero arriba", columns, tuple(cases))


def _avisos(session: Session) -> Section:
    columns = (Column("Radicado"), Column("Clase"), Column("Publicado", Type.DATE), Column("Último día", Type.DATE))
    rows = tuple(
        (each.ticket.radicado, "Citación" if each.cites else "Aviso", each.published_on, each.last_day)
        for each in avisos_up(session)
    )
    return Section("Avisos publicados", () if rows else ("Ninguno.",), Table("Avisos que corren", columns, rows))


def _year(session: Session, office: Office, today: date) -> Section:
    start, end = later(today, -12), last_of(later(today, -1))
    found = indicator(start, end, reception_counts(session, start, end, office))
    columns = (
        *(Column("Mes"), Column("Recibidas", Type.NUMBER), Column("Llegaron", Type.NUMBER)),
        *(Column("Recepción", Type.SHARE), Column("Utilización", Type.SHARE)),
    )
    rows: list[tuple[Cell, ...]] = [
        (month(of.key), of.reception.numerator, of.reception.denominator, of.reception.rate, of.utilisation.rate)
        for of in found.by_month
    ]
    said = (
        "Recepción: de lo que llegó, cuánto quedó radicado, acusado y en manos de una dependencia a tiempo. Meta: 80 %."
    )
    return Section("Indicador de los últimos doce meses", (said,), Table("Mes a mes", columns, tuple(rows)))


def _board(session: Session, office: Office, today: date) -> Section:
    columns = tuple(map(Column, ("Acción", "Cifra", "Lectura", "De dónde", "Meta")))
    rows = tuple(
        (
            f"{each.action.number}. {each.action.name}",
            figure.measure.name,
            figure.reading.words if figure.reading else None,
            figure.reading.fraction if figure.reading else "",
            goal_words(each.goal.value, each.action.unit),
        )
        for each in board(session, office, today)
        for figure in each.figures
    )
    return Section("Plan de acción", ("Lecturas del tablero del plan.",), Table("Las siete acciones", columns, rows))


def _reports_due(office: Office, today: date) -> Section:
    """The next of each that the law orders."""
    rows = tuple((ordered.title, ordered.norm, next_due(kind, today, office)[1]) for kind, ordered in ORDERED.items())
    columns = (Column("Informe"), Column("Norma"), Column("Se prepara el", Type.DATE))
    return Section("Informes por rendir", (), Table("Los próximos", columns, rows))

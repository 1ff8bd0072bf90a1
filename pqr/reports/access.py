"""Which requests of information came, and how long did each take?  The quarterly report, with one row a request.

D.1081/2015 art. 2.1.1.6.2: received, transferred, response time of each, denied; Ley 1712/2014 art. 11 h: all the
others and their times. The rows hold no number, no person and no subject, only an id that leads nowhere.
"""

import base64
import hmac
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.reports.briefing import Brief, Findings, agreeing
from pqr.reports.official import Cell, Column, Section, Table, Type, shown
from pqr.reports.others import other_petitions
from pqr.reports.period_cases import cases_of, still_open
from pqr.reports.tallies import Tally
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import OPEN, Outcome, State
from pqr.tickets.transfers import Transfer

KINDS = (TicketKind.INFORMACION, TicketKind.DOCUMENTOS, TicketKind.VEEDURIA)  # Ley 1712 art. 25; Ley 850 art. 17
ENDED: dict[str, str] = {
    Outcome.WITHDRAWN_EXPRESS: "desistida",
    Outcome.WITHDRAWN_TACIT: "desistida",
    Outcome.ARCHIVED_UNCLEAR: "archivada sin aclarar",
    Outcome.REJECTED: "rechazada",
    Outcome.DUPLICATE: "duplicada",
}
DENIED = {
    AnswerOutcome.DENIED: "sí",
    AnswerOutcome.DENIED_RESERVED: "sí, por reserva",
    AnswerOutcome.PARTLY: "en parte",
}
COLUMNS = (
    Column("Solicitud"),
    Column("Recibida", Type.DATE),
    Column("Respondida", Type.DATE),
    Column("Días hábiles", Type.NUMBER),
    Column("Trasladada"),
    Column("Negada"),
)
HOW = (
    "Se cuentan las solicitudes de información, de documentos o copias, y de veedurías, por el día en que llegaron. "
    "No se cuentan los radicados anulados.",
    "Los días son hábiles: desde el siguiente al recibo hasta que la persona tuvo la respuesta, o hasta el traslado, "
    "sin los días en que el término estuvo suspendido.",
    "Cada solicitud lleva un código propio de este informe, que no es su radicado y no permite consultarla.",
)


@dataclass(frozen=True)
class Request:
    """One request of information, as the report sees it. `days`: business days; None while nobody has answered."""

    id: int
    radicado: str
    received: date
    answered: date | str
    days: int | None
    transferred: str
    denied: str
    is_open: bool


def access(session: Session, brief: Brief) -> Findings:
    """The sections of the report."""
    requests = list(_requests(session, brief))
    sections = (
        _sums(requests),
        _times(requests),
        _each(requests, brief.id_key),
        other_petitions(session, brief, KINDS),
        Section("Cómo se cuenta", HOW),
    )
    return Findings(sections, cases_of(session, brief), still_open(session, brief))


def request_id(radicado: str, key: str) -> str:
    """Eight letters that stand for this request in one report, and nowhere else."""
    digest = hmac.digest(key.encode(), radicado.encode(), "sha256")
    return base64.b32encode(digest[:5]).decode()


def _requests(session: Session, brief: Brief) -> Iterator[Request]:
    asked_for = (
        Ticket.kind.in_(KINDS),
        Ticket.received_on.between(brief.period.start, brief.period.end),
        Ticket.outcome != Outcome.VOIDED,
    )
    decisions = select(Answer.ticket_id, Answer.outcome).join(Ticket, Ticket.id == Answer.ticket_id)
    decisions = decisions.where(*asked_for, Answer.radicado.is_not(None), Answer.completes_id.is_(None))
    latest_first = session.execute(decisions.order_by(Answer.id.desc()))
    decided: dict[int, str] = {number: outcome for number, outcome in latest_first}  # noqa: C416 - the first stays
    parts = select(Transfer.ticket_id).join(Ticket).where(*asked_for, Transfer.part != "")
    sent_in_part = set(session.scalars(parts))
    columns = (
        Ticket.id, Ticket.radicado, Ticket.received_on, Ticket.day_zero, Ticket.state, Ticket.outcome,
        Ticket.communicated_at, Ticket.closed_at, Ticket.days_used,
    )  # fmt: skip
    found = session.execute(select(*columns).where(*asked_for).order_by(Ticket.received_on, Ticket.id))
    for number, radicado, received, zero, state, outcome, communicated, closed, days_used in found:
        whole = outcome == Outcome.TRANSFERRED
        out = closed if whole else communicated
        answered = _day(out) if out else ENDED.get(outcome, "") or ("en trámite" if state in OPEN else "por comunicar")
        if whole and out:
            days_used = brief.office.calendar.business_days_between(zero, _day(out))
        transferred = "sí" if whole else "en parte" if number in sent_in_part else "no"
        denied = DENIED.get(AnswerOutcome(decided[number]), "no") if number in decided else "no"
        is_open = state != State.CLOSED
        yield Request(number, radicado, received, answered, days_used, transferred, denied, is_open)


def _day(moment: datetime) -> date:
    return moment.astimezone(BOGOTA).date()


def _sums(requests: list[Request]) -> Section:
    transferred, denied = Counter(each.transferred for each in requests), Counter(each.denied for each in requests)
    answered = sum(isinstance(each.answered, date) and each.transferred != "sí" for each in requests)
    waiting = sum(each.is_open for each in requests)
    refused = denied["sí"] + denied["sí, por reserva"]
    rows: tuple[tuple[str, Cell], ...] = (
        ("Recibidas", len(requests)),
        ("Trasladadas a otra entidad", transferred["sí"]),
        ("Trasladadas en parte", transferred["en parte"]),
        ("Respondidas", answered),
        ("Negadas", refused),
        ("Negadas por reserva", denied["sí, por reserva"]),
        ("Negadas en parte", denied["en parte"]),
        ("En trámite o por comunicar", waiting),
        ("Terminadas sin respuesta de fondo", len(requests) - transferred["sí"] - answered - waiting),
    )
    table = Table(
        "Solicitudes de acceso a información", (Column("Qué se cuenta"), Column("Solicitudes", Type.NUMBER)), rows
    )
    return Section(
        "Acceso a información",
        tuple(_sentences(requests, transferred["sí"], answered, refused, waiting)),
        table,
    )


def _sentences(requests: list[Request], transferred: int, answered: int, refused: int, waiting: int) -> Iterator[str]:
    if not requests:
        yield "En el periodo no se recibieron solicitudes de acceso a información: sin datos."
        return
    yield agreeing(
        len(requests), "En el periodo se recibió 1 solicitud de acceso a información.",
        "En el periodo se recibieron {} solicitudes de acceso a información.",
    )  # fmt: skip
    yield " ".join(
        (
            agreeing(answered, "Se respondió 1", "Se respondieron {}") if answered else "No se ha respondido ninguna",
            agreeing(transferred, "y se trasladó 1 a otra entidad.", "y se trasladaron {} a otra entidad.")
            if transferred
            else "y no se trasladó ninguna a otra entidad.",
        )
    )
    yield agreeing(refused, "Se negó 1.", "Se negaron {}.") if refused else "No se negó ninguna."
    if waiting:
        yield agreeing(waiting, "Sigue 1 en trámite.", "Siguen {} en trámite.")


def _times(requests: list[Request]) -> Section:
    days = Counter[int]()
    for each in requests:
        if each.days is not None and each.transferred != "sí":
            days[each.days] += 1
    taken = Tally(days=days)
    words = shown(taken.average, Type.DECIMAL)
    sentence = (
        f"El tiempo promedio de respuesta fue de {words} días hábiles." if days else f"Tiempo de respuesta: {words}."
    )
    rows: tuple[tuple[str, Cell], ...] = (
        ("Promedio", taken.average),
        ("Mediana", taken.median),
        ("La más rápida", float(min(days)) if days else None),
        ("La más demorada", float(max(days)) if days else None),
    )
    table = Table("Días hábiles hasta la respuesta", (Column("Medida"), Column("Días hábiles", Type.DECIMAL)), rows)
    return Section("Tiempo de respuesta", (sentence,), table)


def _each(requests: list[Request], key: str) -> Section:
    rows = tuple(
        (
            request_id(each.radicado, key),
            each.received,
            each.answered,
            each.days if each.days is not None else "sin respuesta",
            each.transferred,
            each.denied,
        )
        for each in requests
    )
    about = () if requests else ("Sin datos.",)
    return Section("Una por una", about, Table("Cada solicitud y su tiempo de respuesta", COLUMNS, rows))

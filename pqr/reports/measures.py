"""What is counted?  Each figure once: what it is called, what it means, by which norm, and which petitions it counts.

A petition counts in the period of its receipt (law R5.10). An annulled number is no petition: only its own two figures
know of it. Whether one that waits is late depends on the day of the question: that is read off the due dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pqr.reports import conditions as when
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.models import LOWEST_PRIORITY, ONLINE, Channel, Identity, Ticket
from pqr.tickets.states import Outcome

VERBAL = (Channel.COUNTER, Channel.PHONE)


@dataclass(frozen=True)
class Measure:
    """`label` and `definition` are read by people; `source`: the norm that asks for it.

    `waits`: it depends on the day of the question. `mails`: it also counts the mails that wait for a person. `parts`:
    it is the sum of these, which have nothing in common.
    """

    key: str
    label: str
    condition: when.Condition
    definition: str
    source: str = ""
    waits: bool = False
    mails: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rate:
    """One measure in another. `target`: whether the plan's 80 % is asked of it."""

    key: str
    label: str
    numerator: str
    denominator: str
    definition: str
    source: str = ""
    target: bool = False


_PLAN = "Plan de acción de Gobierno en Línea: «80 % de recepción de sugerencias, quejas y reclamos»"
_CPACA = "CPACA (Ley 1437 de 2011)"
_REPORT = "Ley 1712 de 2014, art. 11 h; Decreto 1081 de 2015, art. 2.1.1.6.2"

_ALL = (
    Measure(
        "numbered", "Radicados dados", when.every,
        "Números de radicado de entrada del periodo, también los anulados.",
    ),
    Measure(
        "voided", "Radicados anulados", when.ended(Outcome.VOIDED),
        "Números dados por error y anulados con acta; no cuentan en ninguna otra cifra.",
        "Acuerdo AGN 001 de 2024",
    ),
    Measure(
        "received", "Recibidas", when.valid,
        "Peticiones, quejas, reclamos, sugerencias y denuncias radicadas, por la fecha en que llegaron; "
        "sin los radicados anulados.",
        _REPORT,
    ),
    Measure(
        "arrived", "Llegaron", when.valid,
        "Las recibidas, más los correos que aún esperan a que una persona los lea.",
        _PLAN, mails=True,
    ),
    Measure(
        "received_in_time", "Recibidas a tiempo", when.in_hands_in_time,
        "Radicadas, con acuse de recibo que no fue devuelto a quien dio un correo, y en manos de una "
        "dependencia dentro del plazo de recepción.",
        _PLAN,
    ),
    Measure(
        "online", "En línea", when.of_valid(Ticket.channel.in_(ONLINE)),
        "Llegaron por la página web, por correo electrónico o desde otro sistema; también los correos por"
        " leer.",
        _PLAN, mails=True,
    ),
    Measure(
        "answered", "Respondidas", when.of_valid(when.ANSWERED),
        "Con respuesta de fondo comunicada a la persona.",
        f"{_CPACA}, arts. 13 y 14", parts=("answered_in_time", "answered_late"),
    ),
    Measure(
        "answered_in_time", "Respondidas a tiempo", when.of_valid(when.ANSWERED & Ticket.in_time.is_(True)),
        "Con respuesta comunicada a más tardar el día en que vencía el plazo, con su prórroga y sin los "
        "días suspendidos.",
        f"{_CPACA}, art. 14",
    ),
    Measure(
        "answered_late", "Respondidas tarde", when.of_valid(when.ANSWERED & Ticket.in_time.is_not(True)),
        "Con respuesta comunicada después del día en que vencía el plazo.",
        f"{_CPACA}, arts. 14 y 31",
    ),
    Measure(
        "pending", "Pendientes", when.of_valid(when.UNFINISHED),
        "Sin respuesta comunicada y sin otro final: en plazo, vencidas o suspendidas.",
        parts=("pending_in_time", "overdue", "suspended"),
    ),
    Measure(
        "pending_in_time", "Pendientes en plazo", when.still_in_time,
        "Sin respuesta comunicada, y el plazo no ha vencido hoy.",
        waits=True,
    ),
    Measure(
        "overdue", "Pendientes vencidas", when.overdue,
        "Sin respuesta comunicada, y el plazo ya venció hoy.",
        f"{_CPACA}, arts. 14 y 31", waits=True,
    ),
    Measure(
        "suspended", "Suspendidas", when.of_valid(when.STOPPED),
        "El plazo está detenido hoy: falta algo de la persona, o se decide quién es competente.",
        f"{_CPACA}, arts. 12, 17, 19 y 39",
    ),
    Measure(
        "due", "Con plazo cumplido o vencido", when.can_be_judged,
        "Respondidas, a tiempo o tarde, y pendientes vencidas: las que ya se pueden juzgar. Las "
        "trasladadas no entran.",
        f"{_CPACA}, art. 14", parts=("answered_in_time", "answered_late", "overdue"),
    ),
    Measure(
        "extended", "Prorrogadas", when.of_valid(Ticket.extension > 0),
        "Con prórroga del plazo, comunicada a la persona antes de que venciera.",
        f"{_CPACA}, art. 14, parágrafo",
    ),
    Measure(
        "stopped", "Con suspensión", when.of_valid(when.EVER_STOPPED),
        "Su plazo se detuvo alguna vez; los días suspendidos no cuentan.",
        f"{_CPACA}, arts. 12, 17, 19 y 39",
    ),
    Measure(
        "transferred", "Trasladadas", when.ended(Outcome.TRANSFERRED),
        "Enviadas enteras a otra entidad competente.",
        f"{_CPACA}, art. 21; {_REPORT}",
    ),
    Measure(
        "transferred_in_time", "Trasladadas a tiempo", when.transferred_in_time,
        "Enviadas a la entidad competente en los cinco días hábiles siguientes al recibo (dos, si es un "
        "reclamo de habeas data).",
        f"{_CPACA}, art. 21; Ley 1581 de 2012, art. 15",
    ),
    Measure(
        "denied", "Negadas", when.denied(AnswerOutcome.DENIED, AnswerOutcome.DENIED_RESERVED),
        "La respuesta negó lo pedido, por reserva o por otra razón.",
        _REPORT,
    ),
    Measure(
        "denied_reserved", "Negadas por reserva", when.denied(AnswerOutcome.DENIED_RESERVED),
        "La respuesta negó la información porque una norma la reserva.",
        f"{_CPACA}, art. 25; Ley 1712 de 2014, arts. 18 y 19",
    ),
    Measure(
        "withdrawn_express", "Desistidas expresamente", when.ended(Outcome.WITHDRAWN_EXPRESS),
        "La persona retiró su petición.",
        f"{_CPACA}, art. 18",
    ),
    Measure(
        "withdrawn_tacit", "Desistidas tácitamente", when.ended(Outcome.WITHDRAWN_TACIT),
        "La persona no completó lo que faltaba en el tiempo que da la ley.",
        f"{_CPACA}, art. 17",
    ),
    Measure(
        "archived_unclear", "Archivadas por no aclararse", when.ended(Outcome.ARCHIVED_UNCLEAR),
        "No se entendía qué se pedía, y la persona no lo aclaró.",
        f"{_CPACA}, art. 19",
    ),
    Measure(
        "rejected", "Rechazadas", when.ended(Outcome.REJECTED),
        "Solo cabe cuando la petición es irrespetuosa.",
        f"{_CPACA}, art. 19",
    ),
    Measure(
        "by_reference", "Remitidas a una respuesta anterior", when.ended(Outcome.BY_REFERENCE),
        "Repetían lo ya resuelto: se remitió a la respuesta que ya se dio.",
        f"{_CPACA}, art. 19",
    ),
    Measure(
        "duplicates", "Duplicadas", when.of_valid(Ticket.duplicate_of_id.is_not(None)),
        "Unidas a otra que pide lo mismo; cada una conserva su radicado y su plazo, y cuenta por sí "
        "misma.",
    ),
    Measure(
        "anonymous", "Anónimas", when.of_valid(Ticket.identity == Identity.ANONYMOUS),
        "Presentadas sin decir quién.",
        "Ley 962 de 2005, art. 81",
    ),
    Measure(
        "reserved", "Con identidad reservada", when.of_valid(Ticket.identity == Identity.RESERVED),
        "La persona pidió que no se revele quién es.",
        "Ley 1581 de 2012, art. 4",
    ),
    Measure(
        "verbal", "Verbales", when.of_valid(Ticket.channel.in_(VERBAL)),
        "Presentadas en la ventanilla o por teléfono.",
        f"{_CPACA}, art. 15; Decreto 1166 de 2016",
    ),
    Measure(
        "priority", "Con atención prioritaria", when.of_valid(Ticket.priority_rank < LOWEST_PRIORITY),
        "Van primero en el turno; el plazo es el mismo.",
        f"{_CPACA}, art. 20",
    ),
)  # fmt: skip
_RATES = (
    Rate(
        "reception", "Recepción", "received_in_time", "arrived",
        "De todo lo que llegó por cualquier canal, cuánto quedó recibido a tiempo.",
        _PLAN, target=True,
    ),
    Rate(
        "utilisation", "Utilización", "online", "arrived",
        "De todo lo que llegó, cuánto llegó por el servicio en línea.",
        _PLAN, target=True,
    ),
    Rate(
        "timeliness", "Oportunidad", "answered_in_time", "due",
        "De las que ya se pueden juzgar (respondidas y pendientes vencidas), cuántas se respondieron a "
        "tiempo. Las trasladadas no entran.",
        f"{_CPACA}, art. 14",
    ),
    Rate(
        "transfer", "Traslado a tiempo", "transferred_in_time", "transferred",
        "De las trasladadas, cuántas lo fueron dentro del término.",
        f"{_CPACA}, art. 21",
    ),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _ALL}
RATES: Mapping[str, Rate] = {rate.key: rate for rate in _RATES}
KEPT = tuple(measure.key for measure in _ALL if not measure.waits and not measure.parts)
SUMS = tuple(measure for measure in _ALL if measure.parts)

"""What is told of a case in the open data, in which words?  The ladders, their columns, and the dictionary. Pure.

Safe facts alone (Ley 1712/2014 art. 6 j; Ley 1581/2012 art. 4 f): no name, document, contact, text, file, exact place
nor radicado. There is no number of the case either: a month is published once, so nothing has to find a row again,
and any number would join it to what is published of the same case elsewhere.

`anonymity` asks that no column tells of a ladder that is counted. By which way a case came and which office has it are
facts of their own. The law lets only some kinds be extended or withdrawn, so the kind goes first in `STEPS`: then its
counts are those of the rows and add nothing to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from pqr.publishing.anonymity import Case, Labels
from pqr.terms.kinds import TERMS, TicketKind

HIDDEN = ""  # an empty cell: not told, to protect the persons


@dataclass(frozen=True)
class Column:
    """A column of a published file. `kind`: of CSVW's datatypes. `values`: each code with what it means, if few."""

    name: str
    title: str
    about: str
    kind: str = "string"
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Of one case, what the columns are made of. Dates in Bogotá; "" where there is nothing.

    `decided`: what the answer decided. `is_paused`: its term is suspended. `in_time`: see `Ticket`.
    """

    kind: str
    channel: str
    outcome: str
    decided: str
    transferred_to: str
    office: str
    topic: str
    place: str
    received_on: date
    due_on: date
    is_paused: bool
    in_time: bool | None
    closed_on: date | None
    days_used: int | None
    extended: bool


FAMILIES = {
    "peticion": ("Peticiones, información, documentos y consultas", (
        "peticion_general", "peticion_particular", "informacion", "documentos", "consulta",
    )),
    "inconformidad": ("Quejas, reclamos, denuncias y recursos", (
        "queja", "reclamo", "denuncia", "servicios_publicos", "recurso_reposicion",
    )),
    "opinion": ("Sugerencias y felicitaciones", ("sugerencia", "felicitacion")),
    "datos_personales": ("Datos personales", ("habeas_data_consulta", "habeas_data_reclamo")),
    "autoridad": ("Solicitudes de otras autoridades y de veedurías", (
        "entre_autoridades", "congreso", "congreso_documentos", "defensoria", "oposicion", "ente_control", "concejo",
        "veeduria", "tutela_informe", "tutela_impugnacion",
    )),
}  # fmt: skip
# Channels that few use go with another: alone they would hide a large one beside them.
CHANNELS = {
    "web": ("virtual", "en_linea"),
    "chat": ("virtual", "en_linea"),
    "api": ("virtual", "en_linea"),
    "email": ("virtual", "correo"),
    "counter": ("presencial", "ventanilla"),
    "box": ("presencial", "ventanilla"),
    "paper": ("presencial", "papel"),
    "phone": ("presencial", "telefono"),
}
CHANNEL_LABELS = {
    "en_linea": "Página web, chat y otros sistemas",
    "correo": "Correo electrónico",
    "ventanilla": "Ventanilla y buzón",
    "papel": "Carta o documento en papel",
    "telefono": "Teléfono",
}
WAYS = {"virtual": "Por internet", "presencial": "En la alcaldía, en papel o por teléfono"}
OPEN, ENDED = "en_tramite", "terminada"
ON_TIME = {
    "a_tiempo": "Se respondió y se comunicó dentro del plazo",
    "tarde": "Se respondió y se comunicó después del plazo",
    "en_plazo": "Al publicar seguía en trámite y el plazo corría o estaba suspendido",
    "vencida": "Al publicar seguía en trámite y el plazo ya había vencido",
    "sin_respuesta": "Terminó de otra manera: traslado, desistimiento, archivo…",
}
RESULTS = {
    "granted": ("concedida", "Se concedió"),
    "partly": ("concedida_en_parte", "Se concedió en parte"),
    "denied": ("negada", "Se negó"),
    "denied_reserved": ("negada_por_reserva", "Se negó por reserva legal"),
    "informed": ("informada", "Se informó"),
    "no_competence": ("sin_competencia", "Se respondió que no es competencia de la entidad"),
    "transferred": ("trasladada", "Se trasladó a otra entidad"),
    "withdrawn_express": ("desistida", "La persona desistió"),
    "withdrawn_tacit": ("desistimiento_tacito", "Desistimiento tácito"),
    "archived_unclear": ("archivada", "Se archivó porque no se aclaró"),
    "rejected": ("rechazada", "Se rechazó por irrespetuosa"),
    "by_reference": ("respuesta_anterior", "Se remitió a una respuesta anterior"),
    "duplicate": ("repetida", "Estaba repetida"),
    "pendiente": ("pendiente", "En trámite"),
}
BANDS = ((0, 5), (6, 10), (11, 15), (16, 30))
LONGER, NONE, NO_OFFICE, NO_TOPIC = "31_o_mas", "sin_dato", "sin_asignar", "sin_tema"
ZONES = {"rural": "Vereda o corregimiento", "urbana": "Casco urbano o barrio", NONE: "No se sabe"}
_RURAL, _URBAN = ("vereda", "corregimiento", "resguardo", "rural"), ("barrio", "casco urbano", "urbanización", "plaza")
_FAMILY_OF = {kind: family for family, (_, kinds) in FAMILIES.items() for kind in kinds}

LADDERS: Mapping[str, tuple[Column, ...]] = {
    "tipo": (
        Column("familia", "Familia", "Grupo de tipos de petición.", values=tuple(
            (code, label) for code, (label, _) in FAMILIES.items()
        )),
        Column("tipo", "Tipo", "Tipo de petición según la ley.", values=tuple(
            (kind.value, TERMS[kind].label) for kind in TicketKind
        )),
    ),
    "tramite": (
        Column("estado", "Estado", "Cómo estaba el día en que se publicó.", values=(
            (OPEN, "Radicada, en trámite, o respondida sin comunicar"), (ENDED, "Terminada"),
        )),
        Column("oportunidad", "Oportunidad", "Si se respondió dentro del plazo legal.", values=tuple(ON_TIME.items())),
        Column("resultado", "Resultado", "En qué terminó.", values=tuple(RESULTS.values())),
        Column("trasladada_a", "Trasladada a", "Entidad a la que se trasladó por competencia."),
    ),
    "canal": (
        Column("modalidad", "Modalidad", "Por dónde llegó, a grandes rasgos.", values=tuple(WAYS.items())),
        Column("canal", "Canal", "Por dónde llegó.", values=tuple(CHANNEL_LABELS.items())),
    ),
    "asunto": (
        Column("dependencia", "Dependencia", f"Oficina que la tiene o la respondió; «{NO_OFFICE}»: ninguna todavía."),
        Column("tema", "Tema", f"Asunto de que trata; «{NO_TOPIC}»: no se clasificó."),
    ),
    "zona": (Column("zona", "Zona", "Zona del sitio de que trata.", values=tuple(ZONES.items())),),
    "duracion": (
        Column("dias_rango", "Días hábiles, rango", "Días hábiles hasta comunicar la respuesta.", values=(
            *((f"{low}-{high}", f"De {low} a {high}") for low, high in BANDS), (LONGER, "31 o más"),
            (NONE, "No se ha respondido o no hubo respuesta"),
        )),
        Column("dias_habiles", "Días hábiles", "Los mismos, exactos.", "integer"),
    ),
    "cierre": (
        Column("mes_cierre", "Mes de cierre", f"Mes en que terminó (AAAA-MM); «{NONE}»: no ha terminado."),
        Column("fecha_cierre", "Fecha de cierre", "Día en que terminó.", "date"),
    ),
    "prorroga": (Column("prorroga", "Prórroga", "Si el plazo se amplió.", values=(("si", "Sí"), ("no", "No"))),),
    "recepcion": (
        Column("quincena", "Quincena de recepción", "Parte del mes en que se recibió.", values=(
            ("1", "Del 1 al 15"), ("2", "Del 16 al fin de mes"),
        )),
        Column("fecha_recepcion", "Fecha de recepción", "Día en que se recibió, sin la hora.", "date"),
    ),
}  # fmt: skip
NAMES = tuple(LADDERS)
_ORDER = (
    "tipo", "tipo", "tramite", "tramite", "canal", "asunto", "canal", "tramite", "zona", "duracion", "cierre",
    "prorroga", "asunto", "recepcion", "tramite", "duracion", "cierre", "recepcion",
)  # fmt: skip
STEPS = tuple(NAMES.index(name) for name in _ORDER)  # what a reader asks for first is told of most cases
COUNTED = tuple(NAMES.index(name) for name in ("tipo", "canal", "asunto"))

MONTH = Column("mes", "Mes", "Mes en que se recibió (AAAA-MM), el mismo en todo el archivo.")
CASE_COLUMNS = (MONTH, *(column for columns in LADDERS.values() for column in columns))
GROUPINGS = {"total": "Todas", "tipo": "Por familia y tipo", "canal": "Por modalidad y canal",
             "asunto": "Por dependencia y tema"}  # fmt: skip
COUNT_COLUMNS = (
    MONTH,
    Column("agrupacion", "Agrupación", "Qué se cuenta.", values=tuple(GROUPINGS.items())),
    Column("grupo", "Grupo", "Familia, modalidad o dependencia, como en el otro archivo; vacío: las demás."),
    Column("detalle", "Detalle", "Tipo, canal o tema, como en el otro archivo; vacío: los demás del grupo."),
    Column("casos", "Casos", "Cuántas peticiones; nunca menos que el mínimo publicado.", "integer"),
)


def case_of(facts: Facts, today: date) -> Case:
    """The ladders of a case, as it stood that day."""
    return (
        _alike((_FAMILY_OF[facts.kind], facts.kind)),
        _alike(_procedure(facts, today)),
        _alike(CHANNELS[facts.channel]),
        _alike((facts.office or NO_OFFICE, facts.topic or NO_TOPIC)),
        _alike((_zone(facts.place),)),
        _alike(_duration(facts.days_used)),
        _alike((f"{facts.closed_on:%Y-%m}", facts.closed_on.isoformat()) if facts.closed_on else (NONE,)),
        _alike(("si" if facts.extended else "no",)),
        _alike(("1" if facts.received_on.day <= 15 else "2", facts.received_on.isoformat())),
    )


@cache
def _alike(labels: Labels) -> Labels:
    """The same object for the same labels: a month of many cases weighs little."""
    return labels


def _procedure(facts: Facts, today: date) -> Labels:
    if facts.closed_on is None:
        runs = facts.is_paused or facts.due_on >= today
        return (OPEN, "en_plazo" if runs else "vencida", _result("pendiente"))
    if facts.outcome != "answered":
        moved = (facts.transferred_to,) if facts.outcome == "transferred" and facts.transferred_to else ()
        return (ENDED, "sin_respuesta", _result(facts.outcome), *moved)
    return (ENDED, "a_tiempo" if facts.in_time else "tarde", _result(facts.decided or "informed"))


def _result(ended: str) -> str:
    return RESULTS[ended][0]


def _zone(place: str) -> str:
    words = place.lower()
    if any(word in words for word in _RURAL):
        return "rural"
    return "urbana" if any(word in words for word in _URBAN) else NONE


def _duration(days: int | None) -> Labels:
    if days is None:
        return (NONE,)
    band = next((f"{low}-{high}" for low, high in BANDS if days <= high), LONGER)
    return (band, str(days))


def row_of(month: str, shown: Case) -> tuple[str, ...]:
    """The cells of `CASE_COLUMNS` for what is shown of a case."""
    cells = [month]
    for labels, columns in zip(shown, LADDERS.values(), strict=True):
        cells += [*labels, *[HIDDEN] * (len(columns) - len(labels))]
    return tuple(cells)

"""What might people ask?  Invented petitions of invented people, always the same for the same seed. Pure.

They fill a demonstration and a measurement. Names are made of common nouns, documents of numbers that no registry
has given out, addresses end in .example: nobody is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from pqr.terms.calendar import BOGOTA
from pqr.terms.choosing import KIND_HELP
from pqr.terms.kinds import TERMS, TicketKind

_FIRST = (
    "Vecina", "Vecino", "Ciudadana", "Ciudadano", "Habitante", "Campesina", "Campesino", "Comerciante", "Docente",
    "Estudiante", "Lideresa", "Artesano",
)  # fmt: skip
_SECOND = (
    "Frailejón", "Colibrí", "Arrayán", "Encino", "Laguna", "Páramo", "Neblina", "Cóndor", "Quinua", "Trigo", "Maíz",
    "Arroyo", "Sendero", "Puente", "Campana", "Farol", "Guitarra", "Tambor", "Canasto", "Telar", "Cometa", "Arcilla",
    "Ruana", "Fogata", "Girasol", "Romero", "Venado", "Zorzal", "Peñasco", "Ladera",
)  # fmt: skip
_THIRD = (
    "Azul", "Verde", "Rojo", "Amarillo", "Blanco", "Violeta", "Norte", "Sur", "Oriente", "Occidente", "Mayor", "Menor",
    "Primero", "Segundo", "Tercero", "Nuevo", "Claro", "Sereno", "Alegre", "Lejano",
)  # fmt: skip
_PLACES = (
    "la vereda El Ejemplo", "la vereda La Muestra", "la vereda Dos Caminos", "la vereda El Ensayo", "el barrio Centro",
    "el barrio La Prueba", "el barrio El Modelo", "el corregimiento Arriba", "el corregimiento Abajo", "la plaza",
)  # fmt: skip
_SUBJECTS = (
    "{Word} en {place}", "Solicitud por {word} en {place}", "{topic}: {word}", "{Word}: pedimos solución",
    "Problema con {word} en {place}", "{topic} en {place}", "Información sobre {word}", "{Word} y {other} en {place}",
)  # fmt: skip
_OPENINGS = (
    "Cordial saludo.", "Buenos días.", "Buenas tardes, señores de la alcaldía.", "Respetados señores:",
    "Por medio de la presente me dirijo a ustedes.", "En ejercicio del derecho de petición les escribo.",
)  # fmt: skip
_SENTENCES = (
    "Desde hace {n} días tenemos un problema con {word} en {place}.",
    "Somos {n} familias y necesitamos que se atienda lo de {word} lo antes posible.",
    "Ya hablamos con la junta y nos dijeron que {topic} le corresponde a la alcaldía.",
    "La última vez nos respondieron que {word} estaba en estudio y que en {n} semanas habría una visita.",
    "Cuando llueve la situación de {word} se pone peor, sobre todo por el lado de {other}.",
    "El recibo número {rare} muestra lo que estamos diciendo sobre {word}.",
    "Adjunto fotos que se tomaron en {place} para que se vea lo de {other}.",
    "Hay niños y personas mayores que pasan por ahí todos los días, y {word} es un peligro para ellos.",
    "No pedimos nada que no se haya hecho antes en {place}, donde arreglaron {other} el año pasado.",
    "Quisiera saber qué documentos hacen falta para {topic} y en qué horario atienden.",
    "Mi trámite anterior quedó anotado con el número {rare} y no he tenido noticia.",
    "{example}",
)
_CLOSINGS = (
    "Agradezco su atención y quedo pendiente de la respuesta.", "Muchas gracias por su ayuda.",
    "Espero su respuesta dentro del término de ley.", "Dios les pague.", "Atentamente, la comunidad.",
)  # fmt: skip
_ANSWERS = (
    "En respuesta a su petición sobre {word}, le informamos que el asunto fue revisado y se programó una visita a"
    " {place} dentro de los próximos {n} días.",
    "Una vez revisado el archivo se encontró que lo de {word} fue atendido; se anexa la constancia {rare}.",
    "Le informamos que {topic} requiere los documentos que se anotan y que puede traerlos en el horario de oficina.",
    "Su solicitud acerca de {word} fue incluida en el plan de trabajo de esta dependencia con el número {rare}.",
)  # fmt: skip
LACKING = "Para responderle falta saber el sitio exacto. Envíe una foto o un plano donde se vea."
FOLLOW_UPS = (
    "Quisiera agregar que la situación sigue igual y que ya pasaron varios días.",
    "Les envío los datos que faltaban, muchas gracias.",
    "Por favor tengan en cuenta que cambié de número de teléfono.",
)
_WEIGHTED_KINDS = (
    *[TicketKind.PETICION_GENERAL] * 18, *[TicketKind.PETICION_PARTICULAR] * 30, *[TicketKind.INFORMACION] * 10,
    *[TicketKind.DOCUMENTOS] * 8, *[TicketKind.CONSULTA] * 3, *[TicketKind.QUEJA] * 5, *[TicketKind.RECLAMO] * 9,
    *[TicketKind.SUGERENCIA] * 3, *[TicketKind.DENUNCIA] * 4, *[TicketKind.FELICITACION] * 1, *TicketKind,
)  # fmt: skip
_CHANNELS = (*["web"] * 45, *["email"] * 25, *["counter"] * 12, *["paper"] * 8, *["phone"] * 6, "chat", "box", "api")
_IDENTITIES = (*["named"] * 90, *["anonymous"] * 6, *["reserved"] * 4)
_FLAGS = (*[()] * 92, *[("preferente",)] * 4, *[("nna",)] * 2, ("periodista",), ("peligro_inminente",))
_EXAMPLES = tuple(example for _, example in KIND_HELP.values())


@dataclass(frozen=True)
class Matter:
    """A topic of the directory with its office's id and code, and words of its own."""

    topic_id: int
    topic: str
    office_id: int
    office_code: str
    office: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    document_number: str
    email: str
    phone: str


@dataclass(frozen=True)
class Petition:
    """What is asked, of which office, how, by whom, and what will be answered one day."""

    kind: TicketKind
    channel: str
    identity: str
    matter: Matter
    subject: str
    body: str
    place: str
    person: Person
    priority: tuple[str, ...]
    answer: str

    @property
    def by_mail(self) -> bool:
        """Whether its person gave an address."""
        return self.channel in ("web", "email", "api")


class Fate(StrEnum):
    """What else befalls a few: an end without an answer, in the words of `states.Outcome`, or more than an answer."""

    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn_express"
    VOIDED = "voided"
    DENIED = "denied"
    RESERVED = "denied_reserved"
    EXTENDED = "extended"


ENDS = frozenset({Fate.TRANSFERRED, Fate.WITHDRAWN, Fate.VOIDED})
NUMBERED_ENDS = ENDS - {Fate.VOIDED}
_FATES = (
    *[Fate.TRANSFERRED] * 6, *[Fate.WITHDRAWN] * 3, Fate.VOIDED, *[Fate.DENIED] * 6, *[Fate.RESERVED] * 2,
    *[Fate.EXTENDED] * 12, *[""] * 170,
)  # fmt: skip


@dataclass(frozen=True)
class Life:
    """When each thing happened to a ticket; None: not yet. `exit_number`: of its answer or end, "" without one."""

    arrived: datetime
    filed_at: datetime
    assigned_at: datetime | None = None
    asked_again_at: datetime | None = None
    answered_at: datetime | None = None
    told_at: datetime | None = None
    awaits: bool = False
    exit_number: str = ""
    fate: str = ""
    ended_at: datetime | None = None
    extended_at: datetime | None = None
    extension_number: str = ""


def moments(number: int, years: float, now: datetime, random: Random) -> list[datetime]:
    """So many instants of the last years, in order, mostly on working days and by day."""
    start = now - timedelta(days=365 * years)
    found = [_by_day(start + (now - start) * random.random(), random) for _ in range(number)]
    return sorted(min(moment, now - timedelta(minutes=1)) for moment in found)


def _by_day(moment: datetime, random: Random) -> datetime:
    day = moment.astimezone(BOGOTA).date()
    if day.weekday() > 4 and random.random() < 0.75:
        day -= timedelta(days=random.randint(2, 4))
    return datetime.combine(day, time(random.randint(7, 17), random.randint(0, 59), random.randint(0, 59)), BOGOTA)


def invent(matters: Sequence[Matter], number: int, random: Random) -> Petition:
    """A petition about one of these matters; `number` makes its person different from all others."""
    matter, place = _one(matters, random), _one(_PLACES, random)
    said = _said(matter, place, random)
    told = " ".join(_one(_SENTENCES, random) for _ in range(random.randint(3, 6)))
    body = f"{_one(_OPENINGS, random)}\n\n{told}\n\n{_one(_CLOSINGS, random)}"
    return Petition(
        kind=_one(_WEIGHTED_KINDS, random),
        channel=_one(_CHANNELS, random),
        identity=_one(_IDENTITIES, random),
        matter=matter,
        subject=_one(_SUBJECTS, random).format_map(said),
        body=body.format_map(said),
        place=place,
        person=_person(number, random),
        priority=_one(_FLAGS, random),
        answer=_one(_ANSWERS, random).format_map(said),
    )


def _one(choices: Sequence[Any], random: Random) -> Any:
    return choices[int(random.random() * len(choices))]  # a third of what `random.choice` takes


def _said(matter: Matter, place: str, random: Random) -> dict[str, object]:
    word = _one(matter.keywords, random)
    return {
        "word": word,
        "Word": word[:1].upper() + word[1:],
        "other": _one(matter.keywords, random),
        "topic": matter.topic,
        "place": place,
        "n": random.randint(2, 90),
        "rare": random.randint(100_000, 99_999_999),
        "example": _one(_EXAMPLES, random),
    }


def _person(number: int, random: Random) -> Person:
    name = f"{_one(_FIRST, random)} {_one(_SECOND, random)} {_one(_THIRD, random)}"
    return Person(name, str(9_000_000_000 + number), f"persona{number}@correo.example", f"999 {number:07d}")


def live(arrived: datetime, now: datetime, random: Random) -> Life:
    """What happened by now to a petition that arrived then; most are answered within the term."""
    filed = min(arrived + timedelta(seconds=random.randint(0, 50)), now)
    hours = random.expovariate(1 / 4) if random.random() < 0.93 else random.randint(24, 150)
    assigned = filed + timedelta(seconds=int(hours * 3600))
    if assigned > now:
        return Life(arrived, filed)
    days = max(random.gauss(10, 5), 0.1) if random.random() < 0.93 else random.uniform(20, 70)
    answered = assigned + timedelta(minutes=int(days * 1440))
    again = filed + timedelta(hours=random.randint(30, 200))
    asked_again = again if again < min(now, answered) and random.random() < 0.06 else None
    if answered > now:
        return Life(arrived, filed, assigned, asked_again, awaits=random.random() < 0.15)
    told = answered + timedelta(minutes=random.randint(1, 30) if random.random() < 0.8 else random.randint(60, 9000))
    lost = told > now or random.random() < 0.002
    return Life(arrived, filed, assigned, asked_again, answered, None if lost else told)


def befall(life: Life, kind: TicketKind, now: datetime, random: Random) -> Life:
    """What befalls a few of them too, so that every figure has something to count."""
    fate, after = _one(_FATES, random), timedelta(hours=random.randint(3, 300))
    if fate in ENDS and not life.awaits and (ended := life.filed_at + after) < now:
        assigned = life.assigned_at if life.assigned_at and life.assigned_at < ended else None
        asked_again = life.asked_again_at if life.asked_again_at and life.asked_again_at < ended else None
        return Life(life.arrived, life.filed_at, assigned, asked_again, fate=fate, ended_at=ended)
    if fate == Fate.EXTENDED and life.assigned_at and life.answered_at and TERMS[kind].extension:
        extended = life.assigned_at + timedelta(days=2)
        return replace(life, fate=fate, extended_at=extended) if extended < life.answered_at else life
    return replace(life, fate=fate) if fate in (Fate.DENIED, Fate.RESERVED) and life.answered_at else life

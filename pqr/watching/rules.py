"""When is the service not well, and what is to be done?  Pure: facts in, sentences for the operator out.

A reading with advice is shown as something to attend; one that is an alarm is also told by mail: once when it
begins, once a day while it lasts, once when it has been well for a while.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pqr.terms.moments import instant
from pqr.terms.spanish import counted

DAILY = timedelta(hours=26)  # what is done each day, with two hours to spare
STUCK = timedelta(minutes=15)  # nothing waits that long while somebody works
RELAY_PATIENCE = timedelta(hours=1)
LITTLE = 2 * 2**30  # bytes left on the disk
WATCH, LISTENER, FETCH, RELAY = "watch.look", "listener", "mailbox", "relay"
COMPARED, VERIFIED, CERTIFICATE = "compare", "verify", "certificate"
OFF = timedelta(minutes=10)  # without a look the whole service was off
SILENT = timedelta(minutes=5)  # of what should show itself every minute
CALM = timedelta(minutes=10)  # well for so long before it is said to be over: what flickers is one alarm
AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Look:
    """What became of something that is done or looked at; see `models.Checkup`."""

    name: str
    every: int
    ran_at: datetime
    well_at: datetime
    said: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Facts:
    """How the service stands. `free`: bytes on the disk of `host`, None where nobody looked."""

    engine: str
    first_petition_at: datetime | None = None
    copied_at: datetime | None = None
    copy_is_encrypted: bool = False
    sealed_at: datetime | None = None
    oldest_mail: datetime | None = None
    oldest_letter: datetime | None = None
    letters_waiting: int = 0
    letters_failed: int = 0
    untold: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    free: int | None = None
    host: str = ""
    by_imap: bool = False

    def look(self, name: str) -> Look | None:
        """The one of that name."""
        return next((each for each in self.looks if each.name == name), None)


@dataclass(frozen=True)
class Reading:
    """One thing that was looked at, in words. `advice`: what to do where it is not well; `alarm`: tell it by mail."""

    code: str
    name: str
    words: str
    advice: str = ""
    alarm: bool = False


def readings(facts: Facts, now: datetime) -> Iterator[Reading]:
    """All that an operator would look at on the machine itself."""
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[facts.engine]
    yield Reading("database", "Base de datos", f"Responde ({engine}).")
    if facts.free is not None:
        yield _disk(facts.host, facts.free)
    yield _copy(facts, now)
    sealed = f"El último es del {instant(facts.sealed_at)}" if facts.sealed_at else "Todavía no hay."
    yield Reading("seal", "Sello diario del registro", sealed)
    yield _waiting("mail_in", "Correo que llegó", facts.oldest_mail, now)
    yield _waiting("mail_out", "Cartas por salir", facts.oldest_letter, now)
    yield from _ways_of_mail(facts, now)
    yield _stuck_letters(facts.letters_failed)
    yield _untold(facts.untold)
    yield from _tasks(facts, now)
    yield from _found(facts)


def _disk(host: str, free: int) -> Reading:
    advice = "Libere espacio: con el disco lleno no se puede radicar." if free < LITTLE else ""
    name = f"Disco de {host}" if host else "Disco"
    return Reading(f"disk:{host}"[:60], name, f"Quedan {free / 2**30:.0f} GB libres.", advice, bool(advice))


def _copy(facts: Facts, now: datetime) -> Reading:
    code, name = "backup", "Copia de seguridad"
    if facts.copied_at is None:
        young = facts.first_petition_at is None or now - facts.first_petition_at < DAILY
        return Reading(code, name, "Nunca se ha hecho una.", "Ejecute «pqr backup ARCHIVO» cada día.", not young)
    words = f"La última{', cifrada,' if facts.copy_is_encrypted else ''} es del {instant(facts.copied_at)}"
    late = now - facts.copied_at > DAILY
    return Reading(code, name, words, "Debe hacerse cada día: «pqr backup ARCHIVO»." if late else "", late)


def _waiting(code: str, name: str, since: datetime | None, now: datetime) -> Reading:
    if since is None:
        return Reading(code, name, "Nada espera.")
    stuck = now - since > STUCK
    advice = "Un proceso no está trabajando: mire lo que dice el servicio y enciéndalo otra vez." if stuck else ""
    return Reading(code, name, f"Lo más antiguo espera desde el {instant(since)}", advice, stuck)


def _ways_of_mail(facts: Facts, now: datetime) -> Iterator[Reading]:
    relay, mailbox, listener = (facts.look(name) for name in (RELAY, FETCH, LISTENER))
    if relay is not None:
        bad = bool(relay.trouble and facts.letters_waiting and now - relay.well_at > RELAY_PATIENCE)
        words = f"La última carta salió el {instant(relay.well_at)} {relay.trouble if bad else ''}".strip()
        advice = "Revise PQR_SMTP_URL con «pqr mail doctor»; nada se pierde." if bad else ""
        yield Reading("relay", "Servidor de salida", words, advice, bad)
    if mailbox is not None and facts.by_imap:
        bad = bool(mailbox.trouble) and now - mailbox.well_at > STUCK
        words = f"Se leyó bien el {instant(mailbox.well_at)} {mailbox.trouble if bad else ''}".strip()
        advice = "Revise con «pqr mail doctor»; los mensajes esperan en el buzón." if bad else ""
        yield Reading("mailbox", "Buzón", words, advice, bad)
    elif listener is not None:
        bad = now - listener.ran_at > SILENT
        advice = "El proceso que recibe el correo no responde: enciéndalo otra vez." if bad else ""
        yield Reading("listener", "Recepción de correo", f"Escuchaba el {instant(listener.ran_at)}", advice, bad)


def _stuck_letters(failed: int) -> Reading:
    words = f"{counted(failed, 'carta no pudo', 'cartas no pudieron')} salir." if failed else "Ninguna."
    return Reading("letters", "Cartas detenidas", words, "Mírelas en Cartas detenidas." if failed else "")


def _untold(names: Sequence[str]) -> Reading:
    if not names:
        return Reading("programs", "Avisos a programas", "Ninguno se dio por perdido en una semana.")
    words = f"En una semana no se le pudo avisar a {', '.join(names)}."
    return Reading("programs", "Avisos a programas", words, "Mire por qué en Avisos a programas.")


TASKS = {
    "reminders.remind": "Recordatorios y plazos",
    "upkeep.daily": "Revisión de cada día",
    "upkeep.forget_held": "Borrar lo que no se radicó",
    "avisos.keep": "Avisos publicados",
    "opendata.publish": "Datos abiertos",
    "plan.keep": "Cifras del plan de acción",
    "watch.certificate": "Mirar el certificado",
}


def _tasks(facts: Facts, now: datetime) -> Iterator[Reading]:
    """The scheduler, and then only the tasks that it did not get done: while it stands still none of them is news."""
    watch, code, name = facts.look(WATCH), "scheduler", "Programador de tareas"
    if watch is None:
        return
    words = f"Trabajó el {instant(watch.ran_at)}"
    if now - watch.ran_at > SILENT:
        advice = "Nadie hace las tareas (recordatorios, plazos, cartas): encienda otra vez «beat» y «worker»."
        yield Reading(code, name, words, advice, alarm=True)
        return
    yield Reading(code, name, words)
    tasks = [each for each in facts.looks if "." in each.name and each.name != WATCH]
    missed = [each for each in tasks if _is_missed(each, now)]
    if tasks and not missed:
        yield Reading("tasks", "Tareas", f"Se hizo a su hora lo de {counted(len(tasks), 'tarea', 'tareas')}.")
    yield from map(_missed, missed)


def _is_missed(look: Look, now: datetime) -> bool:
    every = timedelta(seconds=look.every)
    return now - look.ran_at > every + max(every / 12, OFF) or now - look.well_at > 2 * every + OFF


def _missed(look: Look) -> Reading:
    why = f" ({look.trouble})" if look.trouble else ""
    name, words = TASKS.get(look.name, look.name), f"Se hizo bien el {instant(look.well_at)}"
    advice = f"No se está haciendo{why}: mire lo que dice «worker» de {look.name}."
    return Reading(f"task:{look.name}"[:60], f"Tarea: {name}", words, advice, alarm=True)


_FOUND = {
    COMPARED: ("Buzón y registro", "Vea cuáles con «pqr mail compare» y páselos a la carpeta de entrada."),
    VERIFIED: ("Comprobación del registro", "Vea todo con «pqr verify» y no borre nada; compare con la última copia."),
    CERTIFICATE: ("Certificado de la página", "Renuévelo: sin él las personas no pueden entrar."),
}


def _found(facts: Facts) -> Iterator[Reading]:
    for code, (name, advice) in _FOUND.items():
        look = facts.look(code)
        if look is not None:
            yield Reading(code, name, look.trouble or look.said, advice if look.trouble else "", bool(look.trouble))


@dataclass(frozen=True)
class Open:
    """An alarm that is on; see `models.Alarm`."""

    code: str
    name: str
    began_at: datetime
    told_at: datetime
    quiet_since: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """What changes with this look. `begun` and `lasting` are told with their words, `ended` with its beginning."""

    begun: tuple[Reading, ...]
    lasting: tuple[Reading, ...]
    ended: tuple[Open, ...]
    quiet: frozenset[str]

    @property
    def is_told(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.begun or self.lasting or self.ended)


def turn(opened: Sequence[Open], seen: Sequence[Reading], now: datetime) -> Turn:
    """What to tell. What nobody could judge now stays as it is: another machine's disk, a task while none runs."""
    on = {each.code: each for each in opened}
    ill = {each.code: each for each in seen if each.alarm}
    unjudged = {code for code in on if code.startswith(("disk:", "task:") if "scheduler" in ill else "disk:")}
    quiet = frozenset(on.keys() - ill.keys() - (unjudged - {each.code for each in seen}))
    return Turn(
        begun=tuple(each for code, each in ill.items() if code not in on),
        lasting=tuple(each for code, each in ill.items() if code in on and now - on[code].told_at >= AGAIN),
        ended=tuple(on[code] for code in on if code in quiet and _is_calm(on[code], now)),
        quiet=quiet,
    )


def _is_calm(alarm: Open, now: datetime) -> bool:
    return alarm.quiet_since is not None and now - alarm.quiet_since >= CALM

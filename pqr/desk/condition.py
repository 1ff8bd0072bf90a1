"""Is the service well?  For the one person in systems: what answers, what waits, and when it was last copied."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr import clock, health
from pqr.accounts.permissions import Right
from pqr.backups.models import latest
from pqr.config import Settings, production_findings
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import needs
from pqr.door import settings
from pqr.mail.letters import instant
from pqr.mail.outbox import IS_UNSENT, Letter, LetterState
from pqr.sharing.delivering import given_up_since
from pqr.terms.spanish import counted
from pqr.tickets.anchoring import Anchor

DAILY = timedelta(hours=26)  # what is done each day, with two hours to spare
LATELY = timedelta(days=7)
LITTLE = 2 * 2**30  # bytes left on the disk


@dataclass(frozen=True)
class Reading:
    """One thing that was looked at, in words. `advice`: what to do where it is not well."""

    name: str
    words: str
    advice: str = ""


@desk.get("/atencion/ajustes/estado")
@needs(Right.SETTINGS)
def condition() -> str:
    """All of it, what is not well first."""
    session, configured, now = db.session(), settings(), clock.now()
    readings = sorted(readings_of(session, configured, now), key=lambda each: not each.advice)
    return render_template("desk/condition.html", readings=readings, missing=list(production_findings(configured)))


def readings_of(session: Session, configured: Settings, now: datetime) -> Iterator[Reading]:
    """What an operator would look at on the machine itself."""
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[session.get_bind().dialect.name]
    yield Reading("Base de datos", f"Responde ({engine}).")
    yield _disk(configured)
    yield _copy(session, now)
    yield _seal(session, now)
    yield _waiting("Correo que llegó", session.scalar(health.OLDEST_MAIL), now)
    yield _waiting("Cartas por salir", session.scalar(health.OLDEST_LETTER), now)
    stuck = select(func.count(Letter.id)).where(IS_UNSENT, Letter.state == LetterState.FAILED)
    failed = session.scalar(stuck) or 0
    words = f"{counted(failed, 'carta no pudo', 'cartas no pudieron')} salir." if failed else "Ninguna."
    yield Reading("Cartas detenidas", words, "Mírelas en Cartas detenidas." if failed else "")
    yield _untold(session, now)


def _untold(session: Session, now: datetime) -> Reading:
    names = list(given_up_since(session, now - LATELY))
    if not names:
        return Reading("Avisos a programas", "Ninguno se dio por perdido en una semana.")
    words = f"En una semana no se le pudo avisar a {', '.join(names)}."
    return Reading("Avisos a programas", words, "Mire por qué en Avisos a programas.")


def _disk(configured: Settings) -> Reading:
    free = shutil.disk_usage(configured.data_dir).free
    advice = "Libere espacio: con el disco lleno no se puede radicar." if free < LITTLE else ""
    return Reading("Disco", f"Quedan {free / 2**30:.0f} GB libres.", advice)


def _copy(session: Session, now: datetime) -> Reading:
    copy = latest(session)
    if copy is None:
        return Reading("Copia de seguridad", "Nunca se ha hecho una.", "Ejecute «pqr backup ARCHIVO» cada día.")
    words = f"La última{', cifrada,' if copy.encrypted else ''} es del {instant(copy.made_at)}"
    late = now - copy.made_at > DAILY
    return Reading("Copia de seguridad", words, "Debe hacerse cada día: «pqr backup ARCHIVO»." if late else "")


def _seal(session: Session, now: datetime) -> Reading:
    made = session.scalar(select(func.max(Anchor.made_at)))
    return Reading("Sello diario del registro", f"El último es del {instant(made)}" if made else "Todavía no hay.")


def _waiting(name: str, since: datetime | None, now: datetime) -> Reading:
    if since is None:
        return Reading(name, "Nada espera.")
    stuck = (now - since).total_seconds() > health.OLDEST_SECONDS
    advice = "Un proceso no está trabajando: mire lo que dice «pqr up»." if stuck else ""
    return Reading(name, f"Lo más antiguo espera desde el {instant(since)}", advice)

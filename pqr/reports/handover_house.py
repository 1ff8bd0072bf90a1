"""What of the house itself is handed over?  Letters that wait, accounts, settings without secrets, how to go on."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.accounts.models import User
from pqr.accounts.roles import ROLE_LABELS, Role
from pqr.closures.models import ClosureRow
from pqr.config import Office, Settings
from pqr.mail.inbox import InboxMail, Verdict
from pqr.mail.outbox import Letter, LetterState
from pqr.publishing.news import News
from pqr.publishing.procedures import Procedure
from pqr.reports.official import Column, Section, Table, Type
from pqr.secretarias.models import ExternalBody, Secretaria, Topic
from pqr.tickets.templates import AnswerTemplate

LETTER_STATES = {
    LetterState.QUEUED: "Por salir",
    LetterState.FAILED: "No salieron: alguien debe mirarlas",
    LetterState.BOUNCED: "Devueltas por el correo de quien recibe",
}
HOW_TO_GO_ON = (
    "Los datos viven en la base de datos y en la carpeta de archivos que dice la configuración de arriba. Los dos"
    " juntos, más la clave, son el servicio.",
    "Copia de seguridad: hágala el mismo día del empalme con «pqr backup» y pruebe a traerla con «pqr restore» en otra"
    " máquina antes de firmar. La guía docs/operar.md, «Copia de seguridad», dice cómo.",
    "Se entregan en persona y nunca en este documento: las claves de PQR_SECRET_KEY, todas, en su orden (sin ellas no"
    " se abren las identidades reservadas ni sirven los códigos ya entregados); la contraseña del correo; la de la"
    " base de datos; la llave de firma de correo (DKIM); la cuenta de administración del servidor y del dominio.",
    "El mismo día: cree la cuenta de quien llega (Ajustes, Usuarios), pídale que active el segundo paso, y desactive"
    " las cuentas de quienes se van. Ninguna cuenta se presta.",
    "Revise el correo de cada dependencia en Ajustes: una respuesta solo se acepta desde esos correos.",
    "Compruebe con «pqr check» la configuración, con «pqr mail doctor» el correo y con «pqr verify» que no falta ni"
    " cambió ningún radicado.",
    "Guías: docs/atender.md para quien atiende, docs/operar.md para quien cuida el sistema, docs/ley.md para quien"
    " pregunta qué norma manda cada paso.",
    "Cada funcionario entra a Informes, Empalme, y declara «Recibí el empalme»: eso mide la acción 7 del plan.",
)


def what_waits(session: Session) -> Section:
    """Letters that did not leave and mails that nobody read."""
    states = dict(iter(session.execute(select(Letter.state, func.count()).group_by(Letter.state))))
    waiting = select(func.count()).select_from(InboxMail)
    waiting = waiting.where(InboxMail.verdict == Verdict.NEEDS_HUMAN, InboxMail.closed_at.is_(None))
    rows = (
        *((words, states.get(state, 0)) for state, words in LETTER_STATES.items()),
        ("Correos que esperan a que una persona los lea", session.scalar(waiting) or 0),
    )
    columns = (Column("Qué"), Column("Cuántos", Type.NUMBER))
    return Section("Cartas y correos detenidos", (), Table("Cartas y correos", columns, rows))


def accounts(session: Session) -> Section:
    """Who may enter; no secret is part of it."""
    found = select(User, Secretaria.name).outerjoin(Secretaria, Secretaria.id == User.secretaria_id)
    rows = tuple(
        (
            user.email,
            ROLE_LABELS[Role(user.role)],
            name or "",
            "Sí" if user.active else "No",
            "Sí" if user.has_second_step else "No",
        )
        for user, name in session.execute(found.order_by(User.active.desc(), User.email))
    )
    columns = tuple(map(Column, ("Cuenta", "Papel", "Dependencia", "Activa", "Segundo paso")))
    return Section("Usuarios", (), Table("Cuentas de funcionarios", columns, rows))


def installation(session: Session, office: Office, settings: Settings) -> Section:
    """How it is set up. Only what is named here is told: a password never is, whatever comes to be added."""
    columns = (Column("Ajuste"), Column("Valor"))
    said = "Las claves y contraseñas no se escriben aquí: se entregan en persona."
    rows = (*_about(office), *_variables(settings), *_directory(session))
    return Section("Configuración", (said,), Table("Valores en uso, sin secretos", columns, rows))


def _about(office: Office) -> Iterator[tuple[str, str]]:
    about = office.about
    yield "Entidad", office.entity
    for label, value in (("NIT", about.nit), ("Dirección", about.address), ("Firma por defecto", about.signer)):
        if value:
            yield label, value


def _variables(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "PQR_BASE_URL", settings.base_url
    yield "PQR_MAIL_DOMAIN", settings.mail_domain
    yield "PQR_DATA_DIR", str(settings.data_dir)
    for name, url in (
        ("PQR_DATABASE_URL", settings.database_url),
        ("PQR_REDIS_URL", settings.redis_url),
        ("PQR_FILES_URL", settings.files_url),
        ("PQR_SMTP_URL", settings.smtp_url),
        ("PQR_IMAP_URL", settings.imap_url),
        ("PQR_CLAMD_URL", settings.clamd_url),
    ):
        yield name, without_secrets(url)
    yield "PQR_CLOSING_RULE", str(settings.closing_rule)
    yield "PQR_RECEPTION_DAYS", str(settings.reception_days)
    yield "PQR_ROUTING", settings.routing
    yield "PQR_ANSWER_MODE", settings.answer_mode
    yield "PQR_TWO_STEPS", ", ".join(sorted(settings.two_steps)) or "ninguno"
    yield "PQR_SECRET_KEY", f"{len(settings.secret_keys)} en uso; se entregan en persona"
    yield "Demostración", "sí: ninguna carta sale" if settings.demo else "no"


def _directory(session: Session) -> Iterator[tuple[str, str]]:
    found = select(Secretaria.name, Secretaria.email).where(Secretaria.active).order_by(Secretaria.name)
    for name, email in session.execute(found):
        yield f"Correo de {name}", email


def without_secrets(url: str) -> str:
    """The address without who enters it and without what follows the path."""
    if not url:
        return "no se usa"
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def closures_to_come(session: Session, today: date) -> Section:
    """Closed days that are not national holidays."""
    found = select(ClosureRow).where(ClosureRow.day >= today, ClosureRow.active, ClosureRow.national.is_(False))
    rows = tuple(
        (each.day, each.name, each.act or "sin acto: no mueve ninguna fecha")
        for each in session.scalars(found.order_by(ClosureRow.day))
    )
    columns = (Column("Día", Type.DATE), Column("Cierre"), Column("Acto"))
    said = () if rows else ("No hay cierres propios previstos; los festivos nacionales están cargados.",)
    return Section("Cierres del calendario por venir", said, Table("Cierres", columns, rows))


def texts(session: Session) -> Section:
    """How many texts are ready for whoever comes."""
    counts = (
        ("Plantillas de respuesta", AnswerTemplate),
        ("Temas", Topic),
        ("Otras entidades para traslados", ExternalBody),
        ("Trámites y servicios publicados", Procedure),
        ("Novedades publicadas", News),
    )
    rows = tuple(
        (label, session.scalar(select(func.count()).select_from(table).where(table.active)) or 0)
        for label, table in counts
    )
    return Section("Textos listos", (), Table("En uso", (Column("Qué"), Column("Cuántos", Type.NUMBER)), rows))

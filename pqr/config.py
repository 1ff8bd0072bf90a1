"""How is this installation set up?

Every `PQR_*` variable is read here and nowhere else. A broken value stops the start and names itself. Nothing
configured at all means the demonstration: keys of its own, letters that never leave, and every page says so.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dotenv import dotenv_values

from pqr.about import UNSAID, About
from pqr.errors import ConfigError
from pqr.terms.calendar import Calendar
from pqr.terms.deadlines import ClosingRule
from pqr.variables import (
    Network,
    OAuth,
    SigningKey,
    address,
    addresses,
    database,
    day,
    domain,
    networks,
    number,
    oauth,
    one_of,
    read,
    recipients,
    replica,
    signing_key,
    some_of,
    switch,
    url,
)

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
PRODUCTION_MARKS = ("PQR_SECRET_KEY", "PQR_SMTP_URL", "PQR_IMAP_URL", "PQR_BASE_URL", "PQR_MAIL_DOMAIN")


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Paths absolute, ports as numbers, `""` where nothing was given."""

    data_dir: Path
    host: str
    port: int
    mail_in_host: str
    mail_in_port: int
    lmtp_socket: str
    database_url: str
    replica_url: str
    redis_url: str
    secret_keys: tuple[str, ...]
    base_url: str
    mail_domain: str
    entity: str
    smtp_url: str
    smtp_seconds: int
    mail_all_to: str
    authserv_id: str
    dkim: SigningKey | None
    imap_url: str
    imap_since: date | None
    imap_oauth: OAuth | None
    files_url: str
    clamd_url: str
    closing_rule: ClosingRule
    reception_days: int
    publish_fewest: int
    reads_days: int
    routing: str
    answer_mode: str
    two_steps: frozenset[str]
    demo: bool
    rate_limits: bool
    webhooks_allow: tuple[Network, ...]
    workers: int
    backup_recipients: tuple[str, ...]
    alerts_to: tuple[str, ...]
    metrics_allow: tuple[Network, ...]
    log: str

    def office(self, calendar: Calendar) -> "Office":
        """What the acts may know of this installation, with the calendar in force."""
        return Office(
            entity=self.entity,
            base_url=self.base_url,
            mail_domain=self.mail_domain,
            keys=self.secret_keys,
            files_url=self.files_url,
            clamd_url=self.clamd_url,
            authserv_id=self.authserv_id,
            limits=self.rate_limits,
            calendar=calendar,
            closing_rule=self.closing_rule,
            reception_days=self.reception_days,
            publish_fewest=self.publish_fewest,
            routing=self.routing,
            answer_mode=self.answer_mode,
        )


@dataclass(frozen=True)
class Office:
    """The municipality as an act sees it: who signs, where people look, which calendar and rules hold.

    `keys`: newest first; the first signs, all verify. `reception_days`: business days of the 80 % indicator.
    `publish_fewest`: of fewer cases nothing is published.
    `authserv_id`: under which name the receiving server says whom it believes. `limits`: off for load tests.
    """

    entity: str
    base_url: str
    mail_domain: str
    keys: tuple[str, ...]
    files_url: str
    clamd_url: str
    authserv_id: str
    limits: bool
    calendar: Calendar
    closing_rule: ClosingRule
    reception_days: int
    publish_fewest: int
    routing: str
    answer_mode: str
    about: About = UNSAID


def environment() -> dict[str, str]:
    """The process's variables over those of the `.env` file beside `pqr.sh`, where there is one."""
    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return written | dict(os.environ)


def load(environ: Mapping[str, str], *, needs_key: bool = True) -> Settings:
    """Settings from the environment. `needs_key`: False for what signs nothing, and so leaves no key behind.

    Raises ConfigError with the variable's name and the remedy, in Spanish, for a value that cannot be used.
    """
    env = {name: value.strip() for name, value in environ.items() if name.startswith("PQR_")}
    demo = switch(env, "PQR_DEMO", default=not any(env.get(mark) for mark in PRODUCTION_MARKS))
    data_dir = Path(env.get("PQR_DATA_DIR") or ROOT / "var").absolute()
    port = number(env, "PQR_PORT", 8000, most=65535)
    return Settings(
        data_dir=data_dir,
        host=env.get("PQR_HOST") or "127.0.0.1",
        port=port,
        mail_in_host=env.get("PQR_MAIL_IN_HOST") or "127.0.0.1",
        mail_in_port=number(env, "PQR_MAIL_IN_PORT", 2525, most=65535),
        lmtp_socket=env.get("PQR_LMTP_SOCKET", ""),
        database_url=database(env.get("PQR_DATABASE_URL") or f"sqlite:///{data_dir / 'pqr.sqlite3'}"),
        replica_url=replica(env.get("PQR_DATABASE_REPLICA_URL", "")),
        redis_url=url(env, "PQR_REDIS_URL", ("redis", "rediss", "unix", "redis+socket")),
        secret_keys=_keys(env, demo, data_dir) if needs_key else (),
        base_url=(url(env, "PQR_BASE_URL", ("http", "https")) or f"http://127.0.0.1:{port}").rstrip("/"),
        mail_domain=domain(env, "PQR_MAIL_DOMAIN", "puerres.example"),
        entity=env.get("PQR_ENTITY") or "Alcaldía Municipal de Puerres",
        smtp_url=url(env, "PQR_SMTP_URL", ("smtp", "smtps", "smtp+starttls")),
        smtp_seconds=number(env, "PQR_SMTP_TIMEOUT", 30, most=30),
        mail_all_to=address(env, "PQR_MAIL_ALL_TO"),
        authserv_id=domain(env, "PQR_MAIL_AUTHSERV_ID", ""),
        dkim=signing_key(env),
        imap_url=url(env, "PQR_IMAP_URL", ("imap", "imaps", "imap+starttls")),
        imap_since=day(env, "PQR_IMAP_SINCE"),
        imap_oauth=oauth(env),
        files_url=url(env, "PQR_FILES_URL", ("file", "s3", "gs", "az")) or (data_dir / "files").as_uri(),
        clamd_url=url(env, "PQR_CLAMD_URL", ("unix", "tcp")),
        closing_rule=read(env, "PQR_CLOSING_RULE", "calendar_day", ClosingRule.parse),
        reception_days=number(env, "PQR_RECEPTION_DAYS", 1, most=30),
        publish_fewest=number(env, "PQR_PUBLISH_FEWEST", 5, most=100, least=5),
        reads_days=number(env, "PQR_READS_DAYS", 730, most=3650, least=90),
        routing=one_of(env, "PQR_ROUTING", ("auto", "desk")),
        answer_mode=one_of(env, "PQR_ANSWER_MODE", ("direct", "review")),
        two_steps=some_of(env, "PQR_TWO_STEPS", ("desk", "secretaria", "auditor", "admin")),
        demo=demo,
        rate_limits=switch(env, "PQR_RATE_LIMITS", default=True),
        webhooks_allow=networks(env, "PQR_WEBHOOKS_ALLOW"),
        workers=number(env, "PQR_WORKERS", 2, most=64),
        backup_recipients=recipients(env, "PQR_BACKUP_RECIPIENTS"),
        alerts_to=addresses(env, "PQR_ALERTS_TO"),
        metrics_allow=networks(env, "PQR_METRICS_ALLOW", "127.0.0.0/8,::1"),
        log=one_of(env, "PQR_LOG", ("logfmt", "json") if demo else ("json", "logfmt")),
    )


def _keys(env: Mapping[str, str], demo: bool, data_dir: Path) -> tuple[str, ...]:
    given = tuple(key.strip() for key in env.get("PQR_SECRET_KEY", "").split(",") if key.strip())
    if any(len(key) < 16 for key in given):
        raise ConfigError("PQR_SECRET_KEY: cada clave debe tener al menos 16 caracteres.")
    if given:
        return given
    if not demo:
        raise ConfigError(
            "PQR_SECRET_KEY: falta. Cree una con `python3 -c 'import secrets; print(secrets.token_hex(32))'`"
            " y guárdela: con ella se firman los códigos de consulta y las direcciones de respuesta."
        )
    return (_demo_key(data_dir / "demo.key"),)


def _demo_key(path: Path) -> str:
    """A key for the demonstration, made once and kept, so that every process and every start share it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        if not path.exists():
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32))
            try:
                os.link(fresh, path)  # fails if another process was first: then its key is the one
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"PQR_DATA_DIR: no se puede escribir en {path.parent} ({error.strerror}).") from error


def production_findings(settings: Settings) -> Iterator[str]:
    """What keeps this configuration from serving citizens for real: one Spanish sentence each."""
    if settings.demo:
        yield "PQR_DEMO: es una demostración; ninguna carta sale. Defina PQR_SECRET_KEY y PQR_SMTP_URL."
    if not settings.smtp_url:
        yield "PQR_SMTP_URL: falta; sin ella no sale ninguna carta."
    if settings.mail_all_to:
        yield f"PQR_MAIL_ALL_TO: todas las cartas van a {settings.mail_all_to}; nadie más recibe nada."
    if not settings.base_url.startswith("https://"):
        yield "PQR_BASE_URL: debe empezar por https://, por ella viajan los datos de las personas."
    if settings.mail_domain.endswith((".example", ".test")):
        yield f"PQR_MAIL_DOMAIN: «{settings.mail_domain}» es un dominio de ejemplo."
    if not {"admin", "auditor"} <= settings.two_steps:
        yield "PQR_TWO_STEPS: pida el segundo paso a quien administra y a Control Interno: «admin,auditor»."
    if not settings.alerts_to:
        yield "PQR_ALERTS_TO: falta; nadie se entera por correo de que el servicio dejó de estar bien."
    if not settings.rate_limits:
        yield "PQR_RATE_LIMITS: está en off; solo sirve para pruebas de carga."
    if any(len(key) < 32 for key in settings.secret_keys):
        yield "PQR_SECRET_KEY: use al menos 32 caracteres."

"""What does a variable's text say?  Each reader refuses a value that cannot be used, by the variable's name.

All raise ConfigError, in Spanish, with the remedy.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pqr.errors import ConfigError

WITHOUT_HOST = ("file", "unix", "redis+socket")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")

ADDRESS = re.compile(r"[!-?A-~]+@[a-zA-Z0-9.-]+")
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")

T = TypeVar("T")
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class SigningKey:
    """What signs our letters (DKIM). `pem`: the RSA private key; its public half is in the DNS under the selector."""

    selector: str
    pem: bytes = field(repr=False)


@dataclass(frozen=True)
class OAuth:
    """How Google or Microsoft lets us into the mailbox: what buys a fresh token when one has run out (RFC 6749 §6)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


def url(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """A complete address with one of these schemes; `""` where none is given."""
    value = env.get(name, "")
    try:
        parts = urlsplit(value)
        # Asking for the port is what makes urllib look at it.
        complete = parts.path if parts.scheme in WITHOUT_HOST else parts.hostname and parts.port != 0
    except ValueError:
        complete = None
    if value and not (complete and parts.scheme in schemes):
        raise ConfigError(f"{name}: se espera una dirección completa que empiece por {' o '.join(schemes)}://")
    return value


def database(url: str) -> str:
    """PostgreSQL goes through psycopg 3 whatever the spelling that the operator is used to."""
    for spelling in ("postgres://", "postgresql://"):
        if url.startswith(spelling):
            return "postgresql+psycopg://" + url.removeprefix(spelling)
    if url.startswith("sqlite:///"):
        return f"sqlite:///{Path(url.removeprefix('sqlite:///')).absolute()}"  # children work in another directory
    if not url.startswith("postgresql+psycopg://"):
        raise ConfigError("PQR_DATABASE_URL: se espera sqlite:///… o postgresql://…")
    return url


def replica(url: str) -> str:
    """A PostgreSQL that follows the other; "" where none is given."""
    if url and not url.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError("PQR_DATABASE_REPLICA_URL: se espera postgresql://…")
    return database(url) if url else ""


def domain(env: Mapping[str, str], name: str, default: str) -> str:
    """A domain in lower case; the default where none is given."""
    value = (env.get(name) or default).lower()
    if value and not DOMAIN.fullmatch(value):
        raise ConfigError(f"{name}: se espera un dominio como pqr.municipio.gov.co, no «{value}».")
    return value


def recipients(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Public keys of age, separated by commas."""
    given = tuple(filter(None, (each.strip() for each in env.get(name, "").split(","))))
    for each in given:
        if not RECIPIENT.fullmatch(each):
            raise ConfigError(f"{name}: se esperan claves públicas de age (age1…) separadas por comas, no «{each}».")
    return given


def number(env: Mapping[str, str], name: str, default: int, most: int, least: int = 1) -> int:
    """A whole number from `least` to `most`."""
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ConfigError(f"{name}: se espera un número entre {least} y {most}, no «{value}».")
    return int(value)


def day(env: Mapping[str, str], name: str) -> date | None:
    """A date; None where none is given."""
    value = env.get(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ConfigError(f"{name}: se espera una fecha como 2026-01-31, no «{value}».") from error


def switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    """1/on or 0/off."""
    value = env.get(name, "").lower()
    if value in ("", "1", "on", "0", "off"):
        return default if value == "" else value in ("1", "on")
    raise ConfigError(f"{name}: se espera 1/on o 0/off, no «{value}».")


def one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first where nothing is given."""
    value = env.get(name) or choices[0]
    if value not in choices:
        raise ConfigError(f"{name}: se espera {' o '.join(choices)}, no «{value}».")
    return value


def some_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> frozenset[str]:
    """Any of the choices, separated by commas."""
    given = frozenset(each.strip() for each in env.get(name, "").split(",") if each.strip())
    if not given <= set(choices):
        raise ConfigError(f"{name}: se espera una lista de {', '.join(choices)}, no «{env[name]}».")
    return given


def networks(env: Mapping[str, str], name: str, default: str = "") -> tuple[Network, ...]:
    """Addresses or networks, separated by commas."""
    try:
        return tuple(ip_network(each.strip()) for each in (env.get(name) or default).split(",") if each.strip())
    except ValueError as error:
        raise ConfigError(f"{name}: se esperan direcciones o redes como 10.0.0.0/8, con comas.") from error


def read(env: Mapping[str, str], name: str, default: str, parse: Callable[[str], T]) -> T:
    """Whatever `parse` makes of the text; its ValueError becomes the operator's sentence."""
    try:
        return parse(env.get(name) or default)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from error


def address(env: Mapping[str, str], name: str) -> str:
    """One mail address; `""` where none is given."""
    value = env.get(name, "")
    if value and not ADDRESS.fullmatch(value):
        raise ConfigError(f"{name}: se espera una sola dirección de correo, no «{value}».")
    return value


def addresses(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Mail addresses, separated by commas."""
    given = tuple(each.strip() for each in env.get(name, "").split(",") if each.strip())
    if not all(ADDRESS.fullmatch(each) for each in given):
        raise ConfigError(f"{name}: se esperan direcciones de correo, con comas.")
    return given


def oauth(env: Mapping[str, str]) -> OAuth | None:
    """What PQR_IMAP_OAUTH_* says; None where it says nothing."""
    where = url(env, "PQR_IMAP_OAUTH_TOKEN_URL", ("https", "http"))
    parts = [env.get(f"PQR_IMAP_OAUTH_{name}", "") for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")]
    if not (where or any(parts)):
        return None
    if not (where and parts[0] and parts[2]):
        raise ConfigError("PQR_IMAP_OAUTH_*: hacen falta TOKEN_URL, CLIENT_ID y REFRESH_TOKEN.")
    if not where.startswith(("https://", "http://127.0.0.1:")):
        raise ConfigError("PQR_IMAP_OAUTH_TOKEN_URL: debe empezar por https://, por ella viaja un secreto.")
    return OAuth(where, *parts)


def signing_key(env: Mapping[str, str]) -> SigningKey | None:
    """The key of PQR_DKIM_KEY_FILE, tried out; None where none is given."""
    selector, path = env.get("PQR_DKIM_SELECTOR", ""), env.get("PQR_DKIM_KEY_FILE", "")
    if not (selector or path):
        return None
    if not (selector and path):
        raise ConfigError("PQR_DKIM_SELECTOR y PQR_DKIM_KEY_FILE: van juntas; con una sola no se firma nada.")
    try:
        key = SigningKey(domain(env, "PQR_DKIM_SELECTOR", ""), Path(path).read_bytes())
    except OSError as error:
        raise ConfigError(f"PQR_DKIM_KEY_FILE: no se puede leer {path} ({error.strerror}).") from error
    _try_out(key, path)
    return key


def _try_out(key: SigningKey, path: str) -> None:
    """A key that cannot sign stops the start, not the first letter."""
    import dkim  # it brings a DNS client along: only who signs pays for it

    try:
        dkim.sign(b"From: pqr@puerres.example\r\n\r\n", key.selector.encode(), b"puerres.example", key.pem)
    except (dkim.DKIMException, ValueError) as error:
        raise ConfigError(
            f"PQR_DKIM_KEY_FILE: {path} no es una clave RSA privada en PEM, sin contraseña ({type(error).__name__})."
        ) from error

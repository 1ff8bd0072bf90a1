"""How is a password kept?  As an Argon2id hash (RFC 9106); the text itself is never stored nor logged."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pqr.accounts.errors import PasswordRefused

SHORTEST = 12
LONGEST = 1000  # a megabyte of password would keep the processor busy for nothing
_HASHER = PasswordHasher()


def check(password: str, email: str) -> None:
    """Raises PasswordRefused for one too short, too long or easily guessed (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"La contraseña debe tener al menos {SHORTEST} caracteres.")
    if len(password) > LONGEST:
        raise PasswordRefused(f"La contraseña puede tener hasta {LONGEST} caracteres.")
    if password.strip().lower() in (email.lower(), email.lower().partition("@")[0]):
        raise PasswordRefused("La contraseña no puede ser el correo.")
    if len(set(password.lower())) < 4:
        raise PasswordRefused("La contraseña repite casi siempre la misma letra. Use varias palabras.")


def hash_password(password: str) -> str:
    """The hash to keep, with its own salt and costs inside."""
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether this is the password. With nothing kept it works as long and says no, so time tells nothing."""
    try:
        return _HASHER.verify(kept or _nobodys_hash(), password[:LONGEST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the costs have risen since it was kept."""
    return _HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password")

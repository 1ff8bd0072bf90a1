"""How is a password kept?  As an Argon2id hash (RFC 9106); the text itself is never stored nor logged.

`common.txt.gz`: the words that most passwords are made of, from the list of 20,000 common passwords that Django
carries (BSD licence), and the words that this trade suggests.
"""

import gzip
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

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
    if _is_common(password, email):
        raise PasswordRefused(
            "Esa contraseña es de las primeras que alguien probaría. Use varias palabras que no vayan juntas."
        )


def _is_common(password: str, email: str) -> bool:
    """Whether it is a known one, a known word with figures around it, the account's own words, or a mere sequence."""
    plain = "".join(each for each in unicodedata.normalize("NFD", password.lower()) if not unicodedata.combining(each))
    letters = re.sub(r"[^a-zñ]", "", plain)
    half, own = letters[: len(letters) // 2], {word for word in re.split(r"[^a-z]+", email.lower()) if len(word) > 3}
    known = {plain, letters, *([half] if letters == half * 2 else [])}
    return bool(known & (_common() | own)) or _is_sequence(plain)


def _is_sequence(text: str) -> bool:
    """Whether every letter is a step from the one before, as in 123456789012, or nearly every one is."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return sum(step in (-1, 0, 1, -9, 9) for step in steps) >= len(steps) - 2


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    packed = (Path(__file__).parent / "common.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


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

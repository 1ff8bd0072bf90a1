"""How does the database keep what a thief of it must not read?  Texts and bytes sealed with the installation's key.

AES-256-GCM under a key of its own, with 12 random bytes in front (NIST SP 800-38D). The first key seals and all open,
so that a new one can be put in front; what no key opens reads as empty, and can be told from what is. Every seal tells
which key made it (not the key), so that what needs an old one can be counted and sealed anew: see `pqr.rekeying`.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator, TypeEngine

MARK = "pqr-sello"  # what begins a sealed value; a text that happens to begin so is sealed, too
FIRST = f"{MARK}1:"  # as it began before it named its key
NONCE = 12  # bytes
_HEAD = re.compile(rf"{MARK}(?:1:|2:[0-9a-f]{{8}}:)".encode())


class Sealed(str):
    """A text that is sealed on its way into the database, and was when it comes from there."""


class Unopened(bytes):
    """Bytes of which nothing is known."""


LOST, LOST_BYTES = Sealed(""), Unopened()  # what is read where no key opens what the database holds


@dataclass(frozen=True)
class Keys:
    """What is made of one of the installation's keys: what seals, what names, and what begins its seals."""

    seals: AESGCM
    names: bytes
    head: str

    @classmethod
    def of(cls, key: str) -> "Keys":
        """Derived, so that no use of the key tells anything of another."""
        seals, names, told = (
            hmac.digest(key.encode(), f"pqr:seal:{use}".encode(), "sha256") for use in ("hide", "name", "tell")
        )
        return cls(AESGCM(seals), names, f"{MARK}2:{told.hex()[:8]}:")


_ring: tuple[Keys, ...] = ()


def use(keys: Sequence[str]) -> None:
    """Takes these keys for this process, newest first."""
    global _ring  # a type of a column has no other way to a setting
    _ring = tuple(Keys.of(key) for key in keys)


def seal(content: bytes) -> bytes:
    """The bytes, sealed with the newest key."""
    if not _ring:
        raise RuntimeError("sealing without a key: call sealing.use first")
    nonce = secrets.token_bytes(NONCE)
    return nonce + _ring[0].seals.encrypt(nonce, content, None)


def unseal(sealed: bytes) -> bytes | None:
    """The bytes; None when no key opens them, or somebody changed them."""
    for keys in _ring:
        with suppress(InvalidTag, ValueError):  # ValueError: shorter than any seal
            return keys.seals.decrypt(sealed[:NONCE], sealed[NONCE:], None)
    return None


def newest_head() -> str:
    """What begins every value that the newest key sealed: the others are to be sealed anew."""
    return _ring[0].head


def sealed_value(content: bytes) -> bytes:
    """As a column of bytes keeps it."""
    return newest_head().encode() + seal(content)


def opened_value(value: bytes) -> bytes | None:
    """The bytes behind what `sealed_value` made; None when no key opens them."""
    head = _HEAD.match(value)
    return unseal(value[head.end() :]) if head else None


def sealed_text(text: str) -> str:
    """As a column of text keeps it."""
    return newest_head() + base64.urlsafe_b64encode(seal(text.encode())).decode()


def opened_text(value: str) -> str | None:
    """The text behind what `sealed_text` made; None when no key opens it."""
    head = _HEAD.match(value.encode())
    opened = unseal(base64.urlsafe_b64decode(value[head.end() :])) if head else None
    return None if opened is None else opened.decode()


def is_sealed(value: str | bytes) -> bool:
    """Whether a value as the database keeps it is a seal of ours."""
    return _HEAD.match(value.encode() if isinstance(value, str) else value) is not None


def alias(text: str) -> str:
    """A name that stands for this text: the same for the same, and nothing of it can be read."""
    return f"reserva-{hmac.digest(_ring[0].names, text.encode(), 'sha256').hex()[:32]}"


def like(model: str, text: str) -> str:
    """The text, sealed if the model is: what is said of a hidden address often repeats it."""
    return Sealed(text) if isinstance(model, Sealed) else text


def seal_texts(row: DeclarativeBase, names: Iterable[str]) -> None:
    """Seals these texts of a row where they are not yet."""
    for name in open_texts(row, names):
        setattr(row, name, Sealed(getattr(row, name)))
        flag_modified(row, name)  # it reads the same, so it would not be written


def open_texts(row: DeclarativeBase, names: Iterable[str]) -> list[str]:
    """Which of these texts of a row are in clear."""
    return [name for name in names if getattr(row, name) and not isinstance(getattr(row, name), Sealed)]


class SealedText(TypeDecorator[str]):
    """A text that may be sealed: `Sealed` values are, and with `always` every one. Empty stays empty."""

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None, *, always: bool = False) -> None:
        super().__init__(length)
        self.length, self.always = length, always

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A seal is longer than what it holds; only PostgreSQL minds, and SQLite would copy the table."""
        return dialect.type_descriptor(String() if dialect.name == "postgresql" else String(self.length))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if not value or not (self.always or isinstance(value, Sealed) or value.startswith(MARK)):
            return value
        return sealed_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not value.startswith(MARK) or not is_sealed(value):
            return value
        opened = opened_text(value)
        return LOST if opened is None else Sealed(opened)


class SealedBinary(TypeDecorator[bytes]):
    """Bytes that are always sealed; what was stored before there were seals reads as it is."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealed_value(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None or not is_sealed(value):
            return value
        opened = opened_value(value)
        return LOST_BYTES if opened is None else opened

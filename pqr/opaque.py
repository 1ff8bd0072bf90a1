"""By which name may the public know a petition?  An id that says nothing to whoever has no key, and leads back by it.

One AES block for each number, under a key made for each purpose: what is published in two places cannot be joined by
its ids. Nothing is stored. The first key names and all lead back, so a published id holds while its key is kept.
"""

import hmac
from base64 import b32decode, b32encode
from binascii import Error
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK, NUMBER = 16, 8  # bytes; the rest of a block is zero, and tells a name of ours from an invented one


def opaque_id(keys: Sequence[str], purpose: str, number: int) -> str:
    """26 small letters and digits; the same for the same key, purpose and number. `keys`: see `Office.keys`."""
    block = _cipher(keys[0], purpose).encryptor().update(number.to_bytes(BLOCK))
    return _spelled(block)


def number_of(keys: Iterable[str], purpose: str, name: str) -> int | None:
    """The number behind a name; None for what we never named so, or not for this purpose."""
    try:
        block = b32decode(name.upper() + "=" * (-len(name) % 8))
    except (Error, ValueError):
        return None
    if len(block) != BLOCK or _spelled(block) != name:
        return None
    for key in keys:
        found = _cipher(key, purpose).decryptor().update(block)
        if not any(found[:-NUMBER]):
            return int.from_bytes(found)
    return None


def _spelled(block: bytes) -> str:
    return b32encode(block).decode().rstrip("=").lower()


@lru_cache(64)
def _cipher(key: str, purpose: str) -> Cipher[ECB]:
    """ECB, since there is one block, no two numbers share it, and the same must look the same."""
    return Cipher(AES(hmac.digest(key.encode(), f"pqr:opaque:{purpose}".encode(), "sha256")), ECB())  # noqa: S305

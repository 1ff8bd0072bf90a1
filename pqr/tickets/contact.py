"""What proves a person's data without holding them?  A seal of each with the installation's key, for the events.

With a key made of it, which opens nothing: it is kept for as long as there are petitions, also when the key itself had
to be forgotten.
"""

import hmac
from collections.abc import Mapping, Sequence

from pqr.tickets.models import IDENTIFYING, Petitioner


def proving_key(key: str) -> bytes:
    """What the data are sealed with, of a key of the installation."""
    return hmac.digest(key.encode(), b"pqr:contact", "sha256")


def seal_of(radicado: str, name: str, value: str, proving: bytes) -> str:
    """Proves a value to who has it and the proving key; "" for none."""
    told = f"contact:{radicado}:{name}:{value}"
    return hmac.digest(proving, told.encode(), "sha256").hex()[:32] if value else ""


def seals_of(radicado: str, person: Petitioner | None, key: str) -> dict[str, str]:
    """Of all that is known of the person."""
    given = {name: getattr(person, name) or "" for name in IDENTIFYING} if person is not None else {}
    proving = proving_key(key)
    return {name: seal_of(radicado, name, value, proving) for name, value in given.items() if value}


def differing(radicado: str, person: Mapping[str, str], seals: Mapping[str, str], keys: Sequence[bytes]) -> list[str]:
    """Which data are not those that were sealed, by any of these proving keys. `person`: the data by name."""
    return [
        name
        for name in IDENTIFYING
        if seals.get(name, "") not in {seal_of(radicado, name, person[name], key) for key in keys}
    ]

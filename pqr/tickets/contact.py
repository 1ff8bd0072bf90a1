"""What proves a person's data without holding them?  A seal of each with the installation's key, for the events."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from pqr.tickets.models import IDENTIFYING, Petitioner


def seal_of(radicado: str, name: str, value: str, key: str) -> str:
    """Proves a value to who has it and the key; "" for none."""
    told = f"contact:{radicado}:{name}:{value}"
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()[:32] if value else ""


def seals_of(radicado: str, person: Petitioner | None, key: str) -> dict[str, str]:
    """Of all that is known of the person."""
    given = {name: getattr(person, name) or "" for name in IDENTIFYING} if person is not None else {}
    return {name: seal_of(radicado, name, value, key) for name, value in given.items() if value}


def differing(radicado: str, person: Mapping[str, str], seals: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """Which data are not those that were sealed, by any of these keys. `person`: the data by name."""
    return [
        name
        for name in IDENTIFYING
        if seals.get(name, "") not in {seal_of(radicado, name, person[name], key) for key in keys}
    ]

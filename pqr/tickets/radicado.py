"""How does a number read?  `2026-E-000123` for what comes in, `2026-S-000045` for what goes out."""

import re
from enum import StrEnum


class Series(StrEnum):
    """Entry and exit are numbered apart."""

    ENTRY = "E"
    EXIT = "S"


_WRITTEN = re.compile(r"\b(\d{4})\s*[-–—/ ]\s*([ES])\s*[-–—/ ]\s*(\d{1,9})\b", re.IGNORECASE)


def format_radicado(year: int, series: str, number: int) -> str:
    """The number as it is printed: six digits, more when a year needs them."""
    return f"{year}-{series}-{number:06d}"


def find_radicado(text: str) -> str | None:
    """The first radicado written in the text, in its printed form, however people write it (2026-e-123)."""
    match = _WRITTEN.search(text)
    return format_radicado(int(match[1]), match[2].upper(), int(match[3])) if match else None

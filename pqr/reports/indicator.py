"""Do we reach the 80 %?  Reception and utilisation as fractions, from counted facts. Pure.

Source: the municipality's Gobierno en Línea plan of 2008, goal "80 % de recepción de sugerencias, quejas y
reclamos", indicator "porcentaje de utilización del servicio". No petitions is no figure, neither 0 % nor 100 %.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

TARGET = 0.80


@dataclass(frozen=True)
class Count:
    """How many petitions share month ("2026-11"), office, channel and kind, and what became of them.

    `received`: numbered, acknowledged where there is an address, and with an office in time. `online`: came by web,
    mail or api. `secretaria` is "" where no office has it.
    """

    month: str
    secretaria: str
    channel: str
    kind: str
    total: int
    received: int
    online: int


@dataclass(frozen=True)
class Share:
    """A fraction that is always shown as one."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1, four decimals; None without a denominator."""
        return round(self.numerator / self.denominator, 4) if self.denominator else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, by the exact fraction; None without a denominator."""
        return self.numerator * 100 >= TARGET * 100 * self.denominator if self.denominator else None

    def as_json(self) -> dict[str, Any]:
        """As the contract prints it."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "rate": self.rate,
            "target": TARGET,
            "met": self.met,
        }


@dataclass(frozen=True)
class Line:
    """The two figures of one month, office, channel or kind."""

    key: str
    reception: Share
    utilisation: Share

    def as_json(self) -> dict[str, Any]:
        """As the contract prints it."""
        return {
            "key": self.key,
            "reception": self.reception.as_json(),
            "utilisation": self.utilisation.as_json(),
        }


@dataclass(frozen=True)
class Indicator:
    """The two figures of a period, both days included, whole and broken down."""

    start: date
    end: date
    whole: Line
    by_month: tuple[Line, ...]
    by_secretaria: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    by_kind: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """As `pqr report indicator --json` prints it."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "reception": self.whole.reception.as_json(),
            "utilisation": self.whole.utilisation.as_json(),
            "by_month": [line.as_json() for line in self.by_month],
            "by_secretaria": [line.as_json() for line in self.by_secretaria],
            "by_channel": [line.as_json() for line in self.by_channel],
            "by_kind": [line.as_json() for line in self.by_kind],
        }


def indicator(start: date, end: date, counts: Iterable[Count]) -> Indicator:
    """The indicator of the period from its counts."""
    rows = list(counts)
    return Indicator(
        start,
        end,
        _line("", rows),
        _lines(rows, lambda count: count.month),
        _lines(rows, lambda count: count.secretaria),
        _lines(rows, lambda count: count.channel),
        _lines(rows, lambda count: count.kind),
    )


def _lines(rows: list[Count], key: Callable[[Count], str]) -> tuple[Line, ...]:
    return tuple(_line(each, [row for row in rows if key(row) == each]) for each in sorted({*map(key, rows)}))


def _line(key: str, rows: list[Count]) -> Line:
    total = sum(row.total for row in rows)
    return Line(
        key,
        Share(sum(row.received for row in rows), total),
        Share(sum(row.online for row in rows), total),
    )

"""Which of a list's tickets does somebody want to see?  What is asked, as conditions on the columns of a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, FromClause, func


@dataclass(frozen=True)
class Filters:
    """What each ticket must have; what is None or empty asks nothing.

    `received_from` and `received_to`: days in Bogotá, both within. `place`: how the place begins.
    """

    office_id: int | None = None
    topic_id: int | None = None
    kind: str = ""
    channel: str = ""
    place: str = ""
    received_from: date | None = None
    received_to: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self != ALL

    def within(self, rows: FromClause) -> Iterator[ColumnElement[bool]]:
        """The conditions on rows that carry the tickets' columns."""
        given = rows.c
        for column, wanted in (
            (given.secretaria_id, self.office_id),
            (given.topic_id, self.topic_id),
            (given.kind, self.kind or None),
            (given.channel, self.channel or None),
        ):
            if wanted is not None:
                yield column == wanted
        if self.received_from is not None:
            yield given.received_on >= self.received_from
        if self.received_to is not None:
            yield given.received_on <= self.received_to
        if self.place:
            yield func.lower(given.place).startswith(self.place.lower(), autoescape=True)


ALL = Filters()

"""What does the address of a list ask for?  Read, offered as fields, and taken away again one at a time.

It is an address and no form that is refused: what cannot be read asks nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pqr.desk.register_form import KINDS
from pqr.desk.urgency import short_day
from pqr.desk.wording import CHANNELS
from pqr.portal.cleaning import clean_line
from pqr.secretarias.directory import active_secretarias, active_topics
from pqr.terms.kinds import TERMS
from pqr.tickets.filters import Filters
from pqr.tickets.queries import Scope

NAMES = ("dependencia", "tipo", "canal", "tema", "desde", "hasta", "lugar")
_KINDS = {kind.value: term.label for kind, term in TERMS.items()}
_CHANNELS = {channel.value: words for channel, words in CHANNELS.items()}


@dataclass(frozen=True)
class Offer:
    """What may be chosen: value and words; kinds in their groups."""

    offices: Mapping[str, str]
    topics: Mapping[str, str]
    kinds: Mapping[str, Mapping[str, str]]
    channels: Mapping[str, str]


@dataclass(frozen=True)
class Chip:
    """One thing that is asked, and what the address keeps without it."""

    words: str
    without: Mapping[str, str]


def offer(session: Session, scope: Scope) -> Offer:
    """Everything that there is; who sees one office's tickets alone has none to choose."""
    offices = active_secretarias(session) if scope.office_id is None else ()
    return Offer(
        offices={str(each.id): each.name for each in offices},
        topics={str(each.id): each.name for each in active_topics(session)},
        kinds=KINDS,
        channels=_CHANNELS,
    )


def read(args: Mapping[str, str], offered: Offer) -> dict[str, Any]:
    """What the address asks, by name; only what can be asked."""
    given = {name: clean_line(args.get(name))[:120] for name in NAMES}
    known = {"dependencia": offered.offices, "tipo": _KINDS, "canal": _CHANNELS, "tema": offered.topics}
    return {
        name: value
        for name, value in given.items()
        if value and (name not in known or value in known[name]) and (name not in ("desde", "hasta") or _day(value))
    }


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The same for the list."""
    office, topic = asked.get("dependencia"), asked.get("tema")
    return Filters(
        office_id=int(office) if office else None,
        topic_id=int(topic) if topic else None,
        kind=asked.get("tipo", ""),
        channel=asked.get("canal", ""),
        place=asked.get("lugar", ""),
        received_from=_day(asked.get("desde", "")),
        received_to=_day(asked.get("hasta", "")),
    )


def chips(asked: Mapping[str, str], offered: Offer) -> Sequence[Chip]:
    """What is asked, in words."""
    return [
        Chip(_said(name, value, offered), {other: kept for other, kept in asked.items() if other != name})
        for name, value in asked.items()
    ]


def _said(name: str, value: str, offered: Offer) -> str:
    if name in ("desde", "hasta"):
        return f"Recibidas {name} el {short_day(date.fromisoformat(value))}"
    if name == "lugar":
        return f"En «{value}…»"
    words = {"dependencia": offered.offices, "tipo": _KINDS, "canal": _CHANNELS, "tema": offered.topics}
    return words[name][value]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

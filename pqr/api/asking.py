"""What does a program ask for?  The parameters of a query; an empty one is as if it were not there."""

from datetime import datetime, timedelta

from flask import request

from pqr.sharing.listing import MOST, Asked
from pqr.terms.calendar import BOGOTA

SPAN = timedelta(days=90)
MOST_NAMED = 200  # ids in one query
LAST_PAGE = 10_000
STATUSES = {"open": False, "closed": True}


class Misasked(Exception):
    """A parameter cannot be used; the text says which and how it should look. `status`: of the answer."""

    def __init__(self, *sentences: str, status: int = 400) -> None:
        super().__init__(*sentences)
        self.sentences, self.status = sentences, status


def named() -> list[str]:
    """The ids of `service_request_id`; none where it is not given. Raises Misasked."""
    names = _listed("service_request_id")
    if len(names) > MOST_NAMED:
        raise Misasked(f"service_request_id: caben {MOST_NAMED} en una consulta.")
    return names


def asked(now: datetime) -> Asked:
    """The range, services, status and page. Raises Misasked."""
    start, end = _range(now)
    return Asked(start, end, _codes(), _closed(), _number("page", 1, LAST_PAGE), _number("page_size", MOST, MOST))


def _listed(name: str) -> list[str]:
    """Declared several times or with commas between."""
    given = ",".join(request.args.getlist(name)).split(",")
    return list(dict.fromkeys(each.strip() for each in given if each.strip()))


def _codes() -> frozenset[int] | None:
    given = _listed("service_code")
    return frozenset(code for code in map(code_of, given) if code is not None) if given else None


def code_of(text: str) -> int | None:
    """The id of a topic, as its service_code spells it; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 and text == str(int(text)) else None


def _closed() -> bool | None:
    given = _listed("status")
    if not set(given) <= set(STATUSES):
        raise Misasked("status: se espera open, closed o ambos.")
    return STATUSES[given[0]] if len(given) == 1 else None


def _number(name: str, default: int, most: int) -> int:
    given = request.args.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) <= 9 and 1 <= int(given) <= most):
        raise Misasked(f"{name}: se espera un número entre 1 y {most}.")
    return int(given)


def _range(now: datetime) -> tuple[datetime, datetime]:
    start, end = _instant("start_date"), _instant("end_date")
    try:
        until = end or (start + SPAN if start else now)
        since = start or until - SPAN
    except OverflowError:
        raise Misasked("start_date, end_date: están fuera del calendario.") from None
    if since > until:
        raise Misasked("start_date: es posterior a end_date.")
    if until - since > SPAN:
        raise Misasked("start_date, end_date: entre las dos caben 90 días.")
    return since, until


def _instant(name: str) -> datetime | None:
    given = request.args.get(name, "").strip()
    if not given:
        return None
    try:
        instant = datetime.fromisoformat(given)
        return (instant if instant.tzinfo else instant.replace(tzinfo=BOGOTA)).astimezone(BOGOTA)
    except (ValueError, OverflowError):
        raise Misasked(f"{name}: se espera una fecha como 2026-01-31T00:00:00-05:00.") from None

"""What do the events of a petition say that its rows must say, too?  Whoever changes a row alone is found out.

Pure. What no event tells of is not looked at: events of before a fact was written into them say less.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

AS_FILED = ("radicado", "kind", "channel", "identity", "received_at", "due_on")
DATED = (
    *("extended", "reclassified", "petition_completed", "clarified", "settled"),
    *("reopened", "date_fixed", "due_date_recomputed"),
)
ENDED = (
    *("answered", "transferred", "withdrawn_express", "withdrawn_tacit", "archived_unclear"),
    *("rejected", "answered_by_reference", "voided"),
)
TEXTS = {"answer": "answers", "message": "messages", "note": "notes", "contribution": "contributions"}
ASKED, QUESTIONS = "contribution_asked", "questions"  # a contribution has two texts


class Told(Protocol):
    """An event, or a row of its columns."""

    kind: str
    data: dict[str, Any]


@dataclass
class Case:
    """What a chain says. `ticket`: columns; `office`: the code of who has it, "" for nobody, None where it is not said.

    SHA-256: `texts`, by what it is (`TEXTS`) and row; `papers`, of the PDF by exit number; `files`. `person`: seals.
    """

    ticket: dict[str, str] = field(default_factory=dict)
    office: str | None = None
    is_open: bool = True
    body: str = ""
    subject: str = ""
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    person: dict[str, str] | None = None


def told_by(events: Iterable[Told]) -> Case:
    """What these events of one ticket, oldest first, add up to."""
    case = Case()
    for event in events:
        kind, data = event.kind, event.data
        if kind == "filed":
            _filed(case, data)
        elif kind in ("assigned", "reassigned"):
            case.office = data["secretaria"]
        elif kind == "returned":
            case.office = ""
        elif kind == "contact_corrected" and case.person is not None:
            case.person |= data["after"]
        if kind == "reclassified":
            case.ticket["kind"] = data["kind"]
        if kind in DATED and data.get("due_on"):
            case.ticket["due_on"] = data["due_on"]
        if kind in ENDED or kind == "reopened":
            case.is_open = kind == "reopened"
        _hanging_on(case, kind, data)
    return case


def _filed(case: Case, data: Mapping[str, Any]) -> None:
    case.ticket = {name: data[name] for name in AS_FILED if name in data}
    case.body, case.subject = data.get("text_sha256", ""), data.get("subject_sha256", "")
    case.person = dict(data["person"]) if "person" in data else None


def _hanging_on(case: Case, kind: str, data: Mapping[str, Any]) -> None:
    for name, table in TEXTS.items():
        if "text_sha256" in data and isinstance(data.get(name), int):
            case.texts[QUESTIONS if kind == ASKED else table, data[name]] = data["text_sha256"]
            break
    if "pdf_sha256" in data and data.get("radicado"):
        case.papers[data["radicado"]] = data["pdf_sha256"]
    case.files.update(data.get("files_sha256", ()))

"""What may a public notice show?  Enough for the person to know that it is theirs, and nothing that gives them away.

An anonymous answer is shown whole: there is nobody it could betray and no other way to reach them. A decision on a
named person's petition is shown with its full copy, as art. 69 orders; a citation (art. 68) says who is called and not
about what. Of a reserved identity only the number is.
"""

from dataclasses import dataclass
from datetime import datetime

from pqr.config import Office
from pqr.publishing.models import Aviso
from pqr.terms.appealing import appeal
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.spanish import long_date
from pqr.tickets.documents import heading, set_paper
from pqr.tickets.models import Identity


@dataclass(frozen=True)
class Shown:
    """A notice as anybody may read it; "" is what it does not show."""

    what: str
    office: str
    decided_at: datetime
    name: str = ""
    subject: str = ""
    text: str = ""
    appeal: str = ""


def shown(notice: Aviso, office: Office) -> Shown:
    """What the web and the board show of it. Nothing of a reserved identity but the number."""
    ticket, answer = notice.ticket, notice.answer
    must_be_notified = answer is None or answer.must_be_notified
    what = "La decisión" if must_be_notified else "La respuesta"
    by = (answer.secretaria_name if answer else "") or office.entity
    decided_at = (answer.sent_at if answer else None) or notice.published_at
    if ticket.identity == Identity.RESERVED:
        return Shown(what, by, decided_at)
    name = ticket.petitioner.name if ticket.petitioner and ticket.identity == Identity.NAMED else ""
    if notice.cites:
        return Shown(what, by, decided_at, name)
    outcome = AnswerOutcome(answer.outcome) if answer else AnswerOutcome.WITHDRAWN
    recourse = appeal(outcome, answer.provision if answer else "") if must_be_notified else ""
    if ticket.identity == Identity.NAMED and not must_be_notified:
        return Shown(what, by, decided_at)
    words = answer.text if answer else notice.message.text if notice.message else ""
    return Shown(what, by, decided_at, name, ticket.subject, words, recourse)


def aviso_pdf(notice: Aviso, office: Office) -> bytes:
    """The paper for the board; the same bytes for the same notice, but for the day it was taken down."""
    words = shown(notice, office)
    first = office.calendar.nth_business_day_after(notice.published_on, 1)
    return set_paper(
        "aviso",
        {
            **heading(notice.ticket, office),
            "cites": notice.cites,
            "subject": words.subject,
            "to": words.name,
            "what": words.what,
            "date": long_date(words.decided_at.astimezone(BOGOTA).date()),
            "secretaria": words.office,
            "why": notice.why,
            "first_day": long_date(first),
            "last_day": long_date(notice.last_day),
            "effective_on": long_date(notice.effective_on),
            "removed": long_date(notice.last_day) if notice.removed_at else "",
            "text": words.text,
            "appeal": words.appeal,
            "link": f"{office.base_url}/radicado",
        },
        notice.published_at,
    )

"""What had this official begun to write on the case?  It stands in the forms again, and goes when it is sent."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pqr.desk.access import Officer, officer
from pqr.tickets.models import Ticket
from pqr.tickets.unsent import Place, Unsent, drop, unsent_of


@dataclass(frozen=True)
class Begun:
    """`texts`: what each form begins with, by its name; `saved`: the drafts among them, by the same."""

    texts: dict[str, str]
    saved: dict[str, Unsent]

    @property
    def answers(self) -> bool:
        """Whether it is the answer that was begun."""
        return "answer" in self.texts


def begin(session: Session, ticket: Ticket, reader: Officer, template: str) -> Begun:
    """The reader's drafts, and the ready text that was chosen: behind the draft, which is not lost for it."""
    saved = {each.kind: each for each in unsent_of(session, reader.id, ticket.id)}
    texts = {kind: each.text for kind, each in saved.items()}
    if template and template not in texts.get("answer", ""):
        texts["answer"] = "\n\n".join(filter(None, (texts.get("answer"), template)))
    return Begun(texts, saved)


def sent(session: Session, ticket: Ticket, kind: str) -> None:
    """What the form held is no draft any more."""
    drop(session, Place(officer().id, ticket.id, kind))

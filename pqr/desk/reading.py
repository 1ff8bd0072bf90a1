"""Which rows does a ticket's page need?  A fixed number of statements, however long the case has grown."""

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased, load_only

from pqr.accounts.models import User
from pqr.desk.timeline import Story
from pqr.mail.inbox import InboxMail
from pqr.mail.outbox import Letter
from pqr.secretarias.models import Secretaria
from pqr.tickets.annotating import notes_of
from pqr.tickets.contributions import contributions_of
from pqr.tickets.events import history
from pqr.tickets.models import Ticket


def read_story(session: Session, ticket: Ticket) -> Story:
    """Everything that the ledgers hold of the ticket."""
    events = list(history(session, ticket.id))
    return Story(
        ticket=ticket,
        events=events,
        mails=list(_mails(session, ticket)),
        times=_times(session, ticket),
        letters=list(_letters(session, ticket)),
        names=_names(session, {event.actor for event in events}),
        notes=notes_of(session, ticket),
        contributions=contributions_of(session, ticket),
    )


def _mails(session: Session, ticket: Ticket) -> Sequence[InboxMail]:
    """The mails of the case; of those that say the same, the first."""
    first = aliased(InboxMail)
    same = (first.ticket_id == ticket.id, first.said == InboxMail.said, first.id < InboxMail.id)
    repeats = exists().where(*same, InboxMail.said != "")
    return session.scalars(select(InboxMail).where(InboxMail.ticket_id == ticket.id, ~repeats)).all()


def _times(session: Session, ticket: Ticket) -> dict[str, int]:
    """How often each thing that a mail says was said, where it was more than once."""
    said = select(InboxMail.said, func.count()).where(InboxMail.ticket_id == ticket.id, InboxMail.said != "")
    return {each: times for each, times in session.execute(said.group_by(InboxMail.said)) if times > 1}


def _letters(session: Session, ticket: Ticket) -> Sequence[Letter]:
    shown = (
        Letter.letter,
        Letter.recipient,
        Letter.reply_to,
        Letter.state,
        Letter.attempts,
        Letter.last_error,
        Letter.response,
        Letter.created_at,
    )
    query = select(Letter).options(load_only(*shown)).where(Letter.ticket_id == ticket.id)
    return session.scalars(query).all()


def _names(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Actors and codes of offices in words: user:7, secretaria:planeacion, planeacion, citizen, system."""
    names = {"citizen": "La persona", "system": "El sistema"}
    for code, name in session.execute(select(Secretaria.code, Secretaria.name)):
        names[code] = names[f"secretaria:{code}"] = name
    ids = [int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")]
    if ids:
        users = session.execute(select(User.id, User.email).where(User.id.in_(ids)))
        names |= {f"user:{number}": email for number, email in users}
    return names

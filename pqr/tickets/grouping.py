"""Who asked the same?  Analogous petitions of more than ten persons get one answer, which is published (CPACA art. 22).

Each keeps its radicado, its clock and its secrecy, and is answered with an exit number and a letter of its own. What
is published names nobody and shows no number of anybody's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pqr.config import Office
from pqr.errors import ActNotAllowed, AlreadyAnswered, NotUnderstood
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.grouping import FEWEST_PERSONS, GROUPED_KINDS, SOURCE
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.events import record
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.headcount import persons
from pqr.tickets.indexing import giving_away
from pqr.tickets.models import Ticket
from pqr.tickets.states import OPEN
from pqr.tickets.words import words_of

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Founding:
    """A group that begins with this ticket. `title`: what all ask, as it is published. `actor`: user:<id>."""

    ticket: Ticket
    title: str
    actor: str


@dataclass(frozen=True)
class Membership:
    """The ticket is, or is no longer, of the group. `reason`: why it leaves."""

    group: PetitionGroup
    ticket: Ticket
    actor: str
    reason: str = ""


@dataclass(frozen=True)
class Entrusting:
    """All of the group are answered by this office."""

    group: PetitionGroup
    secretaria: Secretaria
    actor: str


@dataclass(frozen=True)
class GroupReply:
    """The one answer. `names_nobody`: an official read again what seems to say who somebody is."""

    group: PetitionGroup
    text: str
    actor: str
    names_nobody: bool = False


@dataclass(frozen=True)
class Printing:
    """The newspaper that printed the answer, and its day."""

    group: PetitionGroup
    newspaper: str
    on: date
    actor: str


def found(session: Session, founding: Founding, office: Office, now: datetime) -> PetitionGroup:
    """Begins a group. Raises ActNotAllowed for a petition that cannot be answered with others."""
    _check_joins(founding.ticket)
    group = PetitionGroup(
        title=founding.title, founded_by=founding.actor, founded_at=now, secretaria=founding.ticket.secretaria
    )
    session.add(group)
    session.flush()  # its members and the event name its id
    join(session, Membership(group, founding.ticket, founding.actor), office, now)
    return group


def join(session: Session, joining: Membership, office: Office, now: datetime) -> None:
    """Puts the ticket into the group, and into the hands of whoever answers the group. Raises ActNotAllowed."""
    group, ticket = joining.group, joining.ticket
    _check_waits(group)
    _check_joins(ticket)
    ticket.group = group
    flag_modified(group, "title")  # a page that was read before is stale
    record(session, ticket.id, "grouped", joining.actor, now, group=group.id, title=group.title)
    _entrust(session, group, ticket, joining.actor, office, now)


def leave(session: Session, leaving: Membership, now: datetime) -> None:
    """Takes the ticket out, to be answered by itself. Raises ActNotAllowed once the group was answered."""
    group, ticket = leaving.group, leaving.ticket
    _check_waits(group)
    if ticket.group_id != group.id:
        raise ActNotAllowed(f"La petición {ticket.radicado} no está en este grupo.")
    ticket.group = None
    flag_modified(group, "title")
    record(session, ticket.id, "ungrouped", leaving.actor, now, group=group.id, reason=leaving.reason)


def entrust(session: Session, entrusting: Entrusting, office: Office, now: datetime) -> None:
    """Gives every petition of the group that waits to the office that answers them all."""
    group = entrusting.group
    _check_waits(group)
    group.secretaria = entrusting.secretaria
    flag_modified(group, "title")
    for ticket in waiting_members(session, group):
        _entrust(session, group, ticket, entrusting.actor, office, now)


def answer_group(session: Session, reply: GroupReply, office: Office, now: datetime) -> Sequence[Ticket]:
    """Answers each petition that waits, with its own exit number and letter, and publishes the text; which they are.

    Raises AlreadyAnswered; ActNotAllowed for fewer persons than the law asks or a kind that it does not name;
    NotUnderstood for no text, or one that seems to name somebody and was not read again.
    """
    group, members = reply.group, waiting_members(session, reply.group)
    _check_waits(group)
    for ticket in members:
        _check_kind(ticket)
    asked = persons(members)
    if asked < FEWEST_PERSONS:
        raise ActNotAllowed(
            f"Hay {asked} {'persona' if asked == 1 else 'personas'} distintas y una sola respuesta exige más de diez "
            f"({SOURCE}). Agregue más peticiones o responda cada una por su cuenta."
        )
    if not reply.text.strip():
        raise NotUnderstood("Escriba la respuesta.")
    telling = words_that_tell(f"{group.title} {reply.text}", members)
    if telling and not reply.names_nobody:
        raise NotUnderstood(
            f"El texto dice «{', '.join(telling)}», que es parte de un nombre, un documento, un correo o un radicado "
            "del grupo. Quítelo; si ahí significa otra cosa, confírmelo."
        )
    group.text, group.persons, group.answered_at = reply.text.strip(), asked, now
    group.signer = group.secretaria.name if group.secretaria else office.about.signer or office.entity
    for ticket in members:
        if ticket.state in OPEN:  # one that is merged into another of them has its answer by now
            same = Reply(ticket, group.text, reply.actor, final=True, office_name=group.signer)
            record_answer(session, same, office, now)
        record(session, ticket.id, "published", reply.actor, now, group=group.id, persons=asked)
    return members


def note_printing(session: Session, printing: Printing, now: datetime) -> None:
    """Writes down where and when the answer was printed. Raises ActNotAllowed where that cannot be."""
    group, today = printing.group, now.astimezone(BOGOTA).date()
    if group.answered_at is None:
        raise ActNotAllowed("El grupo todavía no tiene respuesta.")
    if not group.answered_at.astimezone(BOGOTA).date() <= printing.on <= today:
        raise ActNotAllowed("Revise el día: no puede ser anterior a la respuesta ni estar por llegar.")
    group.newspaper, group.newspaper_on = printing.newspaper, printing.on
    for ticket in members_of(session, group):
        record(
            session, ticket.id, "printed", printing.actor, now,
            group=group.id, newspaper=printing.newspaper, on=printing.on.isoformat(),
        )  # fmt: skip


def members_of(session: Session, group: PetitionGroup) -> Sequence[Ticket]:
    """Its petitions, oldest first."""
    return session.scalars(select(Ticket).where(Ticket.group_id == group.id).order_by(Ticket.id)).all()


def waiting_members(session: Session, group: PetitionGroup) -> list[Ticket]:
    """Those that have no answer of their own."""
    return [ticket for ticket in members_of(session, group) if ticket.state in OPEN]


def may_join(ticket: Ticket) -> bool:
    """Whether it can be answered with others."""
    return not _why_not(ticket)


def words_that_tell(text: str, members: Sequence[Ticket]) -> list[str]:
    """The words of the text that would say who one of them is, or which number somebody has."""
    known = {word for ticket in members if ticket.petitioner for word in giving_away(ticket.petitioner)}
    numbers = [ticket.radicado for ticket in members if ticket.radicado in text.upper()]
    words = [word for word in _WORD.findall(text) if not known.isdisjoint(words_of(word))]
    return [*dict.fromkeys(words), *numbers]


def _entrust(session: Session, group: PetitionGroup, ticket: Ticket, actor: str, office: Office, now: datetime) -> None:
    secretaria = group.secretaria
    if secretaria is not None and ticket.secretaria_id != secretaria.id:
        reason = f"Es del grupo {group.id}: una sola respuesta para peticiones análogas ({SOURCE})"
        assign(session, Assignment(ticket, secretaria, reason, actor), office, now)


def _check_waits(group: PetitionGroup) -> None:
    if group.answered_at is not None:
        raise AlreadyAnswered("El grupo ya tiene respuesta.")


def _check_joins(ticket: Ticket) -> None:
    if why := _why_not(ticket):
        raise ActNotAllowed(why)


def _check_kind(ticket: Ticket) -> None:
    if TicketKind(ticket.kind) not in GROUPED_KINDS:
        raise ActNotAllowed(_not_of_the_article(ticket))


def _why_not(ticket: Ticket) -> str:
    if TicketKind(ticket.kind) not in GROUPED_KINDS:
        return _not_of_the_article(ticket)
    if ticket.group_id is not None:
        return f"La petición {ticket.radicado} ya está en el grupo {ticket.group_id}."
    if ticket.state not in OPEN:
        return f"La petición {ticket.radicado} ya no espera respuesta."
    if ticket.duplicate_of_id is not None:
        return f"La petición {ticket.radicado} está unida a otra: sepárela antes."
    return ""


def _not_of_the_article(ticket: Ticket) -> str:
    return (
        f"La petición {ticket.radicado} es de otra clase ({TERMS[TicketKind(ticket.kind)].label.lower()}): con una "
        f"sola respuesta van las de información, de interés general o de consulta ({SOURCE})."
    )

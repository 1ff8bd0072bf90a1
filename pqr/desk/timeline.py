"""What happened to this ticket, in plain Spanish?  Events, words, answers, mails and letters as one story.

It shows nothing that the reader may not see: addresses of a petitioner only where `Reader.contact` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pqr.desk.appeal_facts import APPEAL_FACTS
from pqr.desk.facts import FACTS
from pqr.desk.numbers import number_in
from pqr.desk.titles import TITLES
from pqr.desk.wording import LETTER_STATES, LETTERS, VERDICTS
from pqr.mail.inbox import InboxMail
from pqr.mail.outbox import Letter, LetterState
from pqr.terms.spanish import counted
from pqr.tickets.annotating import InternalNote
from pqr.tickets.appeals import PRESENTED
from pqr.tickets.contributions import Contribution
from pqr.tickets.events import Event
from pqr.tickets.models import Answer, Message, Ticket


@dataclass(frozen=True)
class Reader:
    """Who reads. `contact`: may see the petitioner's addresses; `mails`: may open the original messages."""

    contact: bool
    mails: bool


@dataclass(frozen=True)
class Story:
    """What the ledgers hold of one ticket. `names`: actors and offices' codes in words.

    `times`: how often a mail came, by what it says (`InboxMail.said`), where it was more than once.
    """

    ticket: Ticket
    events: list[Event]
    mails: list[InboxMail]
    letters: list[Letter]
    names: Mapping[str, str]
    times: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[InternalNote] = ()
    contributions: Sequence[Contribution] = ()


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `tone`: "", "in", "out", "good", "bad" or "note"; `words`: what somebody wrote.

    `letter`: the exit number of the letter that left with it.
    """

    at: datetime
    title: str
    by: str = ""
    facts: tuple[str, ...] = ()
    words: str = ""
    tone: str = ""
    mail_id: int | None = None
    letter: str = ""


def timeline(story: Story, reader: Reader) -> list[Entry]:
    """The story, oldest first."""
    told = [_from_event(event, story) for event in story.events if event.kind not in _TOLD_ELSEWHERE]
    arrived = [_from_mail(mail, story, reader) for mail in story.mails]
    left = [_from_letter(letter, story, reader) for letter in story.letters]
    return sorted([*arrived, *told, *left], key=lambda entry: entry.at)


def since(story: Story, seen: str) -> list[Entry]:
    """What happened after a page was read. `seen`: the number of the last event that it knew."""
    last = number_in(seen)
    if last is None:
        return []
    newer = [event for event in story.events if event.seq > last]
    return timeline(replace(story, events=newer, mails=[], letters=[]), Reader(contact=False, mails=False))


_FACTS = FACTS | APPEAL_FACTS
_TOLD_ELSEWHERE = frozenset({"letter_sent"})  # by the letter's own line


def _from_event(event: Event, story: Story) -> Entry:
    title, tone = TITLES.get(event.kind, (f"Se registró «{event.kind}»", ""))
    if event.kind == "follow_up" and event.actor.startswith("user:"):
        title = "Se anotó un mensaje"
    tell = _FACTS.get(event.kind)
    return Entry(
        at=event.at,
        title=title,
        by=story.names.get(event.actor, event.actor),
        facts=tuple(fact for fact in tell(event.data, story.names) if fact) if tell else (),
        words=_words(event, story),
        tone=tone,
        letter=event.data.get("radicado", "") if "pdf_sha256" in event.data else "",
    )


def _words(event: Event, story: Story) -> str:
    if event.kind in PRESENTED:  # in the words of a message that has its own line
        return ""
    message = _found(story.ticket.messages, event.data.get("message")) or _found(story.notes, event.data.get("note"))
    if isinstance(message, (Message, InternalNote)):
        return message.text
    contribution = _found(story.contributions, event.data.get("contribution"))
    if isinstance(contribution, Contribution):
        said = {"contribution_asked": contribution.question, "contribution_given": contribution.text}
        return said.get(event.kind, "")
    answer = _answer(event, story)
    return answer.text if answer else ""


def _answer(event: Event, story: Story) -> Answer | None:
    if event.kind not in ("answered", "completed", "answer_drafted"):
        return None
    found = _found(story.ticket.answers, event.data.get("answer"))
    return found if isinstance(found, Answer) else None


def _found(rows: Sequence[Any], wanted: object) -> object:
    return next((row for row in rows if row.id == wanted), None)


def _from_mail(mail: InboxMail, story: Story, reader: Reader) -> Entry:
    offices = [story.ticket.secretaria, *(each.secretaria for each in story.contributions)]
    known = frozenset(address for office in offices if office for address in office.addresses)
    sender = mail.sender if reader.contact or mail.sender in known else "la persona"
    return Entry(
        at=mail.received_at,
        title="Llegó un correo",
        by=f"De {sender}" if sender else "",
        facts=(VERDICTS.get(mail.verdict, mail.verdict).capitalize(), *_repeated(mail, story)),
        tone="in",
        mail_id=mail.id if reader.mails else None,
    )


def _repeated(mail: InboxMail, story: Story) -> tuple[str, ...]:
    times = story.times.get(mail.said)
    return (f"Llegó {times} veces igual",) if times else ()


def _from_letter(letter: Letter, story: Story, reader: Reader) -> Entry:
    person = story.ticket.petitioner
    theirs = letter.is_for_petitioner or (person is not None and letter.recipient == person.email)
    hidden = theirs and not reader.contact
    state = LETTER_STATES.get(LetterState(letter.state), letter.state)
    tries = f" tras {counted(letter.attempts, 'intento', 'intentos')}" if letter.last_error else ""
    words = "" if hidden else letter.last_error or letter.response  # a server often repeats the address
    return Entry(
        at=letter.created_at,
        title=f"Carta: {LETTERS.get(letter.letter, letter.letter)}",
        by=f"Para {'la persona' if hidden else letter.recipient}",
        facts=(f"{state.capitalize()}{tries}", *([f"El servidor dijo: {words}"] if words else [])),
        tone="bad" if letter.state in (LetterState.FAILED, LetterState.BOUNCED) else "out",
    )

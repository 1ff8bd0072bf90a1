"""What does somebody need?  From their words, or an example, to the kind, the office, an answer or who else does it.

It leads and never stops anybody: every way goes on to the form, since no authority may refuse a petition, not even one
that is another's (CPACA arts. 15 and 21). What is typed here travels in the body, is answered and kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pqr.db import db
from pqr.door import office
from pqr.intake.kind import kind_by_words
from pqr.portal import portal
from pqr.portal.cleaning import clean_line
from pqr.publishing.avisos import avisos_up
from pqr.publishing.models import Aviso
from pqr.publishing.procedures import nearest
from pqr.publishing.showing import shown
from pqr.secretarias import routing
from pqr.secretarias.directory import active_topics, body_of, topic_words
from pqr.secretarias.models import ExternalBody, Topic
from pqr.secretarias.routing import TopicWords
from pqr.terms.choosing import CITIZEN_KINDS, KIND_HELP
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.spanish import counted

MOST_SHOWN = 3
LONGEST = 300  # letters


@dataclass(frozen=True)
class Guess:
    """A matter that the words seem to speak of. `body`: the other entity, where the directory says how to reach it."""

    topic: Topic
    body: ExternalBody | None
    answers: Sequence[tuple[Aviso, str]]


@dataclass(frozen=True)
class Example:
    """A kind of petition, told by what somebody would say."""

    kind: str
    label: str
    words: str
    days: str


@portal.route("/que-necesita", methods=["GET", "POST"])
def needs() -> str:
    """Examples of every kind, what others do, and what the visitor's own words lead to."""
    g.public = request.method == "GET"
    words = clean_line(request.form.get("words"))[:LONGEST]
    try:
        guesses, others = guess(db.session(), words), _of_others(db.session())
        explained = nearest(db.session(), words, MOST_SHOWN)
    except SQLAlchemyError:
        db.session.rollback()
        guesses, others, explained = [], [], ()
    kind = kind_by_words(words, words) if words else ""
    return render_template(
        "portal/needs.html",
        words=words,
        asked=request.method == "POST",
        guesses=guesses,
        others=others,
        explained=explained,
        kind="" if kind == TicketKind.PETICION_GENERAL else kind,  # which only says that no word gave it away
        examples=[_example(each) for each in CITIZEN_KINDS],
    )


def guess(session: Session, words: str) -> list[Guess]:
    """The matters that these words may speak of, the likeliest first."""
    topics = {topic.id: topic for topic in active_topics(session)}
    left = list(topic_words(session))
    found: list[Topic] = []
    while words and left and len(found) < MOST_SHOWN:
        best = routing.by_words(words, "", left).topic_id
        if best is None:
            break
        left = [each for each in left if each.topic_id != best]
        found.append(topics[best])
    published = _published(session) if found else []
    return [
        Guess(topic, body_of(session, topic), [each[1:] for each in published if each[0] == topic.id])
        for topic in found
    ]


def _published(session: Session) -> list[tuple[int | None, Aviso, str]]:
    """The answers on the board that anybody may read, each with the matter it speaks of."""
    here, topics = office(session), topic_words(session)
    told = [(aviso, shown(aviso, here)) for aviso in avisos_up(session)]
    return [(_matter(words.subject, words.text, topics), aviso, words.subject) for aviso, words in told if words.text]


def _matter(subject: str, text: str, topics: Sequence[TopicWords]) -> int | None:
    return routing.by_words(subject, text, topics).topic_id


def _of_others(session: Session) -> list[Guess]:
    """What the municipality does not do."""
    others = [topic for topic in active_topics(session) if topic.secretaria_id is None]
    return [Guess(topic, body_of(session, topic), ()) for topic in others]


def _example(kind: TicketKind) -> Example:
    term = TERMS[kind]
    return Example(kind, term.label, KIND_HELP[kind][1], counted(term.length, "día hábil", "días hábiles"))

"""Which office should answer this text?

A topic that the citizen chose decides. Otherwise the topics' own words vote, and the rule decides only when one
office wins clearly; every doubt goes to the desk, because a petition in the wrong office loses days of its term.
It never looks at who is asking.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from pqr.terms.kinds import TicketKind

CLEAR_SCORE = 2.0
CLEAR_WORDS = 2  # two different ones, or a phrase: "deuda" alone may be the water's, "casa" alone the neighbour's
CLEAR_MARGIN = 2.0  # times the runner-up of another office
SUBJECT_WEIGHT = 2
SENSITIVE_KINDS = frozenset({TicketKind.QUEJA, TicketKind.DENUNCIA})

# How something is asked for, not what: nearly every petition carries one of these.
_SAY_NOTHING = ("derecho de petición", "ayuda", "apoyo", "colaboración", "cambio de dirección")
_ACCUSING = (
    "denuncia",
    "corrupción",
    "corrupto",
    "soborno",
    "coima",
    "contrato amañado",
    *(f"{asked} {what}" for asked in ("pidió", "pide", "pedía", "exigió", "cobró") for what in ("plata", "dinero")),
    "acoso",
    "no me respondieron",
)
_ABOUT_SERVANTS = ("funcionario", "corrupción", "no me respondieron")
_SMALL_WORDS = "a al con de del el en la las los me mi no para por que se su un una y o lo sin"

_WORD = re.compile(r"[^\W_]+")
_STEMMER = snowballstemmer.stemmer("spanish")


@dataclass(frozen=True)
class TopicWords:
    """A topic as the rule sees it: its office (None: another entity's, named in `transfer_to`) and its words."""

    topic_id: int
    secretaria_id: int | None
    transfer_to: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Routing:
    """A proposal. `sure`: it may be carried out without a person. `words`: the keywords that decided, as written."""

    topic_id: int | None
    secretaria_id: int | None
    transfer_to: str
    score: float
    words: tuple[str, ...]
    sure: bool


NOBODY = Routing(None, None, "", 0.0, (), sure=False)


def travels_alone(kind: TicketKind, reserved: bool) -> bool:
    """Whether it may go to an office unseen: never a complaint or report that may speak of that very office."""
    return kind not in SENSITIVE_KINDS and not reserved


def accuses(subject: str, body: str) -> bool:
    """Whether the words speak of a wrong done by somebody of the house, whatever kind was chosen for them."""
    text = _phrase(f"{subject}\n{body}")
    return any(phrase in text for phrase in _phrases(_ACCUSING))


def by_topic(topic_id: int, topics: Sequence[TopicWords]) -> Routing:
    """The office of the topic that the citizen chose; not sure where it is another entity's or about a servant."""
    topic = next((topic for topic in topics if topic.topic_id == topic_id), None)
    if topic is None:
        return NOBODY
    return Routing(topic.topic_id, topic.secretaria_id, topic.transfer_to, 0.0, (), sure=_may_decide(topic))


def by_words(subject: str, body: str, topics: Sequence[TopicWords]) -> Routing:
    """The office whose keywords weigh most in subject and body, and whether it wins clearly.

    A keyword weighs its number of words, small ones aside, shared among the topics that carry it, twice in the
    subject.
    """
    in_subject, in_body = _phrase(subject), _phrase(body)
    phrased, sharing = _phrased(tuple(topics))
    found = [_votes(keywords, in_subject, in_body, sharing) for keywords in phrased]
    best = max(range(len(topics)), key=lambda i: found[i].score, default=None)
    if best is None or not found[best].score:
        return NOBODY
    winner, vote = topics[best], found[best]
    others = [i for i, topic in enumerate(topics) if topic.secretaria_id != winner.secretaria_id]
    rival = max((found[i].score for i in others), default=0.0)
    clear = vote.evidence >= CLEAR_WORDS and vote.score >= max(CLEAR_SCORE, CLEAR_MARGIN * rival)
    sure = clear and _may_decide(winner)
    return Routing(winner.topic_id, winner.secretaria_id, winner.transfer_to, vote.score, vote.words, sure)


def fold(text: str) -> str:
    """Lower case without accents; ñ stays a letter of its own (año is not ano)."""
    kept = unicodedata.normalize("NFC", text).lower().replace("ñ", "\0")
    bare = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return bare.replace("\0", "ñ")


def stems(text: str) -> list[str]:
    """The Spanish stems of the words, accents folded: petición, peticiones and PETICION give one stem."""
    return list(_stem_all(text))


def _stem_all(text: str) -> Iterator[str]:
    # Composed first: Apple's mail and keyboards send ó as two characters, and the second one is no letter.
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        yield _stem(word)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    # Folded on both sides: people write without accents, and the stemmer treats accented endings apart.
    return word if word.isdecimal() else fold(_STEMMER.stemWord(fold(word)))


def _phrase(text: str) -> str:
    return f" {' '.join(stems(text))} "


_keyword = lru_cache(maxsize=5_000)(_phrase)  # the directory's words are asked for on every filing


Phrased = tuple[tuple[str, str], ...]  # a topic's keywords, each with its stems


@lru_cache(maxsize=8)
def _phrased(topics: tuple[TopicWords, ...]) -> tuple[tuple[Phrased, ...], Mapping[str, int]]:
    """The keywords of each topic, and how many topics share each of them."""
    phrased = tuple(tuple((keyword, _keyword(keyword)) for keyword in topic.keywords) for topic in topics)
    return phrased, Counter(phrase for keywords in phrased for phrase in {phrase for _, phrase in keywords})


@dataclass(frozen=True)
class _Vote:
    """What a topic's keywords weigh in a text; `evidence`: how many words were found, small ones aside."""

    score: float
    evidence: int
    words: tuple[str, ...]


def _votes(keywords: Phrased, subject: str, body: str, sharing: Mapping[str, int]) -> _Vote:
    score, evidence, words = 0.0, 0, []
    for keyword, phrase in keywords:
        times = SUBJECT_WEIGHT if phrase in subject else 1 if phrase in body else 0
        if times and phrase not in _phrases(_SAY_NOTHING):
            weight = sum(word not in small_words() for word in phrase.split()) or 1
            score += times * weight / sharing[phrase]
            evidence += weight
            words.append(keyword)
    return _Vote(score, evidence, tuple(words))


def _may_decide(topic: TopicWords) -> bool:
    """Another entity's matter is transferred, and one about a servant is read, by a person first."""
    about_servants = not _phrases(_ABOUT_SERVANTS).isdisjoint(map(_keyword, topic.keywords))
    return topic.secretaria_id is not None and not about_servants


@lru_cache(maxsize=8)
def _phrases(keywords: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_phrase, keywords))


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """The stems that say nothing of what is spoken about."""
    return frozenset(stems(_SMALL_WORDS))

"""By which words is a text found, and where do they stand in it?  Pure.

What people wrote and what an official looks for go through the same mill: petición, PETICIONES and peticion are one
word, niñez and NIÑEZ too. Neither database stems Spanish without accents, so both are given words that are ready.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pqr.secretarias.routing import fold, small_words, stems

LONGEST = 32  # letters of a word; what is longer is an attachment that somebody pasted
MOST = 8_000  # words of a case: with 4 bytes a letter, the megabyte that PostgreSQL's tsvector holds
MOST_ASKED = 10
SHORTEST_BEGINNING = 3
EXCERPT = 220
_LEAD = 50  # letters before the first word found
_WORD = re.compile(r"[^\W_]+")
_THOUSANDS = re.compile(r"\.(?<=\d\.)(?=\d{3}(?!\d))")  # the point first: it is what is looked for
_OF_THE_DESK = "№"  # before a word that only the desk may find by; nobody can type it as part of a word
_OF_AN_OFFICE = "§"  # before the id of an office that has, or had, the case


@dataclass(frozen=True)
class Term:
    """Something that must be there: the word, or one that begins so where `beginning` is not empty."""

    word: str
    beginning: str = ""


Query = tuple[Term, ...]
Pieces = list[tuple[str, bool]]


def words_of(text: str) -> list[str]:
    """The words in order, without those that say nothing: 1.085.123.456 is one word, as 1085123456 is."""
    return [word for written in _written(text) if (word := _word(written))]


def _written(text: str) -> list[str]:
    return _WORD.findall(_THOUSANDS.sub("", unicodedata.normalize("NFC", text).lower()))


@lru_cache(maxsize=20_000)
def _word(written: str) -> str:
    """The stemmer leaves short plurals as they are: without their s, vías meets vía."""
    if written.isdecimal():
        return written[:LONGEST]
    word = next(iter(stems(written)), "")
    if word in small_words():
        return ""
    return (word[:-1] if word.endswith("s") and len(word) > 3 else word)[:LONGEST]


def document_words(number: str) -> list[str]:
    """What a document is found by, however its number is written."""
    bare = "".join(_WORD.findall(fold(number)))
    return [bare[:LONGEST]] if bare else []


def for_the_desk(words: Iterable[str]) -> Iterator[str]:
    """The same words, by which only those find it who may read where they come from."""
    return (_OF_THE_DESK + word for word in words)


def office_word(office_id: int) -> str:
    """By which the index leaves out what the office never had."""
    return f"{_OF_AN_OFFICE}{office_id}"


def without(words: Iterable[str], kept: Container[str]) -> Iterator[str]:
    """The words, whoever may find by them, except these."""
    return (word for word in words if word.removeprefix(_OF_THE_DESK) not in kept)


def joined(words: Iterable[str]) -> str:
    """The words of a case as the databases keep them: each once, a space between."""
    return " ".join(list(dict.fromkeys(filter(None, words)))[:MOST])


def parse(text: str) -> Query:
    """What an official typed. The last word may be unfinished; nothing that is typed means anything else."""
    typed = _written(text)
    terms = [_term(word, last=position == len(typed)) for position, word in enumerate(typed, 1)]
    return tuple(dict.fromkeys([term for term in terms if term.word][:MOST_ASKED]))


def _term(written: str, last: bool) -> Term:
    unfinished = last and len(written) >= SHORTEST_BEGINNING
    return Term(_word(written), fold(written)[:LONGEST] if unfinished else "")


def alternatives(term: Term, desk: bool) -> Iterator[tuple[str, bool]]:
    """The words of which one must be there, each with whether it is only a beginning. `desk`: those of the desk too."""
    for sign in ("", _OF_THE_DESK) if desk else ("",):
        yield sign + term.word, False
        if term.beginning:
            yield sign + term.beginning, True


def marked(text: str, query: Query) -> Pieces:
    """The whole text in pieces, each with whether it is a word that was looked for."""
    tidy = _tidy(text)
    return list(_pieces(tidy, _spans(tidy, query), 0, len(tidy)))


def excerpt(text: str, query: Query) -> Pieces:
    """Some `EXCERPT` letters around the place where most of the words stand together; empty where none does."""
    tidy = _tidy(text)
    spans = _spans(tidy, query)
    if not spans:
        return []
    best = max(spans, key=lambda span: (_together(spans, span.start), -span.start))
    start, end = _window(tidy, best.start)
    pieces = list(_pieces(tidy, spans, start, end))
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(tidy) else [])]


def opening(text: str) -> str:
    """The beginning of the text, for where no word of it was found."""
    tidy = _tidy(text)
    end = _window(tidy, 0)[1]
    return tidy[:end] + (" …" if end < len(tidy) else "")


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    word: str


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _spans(text: str, query: Query) -> Sequence[_Span]:
    asked, beginnings = {term.word for term in query}, tuple(term.beginning for term in query if term.beginning)
    found = []
    for match in _WORD.finditer(text):
        word = _word(match[0].lower())
        if word in asked or (beginnings and word.startswith(beginnings)):
            found.append(_Span(match.start(), match.end(), word))
    return found


def _together(spans: Sequence[_Span], start: int) -> int:
    return len({span.word for span in spans if start <= span.start and span.end <= start + EXCERPT - _LEAD})


def _window(text: str, found_at: int) -> tuple[int, int]:
    """Where to cut, between words, so that the word is in sight."""
    start = max(found_at - _LEAD, 0)
    start = text.find(" ", start, found_at) + 1 or found_at if start else 0
    end = min(start + EXCERPT, len(text))
    cut = text.rfind(" ", found_at + 1, end + 1) if end < len(text) else end
    return start, cut if cut > found_at else end


def _pieces(text: str, spans: Sequence[_Span], start: int, end: int) -> Iterator[tuple[str, bool]]:
    at = start
    for span in spans:
        if start <= span.start and span.end <= end:
            if at < span.start:
                yield text[at : span.start], False
            yield text[span.start : span.end], True
            at = span.end
    if at < end:
        yield text[at:end], False

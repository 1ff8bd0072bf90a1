"""Do two rows of a list speak of one person?  Names as they sound in Nariño, numbers as they are mistyped. Pure.

A list is not a judge: what is equal after tidying is *exact*; what only resembles is *likely*, and a person decides.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

PARTICLES = frozenset(("de", "del", "la", "las", "los", "da", "di", "do", "dos", "y", "e", "viuda", "vda"))
SHORTEST_DOCUMENT = 5  # "0" and "no" stand for many people
LONG_WORD = 5  # letters from which one mistyped letter may be forgiven
ONE, TWO = 1, 2
_NOT_WORD = re.compile(r"[^a-z ]+")
_SOUNDS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"ph", "f"),
        (r"^x", "j"),
        (r"^(?:jh|h?j|g(?=[ei]))", "y"),  # Jhon, John, Yon; Jenny, Yeni; Geovanny, Yovani
        (r"ch", "1"),
        (r"[qk]u(?=[ei])|ck|[qk]|c(?=[^ei]|$)", "2"),
        (r"g(?=[ei])", "j"),
        (r"gu(?=[ei])", "g"),
        (r"[zcxs]+", "s"),
        (r"h", ""),
        (r"[vw]", "b"),
        (r"ll|y", "i"),
        (r"n(?=[bp])", "m"),
        (r"(.)\1+", r"\1"),
    )
)
_FIRST_DAY = date(1900, 1, 2)  # 1900-01-01 is what programs write for "unknown"
_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ].*)?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Person:
    """A row, tidied. `row`: its number in the file. `document`: "" where it names nobody. `words`: of the name, sorted.

    `sounds`: of the words, sorted. `born`: None where it is not known.
    """

    row: int
    document: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    born: date | None


def person(row: int, document: str, name: str, born: str) -> Person:
    """The row from what its cells say."""
    words = words_of(name)
    return Person(row, document_of(document), words, tuple(sorted(map(sound, words))), birth_of(born))


def fold(text: str) -> str:
    """Small letters without accents; ñ is n, as old programs wrote it."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without its particles, sorted: which surname came first is no difference."""
    return tuple(sorted(word for word in _NOT_WORD.sub(" ", fold(name)).split() if word not in PARTICLES))


def document_of(text: str) -> str:
    """The number without points, spaces, letters before it or a spreadsheet's ".0"; "" for one that names nobody."""
    bare = "".join(letter for letter in fold(text.removesuffix(".0")) if letter.isascii() and letter.isalnum())
    number = bare.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0") or bare
    digits = sum(letter.isdigit() for letter in number)
    names_nobody = len(number) < SHORTEST_DOCUMENT or digits < SHORTEST_DOCUMENT or len(set(number)) == 1
    return "" if names_nobody else number


def birth_of(text: str) -> date | None:
    """The day, written 31/12/1980, 1980-12-31 or 19801231; None for what is no day or stands for none."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    one, two, three, *joined = found.groups()
    parts = joined if joined[0] else (one, two, three) if len(one) == 4 else (three, two, one)
    try:
        born = date(*(int(part) for part in parts))
    except ValueError:
        return None
    return born if born >= _FIRST_DAY else None


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """How a word sounds: b and v, s, z and soft c, ll, y and i, h and none are one."""
    for pattern, said in _SOUNDS:
        word = pattern.sub(said, word)
    return word


def why_exact(one: Person, other: Person) -> str:
    """Why both are certainly one entry twice, "" where they are not."""
    if one.document and one.document == other.document:
        return "mismo documento"
    if one.born and one.born == other.born and len(one.words) > 1 and one.words == other.words:
        return "mismo nombre y misma fecha de nacimiento"
    return ""


def why_likely(one: Person, other: Person) -> str:
    """Why both may be one person, "" where nothing says so."""
    if not same_name(one.sounds, other.sounds):
        return ""
    slip = document_slip(one.document, other.document)
    if one.born and one.born == other.born:
        return "misma fecha de nacimiento y nombre parecido" + (f"; {slip}" if slip else "")
    if slip:
        return f"nombre parecido y {slip}"
    if birth_slip(one.born, other.born):
        return "nombre parecido y fecha de nacimiento casi igual"
    unknown = not (one.born and other.born) and not (one.document and other.document)
    alike = min(len(one.words), len(other.words)) > TWO and one.sounds == other.sounds
    return "mismo nombre, y falta el documento o la fecha para saberlo" if unknown and alike else ""


def same_name(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each word of the shorter name sounds like a word of the longer one; at least two must.

    One letter is forgiven in one long word alone, and never the o or a that tells a brother from a sister.
    """
    short, long = sorted((one, other), key=len)
    left = list(long)
    strange = []
    for word in short:
        left.remove(word) if word in left else strange.append(word)
    if len(short) < TWO or len(strange) > ONE or len(left) - len(strange) > TWO:
        return False
    return not strange or any(_one_letter(strange[0], word) for word in left)


def _one_letter(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    tells_apart = short == long[:-1] or (one[:-1] == other[:-1] and {one[-1], other[-1]} <= set("aoe"))
    return len(short) >= LONG_WORD and not tells_apart and OSA.distance(one, other, score_cutoff=ONE) <= ONE


def document_slip(one: str, other: str) -> str:
    """How one number may be the other one mistyped, "" where it may not."""
    if not (one and other) or one == other or min(len(one), len(other)) <= SHORTEST_DOCUMENT:
        return ""
    if OSA.distance(one, other, score_cutoff=ONE) > ONE:
        return ""
    swapped = len(one) == len(other) and sorted(one) == sorted(other)
    return "dos cifras del documento cambiadas de lugar" if swapped else "una cifra distinta en el documento"


def birth_slip(one: date | None, other: date | None) -> bool:
    """Whether day and month changed places, or one figure of the date was mistyped."""
    if one is None or other is None or one == other:
        return False
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    differ = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return swapped or differ == ONE

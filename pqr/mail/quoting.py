"""What was written now, and what was quoted?

Text is folded, never deleted: every line that is not blank is in one of both halves. In doubt it counts as
written now: an answer hidden is worse than a quotation shown. It does not know who wrote, nor what our
letters say, save the line that they begin with.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from pqr.mail import quote_marks as marks

_LONGEST_SIGNATURE = 15
_LONGEST_LOOSE_SIGNATURE = 6
_WIDEST_LOOSE_SIGNATURE = 100
_WRAPPED_AT = 60
_DECORATION = re.compile(r"[\s_*=~.-]*")


@dataclass(frozen=True)
class Reply:
    """The two halves of a text, each with its lines in their order."""

    new: str
    quoted: str


@dataclass(frozen=True)
class _Text:
    """The lines as received and bare of quote marks, and for each the next line below that is not blank."""

    lines: Sequence[str]
    bare: Sequence[str]
    below: Sequence[int | None]

    def is_quoted(self, number: int) -> bool:
        return marks.is_quoted(self.lines[number])

    def says_something(self, numbers: Set[int]) -> bool:
        return any(not _DECORATION.fullmatch(self.lines[number]) for number in numbers)


def split(text: str) -> Reply:
    """Return what was written now and what is quotation, signature, device line or legal notice.

    Answers written between quoted lines keep the whole text as new, and so does a text that would else be
    empty.
    """
    lines = text.split("\n")
    page = _Text(lines, [marks.bare(line) for line in lines], _next_written(lines))
    end = _older_mail(page)
    quoted = _quoted_lines(page, end)
    if _is_interleaved(page, quoted, end):
        return Reply(text.strip("\n"), "")
    written = _without_closings(page, set(range(end)) - quoted)
    if not page.says_something(written):
        return Reply(text.strip("\n"), "")
    return Reply(_joined(page, written), _joined(page, set(range(len(lines))) - written))


def _next_written(lines: Sequence[str]) -> list[int | None]:
    below: list[int | None] = [None] * len(lines)
    for number in range(len(lines) - 1, 0, -1):
        below[number - 1] = number if lines[number].strip() else below[number]
    return below


def _older_mail(page: _Text) -> int:
    """Return where everything below is older and not marked line by line, as Outlook, Yahoo and our letters
    quote.
    """
    last_quoted = max((number for number in range(len(page.lines)) if page.is_quoted(number)), default=-1)
    for number in range(len(page.lines)):
        if page.is_quoted(number):
            continue
        attribution = marks.attribution_start(page.bare, number)
        if attribution is not None and _covers_all_below(page, attribution, number):
            return attribution
        if marks.opens_older_mail(page.bare, number) or _is_reply_mark(page, number):
            return number
        if number > last_quoted and marks.runs_on(page.bare[number]):
            return number
    return len(page.lines)


def _covers_all_below(page: _Text, start: int, end: int) -> bool:
    below = page.below[end]
    if below is None or page.is_quoted(below):
        return False
    return marks.names_an_address(" ".join(page.bare[start : end + 1])) or _is_reply_mark(page, below)


def _is_reply_mark(page: _Text, number: int) -> bool:
    two_lines = " ".join(page.bare[number : number + 2])  # some clients wrap it
    found = marks.REPLY_MARK.search(two_lines)
    return found is not None and found.start() < len(page.bare[number])


def _quoted_lines(page: _Text, end: int) -> set[int]:
    """Return the lines that say themselves that they are quoted, and the attributions above them."""
    found: set[int] = set()
    for number in range(end):
        if page.is_quoted(number) or _is_remnant(page, number):
            found.add(number)
        elif (start := marks.attribution_start(page.bare, number)) is not None:
            below = page.below[number]
            if below is not None and page.is_quoted(below):
                found.update(range(start, below))
    return found | {n for n in range(end) if not page.bare[n] and n - 1 in found and page.below[n] in found}


def _is_remnant(page: _Text, number: int) -> bool:
    """Tell the end of a quoted line that was wrapped on its way and thereby lost its mark."""
    above, line = page.lines[number - 1] if number else "", page.lines[number]
    below = page.lines[number + 1] if number + 1 < len(page.lines) else ""
    wrapped = marks.is_quoted(above) and len(above) >= _WRAPPED_AT and line[:1].islower()
    return wrapped and (marks.is_quoted(below) or not below.strip())


def _is_interleaved(page: _Text, quoted: Set[int], end: int) -> bool:
    if not quoted:
        return False
    between = set(range(min(quoted), max(quoted))) - quoted
    return page.says_something(_without_closings(page, between))


def _without_closings(page: _Text, numbers: Set[int]) -> set[int]:
    """Return the lines without signatures after "-- ", device lines, legal notices and trailing rules."""
    kept = {number for number in numbers if not marks.is_device_line(page.lines[number])}
    kept -= {number for part in _paragraphs(page, kept) for number in _notice(page, part)}
    folded = numbers - kept
    kept -= {number for number in kept if _is_title_of(page, number, folded)}
    for stretch in _stretches(kept):
        kept -= set(_signature(page, stretch))
    last = max((number for number in kept if not _DECORATION.fullmatch(page.lines[number])), default=-1)
    return {number for number in kept if number <= last}


def _notice(page: _Text, paragraph: Sequence[int]) -> Sequence[int]:
    start = marks.notice_start([page.lines[number] for number in paragraph])
    return () if start is None else paragraph[start:]


def _is_title_of(page: _Text, number: int, folded: Set[int]) -> bool:
    return marks.is_notice_heading(page.lines[number]) and page.below[number] in folded


def _signature(page: _Text, stretch: Sequence[int]) -> Sequence[int]:
    """Return the lines from the last delimiter (RFC 3676 §4.3) on, unless they are too many to be a
    signature.
    """
    delimiters = [n for n in stretch if page.lines[n].rstrip("\r") in ("-- ", "--")]
    if not delimiters:
        return ()
    below = [n for n in stretch if n >= delimiters[-1]]
    written = [page.lines[n] for n in below[1:] if page.lines[n].strip()]
    if page.lines[delimiters[-1]].startswith("-- "):
        return below if len(written) <= _LONGEST_SIGNATURE else ()
    short = len(written) <= _LONGEST_LOOSE_SIGNATURE
    return below if short and all(len(line) <= _WIDEST_LOOSE_SIGNATURE for line in written) else ()


def _stretches(numbers: Set[int]) -> Iterator[list[int]]:
    """Yield the runs of consecutive line numbers."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def _paragraphs(page: _Text, numbers: Set[int]) -> Iterator[list[int]]:
    """Yield the runs of consecutive lines that are not blank."""
    return _stretches({number for number in numbers if page.lines[number].strip()})


def _joined(page: _Text, numbers: Set[int]) -> str:
    text = "\n".join(page.lines[number] for number in sorted(numbers))
    return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text).strip("\n")

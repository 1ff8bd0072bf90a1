"""Do thousands of damaged mails, made from the collection by a seeded mutator, each end in one verdict?

4,000 of them by default; 20,000 with PQR_TEST_FULL=1. A failure names the seed that makes it again.
"""

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pqr.intake import classify
from pqr.intake.classify import Facts
from pqr.mail import bounces, message, quoting

MAILS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))]
HOW_MANY = 20_000 if os.environ.get("PQR_TEST_FULL") else 4_000
CHUNKS = 8
LONGEST = 5.0  # seconds of the processor for one message
VERDICTS = (
    *(classify.NewTicket, classify.SecretariaReply, classify.CitizenFollowUp),
    *(classify.Bounce, classify.Ignored, classify.NeedsHuman),
)
CHARSETS = [b"utf-8", b"iso-8859-1", b"utf-7", b"utf-16", b"iso-2022-jp", b"gb18030", b"hz", b"cp037", b"nadie", b'"']
ENCODINGS = [b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"7bit", b"nadie"]
TYPES = [
    *(b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative", b"multipart/report"),
    *(b"message/rfc822", b"message/delivery-status", b"application/ms-tnef", b"text/calendar", b"image/png", b"x"),
]
_TYPE = re.compile(rb"\b(?:text|multipart|message|application|image)/[\w.+-]+")
_CHARSET = re.compile(rb'(?<=charset=)"?[\w-]+"?', re.IGNORECASE)
_ENCODING = re.compile(rb"(?<=Transfer-Encoding: )[\w-]+", re.IGNORECASE)
_BOUNDARY_LINE = re.compile(rb"^--[^\r\n]+\r?\n", re.MULTILINE)


def flip_bytes(raw: bytes, luck: random.Random) -> bytes:
    flipped = bytearray(raw)
    for _ in range(luck.randint(1, 40)):
        flipped[luck.randrange(len(flipped))] = luck.randrange(256)
    return bytes(flipped)


def truncate(raw: bytes, luck: random.Random) -> bytes:
    return raw[: luck.randrange(len(raw))] if luck.random() < 0.7 else raw[luck.randrange(len(raw)) :]


def swap_headers(raw: bytes, luck: random.Random) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    other = luck.choice(MAILS).partition(b"\r\n\r\n")[0].split(b"\r\n")
    mixed = [line for line in lines if luck.random() < 0.8] + luck.sample(other, min(3, len(other)))
    luck.shuffle(mixed)
    return b"\r\n".join(mixed) + blank + body


def one_of(pattern: re.Pattern[bytes], values: list[bytes]) -> Callable[[bytes, random.Random], bytes]:
    return lambda raw, luck: pattern.sub(lambda found: luck.choice([*values, found[0]]), raw)


def shuffle_parts(raw: bytes, luck: random.Random) -> bytes:
    separators = _BOUNDARY_LINE.findall(raw) or [b"--b\r\n"]
    pieces = _BOUNDARY_LINE.split(raw)
    rest = pieces[1:]
    luck.shuffle(rest)
    return b"".join(piece + luck.choice(separators) for piece in [pieces[0], *rest])


def double_boundaries(raw: bytes, luck: random.Random) -> bytes:
    return _BOUNDARY_LINE.sub(lambda found: found[0] * luck.randint(0, 3), raw)


def put_one_in_another(raw: bytes, luck: random.Random) -> bytes:
    other, place = luck.choice(MAILS), luck.randrange(len(raw))
    start = luck.randrange(len(other))
    return raw[:place] + other[start : start + luck.randrange(2_000)] + raw[place:]


def swap_lines(raw: bytes, luck: random.Random) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(luck.randint(1, 10)):
        first, second = luck.randrange(len(lines)), luck.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    *(flip_bytes, truncate, swap_headers, shuffle_parts, double_boundaries, put_one_in_another, swap_lines),
    *(one_of(_TYPE, TYPES), one_of(_CHARSET, CHARSETS), one_of(_ENCODING, ENCODINGS)),
]


def mutant(seed: int) -> bytes:
    luck = random.Random(seed)  # noqa: S311 - damage, not a secret
    raw = luck.choice(MAILS)
    for _ in range(luck.randint(1, 4)):
        raw = luck.choice(MUTATIONS)(raw or b"\r\n", luck)
    return raw


def readable_lines(text: str) -> list[str]:
    return sorted(line for line in text.split("\n") if line.strip())


def assert_has_one_fate(seed: int) -> None:
    raw, start = mutant(seed), time.thread_time()
    found = message.parse(raw)
    reply, verdict = quoting.split(found.text), classify.classify(found, Facts())
    bounces.read_report(raw)
    assert time.thread_time() - start < LONGEST, seed
    assert sum(isinstance(verdict, kind) for kind in VERDICTS) == 1, seed
    assert readable_lines(found.text) == readable_lines(f"{reply.new}\n{reply.quoted}"), seed
    assert bool(reply.new.strip()) == bool(found.text.strip()), seed
    assert all(text.encode() is not None for text in (found.text, found.subject, found.sender, found.sender_name)), seed
    assert all(file.name for file in found.attachments), seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_damaged_mail_has_one_fate_and_loses_no_line(chunk):
    for seed in range(chunk, HOW_MANY, CHUNKS):
        assert_has_one_fate(seed)

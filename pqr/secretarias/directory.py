"""Who is in the directory?  Seeding it from the CSV files beside this one, and finding people in it."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.secretarias.models import ExternalBody, Secretaria, Topic
from pqr.secretarias.routing import TopicWords
from pqr.settled import kept

HERE = Path(__file__).parent
_WORDS = re.compile(r"[a-z0-9]+")


def seed_directory(session: Session) -> None:
    """Fills an empty directory. One that already has rows is the municipality's own and is left alone."""
    _seed_bodies(session)
    if session.scalar(select(Secretaria.id).limit(1)) is not None:
        return
    offices = {row["code"]: _secretaria(row) for row in _rows("secretarias.csv")}
    session.add_all(offices.values())
    session.flush()  # the topics need the offices' ids
    session.add_all(_topic(row, offices) for row in _rows("topics.csv"))


def by_code(session: Session, code: str) -> Secretaria | None:
    """The office with this code."""
    return session.scalar(select(Secretaria).where(Secretaria.code == code))


def by_address(session: Session, address: str) -> Secretaria | None:
    """The active office that writes from this address."""
    offices = session.scalars(select(Secretaria).where(Secretaria.active).order_by(Secretaria.id))
    return next((office for office in offices if address.lower() in office.addresses), None)


def office_addresses(session: Session) -> frozenset[str]:
    """Every address from which an active office writes."""
    lent: Directory | None = session.info.get(_LENT)
    if lent is not None:
        return lent.addresses
    offices = session.scalars(select(Secretaria).where(Secretaria.active))
    return frozenset().union(*(office.addresses for office in offices))


def active_secretarias(session: Session) -> Sequence[Secretaria]:
    """Offices to which a petition can be assigned: the municipality's own, by name."""
    return session.scalars(
        select(Secretaria).where(Secretaria.active, ~Secretaria.external).order_by(Secretaria.name)
    ).all()


def active_topics(session: Session) -> Sequence[Topic]:
    """The topics offered to citizens, in the order of the seed."""
    return session.scalars(select(Topic).where(Topic.active).order_by(Topic.id)).all()


def active_bodies(session: Session) -> Sequence[ExternalBody]:
    """The other entities to which a petition can be transferred, by name."""
    return session.scalars(select(ExternalBody).where(ExternalBody.active).order_by(ExternalBody.name)).all()


def body_of(session: Session, topic: Topic) -> ExternalBody | None:
    """The entity to which this topic's petitions are transferred, where the directory has it."""
    named = select(ExternalBody).where(ExternalBody.name == topic.transfer_to, ExternalBody.active)
    return session.scalar(named) if topic.transfer_to else None


def new_code(session: Session, name: str) -> str:
    """A code for a new office, made of its name and nobody's yet: "oficina_de_turismo"."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    code = "_".join(_WORDS.findall(plain))[:36].strip("_") or "dependencia"
    taken = set(session.scalars(select(Secretaria.code)))
    return next(each for each in chain((code,), (f"{code}_{n}" for n in count(2))) if each not in taken)


def topic_words(session: Session) -> tuple[TopicWords, ...]:
    """The active topics as the routing rule reads them."""
    lent: Directory | None = session.info.get(_LENT)
    if lent is not None:
        return lent.topics
    return kept(session, "topic words", _read_topics)


def _read_topics(session: Session) -> tuple[TopicWords, ...]:
    rows = session.execute(
        select(Topic.id, Topic.secretaria_id, Topic.transfer_to, Topic.keywords).where(Topic.active).order_by(Topic.id)
    )
    return tuple(TopicWords(*row[:3], keywords=split_keywords(row.keywords)) for row in rows)


def office_names(session: Session) -> Mapping[str, str]:
    """Of every office there ever was, by its code."""
    return kept(session, "office names", _read_names)


def _read_names(session: Session) -> Mapping[str, str]:
    return {row.code: row.name for row in session.execute(select(Secretaria.code, Secretaria.name))}


@dataclass(frozen=True)
class Directory:
    """What every filing asks of the directory, as it stood at one moment."""

    topics: tuple[TopicWords, ...]
    addresses: frozenset[str]


_LENT = "pqr_directory"


def read_directory(session: Session) -> Directory:
    """As it stands now."""
    return Directory(topic_words(session), office_addresses(session))


def lend(session: Session, directory: Directory) -> None:
    """Lets the acts of this session use what was read a moment ago: a door that files many does not read it anew."""
    session.info[_LENT] = directory


@lru_cache(maxsize=500)
def split_keywords(keywords: str) -> tuple[str, ...]:
    """The words and expressions of a topic, as its row keeps them: a semicolon between."""
    return tuple(word.strip() for word in keywords.split(";") if word.strip())


def _seed_bodies(session: Session) -> None:
    if session.scalar(select(ExternalBody.id).limit(1)) is not None:
        return
    known = session.scalars(select(Topic.transfer_to).where(Topic.transfer_to != "")).all()
    names = {*known, *(row["transfer_to"] for row in _rows("topics.csv") if not known)}
    session.add_all(ExternalBody(name=name) for name in sorted(names) if name)


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _secretaria(row: dict[str, str]) -> Secretaria:
    return Secretaria(
        code=row["code"],
        name=row["name"],
        external=row["external"] == "yes",
        email=row["email"],
        duties=row["duties"],
    )


def _topic(row: dict[str, str], offices: dict[str, Secretaria]) -> Topic:
    return Topic(
        id=int(row["id"]),
        name=row["topic"],
        secretaria=offices.get(row["secretaria"]),
        transfer_to=row["transfer_to"],
        keywords=row["keywords"],
        sensitive=row["sensitive"] == "yes",
    )

"""Are the entries of one person found, joined and parted, without a word of theirs being changed?"""

import pytest

from pqr.reports.register import clean_register
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from pqr.tickets.register import Entry, decide, entries_of, likely_same, read_register, take_back
from tests.builders import NOW, filed, office_of


@pytest.fixture
def write(session, settings):
    """Somebody writes; returns the number of the entry."""
    office = office_of(session, settings, routing="desk")

    def write(identity=Identity.NAMED, **said):
        return filed(session, office, identity=identity, petitioner=PetitionerData(**said)).petitioner_id

    return write


def groups(session):
    return [{entry.name for entry in group.entries} for group in likely_same(read_register(session))]


def clean(session):
    share = clean_register(session)
    return share.numerator, share.denominator


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ana Prueba", "document_number": "1.085.123"}, {"name": "Ana P.", "document_number": "1085123"}),
        ({"name": "Ana Prueba", "email": "ana@correo.example"}, {"name": "Anita", "email": "ana@correo.example"}),
        ({"name": "José Ruiz", "phone": "300 123"}, {"name": "JOSE RUIZ", "phone": "300123", "document_number": "1"}),
    ],
)
def test_one_document_one_address_or_one_name_and_telephone_may_be_one_person(session, write, one, other):
    write(**one)
    write(**other)
    write(name="Luis Ejemplo", email="luis@correo.example")
    assert groups(session) == [{one["name"], other["name"]}]
    assert clean(session) == (1, 3)


def test_who_says_the_same_again_is_one_entry(session, write):
    numbers = [write(name="Ana Prueba", email="ana@correo.example") for _ in range(2)]
    (entry,) = read_register(session)
    assert entry.ids == tuple(numbers)
    assert clean(session) == (1, 1)


def test_the_same_name_alone_is_no_ground(session, write):
    write(name="Ana Prueba", document_number="10001")
    write(name="Ana Prueba", document_number="10002")
    assert groups(session) == []


def test_what_is_typed_for_want_of_a_document_joins_nobody(session, write):
    write(name="Ana Prueba", document_number="0")
    write(name="Luis Ejemplo", document_number="0")
    assert groups(session) == []


def test_who_asked_for_reserve_is_in_no_register(session, write):
    write(name="Ana Prueba", document_number="10001")
    write(Identity.RESERVED, name="Ana P.", document_number="10001")
    assert [entry.name for entry in read_register(session)] == ["Ana Prueba"]
    assert clean(session) == (1, 1)


@pytest.mark.parametrize("together", [True, False])
def test_a_decision_cleans_the_register_and_can_be_taken_back(session, write, together):
    first = write(name="Ana Prueba", document_number="10001")
    second = write(name="Ana P.", document_number="10001")
    decide(session, [first, second], together, "user:1", NOW)
    (group,) = likely_same(read_register(session))
    assert (group.is_decided, group.is_one) == (True, together)
    assert clean(session) == (2, 2)
    assert {entry.name for entry in group.entries} == {"Ana Prueba", "Ana P."}
    take_back(session, [first, second])
    assert clean(session) == (0, 2)


def test_a_third_spelling_asks_again(session, write):
    spellings = [write(name=name, document_number="10001") for name in ("Ana Prueba", "Ana P.")]
    decide(session, spellings, True, "user:1", NOW)
    write(name="Anita", document_number="10001")
    assert clean(session) == (0, 3)


def test_an_entry_may_join_two_groups():
    def entry(number, document="", email="", phone=""):
        return Entry((number,), "Ana", document, email, phone, None)

    entries = [
        entry(1, "10001"),
        entry(2, email="a@x.example"),
        entry(3, phone="9"),
        entry(4, "10001", "a@x.example", "9"),
    ]
    assert [sorted(group.ids) for group in likely_same(entries)] == [[1, 2, 3, 4]]


@pytest.mark.parametrize("asked", ["1085123", "1.085.123", "ANA@correo.example", "ana", "prueba niñ", "Ana Prueba"])
def test_a_person_is_found_by_document_address_or_the_beginning_of_the_names(session, write, asked):
    write(name="Ana Niño Prueba", document_number="1.085.123", email="ana@correo.example")
    write(name="Luis Ejemplo", document_number="108512", email="luis@correo.example")
    assert [entry.name for entry in entries_of(read_register(session), asked)] == ["Ana Niño Prueba"]

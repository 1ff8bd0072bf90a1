"""Can what is sealed be read by its keys alone, and does nobody's text break it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from pqr import sealing
from pqr.sealing import MARK, Sealed, seal, unseal
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity, Petitioner
from pqr.upkeep import verify
from tests.builders import filed, office_of

KEY, OTHER = "clave-de-las-pruebas-0123456789", "otra-clave-de-las-pruebas-98765"


@pytest.fixture(autouse=True)
def _keys():
    sealing.use([KEY])
    yield
    sealing.use([KEY])


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again_and_twice_looks_different(content):
    first, second = seal(content), seal(content)
    assert unseal(first) == unseal(second) == content
    assert first != second
    assert len(content) < 8 or content not in first


@given(st.binary(min_size=1, max_size=80), st.data())
def test_whoever_changes_a_single_bit_is_found_out(content, data):
    sealed = bytearray(seal(content))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert unseal(bytes(sealed)) is None
    assert unseal(bytes(sealed[: len(sealed) // 2])) is None


def test_a_new_key_in_front_seals_and_the_old_one_still_opens():
    before = seal(b"Rosalba")
    sealing.use([OTHER, KEY])
    assert unseal(before) == b"Rosalba"
    after = seal(b"Rosalba")
    sealing.use([OTHER])
    assert unseal(after) == b"Rosalba"
    assert unseal(before) is None


def test_a_thirty_megabyte_mail_is_sealed_byte_by_byte():
    mail = bytes(range(256)) * (30 * 4096)
    assert unseal(seal(mail)) == mail


def stored(session, column="name"):
    return session.scalar(text(f"SELECT {column} FROM petitioners"))  # noqa: S608 - a column's name


def test_only_who_hides_is_sealed_and_everybody_reads_the_same(session, settings):
    here, person = office_of(session, settings), PetitionerData(name="Rosalba Incógnita", email="r@correo.example")
    ticket = filed(session, here, identity=Identity.RESERVED, petitioner=person)
    session.commit()
    session.expire_all()
    assert ticket.petitioner.name == "Rosalba Incógnita"
    assert stored(session).startswith(MARK)
    assert stored(session, "phone") == ""
    session.rollback()
    named = filed(session, here, identity=Identity.NAMED, petitioner=person)
    session.commit()
    names = session.scalars(text(f"SELECT name FROM petitioners WHERE id = {named.petitioner_id}")).all()  # noqa: S608
    assert names == ["Rosalba Incógnita"]


def test_a_name_that_begins_like_a_seal_is_a_name(session, settings):
    here = office_of(session, settings)
    ticket = filed(session, here, petitioner=PetitionerData(name=f"{MARK}hola", email="r@correo.example"))
    session.commit()
    session.expire_all()
    assert ticket.petitioner.name == f"{MARK}hola"


def test_a_lost_key_breaks_no_page_and_the_check_says_so(session, settings):
    here = office_of(session, settings)
    ticket = filed(session, here, identity=Identity.RESERVED, petitioner=PetitionerData(name="Rosalba"))
    session.commit()
    sealing.use([OTHER])
    session.expire_all()
    assert ticket.petitioner.name == ""
    assert any(f"{ticket.radicado}: los datos" in finding for finding in verify(session, here))
    sealing.use([KEY])
    session.expire_all()
    assert ticket.petitioner.name == "Rosalba"
    assert not list(verify(session, here))


def test_the_database_finds_nobody_by_what_is_sealed(session, settings):
    here, person = (
        office_of(session, settings),
        PetitionerData(name="Rosalba", document_number="1087", email="r@x.example"),
    )
    filed(session, here, identity=Identity.RESERVED, petitioner=person)
    session.commit()
    for value in ("1087", Sealed("1087")):
        assert session.query(Petitioner).where(Petitioner.document_number == value).count() == 0

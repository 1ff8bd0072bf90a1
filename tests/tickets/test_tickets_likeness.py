"""Are petitions that ask the same found, and nobody compared who asked not to be?"""

from datetime import timedelta

import pytest

from pqr.secretarias.directory import by_code
from pqr.tickets.filing import PetitionerData
from pqr.tickets.likeness import SHOWN, likely_duplicates, others_of_the_person
from pqr.tickets.models import Identity
from pqr.tickets.search import Reach
from tests.builders import NOW, WATER, assigned, filed, office_of

ALL = Reach()
LUIS = PetitionerData(name="Luis Ejemplo", email="luis@correo.example", document_number="98.765.432")
ROAD = ("Hueco en la carretera", "Frente a la escuela de San Mateo hay un hueco enorme donde ya cayó un bus.")
NEARLY = "Desde hace dos semanas no llega agua a mi vereda, parece que hay un tubo roto del acueducto."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, routing="desk")


def found(session, ticket, reach=ALL, by_person=True):
    return {like.radicado: like.percent for like in likely_duplicates(session, ticket, reach, by_person)}


def test_the_same_words_of_another_person_are_a_likely_duplicate(session, here):
    first, road = filed(session, here), filed(session, here, subject=ROAD[0], body=ROAD[1])
    again = filed(session, here, petitioner=LUIS)
    assert found(session, again) == {first.radicado: 100}
    assert found(session, road) == {}


def test_other_words_for_the_same_are_found_with_their_share(session, here):
    first = filed(session, here)
    nearly = filed(session, here, subject=WATER[0], body=NEARLY, petitioner=LUIS)
    assert 60 <= found(session, nearly)[first.radicado] < 100


def test_the_same_person_makes_it_likelier_for_whoever_may_know(session, here):
    first, again = filed(session, here), filed(session, here, body=NEARLY)
    known, unknown = found(session, again)[first.radicado], found(session, again, by_person=False)[first.radicado]
    assert known > unknown


def test_another_matter_of_the_same_person_is_no_duplicate(session, here):
    filed(session, here)
    assert found(session, filed(session, here, subject=ROAD[0], body=ROAD[1])) == {}


def test_what_is_older_than_ninety_days_is_another_matter(session, here):
    filed(session, here, now=NOW - timedelta(days=100))
    assert found(session, filed(session, here)) == {}


def test_at_most_five_are_shown_the_likeliest_first(session, here):
    for _ in range(SHOWN + 2):
        filed(session, here, petitioner=LUIS)
    ticket = filed(session, here, body=NEARLY)
    percents = [like.percent for like in likely_duplicates(session, ticket, ALL, by_person=False)]
    assert len(percents) == SHOWN
    assert percents == sorted(percents, reverse=True)


def test_what_is_merged_already_is_not_proposed_again(session, here):
    main, again = filed(session, here), filed(session, here)
    again.duplicate_of_id = main.id
    session.flush()
    assert found(session, main) == found(session, again) == {}


def test_an_office_hears_only_of_its_own_cases(session, here):
    own = assigned(session, here, "planeacion")
    assigned(session, here, "hacienda")
    ticket = assigned(session, here, "planeacion", petitioner=LUIS)
    planning = Reach(by_code(session, "planeacion").id)
    assert set(found(session, ticket, planning, by_person=False)) == {own.radicado}


def test_who_asked_for_reserve_is_compared_by_words_alone(session, here):
    named = filed(session, here, petitioner=LUIS)
    hidden = filed(session, here, petitioner=LUIS, identity=Identity.RESERVED, body=NEARLY)
    with_person, without = found(session, hidden), found(session, hidden, by_person=False)
    assert with_person == without
    assert others_of_the_person(session, hidden, ALL) == []
    assert others_of_the_person(session, named, ALL) == []


def test_the_person_s_other_petitions_are_found_by_document_or_address(session, here):
    by_mail = filed(session, here, petitioner=PetitionerData(name="L. Ejemplo", email=LUIS.email))
    by_document = filed(session, here, petitioner=PetitionerData(name="Luis", document_number=LUIS.document_number))
    filed(session, here)
    ticket = filed(session, here, petitioner=LUIS)
    others = others_of_the_person(session, ticket, ALL)
    assert [other.radicado for other in others] == [by_document.radicado, by_mail.radicado]


def test_two_words_of_courtesy_resemble_nothing(session, here):
    filed(session, here, subject="Hola", body="Buenos días")
    assert found(session, filed(session, here, subject="Hola", body="Buenos días")) == {}


def test_words_that_everybody_uses_still_find_the_same_petition(session, here, monkeypatch):
    monkeypatch.setattr("pqr.tickets.likeness._COMMON", 2)
    first = filed(session, here)
    assert found(session, filed(session, here, petitioner=LUIS)) == {first.radicado: 100}

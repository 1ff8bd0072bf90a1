"""Does the directory know who writes, and does it keep what the municipality changed?"""

from sqlalchemy import func, select

from pqr.secretarias.directory import active_secretarias, by_address, by_code, seed_directory, topic_words
from pqr.secretarias.models import Secretaria, Topic


def test_the_seed_brings_every_office_and_topic(session):
    assert session.scalar(select(func.count(Secretaria.id))) == 20
    assert session.scalar(select(func.count(Topic.id))) == 69
    assert {code for code in ("atencion", "control_interno", "despacho") if by_code(session, code)} == {
        "atencion",
        "control_interno",
        "despacho",
    }


def test_every_topic_has_an_office_of_the_house_or_the_entity_it_is_transferred_to(session):
    homeless = [t.name for t in session.scalars(select(Topic)) if t.secretaria_id is None and not t.transfer_to]
    assert homeless == []


def test_seeding_again_leaves_what_the_municipality_changed(session):
    by_code(session, "agro").name = "Secretaría de Agricultura"
    session.delete(session.get(Topic, 69))
    session.flush()
    seed_directory(session)
    assert by_code(session, "agro").name == "Secretaría de Agricultura"
    assert session.get(Topic, 69) is None


def test_an_office_is_known_by_each_of_its_addresses(session):
    by_code(session, "planeacion").other_emails = "x@otro.example, Obras@otro.example ,"
    session.flush()
    for address in ("planeacion@puerres.example", "PLANEACION@Puerres.Example", "obras@otro.example"):
        assert by_address(session, address).code == "planeacion"


def test_a_stranger_is_no_office(session):
    for address in ("", "planeacion@otra.example", "laneacion@puerres.example", "@"):
        assert by_address(session, address) is None


def test_a_closed_office_no_longer_writes_nor_receives(session):
    by_code(session, "planeacion").active = False
    session.flush()
    assert by_address(session, "planeacion@puerres.example") is None
    assert "planeacion" not in {office.code for office in active_secretarias(session)}


def test_petitions_are_assigned_to_offices_of_the_house_only(session):
    assert not {"personeria", "concejo", "ese"} & {office.code for office in active_secretarias(session)}


def test_a_topic_that_was_switched_off_no_longer_routes(session):
    session.get(Topic, 50).active = False
    session.flush()
    assert 50 not in {topic.topic_id for topic in topic_words(session)}

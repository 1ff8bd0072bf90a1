"""Do more than ten persons who ask the same get one answer, each their own letter, and does it give nobody away?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed, AlreadyAnswered, NotUnderstood
from pqr.secretarias.directory import by_code
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.grouping import (
    Entrusting,
    Founding,
    GroupReply,
    Membership,
    Printing,
    answer_group,
    entrust,
    found,
    join,
    leave,
    note_printing,
    waiting_members,
)
from pqr.tickets.headcount import persons
from pqr.tickets.merging import Merge, merge
from pqr.tickets.models import Identity, Petitioner, Ticket
from pqr.upkeep import verify
from tests.builders import at, filed, letters_of, office_of

THEN = at("2026-03-10 16:00")
TITLE, TEXT = "Cuándo se arregla el acueducto", "El tubo se cambia el lunes.\n\nEl agua vuelve el martes."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, routing="desk", base_url="https://pqr.puerres.example")


def neighbour(number):
    return PetitionerData(f"Vecina{number} Prueba", f"v{number}@correo.example", document_number=f"10{number:06d}")


def asked(session, here, number, **more):
    return filed(session, here, **{"kind": "informacion", "petitioner": neighbour(number)} | more)


def grouped(session, here, how_many=11):
    tickets = [asked(session, here, number) for number in range(how_many)]
    group = found(session, Founding(tickets[0], TITLE, "user:1"), here, THEN)
    for ticket in tickets[1:]:
        join(session, Membership(group, ticket, "user:1"), here, THEN)
    session.flush()
    return group, tickets


def person(name="", email="", number="", identity=Identity.NAMED):
    return Ticket(identity=identity, petitioner=Petitioner(name=name, email=email, document_number=number))


@pytest.mark.parametrize(
    ("tickets", "how_many"),
    [
        ([person("Ana", "a@x.test", "1.085"), person("Ana P.", "b@x.test", "1085")], 1),
        ([person("Ana", "casa@x.test", "11"), person("Luis", "casa@x.test", "22")], 2),
        ([person("Ana", "a@x.test"), person("Ana Prueba", "a@x.test")], 1),
        ([person("Ana", "a@x.test"), person("Ana", "a@x.test", "11")], 1),
        ([person("Ana"), person("ANA")], 1),
        ([person("Ana"), person("Luis")], 2),
        ([person("Ana", "a@x.test", "11"), person("Ana", "a@x.test", "11", Identity.RESERVED)], 2),
        ([Ticket(identity=Identity.ANONYMOUS), Ticket(identity=Identity.ANONYMOUS)], 2),
        ([], 0),
    ],
    ids=["one document", "two of a house", "one address", "document added", "one name", "two names", "reserved",
         "anonymous", "nobody"],
)  # fmt: skip
def test_two_petitions_of_a_person_count_once_and_who_is_hidden_is_compared_with_nobody(tickets, how_many):
    assert persons(tickets) == how_many


def test_eleven_persons_get_one_answer_each_with_its_number_and_letter_and_it_is_published(session, here):
    group, tickets = grouped(session, here)
    answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    session.flush()
    assert {ticket.state for ticket in tickets} == {"answered"}
    assert len({ticket.answer.radicado for ticket in tickets}) == 11
    letters = letters_of(session, "answer")
    assert [letter.recipient for letter in letters] == [f"v{number}@correo.example" for number in range(11)]
    assert all("https://pqr.puerres.example/respuestas/1" in letter.text for letter in letters)
    assert (group.text, group.persons, group.answered_at) == (TEXT, 11, THEN)
    assert [event.kind for event in history(session, tickets[3].id)][-3:] == ["grouped", "answered", "published"]
    assert list(verify(session, here)) == []
    with pytest.raises(AlreadyAnswered):
        answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)


def test_ten_persons_are_too_few_however_often_they_ask(session, here):
    group, _ = grouped(session, here, 10)
    join(session, Membership(group, asked(session, here, 3), "user:1"), here, THEN)
    with pytest.raises(ActNotAllowed, match=r"10 personas distintas.*CPACA, art\. 22"):
        answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    assert letters_of(session, "answer") == []


def test_only_what_the_article_names_and_what_waits_may_join(session, here):
    group, (first, *_) = grouped(session, here, 2)
    claim, answered, twin = asked(session, here, 5, kind="reclamo"), asked(session, here, 6), asked(session, here, 7)
    record_answer(session, Reply(answered, "Ya.", "user:1", final=True), here, THEN)
    merge(session, Merge(twin, asked(session, here, 8), "Lo mismo", "user:1"), here, THEN)
    for ticket, why in (
        (claim, r"reclamo.*CPACA, art\. 22"), (answered, "ya no espera"), (twin, "unida a otra"), (first, "ya está"),
    ):  # fmt: skip
        with pytest.raises(ActNotAllowed, match=why):
            join(session, Membership(group, ticket, "user:1"), here, THEN)


def test_one_that_became_another_kind_stops_the_answer(session, here):
    group, tickets = grouped(session, here)
    tickets[4].kind = "queja"
    with pytest.raises(ActNotAllowed, match=r"queja.*CPACA, art\. 22"):
        answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)


def test_one_leaves_to_be_answered_by_itself_until_the_group_is_answered(session, here):
    group, tickets = grouped(session, here, 12)
    due_on = tickets[0].due_on
    leave(session, Membership(group, tickets[0], "user:1", "Pregunta otra cosa"), THEN)
    session.flush()
    assert (tickets[0].group_id, tickets[0].state, tickets[0].due_on) == (None, "filed", due_on)
    record_answer(session, Reply(tickets[0], "A usted, el jueves.", "user:1", final=True), here, THEN)
    answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    with pytest.raises(AlreadyAnswered):
        leave(session, Membership(group, tickets[1], "user:1", "Tarde"), THEN)
    assert tickets[0].answer.text == "A usted, el jueves."


def test_one_office_answers_all_and_what_joins_later_goes_there_too(session, here):
    group, tickets = grouped(session, here, 3)
    health = by_code(session, "salud")
    entrust(session, Entrusting(group, health, "user:1"), here, THEN)
    late = asked(session, here, 9)
    join(session, Membership(group, late, "user:1"), here, THEN)
    assert {ticket.secretaria for ticket in (*tickets, late)} == {health}
    assert len(letters_of(session, "assignment")) == 4


@pytest.mark.parametrize("told", ["Vecina3", "10000004", "v5@correo.example", "2026-E-000002"])
def test_what_seems_to_say_who_somebody_is_must_be_read_again(session, here, told):
    group, tickets = grouped(session, here)
    text = f"{TEXT} Como pidió {told}."
    with pytest.raises(NotUnderstood, match=told.split("@")[0]):
        answer_group(session, GroupReply(group, text, "user:1"), here, THEN)
    assert tickets[0].answer is None
    answer_group(session, GroupReply(group, text, "user:1", names_nobody=True), here, THEN)
    assert tickets[0].answer.text == text


def test_the_newspaper_is_noted_afterwards_with_a_day_that_can_be(session, here):
    group, tickets = grouped(session, here)
    day = date(2026, 3, 11)
    with pytest.raises(ActNotAllowed, match="no tiene respuesta"):
        note_printing(session, Printing(group, "Diario de Prueba", day, "user:1"), THEN)
    answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    for wrong in (date(2026, 3, 9), date(2026, 3, 13)):
        with pytest.raises(ActNotAllowed, match="Revise el día"):
            note_printing(session, Printing(group, "Diario de Prueba", wrong, "user:1"), at("2026-03-12 09:00"))
    note_printing(session, Printing(group, "Diario de Prueba", day, "user:1"), at("2026-03-12 09:00"))
    told = history(session, tickets[0].id)[-1]
    assert (told.kind, told.data["newspaper"], told.data["on"]) == ("printed", "Diario de Prueba", "2026-03-11")
    assert waiting_members(session, group) == []

"""Is each petitioner of one matter answered, in time, and never shown to the other?"""

from dataclasses import replace

import pytest

from pqr.errors import ActNotAllowed
from pqr.mail.outbox import LetterState
from pqr.reports.queries import reception_counts
from pqr.secretarias.directory import by_code
from pqr.tickets import files
from pqr.tickets.answering import Reply, answer_or_complete, record_answer
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.communicating import letter_left
from pqr.tickets.events import first_broken, history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.merging import Merge, Separation, merge, unmerge
from pqr.tickets.models import Identity
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, assigned, at, filed, letters_of, office_of

LATER = at("2026-03-04 09:00")
LUIS = PetitionerData(name="Luis Ejemplo", email="luis@correo.example", document_number="98765432")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def main(session, here):
    return assigned(session, here)


@pytest.fixture
def other(session, here):
    """The same matter by another person, still on the desk."""
    return filed(session, replace(here, routing="desk"), petitioner=LUIS)


def join(session, here, ticket, into):
    done = merge(session, Merge(ticket, into, "Piden lo mismo", "user:1"), here, LATER)
    session.flush()
    return done


def answered(session, here, ticket, text="Mañana va la cuadrilla.", **given):
    return record_answer(session, Reply(ticket, text, "secretaria:planeacion", **given), here, LATER)


def test_a_merged_petition_keeps_its_number_its_state_and_its_term(session, here, main, other):
    before = (other.radicado, other.state, other.due_on, other.secretaria_id)
    assert join(session, here, other, main) is main
    assert (other.radicado, other.state, other.due_on, other.secretaria_id) == before
    assert other.duplicate_of_id == main.id
    assert [event.kind for event in history(session, other.id)][-1] == "merged"
    assert [event.kind for event in history(session, main.id)][-1] == "merged_into_this"
    assert first_broken(history(session, other.id)) is None
    assert first_broken(history(session, main.id)) is None


def test_the_petitioner_is_told_and_learns_nothing_of_another_person(session, here, main, other):
    join(session, here, other, main)
    (letter,) = letters_of(session, "merged")
    assert letter.recipient == LUIS.email
    for kept in (main.radicado, "Ana Prueba", CITIZEN):
        assert kept not in letter.text + letter.html + letter.subject
    assert "más de una petición" in letter.text


def test_who_filed_twice_from_one_address_is_told_the_other_number(session, here, main):
    twice = filed(session, here)
    join(session, here, twice, main)
    (letter,) = letters_of(session, "merged")
    assert f"otra petición suya, la {main.radicado}" in letter.text
    assert main.radicado in letter.html


def test_a_document_that_anybody_may_type_opens_nothing(session, here):
    known = PetitionerData(name="Ana Prueba", email=CITIZEN, document_number="1085123456")
    main = filed(session, here, petitioner=known)
    posing = filed(session, here, petitioner=replace(known, email="otra@correo.example"))
    join(session, here, posing, main)
    (letter,) = letters_of(session, "merged")
    assert main.radicado not in letter.text


def test_answering_the_main_one_answers_each_with_its_own_number_and_letter(session, here, main, other):
    join(session, here, other, main)
    answer = answered(session, here, main)
    own = other.answer
    assert own.text == answer.text
    assert own.radicado != answer.radicado
    assert own.secretaria_name == answer.secretaria_name == "Secretaría de Planeación"
    assert [each.recipient for each in letters_of(session, "answer")] == [CITIZEN, LUIS.email]
    to_luis = letters_of(session, "answer", other)[0]
    assert own.radicado in to_luis.text
    for kept in (main.radicado, answer.radicado, "Ana", CITIZEN):
        assert kept not in to_luis.text + to_luis.html
    assert other.state == "answered"
    to_luis.state = LetterState.SENT
    letter_left(session, to_luis, here, LATER)
    assert (other.state, other.outcome, other.days_used) == ("closed", "answered", 1)
    assert main.state == "answered"
    assert first_broken(history(session, other.id)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Señora Ana: mañana va la cuadrilla.",
        "Respuesta a la 2026-E-000001: mañana.",
        "Escribimos a ana@correo.example.",
    ],
)
def test_an_answer_that_names_the_other_person_waits_for_an_official(session, here, main, other, text):
    join(session, here, other, main)
    answered(session, here, main, text)
    assert other.answer is None
    assert other.state == "filed"
    assert letters_of(session, "answer", other) == []
    assert [event.kind for event in history(session, other.id)][-1] == "main_answered"
    answered(session, here, other, "Mañana va la cuadrilla.")
    assert other.state == "answered"


def test_files_go_to_another_person_only_by_an_official(session, here, main, other):
    plan = files.keep(b"%PDF-1.4", "plano.pdf", "", here)
    twice = filed(session, here)
    join(session, here, other, main)
    join(session, here, twice, main)
    answered(session, here, main, files=(plan,))
    assert other.answer is None
    assert twice.answer is not None
    assert "plano.pdf" in {file["name"] for file in letters_of(session, "answer", twice)[0].files}


def test_what_completes_the_answer_reaches_each_too(session, here, main, other):
    join(session, here, other, main)
    answered(session, here, main)
    answer_or_complete(session, Reply(main, "Y cambiamos la llave.", "user:1"), here, LATER)
    assert [each.recipient for each in letters_of(session, "complement")] == [CITIZEN, LUIS.email]


def test_one_without_an_address_is_answered_and_waits_for_its_delivery(session, here, main):
    paper = filed(session, here, petitioner=PetitionerData(name="Luis Ejemplo", answer_by="postal"))
    join(session, here, paper, main)
    answered(session, here, main)
    assert (paper.state, paper.answer.letter_id) == ("answered", None)


def test_a_duplicate_may_still_be_answered_by_itself(session, here, main, other):
    join(session, here, other, main)
    answered(session, here, other, "A usted le respondemos hoy.")
    answered(session, here, main)
    assert other.answer.text == "A usted le respondemos hoy."
    assert len(letters_of(session, "answer", other)) == 1


def test_the_daily_verification_finds_everything_in_order(session, here, main, other):
    twice = filed(session, here)
    join(session, here, other, main)
    join(session, here, twice, main)
    unmerge(session, Separation(twice, "Son casas distintas", "user:1"), here, LATER)
    answered(session, here, main)
    session.commit()
    assert list(verify(session, here)) == []


def test_separating_leaves_everything_as_before_and_tells_the_petitioner(session, here, main, other):
    before = (other.state, other.due_on, other.first_assigned_at, other.reception_days)
    join(session, here, other, main)
    assert other.reception_days == 1
    unmerge(session, Separation(other, "Son casas distintas", "user:1"), here, LATER)
    session.flush()
    assert other.duplicate_of_id is None
    assert (other.state, other.due_on, other.first_assigned_at, other.reception_days) == before
    assert letters_of(session, "separated")[0].recipient == LUIS.email
    assert main.radicado not in letters_of(session, "separated")[0].text
    answered(session, here, main)
    assert other.answer is None


def test_a_chain_leads_to_the_main_one(session, here, main, other):
    third = filed(session, here, petitioner=replace(LUIS, email="eva@correo.example"))
    join(session, here, other, main)
    assert join(session, here, third, other) is main


def test_what_cannot_be_answered_together_is_refused(session, here, main, other):
    reserved = filed(session, here, identity=Identity.RESERVED, petitioner=LUIS)
    done = filed(session, here)
    answered(session, here, done)
    third = filed(session, here)
    join(session, here, other, main)
    for ticket, into, why in (
        (main, main, "consigo misma"),
        (main, other, "consigo misma"),
        (other, third, "ya está unida"),
        (main, third, "están unidas a esta"),
        (third, done, "esperan respuesta"),
        (done, third, "esperan respuesta"),
        (third, reserved, "identidad reservada"),
        (reserved, third, "identidad reservada"),
    ):
        with pytest.raises(ActNotAllowed, match=why):
            join(session, here, ticket, into)
    with pytest.raises(ActNotAllowed, match="no está unida"):
        unmerge(session, Separation(third, "x", "user:1"), here, LATER)
    answered(session, here, main)
    with pytest.raises(ActNotAllowed, match="no se puede separar"):
        unmerge(session, Separation(other, "x", "user:1"), here, LATER)


def test_a_duplicate_counts_as_received_with_its_main_one(session, here, other):
    desk = replace(here, routing="desk")
    main = filed(session, desk)
    join(session, here, other, main)
    assert other.first_assigned_at is None
    assign(session, Assignment(main, by_code(session, "planeacion"), "es de vías", "user:1"), here, LATER)
    session.flush()
    counts = list(reception_counts(session, NOW.date(), NOW.date(), here))
    assert sum(count.total for count in counts) == 2
    assert sum(count.received for count in counts) == 2

"""Is a repeated petition referred only to an answer that its person may read, and where the law allows it?"""

import pytest

from pqr.errors import ActNotAllowed
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets import register
from pqr.tickets.answering import Reply, answer_or_complete, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.grouping import GroupReply, answer_group
from pqr.tickets.referring import Reference, find_answer, refer
from pqr.tickets.ruling import Ruling
from pqr.upkeep import verify
from tests.builders import assigned, at, filed, letters_of, office_of
from tests.tickets.test_tickets_grouping import TEXT, grouped
from tests.tickets.test_tickets_letters import check

THEN = at("2026-03-10 16:00")
WHY = "Es la misma fuga del tubo de la vereda."
LUIS = PetitionerData("Luis Ejemplo", "luis@correo.example", document_number="98765432")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def answered(session, here, text="La cuadrilla va el lunes.", told=True, **more):
    ticket, ruling = assigned(session, here, **more), Ruling(more.pop("outcome", AnswerOutcome.INFORMED))
    record_answer(session, Reply(ticket, text, "user:1", final=True, ruling=ruling), here, THEN)
    if told:
        communicate(session, ticket, "counter", "user:1", here, THEN)
    session.flush()
    return ticket


def referring(ticket, earlier, **more):
    return Reference(**{"ticket": ticket, "earlier": earlier.answer, "reason": WHY, "actor": "user:1", "lapses": True,
                        "unmended": True} | more)  # fmt: skip


def test_who_repeats_what_was_answered_gets_that_answer_again_and_the_case_is_closed(session, here):
    first, again = answered(session, here), assigned(session, here)
    answer_or_complete(session, Reply(first, "Y se pinta el martes.", "user:1", final=True), here, THEN)
    refer(session, referring(again, first), here, THEN)
    session.flush()
    assert (again.state, again.outcome, again.closed_at) == ("closed", "by_reference", THEN)
    (letter,) = letters_of(session, "answered_by_reference")
    for told in (WHY, "La cuadrilla va el lunes.", "Y se pinta el martes.", "2026-S-000001", first.radicado):
        assert told in letter.text
    event = history(session, again.id)[-1]
    assert (event.kind, event.data["answer"], event.data["radicado"]) == (
        "answered_by_reference", "2026-S-000001", "2026-S-000003",
    )  # fmt: skip
    assert list(verify(session, here)) == []


def test_the_answer_to_somebody_else_is_not_told(session, here):
    first = answered(session, here)
    same_number = PetitionerData("Otra", "otra@correo.example", document_number="98765432")
    for who in (LUIS, same_number):
        other = assigned(session, here, petitioner=who)
        with pytest.raises(ActNotAllowed, match="es de otra persona"):
            refer(session, referring(other, first), here, THEN)
        assert (other.state, letters_of(session, "answered_by_reference")) == ("assigned", [])


def test_whom_an_official_joined_in_the_register_is_one_person(session, here):
    first = answered(session, here, petitioner=LUIS)
    again = assigned(session, here, petitioner=PetitionerData("Luis Ejemplo", "", document_number="98.765.432"))
    register.decide(session, [first.petitioner_id, again.petitioner_id], True, "user:1", THEN)
    session.flush()
    refer(session, referring(again, first), here, THEN)
    assert again.outcome == "by_reference"


@pytest.mark.parametrize("hidden", [{"identity": "reserved"}, {"identity": "anonymous"}])
def test_of_who_is_hidden_nobody_learns_what_else_they_asked(session, here, hidden):
    named, kept = answered(session, here), answered(session, here, **hidden)
    for ticket, earlier in ((assigned(session, here, **hidden), named), (assigned(session, here), kept)):
        with pytest.raises(ActNotAllowed, match="es de otra persona, o no consta"):
            refer(session, referring(ticket, earlier), here, THEN)


def test_a_published_answer_serves_anybody_and_tells_nobody_s_number(session, here):
    group, tickets = grouped(session, here)
    answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    session.flush()
    for identity in ("named", "reserved"):
        other = assigned(session, here, petitioner=LUIS, identity=identity)
        refer(session, referring(other, tickets[4]), here, THEN)
        letter = letters_of(session, "answered_by_reference", other)[0]
        assert TEXT in letter.text
        assert "https://pqr.puerres.example/respuestas/1" in letter.text
        assert tickets[4].answer.radicado not in letter.text + letter.html
        assert tickets[4].radicado not in letter.text + letter.html


def test_it_must_be_confirmed_that_the_law_allows_it(session, here):
    first, again = answered(session, here), assigned(session, here)
    for missing in ("lapses", "unmended"):
        with pytest.raises(ActNotAllowed, match=r"imprescriptible.*CPACA, art\. 19"):
            refer(session, referring(again, first, **{missing: False}), here, THEN)


def test_only_an_answer_that_the_person_has_can_be_referred_to(session, here):
    waiting, again = answered(session, here, told=False), assigned(session, here)
    with pytest.raises(ActNotAllowed, match="todavía no se ha comunicado"):
        refer(session, referring(again, waiting), here, THEN)
    done = answered(session, here)
    with pytest.raises(ActNotAllowed, match="No se puede remitirla"):
        refer(session, referring(done, done), here, THEN)


def test_what_silence_gave_is_not_denied_again_by_referring(session, here):
    ruling = Ruling(AnswerOutcome.DENIED)
    first, again = (assigned(session, here, kind="informacion") for _ in range(2))
    record_answer(session, Reply(first, "No.", "user:1", final=True, ruling=ruling), here, THEN)
    communicate(session, first, "counter", "user:1", here, THEN)
    with pytest.raises(ActNotAllowed, match="se entiende aceptado"):
        refer(session, referring(again, first), here, at("2026-04-10 09:00"))
    refer(session, referring(again, first), here, THEN)


def test_an_answer_is_found_by_its_own_number_or_by_that_of_its_petition(session, here):
    first = answered(session, here)
    answer_or_complete(session, Reply(first, "Algo más.", "user:1", final=True), here, THEN)
    session.flush()
    for typed in ("2026-s-1", "2026-S-000002", f"el {first.radicado}"):
        assert find_answer(session, typed) is first.answer
    for typed in ("2026-S-000009", filed(session, here).radicado, "ninguno"):
        assert find_answer(session, typed) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_letters_to_who_asked_the_same_read_as_they_were_agreed(session, here):
    first, again = answered(session, here), assigned(session, here)
    refer(session, referring(again, first), here, THEN)
    group, _ = grouped(session, here)
    answer_group(session, GroupReply(group, TEXT, "user:1"), here, THEN)
    missing = []
    for letter, name in (
        (letters_of(session, "answered_by_reference")[0], "answered_by_reference"),
        (letters_of(session, "answer")[-1], "answer_of_group"),
    ):
        try:
            check(letter, name)
        except pytest.fail.Exception as told:
            missing.append(str(told))
        assert "{{" not in letter.html
    assert missing == []

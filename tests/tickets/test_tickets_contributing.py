"""May a second office help with a case without getting it, its term or its petitioner into its hands?"""

from dataclasses import replace
from datetime import date

import pytest

from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.mail.addresses import Action, read
from pqr.secretarias.directory import by_code
from pqr.terms.calendar import BOGOTA
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.contributing import Asking, Gift, ask_office, cancel, contribute
from pqr.tickets.contributions import contributions_of
from pqr.tickets.events import history
from pqr.tickets.internal_dates import is_allowed, proposed
from pqr.tickets.models import Identity
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, WATER, assigned, letters_of, office_of

TODAY = NOW.astimezone(BOGOTA).date()  # Tuesday 3 March
BY = date(2026, 3, 10)
QUESTION = "¿Hay redes de energía en ese tramo?"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def asked(session, here, ticket, code="salud", **changes):
    asking = Asking(ticket, by_code(session, code), QUESTION, BY, ticket.secretaria, "user:1")
    return ask_office(session, replace(asking, **changes), here, NOW)


@pytest.mark.parametrize(
    ("due_on", "day"),
    [
        (date(2026, 3, 25), date(2026, 3, 10)),  # five business days
        (date(2026, 3, 10), date(2026, 3, 5)),  # five are left: two of them, and three to answer
        (date(2026, 3, 5), date(2026, 3, 4)),  # two are left
        (date(2026, 3, 4), date(2026, 3, 4)),
        (TODAY, TODAY),
        (date(2026, 2, 20), date(2026, 3, 4)),  # overdue: the next business day
    ],
)
def test_the_day_that_is_proposed_leaves_time_to_answer(here, due_on, day):
    assert proposed(TODAY, due_on, here.calendar) == day
    assert is_allowed(day, TODAY, due_on, here.calendar)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 7), date(2026, 3, 26)])
def test_a_day_past_or_not_worked_or_after_the_case_s_own_is_refused(session, here, day):
    ticket = assigned(session, here)
    with pytest.raises(ActNotAllowed, match="día hábil"):
        asked(session, here, ticket, due_on=day)
    assert not contributions_of(session, ticket)


def test_the_asked_office_gets_a_letter_with_an_address_of_its_own_and_not_the_petitioner_s_name(session, here):
    ticket = assigned(session, here)
    contribution = asked(session, here, ticket)
    (letter,) = letters_of(session, "contribution")
    signed = read(letter.reply_to, here.keys, here.mail_domain)
    assert (letter.recipient, signed.action, signed.subject_id) == (
        "salud@puerres.example", Action.CONTRIBUTE, contribution.id,
    )  # fmt: skip
    for part in (letter.text, letter.html):
        assert QUESTION in part
        assert WATER[1] in part
        assert "Ana Prueba" not in part
        assert CITIZEN not in part
    assert ticket.secretaria.code == "planeacion"
    assert ticket.state == "assigned"


@pytest.mark.parametrize("identity", [Identity.RESERVED, Identity.ANONYMOUS])
def test_of_who_kept_the_name_back_not_even_the_words_leave_by_mail(session, here, identity):
    ticket = assigned(session, here, identity=identity, place="Vereda del único vecino")
    asked(session, here, ticket)
    (letter,) = letters_of(session, "contribution")
    for private in (*WATER, "Ana Prueba", CITIZEN, "único vecino"):
        assert private not in letter.subject + letter.text + letter.html


def test_what_it_says_is_kept_and_told_to_who_has_the_case_and_the_desk_and_to_nobody_else(session, here):
    ticket = assigned(session, here)
    contribution = asked(session, here, ticket)
    photo = files.keep(b"una foto", "foto.txt", "text/plain", here)
    before = len(letters_of(session))
    contribute(session, Gift(contribution, "No hay redes.", "secretaria:salud", (photo,)), here, NOW)
    (letter,) = letters_of(session)[before:]
    assert (letter.letter, letter.recipient, letter.copies) == (
        "contribution_given", "planeacion@puerres.example", "atencion@puerres.example",
    )  # fmt: skip
    assert "No hay redes." in letter.text
    assert [file["name"] for file in letter.files] == ["foto.txt"]
    assert [file.belongs_to for file in ticket.attachments] == ["support"]
    assert [event.kind for event in history(session, ticket.id)][-2:] == ["contribution_asked", "contribution_given"]
    assert "redes" not in str([event.data for event in history(session, ticket.id)])
    session.commit()
    assert not list(verify(session, here))
    contribution.text = "Sí hay redes."
    session.commit()
    assert [finding.split(": ")[1][:9] for finding in verify(session, here)] == ["el aporte"]


def test_the_answer_carries_nothing_of_a_contribution_and_ends_those_that_are_waited_for(session, here):
    ticket = assigned(session, here)
    photo = files.keep(b"una foto", "foto.txt", "text/plain", here)
    contribute(session, Gift(asked(session, here, ticket), "Secreto.", "secretaria:salud", (photo,)), here, NOW)
    late = asked(session, here, ticket, "hacienda")
    record_answer(session, Reply(ticket, "Se arregla.", "user:1", final=True), here, NOW)
    (answer,) = letters_of(session, "answer")
    assert "Secreto" not in answer.text + answer.html
    assert [file["media_type"] for file in answer.files] == ["application/pdf"]
    assert late.cancelled_at == NOW
    (told,) = letters_of(session, "contribution_cancelled")
    assert (told.recipient, told.reply_to) == ("hacienda@puerres.example", "")
    with pytest.raises(ActNotAllowed, match="ya no hace falta"):
        contribute(session, Gift(late, "Tarde.", "secretaria:hacienda"), here, NOW)


def test_asked_twice_is_two_rows_and_each_is_given_or_cancelled_once(session, here):
    ticket = assigned(session, here)
    first, second = asked(session, here, ticket), asked(session, here, ticket)
    contribute(session, Gift(first, "Uno.", "secretaria:salud"), here, NOW)
    cancel(session, second, "user:1", here, NOW)
    assert contributions_of(session, ticket) == [first, second]
    for refused in (first, second):
        with pytest.raises(ActNotAllowed):
            contribute(session, Gift(refused, "Otra vez.", "secretaria:salud"), here, NOW)
        with pytest.raises(ActNotAllowed):
            cancel(session, refused, "user:1", here, NOW)
    assert first.text == "Uno."


def test_nothing_is_asked_of_the_office_that_has_it_nor_on_what_was_answered(session, here):
    ticket = assigned(session, here)
    with pytest.raises(ActNotAllowed, match="pídale el aporte a otra"):
        asked(session, here, ticket, "planeacion")
    with pytest.raises(NotUnderstood):
        contribute(session, Gift(asked(session, here, ticket), " ", "secretaria:salud"), here, NOW)
    record_answer(session, Reply(ticket, "Se arregla.", "user:1", final=True), here, NOW)
    with pytest.raises(ActNotAllowed, match="ya se respondió"):
        asked(session, here, ticket)

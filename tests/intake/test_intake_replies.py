"""Does an office answer, return and extend by replying, and does a doubtful reply leave the case untouched?"""

from dataclasses import replace

import pytest
from obstore.exceptions import BaseError
from sqlalchemy import select

from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.inbox import Received
from pqr.mail.letters import REPLY_MARK
from pqr.secretarias.directory import by_code
from pqr.terms.spanish import long_date
from pqr.tickets import letters
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.counter import Counter
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from tests.builders import (
    CITIZEN,
    NOW,
    arrive,
    assigned,
    at,
    filed,
    letters_of,
    office_of,
    raw_mail,
    reply_from_office,
)

EXTENSION = "Días hábiles que necesita: 5\nPorque: falta la visita técnica"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, here):
    return assigned(session, here)


def quoted(letter):
    lines = "\n".join(f"> {line}" for line in letter.text.splitlines())
    return f"\n\nEl mar, 3 mar 2026 a la(s) 10:00, Alcaldía (<pqr@puerres.example>) escribió:\n{lines}\n"


def untouched(session, ticket, row):
    """The message waits; the case, its events and its letters are as before, but for a notice to the sender."""
    kinds = {event.kind for event in history(session, ticket.id)}
    assert row.verdict == "needs_human"
    assert (ticket.state, ticket.answers, ticket.messages, ticket.extension) == ("assigned", [], [], 0)
    assert kinds == {"filed", "assigned", "reassigned"}
    assert not letters_of(session, "answer") + letters_of(session, "extension") + letters_of(session, "follow_up")
    return True


def test_an_office_answers_by_replying(session, here, ticket):
    text = "Ya reparamos el tubo.\n\nAtentamente,\nPlaneación" + quoted(letters_of(session, "assignment")[-1])
    files = (("acta.txt", "text/plain", b"acta"),)
    row = arrive(session, here, reply_from_office(ticket, here, text, files=files))
    assert (row.verdict, row.ticket_id, row.reason) == ("secretaria_reply", ticket.id, "Respuesta de la dependencia.")
    (answer,) = ticket.answers
    assert answer.text == "Ya reparamos el tubo.\n\nAtentamente,\nPlaneación"
    assert (answer.radicado, answer.author, answer.inbox_id) == ("2026-S-000001", "secretaria:planeacion", row.id)
    (letter,) = letters_of(session, "answer")
    assert letter.recipient == CITIZEN
    assert [file["name"] for file in letter.files] == ["respuesta-2026-S-000001.pdf", "acta.txt"]
    assert "pqr+" not in letter.text + letter.html
    assert ticket.state == "answered"


def test_an_office_answers_from_any_of_its_addresses(session, here, ticket):
    ticket.secretaria.other_emails = "obras@puerres.example"
    session.flush()
    row = arrive(session, here, reply_from_office(ticket, here, "Listo", sender="Obras <Obras@Puerres.Example>"))
    assert (row.verdict, ticket.state) == ("secretaria_reply", "answered")


def test_an_answer_without_its_address_is_known_by_the_letter_it_answers(session, here, ticket):
    letter = letters_of(session, "assignment")[-1]
    raw = raw_mail(ticket.secretaria.email, subject="Re:", text="Listo", in_reply_to=letter.message_id)
    assert arrive(session, here, raw).verdict == "secretaria_reply"
    assert ticket.answers[0].text == "Listo"


def test_under_review_a_reply_is_a_draft(session, settings):
    here = office_of(session, settings, answer_mode="review")
    ticket = assigned(session, here)
    assert arrive(session, here, reply_from_office(ticket, here, "Listo")).verdict == "secretaria_reply"
    assert (ticket.state, ticket.answers[0].radicado) == ("assigned", None)


def test_an_office_gives_back_by_the_ready_mail(session, here, ticket):
    body = "No es competencia de esta dependencia porque: es de servicios públicos"
    row = arrive(session, here, reply_from_office(ticket, here, body, Action.RETURN))
    assert (row.verdict, ticket.state, ticket.secretaria) == ("secretaria_reply", "filed", None)
    assert history(session, ticket.id)[-1].data["reason"] == "es de servicios públicos"


def test_an_office_asks_for_more_days_by_the_ready_mail(session, here, ticket):
    row = arrive(session, here, reply_from_office(ticket, here, EXTENSION, Action.EXTEND))
    assert (row.verdict, ticket.extension) == ("secretaria_reply", 5)
    assert "falta la visita técnica" in letters_of(session, "extension")[0].text


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Necesitamos más tiempo", NOW),
        ("Días hábiles que necesita: 16\nPorque: falta la visita", NOW),
        (EXTENSION, at("2026-03-26 08:00")),
    ],
    ids=["badly written", "too long", "too late"],
)
def test_an_extension_that_cannot_be_is_refused_with_the_reason(session, here, ticket, text, when):
    row = arrive(session, here, reply_from_office(ticket, here, text, Action.EXTEND), when)
    assert untouched(session, ticket, row)
    (told,) = letters_of(session, "not_understood")
    assert told.recipient == ticket.secretaria.email
    assert row.reason in told.text


def test_an_empty_reply_is_no_answer(session, here, ticket):
    for text in (
        "",
        quoted(letters_of(session, "assignment")[-1]),
        f"{REPLY_MARK}\n\nEsta petición es para Planeación",
    ):
        assert untouched(session, ticket, arrive(session, here, reply_from_office(ticket, here, text)))


def test_words_between_the_lines_of_our_letter_are_not_sent_with_it(session, here, ticket):
    first, *rest = quoted(letters_of(session, "assignment")[-1]).splitlines()[2:]
    text = "\n".join([first, *rest[:8], "", "Esto ya se hizo el lunes.", "", *rest[8:]])
    assert untouched(session, ticket, arrive(session, here, reply_from_office(ticket, here, text)))


def test_a_second_answer_completes_the_first_and_decides_nothing_anew(session, here, ticket):
    arrive(session, here, reply_from_office(ticket, here, "Listo"))
    row = arrive(session, here, reply_from_office(ticket, here, "También se cambió la llave."))
    first, second = ticket.answers
    assert (row.verdict, row.ticket_id) == ("secretaria_reply", ticket.id)
    assert (ticket.answer, second.completes, second.text) == (first, first, "También se cambió la llave.")
    assert (len(letters_of(session, "answer")), len(letters_of(session, "complement"))) == (1, 1)
    assert session.get(Counter, (2026, "S")).last == 2


def test_an_office_asks_the_person_and_the_term_goes_on(session, here, ticket):
    due = ticket.due_on
    body = "Necesitamos que nos cuente: ¿en qué casa está el tubo?"
    row = arrive(session, here, reply_from_office(ticket, here, body, Action.ASK))
    (letter,) = letters_of(session, "question")
    assert (row.verdict, ticket.state, ticket.due_on) == ("secretaria_reply", "assigned", due)
    assert letter.recipient == CITIZEN
    assert "¿en qué casa está el tubo?" in letter.text
    assert "Necesitamos que nos cuente" not in letter.text
    back = arrive(session, here, raw_mail(CITIZEN, letter.reply_to, "Re: Una pregunta", "En la última"))
    assert (back.verdict, ticket.messages[-1].text) == ("citizen_follow_up", "En la última")


def test_a_question_to_a_person_without_mail_is_refused_in_words(session, here):
    ticket = assigned(session, here, petitioner=PetitionerData(name="Ana Prueba"))
    row = arrive(session, here, reply_from_office(ticket, here, "Necesitamos que nos cuente: ¿dónde?", Action.ASK))
    assert (row.verdict, ticket.messages) == ("needs_human", [])
    assert "no dejó correo" in letters_of(session, "not_understood")[-1].text


def test_what_the_office_ordered_is_confirmed_in_one_sentence(session, here, ticket):
    office = ticket.secretaria.email
    arrive(session, here, reply_from_office(ticket, here, EXTENSION, Action.EXTEND))
    arrive(
        session,
        here,
        reply_from_office(ticket, here, "Es de servicios públicos", Action.RETURN, reply_to="x@y.example"),
    )
    extended, returned = letters_of(session, "order_done")
    assert [letter.recipient for letter in (extended, returned)] == [office, office]
    assert f"ahora vence el {long_date(ticket.due_on)}" in extended.text
    assert "volvió a atención al usuario" in returned.text
    assert extended.headers["Auto-Submitted"] == "auto-replied"


def test_a_stranger_with_the_office_s_address_changes_nothing(session, here, ticket):
    for action in (Action.ANSWER, Action.RETURN, Action.EXTEND):
        raw = reply_from_office(ticket, here, EXTENSION, action, sender="otro@correo.example")
        assert untouched(session, ticket, arrive(session, here, raw))
    assert len(letters_of(session, "not_understood")) == 1


def test_another_office_with_the_forwarded_letter_changes_nothing(session, here, ticket):
    raw = reply_from_office(ticket, here, "Eso es nuestro", sender="hacienda@puerres.example")
    assert untouched(session, ticket, arrive(session, here, raw))


def test_the_office_that_had_it_before_cannot_answer_it_any_more(session, here, ticket):
    before = ticket.secretaria.email
    assign(session, Assignment(ticket, by_code(session, "servicios"), "es suyo", "user:1"), here, NOW)
    for action in (Action.ANSWER, Action.RETURN, Action.EXTEND):
        raw = reply_from_office(ticket, here, EXTENSION, action, sender=before)
        assert untouched(session, ticket, arrive(session, here, raw))
    assert ticket.secretaria.code == "servicios"


def test_an_office_that_writes_without_a_case_waits(session, here, ticket):
    row = arrive(session, here, raw_mail(ticket.secretaria.email, subject="Informe", text="Adjunto informe"))
    assert (row.verdict, row.ticket_id) == ("needs_human", None)


def test_an_office_that_only_names_the_number_is_told_how_to_answer(session, here, ticket):
    row = arrive(session, here, raw_mail(ticket.secretaria.email, subject=f"Caso {ticket.radicado}", text="Listo"))
    assert untouched(session, ticket, row)
    (told,) = letters_of(session, "not_understood")
    assert "responda el correo con el que se le asignó" in told.text


def test_a_reply_to_two_cases_at_once_waits(session, here, ticket):
    other = assigned(session, here)
    to = ", ".join(letters.signed(each, Action.ANSWER, here) for each in (ticket, other))
    row = arrive(session, here, raw_mail(ticket.secretaria.email, to, "Re:", "Listo"))
    assert untouched(session, ticket, row)
    assert other.state == "assigned"


def test_a_reply_that_answers_and_returns_at_once_waits(session, here, ticket):
    to = ", ".join(letters.signed(ticket, action, here) for action in (Action.ANSWER, Action.RETURN))
    assert untouched(session, ticket, arrive(session, here, raw_mail(ticket.secretaria.email, to, "Re:", "Listo")))


def test_the_same_address_in_the_letter_and_on_its_envelope_is_one(session, here, ticket):
    to = letters.signed(ticket, Action.ANSWER, here)
    row = arrive(session, here, reply_from_office(ticket, here, "Listo"), to=(to.upper(),))
    assert row.verdict == "secretaria_reply"


def test_a_reply_that_came_to_a_hidden_address_finds_its_case(session, here, ticket):
    to = letters.signed(ticket, Action.ANSWER, here)
    raw = raw_mail(ticket.secretaria.email, "lista-oculta@puerres.example", "Re:", "Listo")
    assert arrive(session, here, raw, to=(to,)).ticket_id == ticket.id


def test_an_office_that_is_out_answers_nothing(session, here, ticket):
    raw = reply_from_office(ticket, here, "Estoy de vacaciones", auto_submitted="auto-replied")
    assert arrive(session, here, raw).verdict == "ignored"
    assert ticket.state == "assigned"


def test_an_answer_with_pictures_of_a_telephone_leaves(session, here, ticket):
    assert arrive(session, here, reply_from_office(ticket, here, "Con gusto 👍")).verdict == "secretaria_reply"


def test_an_office_ends_its_digest_by_mail(session, here):
    office = by_code(session, "planeacion")
    to = sign(SignedAddress(Action.UNSUBSCRIBE, office.id), here.keys[0], here.mail_domain)
    stranger = arrive(session, here, raw_mail("otro@correo.example", to, "Baja", "."))
    assert (stranger.verdict, office.wants_digest) == ("needs_human", True)
    row = arrive(session, here, raw_mail(office.email, to, "Baja"))
    assert (row.verdict, office.wants_digest) == ("secretaria_reply", False)


def test_a_petition_on_the_desk_is_not_answered_by_mail(session, here):
    ticket = filed(session, here, kind="queja")
    row = arrive(session, here, reply_from_office(ticket, here, "Listo", sender="planeacion@puerres.example"))
    assert (row.verdict, ticket.state) == ("needs_human", "filed")


def test_a_failure_in_the_middle_of_an_answer_leaves_nothing_behind(session, here, ticket):
    stored, _ = inbox.store(session, Received(reply_from_office(ticket, here, "Listo")), NOW)
    session.commit()
    prepared = prepare(stored.raw, here)
    broken = office_of_nowhere(here)
    with pytest.raises(BaseError):
        process(session, stored.id, prepared, broken, NOW)
    session.rollback()
    session.expire_all()
    assert (stored.verdict, ticket.state, ticket.answers) == ("", "assigned", [])
    assert session.scalar(select(Counter.last).where(Counter.series == "S")) is None
    assert not letters_of(session, "answer")
    assert process(session, stored.id, prepared, here, NOW).verdict == "secretaria_reply"


def office_of_nowhere(here):
    """An office whose file store cannot be opened: the answer's paper has nowhere to go."""
    return replace(here, files_url="nowhere://")

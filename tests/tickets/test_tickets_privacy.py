"""Does any letter tell an office who hides, or more of anybody than the answer needs?"""

import pytest

from pqr.secretarias.directory import by_code
from pqr.terms.kinds import TicketKind
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.documents import answer_pdf
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Identity
from tests.builders import NOW, arrive, filed, letters_of, office_of, raw_mail

PERSON = PetitionerData(
    name="Rosalba Incógnita",
    email="rosalba@correo.example",
    document_type="CC",
    document_number="1087654321",
    phone="3151234567",
    address="Vereda Maicira casa 7",
    municipality="Iles",
)
SECRETS = ("Rosalba", "Incógnita", "rosalba@correo.example", "1087654321", "3151234567", "Maicira", "Iles")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def whole_life(session, here, identity):
    """Filed, assigned, extended, followed up and answered."""
    ticket = filed(session, here, identity=identity, petitioner=PERSON)
    assign(session, Assignment(ticket, by_code(session, "planeacion"), "es de vías", "user:1"), here, NOW)
    extend_term(session, Extension(ticket, 3, "falta la visita", "secretaria:planeacion"), here, NOW)
    add_message(session, FollowUp(ticket, "Sigue sin agua", "citizen"), here, NOW)
    record_answer(session, Reply(ticket, "Ya se reparó.", "secretaria:planeacion"), here, NOW)
    session.flush()
    return ticket


def told(letter):
    return "\n".join(
        (letter.subject, letter.text, letter.html, repr(letter.headers), repr(letter.files), letter.copies)
    )


@pytest.mark.parametrize("identity", [Identity.RESERVED, Identity.ANONYMOUS])
def test_no_letter_names_who_asked_to_remain_unknown(session, here, identity):
    whole_life(session, here, identity)
    written = letters_of(session)
    assert {"assignment", "follow_up", "answer", "extension"} <= {letter.letter for letter in written}
    for letter in written:
        assert not [secret for secret in SECRETS if secret in told(letter)], letter.letter


def test_letters_to_the_offices_know_the_name_of_who_gave_it_and_nothing_more(session, here):
    whole_life(session, here, Identity.NAMED)
    to_offices = [letter for letter in letters_of(session) if letter.recipient.endswith("@puerres.example")]
    assert len(to_offices) >= 2
    for letter in to_offices:
        assert not [secret for secret in SECRETS[2:] if secret in told(letter)], letter.letter


def test_a_code_that_opens_the_case_goes_to_the_petitioner_only(session, here):
    ticket = whole_life(session, here, Identity.NAMED)
    code = next(
        line.split(": ")[1]
        for line in letters_of(session, "acknowledgement")[0].text.splitlines()
        if line.startswith("Código")
    )
    holders = {letter.recipient for letter in letters_of(session, ticket=ticket) if code in told(letter)}
    assert holders == {PERSON.email}


def test_a_reserved_identity_stays_on_the_desk_until_a_person_sends_it(session, here):
    ticket = filed(session, here, identity=Identity.RESERVED, petitioner=PERSON, topic_id=50)
    assert ticket.secretaria is None
    assert [letter.recipient for letter in letters_of(session)] == [PERSON.email]


def test_an_answer_to_a_reserved_petitioner_carries_no_name_in_its_paper(session, here):
    ticket = whole_life(session, here, Identity.RESERVED)
    twin = whole_life(session, here, Identity.NAMED)
    ticket.answers[0].radicado = twin.answers[0].radicado
    assert answer_pdf(ticket.answers[0], here, NOW) != answer_pdf(twin.answers[0], here, NOW)
    ticket.petitioner.name = "Otra Persona"
    first = answer_pdf(ticket.answers[0], here, NOW)
    ticket.petitioner.name = PERSON.name
    assert answer_pdf(ticket.answers[0], here, NOW) == first


def test_a_reserved_petitioner_who_signs_a_mail_is_not_given_away_by_the_signature(session, here):
    ticket = filed(session, here, identity=Identity.RESERVED, petitioner=PERSON, kind=TicketKind.DENUNCIA)
    assign(session, Assignment(ticket, by_code(session, "planeacion"), "es de vías", "user:1"), here, NOW)
    session.flush()
    to = letters_of(session, "acknowledgement")[0].reply_to
    text = "Sigue igual.\n\n-- \nRosalba Incógnita\nCel. 3151234567\n"
    row = arrive(session, here, raw_mail(f"Rosalba Incógnita <{PERSON.email}>", to, "Re: mi caso", text))
    assert row.verdict == "citizen_follow_up"
    (forwarded,) = letters_of(session, "follow_up")
    assert "Sigue igual." in forwarded.text
    assert not [secret for secret in SECRETS if secret in told(forwarded)]

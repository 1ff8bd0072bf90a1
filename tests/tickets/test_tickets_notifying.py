"""Does a decision go the lawful way, with letters as agreed, and is what was said wrong put right?"""

import subprocess
from datetime import date

import pytest

from pqr.about import About
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.publishing.avisos import Publication, publish
from pqr.publishing.showing import aviso_pdf
from pqr.terms.notifying import AnswerOutcome, Way
from pqr.tickets.accepting import Acceptance, accept_electronic
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import letter_left, letter_refused
from pqr.tickets.documents import citation_pdf
from pqr.tickets.events import history
from pqr.tickets.files import read
from pqr.tickets.filing import PetitionerData
from pqr.tickets.merging import Merge, merge
from pqr.tickets.reaching import reach
from pqr.tickets.ruling import Ruling, correct_ruling
from pqr.tickets.telling import Telling, tell_again
from tests.builders import CITIZEN, NOW, assigned, at, letters_of, office_of
from tests.servers import program
from tests.tickets.test_tickets_letters import check

DENIED = Ruling(AnswerOutcome.DENIED)
ACCEPTS = PetitionerData("Ana Prueba", email=CITIZEN, accepts_electronic_notification=True)
NO = "No se puede dar el subsidio: el programa es solo para viviendas sin agua."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def answered(session, here, ruling=DENIED, now=NOW, **given):
    ticket = assigned(session, here, **{"kind": "peticion_particular", **given})
    record_answer(session, Reply(ticket, NO, "user:1", final=True, ruling=ruling), here, now)
    session.flush()
    return ticket


def way(session, ticket, here, today=date(2026, 3, 3)):
    return reach(session, ticket, here, today).next.way


def test_each_letter_reads_as_it_was_agreed(session, here):
    answered(session, here, petitioner=ACCEPTS)
    cited = answered(session, here)
    tell_again(session, Telling(cited, Way.NOTICE_SENT, "user:1"), here, at("2026-03-11 09:00"))
    reserved = Ruling(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18, lit. a")
    answered(session, here, reserved, petitioner=ACCEPTS, kind="informacion")
    session.flush()
    names = {"notification": ["notification", "notification_reserved"], "citation": ["citation"]}
    for letter, snapshots in (names | {"notice_sent": ["notice_sent"]}).items():
        for found, name in zip(letters_of(session, letter), snapshots, strict=True):
            check(found, name)


def test_a_citation_says_where_the_office_is_and_when_it_is_open(session, settings):
    about = About(address="Calle 1 <2>", hours="lunes a viernes, de 8 a 12")
    answered(session, office_of(session, settings, about=about))
    (letter,) = letters_of(session, "citation")
    said = "Atención al Usuario ({}), en horario de atención (lunes a viernes, de 8 a 12), con su documento"
    assert said.format("Calle 1 <2>") in letter.text
    assert said.format("Calle 1 &lt;2&gt;") in letter.html


def test_a_citation_that_left_tells_nothing_yet_and_its_return_changes_the_way(session, here):
    ticket = answered(session, here)
    (letter,) = letters_of(session, "citation")
    letter_left(session, letter, here, NOW)
    assert ticket.state == "answered"
    assert way(session, ticket, here) == Way.CITATION
    assert reach(session, ticket, here, date(2026, 3, 3)).until == date(2026, 3, 10)
    assert way(session, ticket, here, date(2026, 3, 11)) == Way.NOTICE_SENT
    letter_refused(session, letter, NOW)
    letter.state = "bounced"
    session.flush()
    assert way(session, ticket, here) == Way.CITATION_POSTED


def test_a_paper_address_is_cited_by_post_when_the_mail_comes_back(session, here):
    ticket = answered(session, here, petitioner=PetitionerData("Ana", email=CITIZEN, address="Calle 1"))
    letters_of(session, "citation")[0].state = "bounced"
    session.flush()
    found = reach(session, ticket, here, date(2026, 3, 20))
    assert (found.next.way, found.tried) == (Way.CITATION, frozenset())
    assert tell_again(session, Telling(ticket, Way.CITATION, "user:1"), here, at("2026-03-20 09:00")) is None
    assert history(session, ticket.id)[-1].data["by_mail"] is False
    assert way(session, ticket, here, date(2026, 3, 20)) == Way.CITATION
    assert way(session, ticket, here, date(2026, 3, 31)) == Way.NOTICE_SENT


def test_what_grants_leaves_with_its_text_as_ever(session, here):
    answered(session, here, Ruling(AnswerOutcome.GRANTED))
    (letter,) = letters_of(session, "answer")
    assert NO in letter.text
    assert len(letter.files) == 1


def test_the_same_denial_is_notified_to_whoever_was_merged(session, here):
    main = assigned(session, here, kind="peticion_particular")
    other = assigned(session, here, kind="peticion_particular", petitioner=PetitionerData("Luis", email="l@c.example"))
    merge(session, Merge(other, main, "Piden lo mismo", "user:1"), here, NOW)
    record_answer(session, Reply(main, "No se puede.", "user:1", final=True, ruling=DENIED), here, NOW)
    session.flush()
    assert other.answer.outcome == "denied"
    assert len(letters_of(session, "citation")) == 2


def test_a_denial_said_afterwards_opens_the_case_again_until_it_is_notified(session, here):
    ticket = answered(session, here, ruling=None)
    assert ticket.answer.outcome == "granted"
    letter_left(session, letters_of(session, "answer")[0], here, NOW)
    assert ticket.state == "closed"
    correct_ruling(session, ticket.answer, DENIED, "user:1", at("2026-03-05 09:00"))
    assert (ticket.state, ticket.communicated_at, ticket.days_used) == ("answered", None, None)
    assert history(session, ticket.id)[-1].data["before"] == "granted"
    assert way(session, ticket, here) == Way.CITATION


def test_a_correction_that_asks_for_no_notification_changes_nothing_else(session, here):
    ticket = answered(session, here, ruling=None, kind="peticion_general")
    letter_left(session, letters_of(session, "answer")[0], here, NOW)
    correct_ruling(session, ticket.answer, DENIED, "user:1", NOW)
    assert (ticket.state, ticket.answer.outcome) == ("closed", "denied")


def test_what_silence_gave_cannot_be_denied_and_a_reserve_names_its_norm(session, here):
    late = at("2026-03-20 09:00")  # ten business days ended on the 17th
    with pytest.raises(ActNotAllowed, match=r"art\. 14, num\. 1"):
        answered(session, here, now=late, kind="informacion")
    with pytest.raises(NotUnderstood, match="norma exacta"):
        answered(session, here, Ruling(AnswerOutcome.DENIED_RESERVED), kind="informacion")


def test_the_acceptance_is_the_person_s_to_give_and_take_back(session, here):
    ticket = assigned(session, here)
    accept_electronic(session, Acceptance(ticket, True, "user:1", "por teléfono"), NOW)
    with pytest.raises(ActNotAllowed):
        accept_electronic(session, Acceptance(ticket, True, "user:1"), NOW)
    accept_electronic(session, Acceptance(ticket, False, "user:1", "en la ventanilla"), NOW)
    assert not ticket.petitioner.accepts_electronic_notification
    assert [event.kind for event in history(session, ticket.id)][-2:] == ["electronic_accepted", "electronic_revoked"]
    unreachable = assigned(session, here, petitioner=PetitionerData("Luis", phone="300"))
    with pytest.raises(ActNotAllowed, match="No dejó un correo"):
        accept_electronic(session, Acceptance(unreachable, True, "user:1", "x"), NOW)


def text_of(pdf):
    """The words of a PDF, as a reader of the page gets them."""
    tool = program("pdftotext", "poppler-utils")
    done = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_papers_say_what_the_law_orders(session, here):
    ticket = answered(session, here, petitioner=PetitionerData("Ana Prueba", address="Calle 1", municipality="Puerres"))
    letter = text_of(read(ticket.answer.pdf_sha256, here))
    assert "Qué puede hacer si no está de acuerdo" in letter
    assert "recurso de reposición" in letter
    cited = text_of(citation_pdf(ticket.answer, date(2026, 3, 10), here, NOW))
    for words in (
        "Ana Prueba",
        "Calle 1, Puerres",
        "a más tardar el martes 10 de marzo de 2026",
        ticket.answer.radicado,
    ):
        assert words in cited
    assert NO not in cited
    aviso = publish(session, Publication(ticket, "no se conoce una dirección", "user:1"), here, NOW)
    posted = text_of(aviso_pdf(aviso, here))
    for words in (
        NO,
        "Ana Prueba",
        "Se publica porque no se conoce una dirección",
        "del miércoles 4 de marzo de 2026 al martes 10 de marzo de 2026",
        "al terminar el miércoles 11 de marzo de 2026",
        "recurso de reposición",
    ):
        assert words in posted
    assert aviso_pdf(aviso, here) == aviso_pdf(aviso, here)


def test_no_paper_names_a_reserved_identity(session, here):
    person = PetitionerData("Luis Ejemplo", address="Calle 2")
    ticket = answered(session, here, identity="reserved", petitioner=person)
    aviso = publish(session, Publication(ticket, "no se conoce", "user:1"), here, NOW)
    for paper in (citation_pdf(ticket.answer, date(2026, 3, 10), here, NOW), aviso_pdf(aviso, here)):
        words = text_of(paper)
        assert "Luis" not in words
        assert "Calle 2" not in words
        assert NO not in words
    assert ticket.subject not in text_of(aviso_pdf(aviso, here))


def test_a_reserve_prints_its_norm(session, here):
    ruling = Ruling(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18, lit. a")
    words = text_of(read(answered(session, here, ruling, kind="informacion").answer.pdf_sha256, here))
    assert "Norma que reserva la información: Ley 1712 de 2014, art. 18, lit. a" in words
    assert "juez administrativo" in words

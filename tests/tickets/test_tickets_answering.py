"""Is an answer numbered, put on paper and sent, once, and never without words?"""

from datetime import timedelta

import pytest

from pqr.errors import ActNotAllowed, AlreadyAnswered, NotUnderstood
from pqr.mail.addresses import Action, read
from pqr.tickets import files
from pqr.tickets.answering import Reply, answer_or_complete, record_answer, send_answer
from pqr.tickets.communicating import communicate, letter_left, letter_refused
from pqr.tickets.documents import answer_pdf
from pqr.tickets.events import digest_of_text, history
from pqr.tickets.filing import PetitionerData
from tests.builders import CITIZEN, NOW, assigned, filed, letters_of, office_of


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def reviewing(session, settings):
    return office_of(session, settings, answer_mode="review")


def answer(session, here, ticket, text="Ya arreglamos el tubo.", **given):
    recorded = record_answer(session, Reply(ticket, text, "secretaria:planeacion", **given), here, NOW)
    session.flush()
    return recorded


def test_an_answer_gets_its_exit_number_its_paper_and_its_letter(session, here):
    ticket = assigned(session, here, message_ids=("<suyo@correo.example>",))
    recorded = answer(session, here, ticket)
    assert (recorded.radicado, recorded.secretaria_name) == ("2026-S-000001", "Secretaría de Planeación")
    assert (ticket.state, ticket.answered_at, ticket.closed_at) == ("answered", NOW, None)
    assert files.read(recorded.pdf_sha256, here) == answer_pdf(recorded, here, NOW)
    (letter,) = letters_of(session, "answer")
    assert (letter.id, letter.recipient) == (recorded.letter_id, CITIZEN)
    assert letter.files == [
        {
            "sha256": recorded.pdf_sha256,
            "name": "respuesta-2026-S-000001.pdf",
            "media_type": "application/pdf",
            "size": len(files.read(recorded.pdf_sha256, here)),
        }
    ]
    assert "Ya arreglamos el tubo." in letter.text
    assert letter.headers == {"In-Reply-To": "<suyo@correo.example>", "References": "<suyo@correo.example>"}
    signed = read(letter.reply_to, here.keys, here.mail_domain)
    assert (signed.action, signed.subject_id) == (Action.CITIZEN, ticket.id)


def test_the_record_of_the_answer_proves_its_words_and_its_paper(session, here):
    ticket = assigned(session, here)
    recorded = answer(session, here, ticket)
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor) == ("answered", "secretaria:planeacion")
    assert event.data["text_sha256"] == digest_of_text("Ya arreglamos el tubo.")
    assert event.data["pdf_sha256"] == recorded.pdf_sha256
    assert event.data["by_mail"] is True


def test_the_files_of_the_answer_travel_with_it_and_those_of_the_petition_do_not(session, here):
    asked, given = (
        files.keep(text, name, "text/plain", here) for text, name in ((b"foto", "a.txt"), (b"acta", "b.txt"))
    )
    ticket = assigned(session, here, files=(asked,))
    answer(session, here, ticket, "", files=(given,))
    (letter,) = letters_of(session, "answer")
    assert [row["name"] for row in letter.files] == ["respuesta-2026-S-000001.pdf", "b.txt"]
    assert "La respuesta está en los archivos adjuntos." in letter.text


def test_an_answer_without_a_word_or_a_file_is_none(session, here):
    ticket = assigned(session, here)
    for text in ("", "  \n\t "):
        with pytest.raises(NotUnderstood):
            answer(session, here, ticket, text)
    assert (ticket.state, ticket.answers) == ("assigned", [])


def test_a_petition_is_answered_once(session, here):
    ticket = assigned(session, here)
    answer(session, here, ticket)
    with pytest.raises(AlreadyAnswered, match=ticket.radicado):
        answer(session, here, ticket, "otra cosa")
    ticket.state = "closed"
    with pytest.raises(AlreadyAnswered):
        answer(session, here, ticket, "otra cosa")
    assert len(letters_of(session, "answer")) == len(ticket.answers) == 1


def test_an_answer_to_somebody_without_mail_waits_to_be_handed_over(session, here):
    ticket = assigned(session, here, petitioner=PetitionerData("Ana Prueba", answer_by="postal"))
    recorded = answer(session, here, ticket)
    assert (recorded.letter_id, ticket.state) == (None, "answered")
    assert history(session, ticket.id)[-1].data["by_mail"] is False
    assert files.is_intact(recorded.pdf_sha256, here)


def test_under_review_an_answer_waits_for_one_click(session, reviewing):
    ticket = assigned(session, reviewing)
    draft = answer(session, reviewing, ticket)
    assert (draft.radicado, draft.pdf_sha256, ticket.state) == (None, "", "assigned")
    assert not letters_of(session, "answer")
    send_answer(session, draft, "user:1", reviewing, NOW)
    assert (draft.radicado, ticket.state) == ("2026-S-000001", "answered")
    assert [(event.kind, event.actor) for event in history(session, ticket.id)][-2:] == [
        ("answer_drafted", "secretaria:planeacion"),
        ("answered", "user:1"),
    ]
    assert history(session, ticket.id)[-1].data["author"] == "secretaria:planeacion"


def test_what_an_official_who_may_approve_writes_needs_no_second_click(session, reviewing):
    ticket = assigned(session, reviewing)
    assert answer(session, reviewing, ticket, final=True).radicado == "2026-S-000001"


def test_the_files_of_a_draft_that_was_given_up_do_not_leave_with_the_next(session, reviewing):
    wrong, right = (
        files.keep(text, name, "", reviewing) for text, name in ((b"de otro", "mal.txt"), (b"ok", "bien.txt"))
    )
    ticket = assigned(session, reviewing)
    record_answer(session, Reply(ticket, "Uno", "secretaria:planeacion", (wrong,)), reviewing, NOW)
    later = NOW.replace(hour=16)
    second = record_answer(session, Reply(ticket, "Dos", "secretaria:planeacion", (right,)), reviewing, later)
    send_answer(session, second, "user:1", reviewing, later)
    (letter,) = letters_of(session, "answer")
    assert [row["name"] for row in letter.files] == ["respuesta-2026-S-000001.pdf", "bien.txt"]


def test_of_two_drafts_the_second_completes_the_first(session, reviewing):
    ticket = assigned(session, reviewing)
    first, second = answer(session, reviewing, ticket, "Uno"), answer(session, reviewing, ticket, "Dos")
    send_answer(session, first, "user:1", reviewing, NOW)
    send_answer(session, second, "user:1", reviewing, NOW)
    assert (ticket.answer, second.completes, first.completes) == (first, first, None)


def test_a_complement_has_its_number_and_letter_and_decides_nothing_anew(session, here):
    ticket = assigned(session, here)
    first = answer(session, here, ticket, "Ya se reparó.")
    communicate(session, ticket, "counter", "user:1", here, NOW)
    later = NOW + timedelta(days=9)
    told = Reply(ticket, "Y se cambió la llave.", "secretaria:planeacion")
    added = answer_or_complete(session, told, here, later)
    assert (added.radicado, added.completes) == ("2026-S-000002", first)
    assert (ticket.state, ticket.answered_at, ticket.communicated_at, ticket.answer) == ("closed", NOW, NOW, first)
    (letter,) = letters_of(session, "complement")
    assert "completa la respuesta 2026-S-000001" in letter.text
    assert history(session, ticket.id)[-1].kind == "completed"
    assert b"%PDF" in files.read(added.pdf_sha256, here)[:8]
    letter_left(session, letter, here, later)
    letter_refused(session, letter, later)
    assert (ticket.state, ticket.communicated_at) == ("closed", NOW), "what completes an answer moves nothing"


def test_a_case_that_ended_without_an_answer_takes_no_complement(session, here):
    ticket = assigned(session, here)
    ticket.state, ticket.outcome = "closed", "voided"
    with pytest.raises(ActNotAllowed):
        answer_or_complete(session, Reply(ticket, "Y además", "secretaria:planeacion"), here, NOW)


def test_exits_are_numbered_without_gaps_over_all_petitions(session, here):
    given = [answer(session, here, filed(session, here)).radicado for _ in range(3)]
    assert given == ["2026-S-000001", "2026-S-000002", "2026-S-000003"]


def test_an_answer_with_pictures_of_a_telephone_leaves_all_the_same(session, here):
    recorded = answer(session, here, assigned(session, here), "Con gusto 😀\n\t\uf0b7 punto")
    assert files.is_intact(recorded.pdf_sha256, here)
    assert "😀" in letters_of(session, "answer")[0].text

"""Does each letter read as it was agreed, in plain words, with the headers that mail programs need?

The agreed texts are in tests/snapshots. A letter without one writes it and fails: read it before keeping it.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.mail.addresses import Action
from pqr.mail.letters import REPLY_MARK, instant
from pqr.mail.outbox import LetterState
from pqr.reminders.remind import remind_all
from pqr.secretarias.directory import by_code
from pqr.terms.kinds import TicketKind
from pqr.tickets import contribution_letters, files
from pqr.tickets.answering import Reply, answer_or_complete, record_answer
from pqr.tickets.asking import Question, ask_petitioner
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.communicating import communicate
from pqr.tickets.contributing import Asking, Gift, ask_office, cancel, contribute
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.files import StoredFile, Unread
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.merging import Merge, Separation, merge, unmerge
from pqr.tickets.models import Identity
from pqr.tickets.revealing import Revelation, reveal
from tests.barriers import NARROW
from tests.builders import CITIZEN, NOW, arrive, assigned, at, filed, letters_of, office_of, raw_mail, reply_from_office

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
IDS = (
    (r"pqr\+[a-z2-7]+-[a-z2-7]{16}@", "pqr+TOKEN@"),
    (r"encuesta/[a-z2-7]+-[a-z2-7]{16}", "encuesta/TOKEN"),
    (r"CO-[0-9a-f]{8}", "CO-VERSION"),
    (r"\b[0-9A-HJKMNP-TV-Z]{10}\b", "CODE"),
)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def as_agreed(letter):
    headers = sorted(f"{name}: {value}" for name, value in letter.headers.items())
    head = [f"Para: {letter.recipient}", f"Copia: {letter.copies}", f"Responder a: {letter.reply_to}", *headers]
    told = "\n".join([*head, f"Asunto: {letter.subject}", "", letter.text.strip(), ""])
    for pattern, name in IDS:
        told = re.sub(pattern, name, told)
    return told


def check(letter, name):
    path, told = SNAPSHOTS / f"{name}.txt", as_agreed(letter)
    if not path.exists():
        path.write_text(told, encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written: read it")
    assert told == path.read_text(encoding="utf-8")


def whole_life(session, here):
    """Every letter that one petition can cause."""
    kept = files.keep(b"una foto", "foto del tubo.txt", "text/plain", here)
    ticket = filed(session, here, message_ids=("<dos@correo.example>", "<uno@correo.example>"), files=(kept,))
    ticket.place = "Vereda El Páramo"
    assign(session, Assignment(ticket, by_code(session, "planeacion"), "es de vías", "user:1"), here, NOW)
    extend_term(session, Extension(ticket, 5, "falta la visita técnica", "user:1"), here, NOW)
    add_message(session, FollowUp(ticket, "Sigue igual.\n\nGracias.", "citizen"), here, NOW)
    late = at("2026-04-10 08:00")
    filed(session, here, kind=TicketKind.QUEJA)
    remind_all(session, here, late)
    ask_petitioner(session, Question(ticket, "¿En qué casa está el tubo?", "user:1"), here, NOW)
    record_answer(session, Reply(ticket, "Ya reparamos el tubo.\n\nAtentamente,\nPlaneación", "user:1"), here, NOW)
    answer_or_complete(session, Reply(ticket, "Y cambiamos la llave.", "user:1"), here, NOW)
    returned = assigned(session, here, "hacienda")
    arrive(session, here, reply_from_office(returned, here, "Es de obras", Action.RETURN, message_id="<d@e.example>"))
    arrive(
        session,
        here,
        raw_mail("otro@correo.example", subject=ticket.radicado, text="x", message_id="<tres@correo.example>"),
    )
    session.flush()
    return ticket


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_letter_reads_as_it_was_agreed(session, here):
    ticket = whole_life(session, here)
    written = {}
    for letter in letters_of(session):
        twin = f"{letter.letter}-{letter.recipient.partition('@')[0]}"
        written[letter.letter if letter.letter not in written else twin] = letter
    assert set(written) >= {
        "acknowledgement", "assignment", "extension", "follow_up", "reminder", "digest", "answer", "not_understood",
        "complement", "question", "order_done",
    }  # fmt: skip
    for name in (
        "acknowledgement", "extension", "answer", "not_understood", "follow_up", "complement", "question", "order_done",
    ):  # fmt: skip
        check(written[name], name)
    check(letters_of(session, "assignment", ticket)[-1], "assignment")
    for letter in letters_of(session, "reminder") + letters_of(session, "digest"):
        check(letter, f"{letter.letter}-{letter.recipient.partition('@')[0]}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_letter_says_which_files_must_be_sent_again(session, here):
    sealed = StoredFile("0" * 64, "cédula.pdf", "application/pdf", 9, "password")
    left_out = (Unread("factura.exe", files.INFECTED),)
    ticket = filed(session, here, files=(sealed,), left_out=left_out, message_ids=("<uno@correo.example>",))
    add_message(session, FollowUp(ticket, "Va la copia.", "citizen", (replace(sealed, trouble="key"),)), here, NOW)
    check(letters_of(session, "acknowledgement")[0], "acknowledgement-unread")
    check(letters_of(session, "unread_files")[0], "unread_files")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_contribution_is_asked_reminded_told_and_cancelled(session, here):
    ticket = assigned(session, here, place="Vereda El Páramo")
    reserved = assigned(session, here, identity="reserved")
    for each in (ticket, reserved):
        asking = Asking(each, by_code(session, "salud"), "¿Hay un puesto de salud?", date(2026, 3, 10), None, "user:1")
        contribution = ask_office(session, asking, here, NOW)
        contribution_letters.remind(session, contribution, here, NOW)
        if each is ticket:
            contribute(session, Gift(contribution, "Sí, a una cuadra.", "secretaria:salud"), here, NOW)
        else:
            cancel(session, contribution, "user:1", here, NOW)
    check(letters_of(session, "contribution")[0], "contribution")
    check(letters_of(session, "contribution")[1], "contribution-reserved")
    check(letters_of(session, "contribution_reminder")[0], "contribution_reminder")
    check(letters_of(session, "contribution_given")[0], "contribution_given")
    check(letters_of(session, "contribution_cancelled")[0], "contribution_cancelled")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_asked_the_same_is_told_how_it_is_answered(session, here):
    main, ticket = filed(session, here), filed(session, here)
    merge(session, Merge(ticket, main, "Piden lo mismo", "user:1"), here, NOW)
    unmerge(session, Separation(ticket, "Son casas distintas", "user:1"), here, NOW)
    check(letters_of(session, "merged")[0], "merged")
    check(letters_of(session, "separated")[0], "separated")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_interno_reads_who_saw_an_identity_and_why(session, here):
    ticket = filed(session, here, identity=Identity.RESERVED)
    reveal(session, Revelation(ticket, "Hay que citarla a declarar", "user:1", "desk@puerres.example"), here, NOW)
    check(letters_of(session, "identity_revealed")[0], "identity_revealed")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reminders_count_the_days_in_words(session, here):
    assigned(session, here)
    moments = ("2026-03-20", "2026-03-24", "2026-03-25", "2026-03-26", "2026-03-27")
    for moment in moments:
        remind_all(session, here, at(f"{moment} 08:00"))
    assert [letter.subject.partition(":")[0] for letter in letters_of(session, "reminder")] == [
        "Le quedan 2 días hábiles",
        "Le queda 1 día hábil",
        "Vence hoy",
        "Vencida hace 1 día hábil",
        "Vencida hace 2 días hábiles",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_letter_runs_what_a_citizen_typed(session, here):
    evil = '<script>alert("x")</script><img src=x onerror=y> {{ 7*7 }}'
    ticket = filed(session, here, subject=evil, body=evil, message_ids=("<a@b.example>",), place=evil)
    ticket.petitioner.name = evil
    assign(session, Assignment(ticket, by_code(session, "planeacion"), evil, "user:1"), here, NOW)
    extend_term(session, Extension(ticket, 5, evil, "user:1"), here, NOW)
    add_message(session, FollowUp(ticket, evil, "citizen"), here, NOW)
    record_answer(session, Reply(ticket, evil, "user:1"), here, NOW)
    session.flush()
    for letter in letters_of(session):
        assert "<script" not in letter.html, letter.letter
        assert "<img" not in letter.html, letter.letter
        assert "49" not in letter.subject
    assert "&lt;script&gt;" in letters_of(session, "answer")[0].html


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_subject_of_several_lines_makes_no_headers(session, here):
    filed(
        session,
        here,
        subject="Agua\r\nBcc: todos@correo.example\r\n\r\nhola",
        kind=TicketKind.PETICION_GENERAL,
        topic_id=50,
    )
    for letter in letters_of(session):
        assert "\n" not in letter.subject + letter.recipient + letter.reply_to
        assert not [name for name in letter.headers if name.lower() == "bcc"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_machines_are_told_that_a_machine_wrote_and_people_that_a_person_did(session, here):
    whole_life(session, here)
    told = {letter.letter: letter.headers.get("Auto-Submitted", "") for letter in letters_of(session)}
    assert told == {
        "acknowledgement": "auto-replied",
        "not_understood": "auto-replied",
        "assignment": "auto-generated",
        "follow_up": "auto-generated",
        "reminder": "auto-generated",
        "digest": "auto-generated",
        "weekly": "auto-generated",
        "extension": "",
        "answer": "",
        "complement": "",
        "question": "",
        "order_done": "auto-replied",
    }
    for letter in letters_of(session):
        assert ("X-Auto-Response-Suppress" in letter.headers) == bool(told[letter.letter])
        assert ("List-Unsubscribe" in letter.headers) == (letter.letter in ("digest", "weekly"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_letters_to_the_citizen_stay_in_the_citizen_s_thread(session, here):
    ticket = whole_life(session, here)
    for letter in letters_of(session, ticket=ticket):
        if letter.recipient == CITIZEN:
            assert letter.headers["In-Reply-To"] == "<dos@correo.example>"
            assert letter.headers["References"] == "<uno@correo.example> <dos@correo.example>"
        else:
            assert not {"In-Reply-To", "References"} & set(letter.headers)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_letter_that_may_be_answered_begins_with_the_line_to_write_above(session, here):
    whole_life(session, here)
    for letter in letters_of(session):
        assert letter.text.lstrip().startswith(REPLY_MARK) == bool(letter.reply_to), letter.letter
        assert (REPLY_MARK in letter.html) == bool(letter.reply_to), letter.letter
        assert letter.state == LetterState.QUEUED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_two_letters_share_a_message_id_nor_give_it_away(session, here):
    whole_life(session, here)
    ids = [letter.message_id for letter in letters_of(session)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"<[0-9a-f]{32}@puerres\.example>", each) for each in ids)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-03 09:15", "martes 3 de marzo de 2026, a las 9:15 a. m."),
        ("2026-03-03 13:00", "martes 3 de marzo de 2026, a la 1:00 p. m."),
        ("2026-12-31 23:59", "jueves 31 de diciembre de 2026, a las 11:59 p. m."),
        ("2026-03-03 12:00", "martes 3 de marzo de 2026, a las 12:00 m."),
    ],
)
def test_an_instant_is_said_as_people_say_it(moment, words):
    assert instant(at(moment)) == words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_official_who_forgot_the_password_gets_a_link(session, here):
    user, token = acts.add_user(session, NewUser("mesa@puerres.example", Role.DESK), NOW)
    acts.set_password(session, token, "caballo batería grapa", NOW)
    acts.send_reset_link(session, user.email, here, NOW)
    (letter,) = letters_of(session, "password_link")
    letter.text = re.sub(rf"{acts.LINK_PATH}\S+", f"{acts.LINK_PATH}TOKEN", letter.text)
    check(letter, "password_link")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_was_answered_is_asked_what_it_was_worth(session, here):
    ticket = assigned(session, here)
    record_answer(session, Reply(ticket, "Ya se reparó.", "user:1", final=True), here, NOW)
    communicate(session, ticket, "mail", "system", here, NOW)
    remind_all(session, here, at("2026-03-10 09:00"))
    check(letters_of(session, "survey")[0], "survey")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_letter_is_wider_than_a_small_phone(session, here, browser):
    """The code of the acknowledgement was out of sight."""
    whole_life(session, here)
    page = browser.new_page(viewport=NARROW)
    widths = {}
    for letter in letters_of(session):
        page.set_content(letter.html)
        widths[letter.letter] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert "acknowledgement" in widths
    assert not {letter: width for letter, width in widths.items() if width > NARROW["width"]}

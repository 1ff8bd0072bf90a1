"""What becomes of a mail of a citizen, of a machine, of nobody?  From the raw bytes to the ledgers."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.inbox import InboxMail, Received
from pqr.tickets import letters
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity, Ticket
from tests.builders import CITIZEN, NOW, WATER, arrive, assigned, filed, letters_of, office_of, raw_mail

ID = "<uno@correo.example>"
STRANGER = "otro@correo.example"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def tickets(session):
    return session.scalars(select(Ticket).order_by(Ticket.id)).all()


def test_a_petition_by_mail_is_filed_acknowledged_and_sent_to_its_office(session, here):
    files = (("plano.pdf", "application/pdf", b"%PDF-1.4 x"),)
    raw = raw_mail(f"Ana Prueba <{CITIZEN}>", subject=WATER[0], text=WATER[1], files=files, message_id=ID)
    row = arrive(session, here, raw)
    (ticket,) = tickets(session)
    assert (row.verdict, row.ticket_id, row.settled_at) == ("new_ticket", ticket.id, NOW)
    assert (ticket.channel, ticket.subject, ticket.body.strip()) == ("email", *WATER)
    assert (ticket.petitioner.name, ticket.petitioner.email, ticket.identity) == ("Ana Prueba", CITIZEN, "named")
    assert [file.name for file in ticket.attachments] == ["plano.pdf"]
    acknowledgement, assignment = letters_of(session)
    assert acknowledgement.headers["In-Reply-To"] == ID
    assert acknowledgement.headers["Auto-Submitted"] == "auto-replied"
    assert assignment.recipient == "servicios@puerres.example"
    assert [row["name"] for row in assignment.files] == ["plano.pdf"]


def test_the_term_runs_from_the_arrival_and_not_from_the_processing(session, here):
    stored, _ = inbox.store(session, Received(raw_mail(subject="Agua", text="x")), NOW)
    raw = session.get(InboxMail, stored.id).raw
    process(session, stored.id, prepare(raw, here), here, NOW + timedelta(days=3))
    (ticket,) = tickets(session)
    assert (ticket.received_at, ticket.filed_at) == (NOW, NOW + timedelta(days=3))


def test_the_answer_goes_where_the_sender_wants_it(session, here):
    arrive(session, here, raw_mail(subject="Agua", text="x", reply_to="casa@correo.example"))
    assert letters_of(session, "acknowledgement")[0].recipient == "casa@correo.example"


def test_a_petition_that_is_only_a_picture_is_filed(session, here):
    arrive(session, here, raw_mail(files=(("foto.png", "image/png", b"\x89PNG\r\n\x1a\n"),)))
    (ticket,) = tickets(session)
    assert (ticket.subject, len(ticket.attachments)) == ("(sin asunto)", 1)


def test_the_same_bytes_are_one_message(session, here):
    raw = raw_mail(subject="Agua", text="x")
    assert arrive(session, here, raw) is arrive(session, here, raw)
    assert len(tickets(session)) == 1


def test_a_copy_that_came_by_another_road_is_not_filed_again(session, here):
    raw = raw_mail(subject="Agua", text="No llega", message_id=ID)
    arrive(session, here, raw)
    copy = arrive(session, here, b"Received: from relay.example\r\n" + raw)
    assert (copy.verdict, copy.reason) == ("ignored", "Ya se había recibido: mensaje 1.")
    assert len(tickets(session)) == 1


def test_a_copy_is_known_even_when_it_is_read_before_the_first_one(session, here):
    raw = raw_mail(subject="Agua", text="No llega", message_id=ID)
    first, _ = inbox.store(session, Received(raw, envelope_to=()), NOW)
    arrive(session, here, b"Received: from relay.example\r\n" + raw)
    process(session, first.id, prepare(raw, here), here, NOW)
    assert first.verdict == "ignored"
    assert len(tickets(session)) == 1


def test_a_machine_that_repeats_its_message_id_loses_no_petition(session, here):
    for text in ("No llega agua", "Hay un hueco en la vía"):
        assert arrive(session, here, raw_mail(subject="Escaneado", text=text, message_id=ID)).verdict == "new_ticket"
    assert len(tickets(session)) == 2


def test_a_scanner_that_repeats_its_message_id_loses_no_petition(session, here):
    for page in (b"%PDF-1.4 uno", b"%PDF-1.4 dos"):
        raw = raw_mail(subject="Escaneado", files=(("a.pdf", "application/pdf", page),), message_id=ID)
        assert arrive(session, here, raw).verdict == "new_ticket"


def test_a_message_that_waits_is_not_lost_when_it_is_tried_again_after_its_copy(session, here):
    raw = raw_mail("planeacion@puerres.example", subject="Hola", text="x", message_id=ID)
    waiting = arrive(session, here, raw)
    copy = arrive(session, here, b"Received: from relay.example\r\n" + raw)
    assert (waiting.verdict, copy.verdict) == ("needs_human", "ignored")
    inbox.retry(session, waiting.id, NOW)
    process(session, waiting.id, prepare(raw, here), here, NOW)
    assert waiting.verdict == "needs_human"


def test_the_petitioner_writes_again_and_the_office_reads_it(session, here):
    ticket = assigned(session, here)
    files = (("foto.txt", "text/plain", b"una foto"),)
    to = letters_of(session, "acknowledgement")[0].reply_to
    row = arrive(session, here, raw_mail(to=to, subject="Re: caso", text="Sigue igual", files=files, message_id=ID))
    assert (row.verdict, row.ticket_id) == ("citizen_follow_up", ticket.id)
    assert [(message.author, message.text.strip()) for message in ticket.messages] == [("citizen", "Sigue igual")]
    assert ticket.attachments[0].belongs_to == "message"
    (letter,) = letters_of(session, "follow_up")
    assert letter.recipient == "planeacion@puerres.example"
    assert "Sigue igual" in letter.text
    assert ticket.thread_ids.split()[0] == ID
    assert len(tickets(session)) == 1


def test_a_reply_is_known_by_its_thread_when_the_address_was_lost(session, here):
    ticket = assigned(session, here)
    letter = letters_of(session, "acknowledgement")[0]
    row = arrive(session, here, raw_mail(subject="Re: caso", text="Sigue", in_reply_to=letter.message_id))
    assert (row.verdict, row.ticket_id) == ("citizen_follow_up", ticket.id)


def test_a_reply_to_one_s_own_first_mail_is_no_second_petition(session, here):
    arrive(session, here, raw_mail(subject="Agua", text="No llega", message_id=ID))
    row = arrive(session, here, raw_mail(subject="RV: Agua", text="Olvidé decir algo", references=ID))
    assert row.verdict == "citizen_follow_up"
    assert len(tickets(session)) == 1


def test_of_two_cases_in_a_thread_the_nearest_is_meant(session, here):
    old, new = assigned(session, here), assigned(session, here)
    ids = {letter.ticket_id: letter.message_id for letter in letters_of(session, "acknowledgement")}
    for near, far in ((old, new), (new, old)):
        chain = f"{ids[far.id]} {ids[near.id]}"
        row = arrive(
            session, here, raw_mail(subject="Re:", text=near.radicado, in_reply_to=ids[near.id], references=chain)
        )
        assert row.ticket_id == near.id


def test_a_follow_up_of_a_case_on_the_desk_waits_there_and_is_kept(session, here):
    ticket = filed(session, here, kind="queja")
    row = arrive(session, here, raw_mail(subject=f"mi caso {ticket.radicado.lower()}", text="¿Qué pasó?"))
    assert row.verdict == "citizen_follow_up"
    assert len(ticket.messages) == 1
    assert not letters_of(session, "follow_up")


def test_a_follow_up_of_a_closed_case_is_kept_and_passed_on(session, here):
    ticket = assigned(session, here)
    ticket.state = "closed"
    to = letters_of(session, "acknowledgement")[0].reply_to
    assert arrive(session, here, raw_mail(to=to, subject="Re:", text="No quedó bien")).verdict == "citizen_follow_up"
    assert (ticket.state, len(letters_of(session, "follow_up"))) == ("closed", 1)


def test_somebody_else_who_names_a_case_waits_and_learns_nothing_of_it(session, here):
    ticket = assigned(session, here)
    row = arrive(session, here, raw_mail(STRANGER, subject=ticket.radicado, text="¿Qué pasó con esto?"))
    assert (row.verdict, row.ticket_id, ticket.messages) == ("needs_human", ticket.id, [])
    (told,) = letters_of(session, "not_understood")
    assert told.recipient == STRANGER
    assert not [word for word in (CITIZEN, "Ana", "Planeación", WATER[0]) if word in told.text + told.html]


def test_an_anonymous_case_without_an_address_is_nobody_s_to_add_to(session, here):
    ticket = filed(session, here, identity=Identity.ANONYMOUS, petitioner=PetitionerData())
    for sender in (CITIZEN, ""):
        row = arrive(session, here, raw_mail(sender, subject=ticket.radicado, text=f"de {sender}"))
        assert (row.verdict, ticket.messages) == ("needs_human", [])


def test_who_answers_our_notice_with_a_petition_files_it(session, here):
    ticket = assigned(session, here)
    arrive(
        session,
        here,
        raw_mail(STRANGER, subject=ticket.radicado, text="¿Qué pasó?", message_id="<tres@correo.example>"),
    )
    (told,) = letters_of(session, "not_understood")
    chain = f"<tres@correo.example> {told.message_id}"
    text = "Entonces pido que arreglen la luz de mi calle"
    row = arrive(
        session, here, raw_mail(STRANGER, subject="Luz", text=text, in_reply_to=told.message_id, references=chain)
    )
    assert (row.verdict, row.ticket_id == ticket.id) == ("new_ticket", False)


def test_the_same_sender_is_told_once_a_day(session, here):
    ticket = assigned(session, here)
    for hours in (0, 1, 23, 25):
        text = f"intento {hours}"
        arrive(session, here, raw_mail(STRANGER, subject=ticket.radicado, text=text), NOW + timedelta(hours=hours))
    assert len(letters_of(session, "not_understood")) == 2
    arrive(session, here, raw_mail("tercero@correo.example", subject=ticket.radicado, text="x"), NOW)
    assert len(letters_of(session, "not_understood")) == 3


def test_an_empty_mail_waits_and_its_sender_is_told_how_to_write(session, here):
    row = arrive(session, here, raw_mail(message_id=ID))
    assert (row.verdict, row.reason) == ("needs_human", "El mensaje llegó vacío.")
    (told,) = letters_of(session, "not_understood")
    assert (told.recipient, told.headers["In-Reply-To"]) == (CITIZEN, ID)
    assert told.headers["Auto-Submitted"] == "auto-replied"


def test_a_machine_that_answers_our_letter_is_set_aside_and_not_answered(session, here):
    assigned(session, here)
    written = len(letters_of(session))
    to = letters_of(session, "acknowledgement")[0].reply_to
    row = arrive(
        session, here, raw_mail(to=to, subject="Respuesta automática", text="Ausente", auto_submitted="auto-replied")
    )
    assert row.verdict == "ignored"
    assert len(letters_of(session)) == written


def test_our_own_letters_start_no_loop_and_who_writes_as_if_we_were_is_read_by_a_person(session, here):
    ticket = assigned(session, here)
    own_letters = letters_of(session)
    for own in ("pqr@puerres.example", letters.signed(ticket, Action.ANSWER, here)):
        back = raw_mail(own, subject="Re:", text="eco", message_id=own_letters[0].message_id)
        assert arrive(session, here, back).verdict == "ignored"
        assert arrive(session, here, raw_mail(own, subject="Formulario", text=f"de {own}")).verdict == "needs_human"
    assert len(letters_of(session)) == len(own_letters)


def test_a_forged_address_opens_no_case(session, here):
    ticket = assigned(session, here)
    for action in (Action.ANSWER, Action.RETURN, Action.EXTEND, Action.CITIZEN):
        to = sign(SignedAddress(action, ticket.id), "otra-clave-0123456789", here.mail_domain)
        by_office = arrive(session, here, raw_mail(ticket.secretaria.email, to, "Re:", "Listo"), to=(to,))
        assert (by_office.verdict, by_office.ticket_id) == ("needs_human", None)
    assert (ticket.state, ticket.answers, ticket.messages) == ("assigned", [], [])


def test_an_address_of_a_case_that_does_not_exist_waits(session, here):
    to = sign(SignedAddress(Action.CITIZEN, 999), here.keys[0], here.mail_domain)
    assert arrive(session, here, raw_mail(to=to, subject="Re:", text="x")).verdict == "needs_human"


def test_an_address_signed_with_the_key_before_still_works(session, settings):
    before = office_of(session, settings)
    ticket = assigned(session, before)
    to = letters_of(session, "acknowledgement")[0].reply_to
    renewed = office_of(session, settings, keys=("clave-nueva-0123456789", *before.keys))
    row = arrive(session, renewed, raw_mail(to=to.upper(), subject="Re:", text="Sigue"))
    assert (row.verdict, row.ticket_id) == ("citizen_follow_up", ticket.id)


def test_a_settled_message_is_left_alone(session, here):
    raw = raw_mail(subject="Agua", text="x")
    row = arrive(session, here, raw)
    process(session, row.id, prepare(raw, here), here, NOW)
    assert session.scalar(select(func.count(Ticket.id))) == 1


def test_bytes_that_are_no_mail_at_all_end_somewhere(session, here):
    for raw in (b"", b"\x00\xff\xfe", b"hola", b"From: \r\n\r\n", b"\xe9" * 2000):
        assert arrive(session, here, raw).verdict in ("needs_human", "new_ticket")


def test_nothing_personal_is_written_into_the_chain_of_events(session, here):
    arrive(
        session, here, raw_mail(f"Ana Prueba <{CITIZEN}>", subject="Agua", text="Vivo en la casa azul", message_id=ID)
    )
    (ticket,) = tickets(session)
    arrive(session, here, raw_mail(subject="Re: Agua", text="La casa azul sigue seca", in_reply_to=ID))
    kept = repr([event.data for event in history(session, ticket.id)])
    assert not [word for word in ("Ana", CITIZEN, "casa azul") if word in kept]

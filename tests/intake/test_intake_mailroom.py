"""Do messages and letters move through the ledgers whatever breaks on the way?  With a real relay."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr import mailroom
from pqr.app import create_app
from pqr.db import db, reading, transaction, writing
from pqr.door import office
from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.addresses import Action, read
from pqr.mail.inbox import LEASE, InboxMail, Received
from pqr.mail.outbox import MAX_ATTEMPTS
from pqr.secretarias.directory import by_code
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.counter import last_given
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Ticket
from tests.builders import CITIZEN, NOW, assigned, filed, letters_of, raw_mail, reply_from_office
from tests.installation import make_settings
from tests.sink import sink


@pytest.fixture(autouse=True)
def _that_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def relay():
    with sink() as kept:
        yield kept


@pytest.fixture
def start(database_url, tmp_path):
    """Starts a service over the test's database with these variables, inside its context."""
    started = []

    def run(**variables):
        context = create_app(make_settings(tmp_path, database_url, **variables)).app_context()
        context.push()
        started.append(context)

    yield run
    for context in reversed(started):
        db.engine.dispose()
        context.pop()


def answered(session):
    ticket = assigned(session, office(session), message_ids=("<suyo@correo.example>",))
    record_answer(session, Reply(ticket, "Ya se reparó.", "secretaria:planeacion"), office(session), NOW)
    return ticket


def state_of(model, row_id):
    with reading() as session:
        return session.get(model, row_id)


def test_letters_reach_the_relay_as_the_ledger_keeps_them(start, relay):
    start(PQR_SMTP_URL=relay.url)
    with transaction() as session:
        ticket = answered(session)
        here = office(session)
    assert mailroom.send_waiting() == 4
    with reading() as session:
        kept = {letter.message_id: letter for letter in letters_of(session)}
        ticket = session.get(Ticket, ticket.id)
        pdf = files.read(ticket.answers[0].pdf_sha256, here)
    assert {letter.state for letter in kept.values()} == {"sent"}
    assert (ticket.state, ticket.days_used) == ("closed", 0)
    for sent, (sender, recipients) in zip(relay.letters, relay.envelopes, strict=True):
        letter = kept[sent["Message-ID"]]
        signed = read(sender, here.keys, here.mail_domain)
        assert (signed.action, signed.subject_id) == (Action.BOUNCE, letter.id)
        assert recipients == (letter.recipient,)
        assert (sent["Subject"], sent["Reply-To"] or "") == (letter.subject, letter.reply_to)
        assert sent["From"].addresses[0].addr_spec == "pqr@puerres.example"
        assert sent.get_body(("plain",)).get_content().split() == letter.text.split()
        assert sent.get_body(("html",)).get_content().split() == letter.html.split()
        assert {name: sent[name] for name in letter.headers} == letter.headers
    (answer,) = [sent for sent in relay.letters if sent["Subject"].startswith("Respuesta")]
    assert answer["In-Reply-To"] == "<suyo@correo.example>"
    (attached,) = answer.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("respuesta-2026-S-000001.pdf", pdf)


def test_a_letter_that_is_refused_for_good_comes_back_to_the_desk(start, relay):
    start(PQR_SMTP_URL=relay.url)
    relay.refusal = "550 5.1.1 no such user"
    with transaction() as session:
        ticket = answered(session)
    mailroom.send_waiting()
    ticket = state_of(Ticket, ticket.id)
    with reading() as session:
        assert {letter.state for letter in letters_of(session)} == {"bounced"}
    assert (ticket.state, ticket.acknowledgement_failed_at) == ("answered", NOW)


def test_a_relay_that_asks_to_wait_is_asked_again_later(start, relay):
    start(PQR_SMTP_URL=relay.url)
    relay.refusal = "451 4.7.1 greylisted"
    with transaction() as session:
        filed(session, office(session))
    assert mailroom.send_waiting() == 2
    assert mailroom.send_waiting() == 0
    with reading() as session:
        assert {(letter.state, letter.attempts) for letter in letters_of(session)} == {("queued", 1)}
        assert all("greylisted" in letter.last_error for letter in letters_of(session))
    relay.refusal = ""
    with time_machine.travel(NOW.replace(minute=2), tick=False):
        assert mailroom.send_waiting() == 2
    assert len(relay.letters) == 2


def test_an_acknowledgement_that_could_not_leave_for_days_is_not_counted_as_received(start):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        start(PQR_SMTP_URL=f"smtp://127.0.0.1:{busy.getsockname()[1]}")
        with transaction() as session:
            ticket = filed(session, office(session))
            for letter in letters_of(session):
                letter.attempts = MAX_ATTEMPTS - 1
        mailroom.send_waiting()
    with reading() as session:
        assert {letter.state for letter in letters_of(session)} == {"failed"}
    assert state_of(Ticket, ticket.id).acknowledgement_failed_at is not None


def test_a_letter_whose_file_was_lost_keeps_nobody_else_s_waiting(start, relay):
    start(PQR_SMTP_URL=relay.url)
    with transaction() as session:
        here = office(session)
        lost = assigned(session, here, kind="queja", files=(files.StoredFile("0" * 64, "a.pdf", "x/y", 1),))
        filed(session, here, kind="queja", petitioner=PetitionerData(email="ñandú@correo.example"))
        filed(session, here, kind="queja")
    assert mailroom.send_waiting() == 4
    assert {CITIZEN} <= {each for _, recipients in relay.envelopes for each in recipients}
    with reading() as session:
        (stuck,) = letters_of(session, "assignment", lost)
        assert (stuck.state, stuck.attempts) == ("queued", 1)
        assert all(letter.last_error for letter in letters_of(session) if letter.state == "queued")


def test_in_a_demonstration_letters_stay_and_the_case_goes_on(start):
    start(PQR_DEMO="1")
    with transaction() as session:
        ticket = answered(session)
    mailroom.send_waiting()
    assert state_of(Ticket, ticket.id).state == "closed"


def test_what_was_stored_is_settled_and_what_was_settled_is_done(start):
    start()
    mail_id, fresh = mailroom.store(Received(raw_mail(subject="Agua", text="No llega")))
    assert (fresh, mailroom.process_waiting(), mailroom.process_waiting()) == (True, 1, 0)
    assert state_of(InboxMail, mail_id).verdict == "new_ticket"
    assert mailroom.store(Received(raw_mail(subject="Agua", text="No llega"))) == (mail_id, False)


def test_a_failure_inside_the_act_leaves_nothing_half_done_and_is_counted(start, tmp_path):
    start()
    with transaction() as session:
        ticket = assigned(session, office(session))
        raw = reply_from_office(ticket, office(session), "Ya se reparó.")
    mail_id, _ = mailroom.store(Received(raw))
    (tmp_path / "lleno").write_text("no es una carpeta")
    start(PQR_FILES_URL=(tmp_path / "lleno").as_uri())  # the answer's paper cannot be kept
    now = NOW
    for attempt in (1, 2, 3):
        with time_machine.travel(now, tick=False):
            assert mailroom.process_waiting() == 1
        row = state_of(InboxMail, mail_id)
        assert row.attempts == attempt
        assert row.last_error
        now = row.next_try_at
    assert row.verdict == "needs_human"
    with reading() as session:
        ticket = session.get(Ticket, ticket.id)
        assert (ticket.state, ticket.answers, letters_of(session, "answer")) == ("assigned", [], [])
        assert (2026, "S") not in last_given(session)


def test_one_broken_message_does_not_stop_the_next(start, tmp_path):
    (tmp_path / "lleno").write_text("no es una carpeta")
    start(PQR_FILES_URL=(tmp_path / "lleno").as_uri())
    broken, _ = mailroom.store(Received(raw_mail(text="x", files=(("a.txt", "text/plain", b"x"),))))
    whole, _ = mailroom.store(Received(raw_mail(subject="Agua", text="No llega")))
    assert mailroom.process_waiting() == 2
    assert (state_of(InboxMail, broken).verdict, state_of(InboxMail, whole).verdict) == ("", "new_ticket")


def test_two_workers_with_the_same_message_file_it_once(start):
    start()
    mail_id, _ = mailroom.store(Received(raw_mail(subject="Agua", text="No llega")))
    with reading() as session:
        here = office(session)
        prepared = prepare(session.get(InboxMail, mail_id).raw, here)
    engine = db.engine

    def work(_):
        with writing(engine) as own:
            return process(own, mail_id, prepared, here, NOW).ticket_id

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, range(2))
    assert first == second
    with reading() as session:
        assert last_given(session) == {(2026, "E"): 1}


def test_no_log_line_names_the_person(start, capfd):
    start()
    mailroom.store(Received(raw_mail(f"Ana Prueba <{CITIZEN}>", subject="Agua azul", text="No llega a mi casa")))
    mailroom.process_waiting()
    said = "".join(capfd.readouterr())
    assert "mail_settled" in said
    assert not [word for word in ("Ana", CITIZEN, "Agua azul", "mi casa") if word in said]


def test_a_message_that_was_tried_before_is_not_read_ahead_of_another(session):
    first, second, third = (inbox.store(session, Received(raw_mail(subject=f"N.º {n}")), NOW)[0].id for n in range(3))
    assert inbox.claim(session, NOW).mail_id == first
    assert inbox.claim(session, NOW, untried=True).mail_id == second
    later = NOW + LEASE  # the worker died: both come back
    assert inbox.claim(session, later).mail_id == first
    assert inbox.claim(session, later, untried=True).mail_id == third
    assert inbox.claim(session, later, untried=True) is None
    assert inbox.claim(session, later).mail_id == second


def test_each_look_at_the_ledger_reads_the_directory_anew(start):
    start()
    verdicts = list[str]()
    for number, addresses in enumerate(("", "otra@puerres.example")):
        with transaction() as session:
            by_code(session, "planeacion").other_emails = addresses
        mail_id, _ = mailroom.store(Received(raw_mail(sender="otra@puerres.example", subject=f"N.º {number}")))
        mailroom.process_waiting()
        verdicts.append(state_of(InboxMail, mail_id).verdict)
    assert verdicts == ["new_ticket", "needs_human"]


def test_a_message_that_no_key_opens_is_no_empty_petition_and_holds_nobody_up(start):
    start()
    lost, _ = mailroom.store(Received(raw_mail(subject="De antes", text="Con la clave de antes.")))
    start(PQR_SECRET_KEY="otra-clave-de-las-pruebas-456789")
    kept, _ = mailroom.store(Received(raw_mail(subject="De ahora")))
    for minute in range(1, 9, 2):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            mailroom.process_waiting()
    assert state_of(InboxMail, kept).verdict == "new_ticket"
    waits = state_of(InboxMail, lost)
    assert (waits.verdict, waits.ticket_id) == ("needs_human", None)
    assert "ninguna clave de PQR_SECRET_KEY abre el mensaje" in waits.reason


def test_a_message_in_another_worker_s_hands_is_not_given_up(session):
    row, _ = inbox.store(session, Received(raw_mail(subject="No llega agua")), NOW)
    session.commit()
    if session.get_bind().dialect.name == "postgresql":  # on SQLite nobody else can write meanwhile
        session.execute(select(InboxMail.id).where(InboxMail.id == row.id).with_for_update())
        with Session(session.get_bind()) as other:
            assert inbox.claim(other, NOW) is None
            assert other.get(InboxMail, row.id).verdict == ""
        session.rollback()
    for attempt in range(inbox.MAX_ATTEMPTS):
        assert inbox.claim(session, NOW + attempt * LEASE).mail_id == row.id
    assert inbox.claim(session, NOW + inbox.MAX_ATTEMPTS * LEASE) is None
    assert (row.verdict, row.reason) == ("needs_human", "El servicio se detuvo cada vez que lo procesaba.")

"""Can a person settle what the service could not place, once, by the same acts?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pqr.db import writing
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.intake.attending import Attendance, Fate, attend, reopen
from pqr.intake.process import prepare
from pqr.mail.inbox import InboxMail, waiting_for_a_person
from pqr.terms.kinds import TicketKind
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from tests.builders import CITIZEN, NOW, arrive, assigned, at, filed, letters_of, office_of, raw_mail

STRANGER = "otro@correo.example"
LATER = at("2026-03-05 09:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def waiting(session, here, text="Listo, ya quedó", **given):
    """A mail from an office that names no case."""
    row = arrive(session, here, raw_mail("planeacion@puerres.example", subject="Hola", text=text, **given))
    assert row.verdict == "needs_human"
    return row


def decide(session, here, mail, fate, **given):
    attendance = Attendance(mail, prepare(mail.raw, here), fate, "user:1", **given)
    return attend(session, attendance, here, LATER)


def test_a_message_is_filed_with_the_day_it_arrived(session, here):
    mail = arrive(session, here, raw_mail(STRANGER, subject="boletín", text="No llega agua", precedence="bulk"))
    assert mail.verdict == "needs_human"
    ticket = decide(session, here, mail, Fate.NEW_TICKET, kind=TicketKind.RECLAMO)
    assert (ticket.kind, ticket.channel, ticket.received_at, ticket.filed_at) == ("reclamo", "email", NOW, LATER)
    assert ticket.petitioner.email == STRANGER
    assert (mail.ticket_id, mail.closed_at, mail.closed_by) == (ticket.id, LATER, "user:1")
    assert not waiting_for_a_person(session)
    assert history(session, ticket.id)[-1].data["raw_sha256"] == mail.digest


def test_words_are_added_to_a_case_and_passed_on(session, here):
    ticket = assigned(session, here)
    decide(session, here, waiting(session, here, "Dice que sigue igual"), Fate.ADD, ticket=ticket)
    assert [(message.author, message.text) for message in ticket.messages] == [("user:1", "Dice que sigue igual")]
    assert len(letters_of(session, "follow_up")) == 1


def test_a_reply_is_sent_as_the_office_s_answer(session, here):
    ticket = assigned(session, here)
    decide(session, here, waiting(session, here), Fate.ANSWER, ticket=ticket)
    assert (ticket.state, ticket.answers[0].author) == ("answered", "secretaria:planeacion")
    assert letters_of(session, "answer")[0].recipient == CITIZEN


def test_a_case_on_the_desk_has_no_office_whose_answer_this_could_be(session, here):
    mail, ticket = waiting(session, here), filed(session, here, kind=TicketKind.QUEJA)
    with pytest.raises(ActNotAllowed, match="asígnela"):
        decide(session, here, mail, Fate.ANSWER, ticket=ticket)
    assert mail.closed_at is None


def test_nothing_is_thrown_away_without_a_reason(session, here):
    mail = waiting(session, here)
    with pytest.raises(NotUnderstood):
        decide(session, here, mail, Fate.DISCARD, reason=" ")
    assert mail.closed_at is None
    assert decide(session, here, mail, Fate.DISCARD, reason="Publicidad") is None
    assert (mail.closed_at, mail.raw is not None) == (LATER, True)
    assert mail.reason.endswith("Se descartó: Publicidad")


def test_without_a_case_there_is_nothing_to_add_to(session, here):
    mail = waiting(session, here)
    for fate in (Fate.ADD, Fate.ANSWER):
        with pytest.raises(NotUnderstood):
            decide(session, here, mail, fate)


def test_a_message_is_attended_once(session, here):
    mail = waiting(session, here)
    decide(session, here, mail, Fate.DISCARD, reason="Publicidad")
    with pytest.raises(ActNotAllowed, match="otra persona"):
        decide(session, here, mail, Fate.NEW_TICKET)
    settled = arrive(session, here, raw_mail(subject="Agua", text="x"))
    with pytest.raises(ActNotAllowed):
        decide(session, here, settled, Fate.NEW_TICKET)


def test_what_was_set_aside_comes_back_with_its_reason_and_then_has_the_usual_fates(session, here):
    mail = arrive(session, here, raw_mail(STRANGER, subject="Agua", text="No llega", auto_submitted="auto-replied"))
    assert mail.verdict == "ignored"
    before = mail.reason
    reopen(session, mail, "user:1", LATER)
    assert (mail.verdict, mail.reason) == ("needs_human", f"Lo recuperó una persona. Antes: {before}")
    assert list(waiting_for_a_person(session)) == [mail]
    ticket = decide(session, here, mail, Fate.NEW_TICKET)
    assert (ticket.received_at, mail.ticket_id) == (NOW, ticket.id)


def test_what_a_person_discarded_comes_back_and_its_case_remembers_it(session, here):
    ticket = assigned(session, here)
    mail = arrive(session, here, raw_mail(STRANGER, subject=ticket.radicado, text="Sigue igual"))
    decide(session, here, mail, Fate.DISCARD, reason="Publicidad")
    assert mail.verdict == "discarded"
    reopen(session, mail, "user:2", LATER)
    assert (mail.closed_at, mail.closed_by, mail.verdict) == (None, "", "needs_human")
    assert mail.reason.endswith("Se descartó: Publicidad")
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor) == ("mail_reopened", "user:2")
    assert event.data == {"inbox": mail.id, "before": "discarded"}
    decide(session, here, mail, Fate.ADD, ticket=ticket)
    assert [message.text for message in ticket.messages] == ["Sigue igual"]


def test_only_what_was_set_aside_comes_back(session, here):
    filed_mail = arrive(session, here, raw_mail(subject="Agua", text="x"))
    waits = waiting(session, here)
    for mail in (filed_mail, waits):
        with pytest.raises(ActNotAllowed):
            reopen(session, mail, "user:1", LATER)
    decide(session, here, waits, Fate.NEW_TICKET)
    with pytest.raises(ActNotAllowed):
        reopen(session, waits, "user:1", LATER)


def test_two_officials_at_the_same_moment_file_one_petition(session, here):
    mail_id = waiting(session, here).id
    session.commit()
    engine = session.get_bind()

    def click(_):
        with writing(engine) as own:
            try:
                return decide(own, here, own.get(InboxMail, mail_id, with_for_update=True), Fate.NEW_TICKET).radicado
            except ActNotAllowed:
                return None

    with ThreadPoolExecutor(2) as pool:
        given = sorted(pool.map(click, range(2)), key=str)
    assert given == ["2026-E-000001", None]
    assert session.scalar(select(func.count(Ticket.id))) == 1

"""Is every office nudged once for each step, the chiefs when it is late, and nobody told anything personal?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from pqr.db import writing
from pqr.mail.addresses import Action, read
from pqr.mail.outbox import LetterState
from pqr.reminders import digests
from pqr.reminders.models import Reminder
from pqr.reminders.remind import FEW, remind_all
from pqr.secretarias.directory import by_code
from pqr.terms.silence import COPIES
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.contributing import cancel
from pqr.tickets.duties import meet, owe
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.models import Ticket
from tests.builders import CITIZEN, NOW, WATER, arrive, assigned, at, filed, letters_of, office_of, raw_mail
from tests.tickets.test_tickets_contributing import asked

HALF = at("2026-03-13 08:00")
LAST_DAY = at("2026-03-25 08:00")
LATE = at("2026-03-26 08:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def remind(session, here, *moments):
    written = [remind_all(session, here, moment) for moment in moments]
    session.flush()
    return written


def reminders(session):
    return letters_of(session, "reminder")


def test_the_office_is_nudged_at_half_of_the_term(session, here):
    ticket = assigned(session, here)
    remind(session, here, HALF)
    (letter,) = reminders(session)
    assert (letter.recipient, letter.copies, letter.ticket_id) == ("planeacion@puerres.example", "", ticket.id)
    assert letter.subject == "Le quedan 7 días hábiles: 2026-E-000001"
    signed = read(letter.reply_to, here.keys, here.mail_domain)
    assert (signed.action, signed.subject_id) == (Action.ANSWER, ticket.id)
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor, event.data) == ("reminded", "system", {"step": "half", "days_left": 7})


def test_the_same_hour_or_day_again_nudges_nobody_twice(session, here):
    assigned(session, here)
    remind(session, here, HALF, HALF, at("2026-03-13 17:00"), at("2026-03-16 09:00"))
    assert len(reminders(session)) == 1
    session.commit()
    remind(session, here, HALF)
    assert len(reminders(session)) == 1


def test_a_week_without_a_worker_is_one_reminder_and_the_right_one(session, here):
    assigned(session, here)
    remind(session, here, at("2026-03-20 08:00"))
    assert [letter.subject for letter in reminders(session)] == ["Le quedan 2 días hábiles: 2026-E-000001"]
    remind(session, here, at("2026-03-20 09:00"), at("2026-03-24 08:00"))
    assert [letter.subject for letter in reminders(session)][1:] == ["Le queda 1 día hábil: 2026-E-000001"]


def test_nothing_leaves_at_night_at_the_weekend_or_on_a_holiday(session, here):
    assigned(session, here)
    silent = ("2026-03-13 06:00", "2026-03-13 18:30", "2026-03-14 10:00", "2026-03-23 10:00")
    assert remind(session, here, *map(at, silent)) == [0, 0, 0, 0]
    assert not letters_of(session, "digest")


def test_what_is_late_is_read_by_control_interno_each_business_day_and_then_by_the_mayor(session, here):
    assigned(session, here)
    days = [at(f"2026-03-{day} 08:00") for day in range(26, 32)]
    remind(session, here, LAST_DAY, *days)
    copies = [letter.copies for letter in reminders(session)]
    late, later = "control-interno@puerres.example", "control-interno@puerres.example,despacho@puerres.example"
    assert copies == ["", late, late, late, later]
    assert "Vencida hace 4 días hábiles" in reminders(session)[-1].subject
    assert "artículo 31 de la Ley 1437" in reminders(session)[-1].text


def test_nobody_is_copied_on_a_letter_of_one_s_own(session, here):
    assigned(session, here, "control_interno")
    assigned(session, here, "despacho")
    remind(session, here, at("2026-04-08 08:00"))
    assert {letter.recipient: letter.copies for letter in reminders(session)} == {
        "control-interno@puerres.example": "despacho@puerres.example",
        "despacho@puerres.example": "control-interno@puerres.example",
    }


def test_what_nobody_has_nudges_the_desk(session, here):
    filed(session, here, kind="queja")
    remind(session, here, HALF)
    (letter,) = reminders(session)
    assert (letter.recipient, letter.reply_to) == ("atencion@puerres.example", "")
    assert "Asígnela aquí" in letter.text


def test_a_longer_term_starts_a_new_ladder(session, here):
    ticket = assigned(session, here)
    remind(session, here, HALF, at("2026-03-24 08:00"))
    extend_term(session, Extension(ticket, 15, "falta la visita", "user:1"), here, at("2026-03-24 09:00"))
    assert remind(session, here, at("2026-03-24 10:00")) == [0]
    remind(session, here, at("2026-03-26 08:00"), at("2026-04-14 08:00"))
    assert [letter.subject.split(":")[0] for letter in reminders(session)] == [
        "Le quedan 7 días hábiles",
        "Le queda 1 día hábil",
        "Le quedan 14 días hábiles",
        "Le quedan 3 días hábiles",
    ]
    dates = session.scalars(select(Reminder.due_on).distinct().order_by(Reminder.due_on)).all()
    assert dates == [date(2026, 3, 25), date(2026, 4, 17)]


def test_what_is_answered_closed_or_suspended_is_left_in_peace(session, here):
    answered = assigned(session, here)
    record_answer(session, Reply(answered, "Listo", "secretaria:planeacion"), here, NOW)
    for state in ("closed", "awaiting_petitioner"):
        assigned(session, here).state = state
    session.flush()
    remind(session, here, HALF, LATE)
    assert (reminders(session), letters_of(session, "digest")) == ([], [])


def test_a_reminder_and_a_digest_say_nothing_about_the_person_or_the_words(session, here):
    assigned(session, here)
    filed(session, here, kind="denuncia")
    remind(session, here, HALF, LATE)
    written = reminders(session) + letters_of(session, "digest")
    assert len(written) >= 4
    for letter in written:
        told = letter.subject + letter.text + letter.html + repr(letter.headers)
        assert not [word for word in ("Ana", CITIZEN, WATER[0], "tubo", "?code=") if word in told]
        assert letter.headers["Auto-Submitted"] == "auto-generated"


def test_each_office_with_work_gets_one_digest_a_day(session, here):
    first, second = assigned(session, here), assigned(session, here)
    assigned(session, here, "hacienda")
    remind(session, here, at("2026-03-04 07:00"), at("2026-03-04 08:00"), at("2026-03-05 07:00"))
    digests = letters_of(session, "digest")
    assert [letter.recipient.split("@")[0] for letter in digests] == ["planeacion", "hacienda"] * 2
    assert first.radicado in digests[0].text
    assert second.radicado in digests[0].text
    assert "(quedan 14 días hábiles)" in digests[0].text
    leave = digests[0].headers["List-Unsubscribe"].removeprefix("<mailto:").partition("?")[0]
    signed = read(leave, here.keys, here.mail_domain)
    assert (signed.action, signed.subject_id) == (Action.UNSUBSCRIBE, by_code(session, "planeacion").id)


def test_an_office_that_wants_no_digest_gets_none_and_is_still_nudged(session, here):
    assigned(session, here)
    by_code(session, "planeacion").wants_digest = False
    session.flush()
    remind(session, here, HALF)
    assert (len(reminders(session)), letters_of(session, "digest")) == (1, [])


def test_the_desk_s_digest_counts_what_waits_there(session, here):
    arrive(session, here, raw_mail("planeacion@puerres.example", subject="Hola", text="x"))
    stuck = assigned(session, here)
    letters_of(session, "assignment", stuck)[0].state = LetterState.FAILED
    remind(session, here, at("2026-03-04 07:00"))
    to_desk = [letter for letter in letters_of(session, "digest") if letter.recipient.startswith("atencion")]
    assert len(to_desk) == 1
    assert "Correos que esperan a una persona: 1" in to_desk[0].text
    assert "Cartas que no han podido salir: 1" in to_desk[0].text
    assert stuck.radicado not in to_desk[0].text


def test_without_anything_to_do_nobody_writes(session, here):
    assert remind(session, here, NOW, HALF) == [0, 0]


def test_two_workers_at_the_same_hour_nudge_once(session, here):
    assigned(session, here)
    session.commit()
    engine = session.get_bind()

    def work(_):
        with writing(engine) as own:
            return remind_all(own, here, HALF)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [0, 3]  # the reminder, the digest and the week's
    assert len(reminders(session)) == 1
    assert len(letters_of(session, "digest")) == 1


def test_a_contribution_is_reminded_the_day_before_and_on_the_day_and_is_then_late_in_the_digest(session, here):
    ticket = assigned(session, here)
    contribution = asked(session, here, ticket)  # for Tuesday the 10th
    for day in range(3, 13):
        remind(session, here, at(f"2026-03-{day:02d} 08:00"), at(f"2026-03-{day:02d} 09:00"))
    nudges = letters_of(session, "contribution_reminder")
    assert [f"{letter.created_at:%d}" for letter in nudges] == ["09", "10"]
    assert {letter.recipient for letter in nudges} == {"salud@puerres.example"}
    digests = [letter for letter in letters_of(session, "digest") if letter.recipient == "salud@puerres.example"]
    assert [f"{letter.created_at:%d}" for letter in digests] == ["11", "12"]
    assert digests[0].subject.endswith("0 peticiones por atender y 1 aporte atrasado")
    assert digests[0].subject.endswith("0 peticiones por atender y 1 aporte atrasado")
    assert f"{ticket.radicado}: se esperaba el martes 10 de marzo de 2026" in digests[0].text
    cancel(session, contribution, "user:1", here, NOW)
    remind(session, here, at("2026-03-13 08:00"))
    assert len([each for each in letters_of(session, "digest") if each.recipient == "salud@puerres.example"]) == 2


def test_a_contribution_asked_for_tomorrow_is_not_reminded_today(session, here):
    asked(session, here, assigned(session, here), due_on=date(2026, 3, 4))
    remind(session, here, NOW)
    assert not letters_of(session, "contribution_reminder")


def test_two_workers_at_once_remind_of_a_contribution_once(session, here):
    asked(session, here, assigned(session, here))
    session.commit()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: remind_in_own_session(session, here), range(2)))
    assert len(letters_of(session, "contribution_reminder")) == 1


def remind_in_own_session(session, here):
    with writing(session.get_bind()) as own:
        remind_all(own, here, at("2026-03-10 08:00"))


def owed(session, here, since=date(2026, 3, 17), **given):
    """A case that was closed, with copies still due three business days after that day."""
    ticket = assigned(session, here, **given)
    ticket.state, ticket.outcome = "closed", "answered"
    owe(session, ticket, COPIES, since, here, NOW)
    session.flush()
    return ticket


def test_a_duty_has_a_ladder_of_its_own_that_the_desk_reads_too_even_of_a_closed_case(session, here):
    ticket = owed(session, here)  # until Friday the 20th; the 23rd is a holiday
    days = ("17", "18", "19", "20", "21", "23", "24", "25")
    remind(session, here, *(at(f"2026-03-{day} {hour}:00") for day in days for hour in ("08", "17")))
    assert [(letter.created_at.day, letter.subject) for letter in reminders(session)] == [
        (17, f"Le quedan 3 días hábiles: {ticket.radicado} (entrega de las copias)"),
        (19, f"Le queda 1 día hábil: {ticket.radicado} (entrega de las copias)"),
        (20, f"Vence hoy: {ticket.radicado} (entrega de las copias)"),
        (24, f"Venció hace 1 día hábil: {ticket.radicado} (entrega de las copias)"),
        (25, f"Venció hace 2 días hábiles: {ticket.radicado} (entrega de las copias)"),
    ]
    along = "atencion@puerres.example"
    assert [letter.copies for letter in reminders(session)][-2:] == [f"{along},control-interno@puerres.example"] * 2
    assert {letter.reply_to for letter in reminders(session)} == {""}
    assert "art. 14, núm. 1" in reminders(session)[0].text
    told = [event.data for event in history(session, ticket.id) if event.kind == "reminded"]
    assert told[0] == {"step": "three_days", "days_left": 3, "code": COPIES}
    meet(session, ticket, COPIES, NOW)
    remind(session, here, at("2026-03-26 08:00"))
    assert len(reminders(session)) == 5


def test_the_answer_and_a_duty_of_the_same_day_are_nudged_each_on_its_own(session, here):
    ticket = assigned(session, here)  # until the 25th
    owe(session, ticket, COPIES, date(2026, 3, 19), here, NOW)  # until the 25th as well
    remind(session, here, LAST_DAY)
    assert sorted(letter.subject for letter in reminders(session)) == [
        f"Vence hoy: {ticket.radicado}",
        f"Vence hoy: {ticket.radicado} (entrega de las copias)",
    ]


def test_what_may_no_longer_be_done_makes_nobody_late(session, here):
    ticket = assigned(session, here)
    owe(session, ticket, "requerimiento_completar", date(2026, 3, 3), here, NOW)  # until the 17th
    remind(session, here, at("2026-03-17 08:00"), at("2026-03-18 08:00"))
    about = [letter.subject for letter in reminders(session) if "complete" in letter.subject]
    assert about == [f"Vence hoy: {ticket.radicado} (pedir al ciudadano que complete la petición)"]


def test_after_an_outage_an_office_gets_one_digest_and_its_chiefs_read_it(session, here):
    tickets = [assigned(session, here) for _ in range(FEW + 1)]
    lone = assigned(session, here, "hacienda")
    remind(session, here, LATE, at("2026-03-26 09:00"))
    assert [letter.ticket_id for letter in reminders(session)] == [lone.id]
    (digest,) = [each for each in letters_of(session, "digest") if each.recipient == "planeacion@puerres.example"]
    assert digest.copies == "control-interno@puerres.example"
    assert all(ticket.radicado in digest.text for ticket in tickets)
    assert {history(session, ticket.id)[-1].data["step"] for ticket in tickets} == {"overdue_1"}


def test_a_digest_names_the_nearest_and_counts_the_others(session, here, monkeypatch):
    monkeypatch.setattr(digests, "LISTED", 2)
    later = assigned(session, here, now=at("2026-03-04 10:00"))
    near = [assigned(session, here) for _ in range(3)]
    remind(session, here, at("2026-03-05 08:00"))
    (digest,) = letters_of(session, "digest")
    assert [each.radicado in digest.text for each in (*near, later)] == [True, True, False, False]
    assert "- y 2 más en la bandeja" in digest.text
    assert "Y 2 más en la bandeja." in digest.html


def test_no_case_is_read_of_which_nobody_has_to_be_told(session, here):
    for _ in range(3):
        assigned(session, here)
    remind(session, here, HALF)
    session.commit()
    session.expunge_all()
    remind(session, here, at("2026-03-13 10:00"), at("2026-03-13 11:00"))
    assert [each for each in session.identity_map.values() if isinstance(each, Ticket)] == []


def test_an_office_without_digests_gets_the_one_that_stands_for_many_letters(session, here):
    by_code(session, "planeacion").wants_digest = False
    for _ in range(FEW + 1):
        assigned(session, here)
    remind(session, here, LATE, at("2026-03-26 09:00"))
    assert len([each for each in letters_of(session, "digest") if each.recipient.startswith("planeacion")]) == 1


def test_near_its_end_the_letter_says_until_when_an_extension_may_be_told(session, here):
    assigned(session, here)
    assigned(session, here, kind="congreso_documentos")  # the law gives no extension
    remind(session, here, at("2026-03-20 08:00"))
    said = "la prórroga se le dice a la persona, con sus razones, a más tardar el miércoles 25 de marzo de 2026"
    assert [said in letter.text for letter in reminders(session)] == [False, True]
    remind(session, here, LATE)
    assert said not in reminders(session)[-1].text

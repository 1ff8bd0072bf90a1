"""Does a flood stay small, and is nobody's petition lost in it?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from pqr.intake.classify import MOST_A_DAY
from pqr.mail import outbox
from pqr.mail.inbox import InboxMail
from pqr.mail.outbox import Letter
from pqr.mail.pacing import MOST_AN_HOUR
from pqr.tickets.models import Ticket
from tests.builders import (
    CITIZEN,
    NOW,
    arrive,
    assigned,
    delivery_report,
    letters_of,
    office_of,
    raw_mail,
    reply_from_office,
)

AUTHSERV = "mx.puerres.example"
DISOWNED = f"{AUTHSERV}; spf=fail; dkim=none; dmarc=fail header.from=puerres.example"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, authserv_id=AUTHSERV, limits=True)


def tickets(session):
    return session.scalar(select(func.count(Ticket.id)))


def said(text, number=0, **more):
    return raw_mail(subject="Agua", text=text, message_id=f"<{number}@correo.example>", **more)


def test_a_storm_of_one_mail_is_one_ticket(session, here):
    minutes = [NOW + timedelta(minutes=number) for number in range(30)]
    rows = [arrive(session, here, said("No llega agua", minute.timestamp()), minute) for minute in minutes]
    assert tickets(session) == len(letters_of(session, "acknowledgement")) == 1
    assert {(row.verdict, row.ticket_id) for row in rows[1:]} == {("ignored", rows[0].ticket_id)}
    assert f"mensaje {rows[0].id}," in rows[-1].reason


def test_the_same_words_on_another_day_are_another_petition(session, here):
    arrive(session, here, said("No llega agua", 1))
    arrive(session, here, said("No llega agua", 2), NOW + timedelta(days=1, minutes=1))
    assert tickets(session) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "luis@correo.example"},
        {"files": (("foto.txt", "text/plain", b"otra"),)},
        {"in_reply_to": "<z@y.example>"},
    ],
    ids=["another person", "another file", "another thread"],
)
def test_what_differs_is_no_repeat(session, here, other):
    arrive(session, here, said("No llega agua", 1))
    arrive(session, here, said("No llega agua", 2, **other))
    assert tickets(session) == 2


def test_after_twenty_petitions_in_a_day_a_person_looks_first(session, here):
    rows = [arrive(session, here, said(f"Asunto {number}", number)) for number in range(MOST_A_DAY + 3)]
    assert [row.verdict for row in rows] == ["new_ticket"] * MOST_A_DAY + ["needs_human"] * 3
    assert len(letters_of(session, "acknowledgement")) == MOST_A_DAY
    (notice,) = letters_of(session, "not_understood")
    assert "antes de radicarlo lo mira una persona" in notice.text
    tomorrow = arrive(session, here, said("Otro día", 99), NOW + timedelta(days=1, minutes=1))
    assert tomorrow.verdict == "new_ticket"


def test_the_limits_are_off_for_a_load_test(session, here):
    free = replace(here, limits=False)
    rows = [arrive(session, free, said(f"Asunto {number}", number)) for number in range(MOST_A_DAY + 2)]
    assert {row.verdict for row in rows} == {"new_ticket"}


def test_a_person_who_writes_all_day_about_one_case_reaches_a_person(session, here):
    ticket = assigned(session, here)
    to = letters_of(session, "acknowledgement")[0].reply_to
    rows = [arrive(session, here, raw_mail(CITIZEN, to, "Re:", f"¿Ya {number}?")) for number in range(MOST_A_DAY + 2)]
    assert [row.verdict for row in rows[-3:]] == ["citizen_follow_up", "needs_human", "needs_human"]
    assert len(letters_of(session, "follow_up")) == len(ticket.messages) == MOST_A_DAY


def test_an_office_s_answer_that_the_server_disowns_waits_and_the_office_is_told(session, here):
    ticket = assigned(session, here)
    given = {"authentication_results": DISOWNED, "reply_to": "ladron@otro.example"}
    row = arrive(session, here, reply_from_office(ticket, here, "Se niega.", **given))
    assert (row.verdict, row.ticket_id, ticket.answers) == ("needs_human", ticket.id, [])
    (notice,) = letters_of(session, "not_understood")
    assert (notice.recipient, "no pudo comprobar" in notice.text) == (ticket.secretaria.email, True)


@pytest.mark.parametrize(
    "results", [DISOWNED.replace("dmarc=fail", "dmarc=pass"), DISOWNED.replace(AUTHSERV, "mx.otro.example")]
)
def test_an_office_s_answer_that_is_not_disowned_counts(session, here, results):
    ticket = assigned(session, here)
    row = arrive(session, here, reply_from_office(ticket, here, "Listo", authentication_results=results))
    assert (row.verdict, ticket.state) == ("secretaria_reply", "answered")


def test_a_petition_in_a_name_that_the_server_disowns_reaches_a_person(session, here):
    row = arrive(session, here, said("No llega agua", authentication_results=DISOWNED))
    assert (row.verdict, tickets(session)) == ("needs_human", 0)


def test_what_a_filter_calls_spam_reaches_a_person(session, here):
    row = arrive(session, here, said("No llega agua", x_spam_flag="YES"))
    assert (row.verdict, tickets(session), letters_of(session)) == ("needs_human", 0, [])


def test_an_office_that_is_away_has_answered_nothing(session, here):
    ticket = assigned(session, here)
    text = "Gracias por su mensaje. En este momento estamos de vacaciones; le responderemos a la mayor brevedad."
    row = arrive(session, here, reply_from_office(ticket, here, text))
    assert (row.verdict, row.ticket_id, ticket.answers) == ("needs_human", ticket.id, [])
    assert letters_of(session, "not_understood") == []


@pytest.mark.parametrize(("status", "again"), [("5.2.2", True), ("4.4.7", True), ("5.1.1", False)])
def test_a_full_mailbox_gets_the_letter_another_day(session, here, status, again):
    ticket = assigned(session, here)
    arrive(session, here, reply_from_office(ticket, here, "Listo"))
    (letter,) = letters_of(session, "answer")
    letter.state, letter.attempts, ticket.state = "sent", 1, "closed"
    row = arrive(session, here, delivery_report(letter, CITIZEN, status=status), NOW + timedelta(hours=1))
    assert (row.verdict, ticket.state) == ("bounce", "answered"), "nobody has the answer yet"
    assert letter.state == ("queued" if again else "bounced")
    late = NOW + timedelta(days=5, hours=1)
    letter.state, letter.bounced_at = "sent", None
    arrive(session, here, delivery_report(letter, CITIZEN, status=status) + b"x", late)
    assert letter.state == "bounced"


def test_an_order_reaches_only_what_it_names(session, here):
    """People in To and Cc are never written to."""
    ticket = assigned(session, here)
    arrive(session, here, said("No llega agua", 5, cc="vecina@correo.example, prensa@medio.example"))
    arrive(session, here, reply_from_office(ticket, here, "Listo", cc="vecina@correo.example"))
    everybody = {address for letter in letters_of(session) for address in letter.addresses}
    assert everybody <= {CITIZEN, ticket.secretaria.email, *_offices(session)}


def _offices(session):
    return {letter.recipient for letter in letters_of(session, "assignment")}


def test_a_number_in_a_subject_attaches_nothing_for_a_stranger(session, here):
    ticket = assigned(session, here)
    row = arrive(session, here, raw_mail("otro@correo.example", subject=f"Sobre {ticket.radicado}", text="Cierren eso"))
    assert (row.verdict, row.ticket_id, ticket.messages) == ("needs_human", ticket.id, [])
    assert session.scalar(select(func.count(InboxMail.id))) == 1


def test_over_a_thousand_acknowledgements_an_hour_the_rest_leave_later_and_a_person_sees_it(session, here):
    early = NOW - timedelta(minutes=59)
    arrive(session, here, said("No llega agua", 1), early)
    (model,) = letters_of(session, "acknowledgement")
    columns = {column.key: getattr(model, column.key) for column in Letter.__table__.columns}
    copies = [columns | {"id": 100 + n, "message_id": f"<{n}@x.example>"} for n in range(MOST_AN_HOUR - 2)]
    session.execute(insert(Letter), copies)
    last, over = (arrive(session, here, said(f"Asunto {n}", n)) for n in (2, 3))
    sent, held = (letters_of(session, "acknowledgement", session.get(Ticket, row.ticket_id))[0] for row in (last, over))
    assert (sent.next_try_at, held.next_try_at) == (NOW, NOW + timedelta(hours=1))
    assert held in outbox.stuck(session)
    assert sent not in outbox.stuck(session)
    after = arrive(session, here, said("Asunto 4", 4), NOW + timedelta(minutes=2))
    assert letters_of(session, "acknowledgement", session.get(Ticket, after.ticket_id))[0].last_error == ""

"""Does the outbox keep every letter until it left, came back, or a person looked at it?"""

from datetime import timedelta

import pytest

from pqr.mail import dead_addresses, inbox, mending, outbox
from pqr.mail.bounces import DeliveryReport
from pqr.mail.inbox import Received
from pqr.mail.outbox import LEASE, MAX_ATTEMPTS, PAUSES, Letter, LetterState
from tests.builders import CITIZEN, NOW

CONTROL, MAYOR = "control-interno@puerres.example", "despacho@puerres.example"


def put(session, recipient=CITIZEN, **more):
    """A letter that waits to leave since NOW."""
    given = {
        "letter": "reminder",
        "sender_name": "Alcaldía Municipal de Puerres",
        "subject": "Vence hoy",
        "text": "Vence hoy.",
        "html": "<p>Vence hoy.</p>",
        "message_id": outbox.new_message_id("puerres.example"),
        "next_try_at": NOW,
        "created_at": NOW,
    }
    letter = Letter(recipient=recipient, **(given | more))
    session.add(letter)
    session.flush()
    return letter


def test_the_pauses_grow_and_end_after_five_days():
    assert list(PAUSES) == sorted(PAUSES)
    assert sum(PAUSES, timedelta()) == timedelta(days=5)


def test_a_letter_that_never_leaves_is_tried_for_five_days_and_then_shown_to_a_person(session):
    letter, now = put(session), NOW
    while outbox.claim(session, now) == letter.id:
        outbox.mark_delayed(letter, "451 4.3.0 espere", now)
        now = letter.next_try_at
    assert (letter.state, letter.attempts) == (LetterState.FAILED, MAX_ATTEMPTS)
    assert now - LEASE - NOW == timedelta(days=5)  # the last claim was one lease ahead
    assert outbox.stuck(session) == [letter]


def test_a_claimed_letter_is_nobody_else_s_until_its_lease_ends(session):
    letter = put(session)
    assert outbox.claim(session, NOW) == letter.id
    assert outbox.claim(session, NOW + LEASE - timedelta(seconds=1)) is None
    assert outbox.claim(session, NOW + LEASE) == letter.id
    assert letter.attempts == 2


def test_a_letter_that_kills_the_service_at_every_try_is_given_up_and_says_so(session):
    letter = put(session, attempts=MAX_ATTEMPTS)
    assert outbox.claim(session, NOW) is None
    assert outbox.give_up(session, NOW) == [letter]
    assert (letter.state, letter.last_error) == (LetterState.FAILED, "El servicio se detuvo al enviarla.")


def test_what_the_server_said_when_it_took_the_letter_is_kept(session):
    letter = put(session, last_error="451 espere")
    outbox.mark_sent(letter, NOW, "250 2.0.0 Ok: queued as 4F1A")
    assert (letter.state, letter.last_error, letter.response) == ("sent", "", "250 2.0.0 Ok: queued as 4F1A")


def test_a_late_copy_becomes_a_letter_of_its_own_that_still_shows_whom_it_was_for(session):
    letter = put(session, copies=f"{CONTROL},{MAYOR}", headers={"Auto-Submitted": "auto-generated"})
    outbox.part_from_copies(session, letter, [MAYOR], NOW)
    session.flush()
    copy = session.query(Letter).filter(Letter.id != letter.id).one()
    assert (copy.recipient, copy.copies, copy.next_try_at) == (MAYOR, "", NOW + PAUSES[0])
    shown = {"Auto-Submitted": "auto-generated", "To": CITIZEN, "Cc": f"{CONTROL},{MAYOR}"}
    assert copy.headers == letter.headers == shown
    assert copy.message_id != letter.message_id
    assert letter.addresses == (CITIZEN,)


def test_a_dead_address_is_remembered_whatever_its_spelling_until_it_is_revived(session):
    dead_addresses.bury(session, "Ana@Correo.example ", "550 5.1.1 no such user", NOW)
    dead_addresses.bury(session, CITIZEN, "otra razón", NOW + LEASE)
    found = dead_addresses.among(session, ["ANA@correo.example", MAYOR])
    assert {spelled: (row.reason, row.since) for spelled, row in found.items()} == {
        "ANA@correo.example": ("550 5.1.1 no such user", NOW)
    }
    assert dead_addresses.revive(session, "ana@CORREO.example")
    assert not dead_addresses.revive(session, CITIZEN)
    assert not dead_addresses.among(session, [CITIZEN])


@pytest.mark.parametrize(
    ("recipient", "status", "failed", "dead"),
    [
        (CITIZEN.upper(), "5.1.1", True, True),
        (CITIZEN, "5.2.2", True, False),
        (CITIZEN, "4.1.1", False, False),
        ("alcalde@otra.example", "5.1.1", True, False),  # a forged report about somebody else
    ],
)
def test_a_delivery_report_buries_only_the_letter_s_own_address(session, recipient, status, failed, dead):
    letter = put(session)
    report = DeliveryReport(failed, recipient, status, "smtp; 550 no", letter.message_id)
    dead_addresses.learn(session, report, letter.addresses, NOW)
    assert bool(dead_addresses.among(session, [CITIZEN, recipient])) is dead


def test_who_sends_a_letter_again_says_that_its_address_is_good(session):
    letter = put(session)
    outbox.mark_bounced(letter, "550 5.1.1 no such user", NOW)
    dead_addresses.bury(session, CITIZEN, "550 5.1.1 no such user", NOW)
    mending.retry(session, letter.id, NOW)
    assert (letter.state, letter.attempts, letter.bounced_at) == (LetterState.QUEUED, 0, None)
    assert not dead_addresses.among(session, [CITIZEN])


def test_what_a_clock_that_was_years_ahead_had_put_off_leaves_once_it_is_right(session):
    letter = put(session)
    mail, _ = inbox.store(session, Received(b"Subject: agua\r\n\r\nNo llega.\r\n"), NOW)
    waiting = put(session, "otra@correo.example")
    waiting.next_try_at = NOW + PAUSES[-1]  # as long as a pause may be
    letter.next_try_at = mail.next_try_at = NOW + timedelta(days=4000)
    session.flush()
    assert mending.take_from_the_future(session, NOW) == 2
    assert [letter.next_try_at, mail.next_try_at] == [NOW, NOW]
    assert waiting.next_try_at == NOW + PAUSES[-1]
    assert outbox.claim(session, NOW) == letter.id

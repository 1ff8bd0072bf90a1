"""Is what arrived kept once and given to one worker, and what must leave tried until somebody must look?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pqr.db import writing
from pqr.mail import inbox, mending, outbox
from pqr.mail.inbox import InboxMail, Received, Verdict
from pqr.mail.outbox import MAX_ATTEMPTS, PAUSES, Letter, LetterState
from tests.builders import NOW, raw_mail

RAW = raw_mail(subject="Agua", text="No llega")
MINUTE = timedelta(minutes=1)


def keep(session, number=0, now=NOW):
    row, _ = inbox.store(session, Received(b"%d" % number + RAW), now)
    return row


def write(session, now=NOW, **given):
    number = session.scalar(select(func.count(Letter.id)))
    values = {"letter": "x", "sender_name": "x", "recipient": "x@x.test", "subject": "x", "text": "", "html": ""}
    letter = Letter(**values | {"message_id": f"<{number}@x.test>", "next_try_at": now, "created_at": now} | given)
    session.add(letter)
    session.flush()
    return letter


def taken(session, now):
    """The row that a worker takes, as it is then."""
    claimed = inbox.claim(session, now)
    return session.get(InboxMail, claimed.mail_id, populate_existing=True) if claimed else None


def test_the_same_bytes_to_the_same_people_are_kept_once(session):
    first, fresh = inbox.store(session, Received(RAW, envelope_to=("A@x.test", "b@x.test")), NOW)
    again, stale = inbox.store(session, Received(RAW, envelope_to=("b@x.test", "a@x.test")), NOW)
    other, also_fresh = inbox.store(session, Received(RAW, envelope_to=("c@x.test",)), NOW)
    assert (fresh, stale, also_fresh) == (True, False, True)
    assert first is again is not other
    assert (first.raw, first.size, first.received_at) == (RAW, len(RAW), NOW)


def test_mail_is_worked_in_the_order_of_its_arrival_and_by_one_worker_at_a_time(session):
    rows = [keep(session, number) for number in range(3)]
    assert [taken(session, NOW) for _ in range(4)] == [*rows, None]


def test_a_worker_that_died_leaves_its_mail_to_the_next(session):
    row = keep(session)
    taken(session, NOW)
    assert taken(session, NOW + inbox.LEASE - MINUTE) is None
    assert taken(session, NOW + inbox.LEASE) is row
    assert row.attempts == 2


def test_a_mail_that_fails_three_times_waits_for_a_person_with_the_reason(session):
    row, now = keep(session), NOW
    for attempt in (1, 2, 3):
        assert taken(session, now) is row
        inbox.fail(session, row.id, "ValueError: algo", now)
        assert row.next_try_at == now + attempt * MINUTE
        assert taken(session, now) is None
        now = row.next_try_at
    assert (row.verdict, row.attempts) == (Verdict.NEEDS_HUMAN, 3)
    assert "ValueError: algo" in row.reason
    assert taken(session, now + timedelta(days=1)) is None
    assert list(inbox.waiting_for_a_person(session)) == [row]


def test_a_mail_that_kills_its_worker_each_time_waits_for_a_person_too(session):
    killer, other = keep(session, 1), keep(session, 2)
    now = NOW
    for _ in range(inbox.MAX_ATTEMPTS):
        assert taken(session, now) is killer
        now += inbox.LEASE
    assert taken(session, now) is other
    assert taken(session, now) is None
    assert killer.verdict == Verdict.NEEDS_HUMAN


def test_a_late_failure_does_not_undo_what_another_worker_settled(session):
    row = keep(session)
    row.attempts = inbox.MAX_ATTEMPTS
    inbox.settle(row, Verdict.NEW_TICKET, "Petición nueva.", None, NOW)
    inbox.fail(session, row.id, "demasiado tarde", NOW)
    assert (row.verdict, row.reason, row.last_error) == (Verdict.NEW_TICKET, "Petición nueva.", "")


def test_what_waits_for_a_person_can_be_tried_again_and_what_is_settled_cannot(session):
    row = keep(session)
    inbox.settle(row, Verdict.NEEDS_HUMAN, "no se pudo", None, NOW)
    inbox.retry(session, row.id, NOW)
    assert taken(session, NOW) is row
    inbox.settle(row, Verdict.NEW_TICKET, "", None, NOW)
    with pytest.raises(ValueError, match="ya fue atendido"):
        inbox.retry(session, row.id, NOW)


def test_what_somebody_attended_no_longer_waits(session):
    row = keep(session)
    inbox.settle(row, Verdict.NEEDS_HUMAN, "x", None, NOW)
    row.closed_at, row.closed_by = NOW, "user:1"
    assert not inbox.waiting_for_a_person(session)
    with pytest.raises(ValueError, match="ya fue atendido"):
        inbox.retry(session, row.id, NOW)


@pytest.mark.parametrize("ledger", [inbox, outbox], ids=["inbox", "outbox"])
def test_two_workers_never_take_the_same_row(session, ledger):
    for number in range(12):
        _ = keep(session, number) if ledger is inbox else write(session)
    session.commit()
    engine = session.get_bind()

    def work(_):
        taken = []
        while True:
            with writing(engine) as own:
                claimed = ledger.claim(own, NOW)
            if claimed is None:
                return taken
            taken.append(claimed.mail_id if ledger is inbox else claimed)

    with ThreadPoolExecutor(3) as pool:
        taken = [row_id for each in pool.map(work, range(3)) for row_id in each]
    assert sorted(taken) == list(range(1, 13))


def test_a_letter_is_tried_again_with_growing_pauses_and_then_somebody_must_look(session):
    letter, now, waits = write(session), NOW, []
    for _ in range(MAX_ATTEMPTS):
        assert outbox.claim(session, now) == letter.id
        outbox.mark_delayed(letter, "451 espere", now)
        waits.append(letter.next_try_at - now)
        now = max(now, letter.next_try_at)
    assert waits[:-1] == list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=4) < now - NOW < timedelta(days=6)  # RFC 5321 §4.5.4.1: at least four or five
    assert (letter.state, letter.last_error) == (LetterState.FAILED, "451 espere")
    assert outbox.claim(session, now + timedelta(days=9)) is None


def test_a_letter_whose_worker_died_is_taken_again_but_not_for_ever(session):
    letter, now = write(session), NOW
    for _ in range(MAX_ATTEMPTS):
        assert outbox.claim(session, now) == letter.id
        assert outbox.claim(session, now + outbox.LEASE - MINUTE) is None
        now += outbox.LEASE
    assert outbox.claim(session, now) is None
    assert list(outbox.give_up(session, now)) == [letter]
    assert letter.state == LetterState.FAILED
    assert letter.last_error


def test_letters_leave_by_the_time_they_are_due(session):
    late, soon, now = (write(session, NOW + minutes * MINUTE) for minutes in (9, 2, 0))
    assert [outbox.claim(session, NOW + 5 * MINUTE) for _ in range(3)] == [now.id, soon.id, None]
    assert outbox.claim(session, NOW + 9 * MINUTE) == late.id


def test_a_letter_that_was_sent_refused_or_given_up_is_not_claimed(session):
    for state in (LetterState.SENT, LetterState.BOUNCED, LetterState.FAILED):
        write(session, state=state)
    assert outbox.claim(session, NOW) is None


def test_the_desk_sees_what_is_stuck(session):
    write(session)
    write(session, state=LetterState.SENT)
    write(session, attempts=2, last_error="451")
    wanted = [
        write(session, state=LetterState.FAILED),
        write(session, state=LetterState.BOUNCED),
        write(session, attempts=3, last_error="451"),
    ]
    assert list(outbox.stuck(session)) == wanted[::-1]


def test_a_stuck_letter_can_be_sent_again_and_a_sent_one_cannot(session):
    refused, sent = write(session, state=LetterState.BOUNCED, attempts=5), write(session, state=LetterState.SENT)
    mending.retry(session, refused.id, NOW)
    assert outbox.claim(session, NOW) == refused.id
    assert (refused.attempts, refused.bounced_at) == (1, None)
    with pytest.raises(ValueError, match="ya salió"):
        mending.retry(session, sent.id, NOW)


def test_the_raw_message_stays_whatever_becomes_of_it(session):
    row = keep(session)
    inbox.settle(row, Verdict.IGNORED, "x", None, NOW)
    session.commit()
    session.expire_all()
    assert session.get(InboxMail, row.id).raw == b"0" + RAW

"""Is a decision appealed in time or late, decided with a number, notified, and left as it was meanwhile?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appealing import APPEAL, Appeal, Resolution, Result, decide, note_told, present
from pqr.tickets.appeals import presented, remedy_of
from pqr.tickets.closing import Decision
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.duties import duties_of, pending_of
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.issuing import documents_of
from pqr.tickets.reopening import Reopening, reopen
from pqr.tickets.ruling import Ruling
from pqr.tickets.withdrawing import withdraw_tacitly
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, assigned, at, letters_of, office_of

NO = "No se puede dar el subsidio: el programa es solo para viviendas sin agua."
WHY = "Mi casa tampoco tiene agua: adjunto las fotos."
TOLD = at("2026-03-10 09:00")  # notified; the tenth business day after it is Wednesday the 25th
ACCEPTS = PetitionerData("Ana Prueba", email=CITIZEN, accepts_electronic_notification=True)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def decided(session, here, ruling=None, told=TOLD, **given):
    ticket = assigned(session, here, **{"kind": "peticion_particular", **given})
    reply = Reply(ticket, NO, "user:1", final=True, ruling=ruling or Ruling(AnswerOutcome.DENIED))
    record_answer(session, reply, here, NOW)
    if told:
        communicate(session, ticket, "counter", "user:1", here, told)
    session.flush()
    return ticket


def appeal(session, here, ticket, now, received_at=None, **more):
    message = add_message(session, FollowUp(ticket, WHY, "citizen"), here, now)
    duty = present(session, Appeal(ticket, message, received_at or now, "user:1", **more), here, now)
    session.flush()
    return duty


def decide_it(session, here, ticket, result, now, **more):
    document = decide(session, Resolution(ticket, result, "Se visitó la casa.", "user:1", **more), here, now)
    session.flush()
    return document


def last(session, ticket):
    return presented(history(session, ticket.id))


def test_an_appeal_in_time_is_due_in_two_months_and_the_person_is_told(session, here):
    ticket = decided(session, here)
    duty = appeal(session, here, ticket, at("2026-03-25 23:00"))
    assert (duty.code, duty.due_on) == (APPEAL, date(2026, 5, 25))
    assert not last(session, ticket).is_late
    (letter,) = letters_of(session, "appeal_received")
    for words in ("recurso de reposición", WHY, "lunes 25 de mayo de 2026"):
        assert words in letter.text
    assert WHY not in str(history(session, ticket.id)[-1].data)


def test_it_is_decided_with_a_number_and_what_was_answered_stays_as_it_was(session, here):
    ticket = decided(session, here)
    was = (ticket.state, ticket.outcome, ticket.communicated_at, ticket.days_used, ticket.answer.outcome)
    appeal(session, here, ticket, at("2026-03-20 08:00"))
    document = decide_it(session, here, ticket, Result.REVOKED, at("2026-04-14 08:00"))
    assert document.radicado in [each.radicado for each in documents_of(session, ticket.id)]
    assert pending_of(session, ticket) == []
    assert duties_of(session, ticket)[0].met_at == at("2026-04-14 08:00")
    assert was == (ticket.state, ticket.outcome, ticket.communicated_at, ticket.days_used, ticket.answer.outcome)
    assert last(session, ticket).waits_to_be_told
    note_told(session, ticket, "counter", "user:1", at("2026-04-15 08:00"))
    assert not last(session, ticket).waits_to_be_told
    with pytest.raises(ActNotAllowed, match="No hay una decisión"):
        note_told(session, ticket, "counter", "user:1", at("2026-04-15 08:00"))
    session.flush()
    assert list(verify(session, here)) == []


@pytest.mark.parametrize("accepts", [True, False])
def test_its_decision_is_notified_and_never_travels_in_a_mail(session, here, accepts):
    ticket = decided(session, here, **({"petitioner": ACCEPTS} if accepts else {}))
    appeal(session, here, ticket, at("2026-03-20 08:00"))
    decide_it(session, here, ticket, Result.CONFIRMED, at("2026-04-14 08:00"))
    (letter,) = letters_of(session, "appeal_decided")
    assert letter.files == []
    assert "Se visitó la casa." not in letter.text
    assert ("Queda notificado en la fecha y la hora" in letter.text) == accepts
    assert ("martes 21 de abril de 2026" in letter.text) != accepts
    assert history(session, ticket.id)[-1].data["way"] == ("electronic" if accepts else "citation")


def test_a_late_one_is_received_and_its_refusal_is_a_decision(session, here):
    ticket = decided(session, here)
    appeal(session, here, ticket, at("2026-03-26 08:00"))
    filed = last(session, ticket)
    assert (filed.is_late, filed.until) == (True, date(2026, 3, 25))
    assert "La alcaldía puede rechazarlo por eso" in letters_of(session, "appeal_received")[0].text
    decide_it(session, here, ticket, Result.LATE, at("2026-03-27 08:00"))
    assert last(session, ticket).decision["result"] == "late"


def test_one_in_time_is_not_refused_as_late(session, here):
    ticket = decided(session, here)
    appeal(session, here, ticket, at("2026-03-30 08:00"), received_at=at("2026-03-24 08:00"))
    with pytest.raises(ActNotAllowed, match=r"hasta el miércoles 25 de marzo de 2026.*arts. 76 y 78"):
        decide_it(session, here, ticket, Result.LATE, at("2026-03-30 09:00"))
    assert len(pending_of(session, ticket)) == 1


def test_what_grants_or_informs_is_not_appealed_nor_anything_twice(session, here):
    with pytest.raises(ActNotAllowed, match="no procede recurso"):
        appeal(session, here, decided(session, here, Ruling(AnswerOutcome.GRANTED)), at("2026-03-20 08:00"))
    ticket = decided(session, here)
    appeal(session, here, ticket, at("2026-03-20 08:00"))
    with pytest.raises(ActNotAllowed, match=r"Ya se presentó el viernes 20.*art. 87"):
        appeal(session, here, ticket, at("2026-03-20 09:00"))


def test_who_appeals_what_was_not_notified_is_notified_by_that(session, here):
    ticket = decided(session, here, told=None)
    duty = appeal(session, here, ticket, at("2026-03-12 08:00"))
    assert (ticket.state, ticket.communicated_at) == ("closed", at("2026-03-12 08:00"))
    assert ticket.answer.communicated_by == "conclusive"
    assert duty.due_on == date(2026, 5, 12)


def test_a_tacit_withdrawal_is_appealed_too(session, here):
    ticket = assigned(session, here)
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), here, NOW)
    withdraw_tacitly(session, Decision(ticket, "No llegó el plano.", "user:1"), here, at("2026-04-14 08:00"))
    assert remedy_of(ticket) == "reposicion"
    due_on = ticket.due_on
    appeal(session, here, ticket, at("2026-04-16 08:00"))
    assert (ticket.communicated_at, ticket.due_on) == (at("2026-04-16 08:00"), due_on)


def test_what_is_decided_after_a_revoked_withdrawal_may_be_appealed_anew(session, here):
    ticket = assigned(session, here, kind="peticion_particular")
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), here, NOW)
    withdraw_tacitly(session, Decision(ticket, "No llegó el plano.", "user:1"), here, at("2026-04-14 08:00"))
    appeal(session, here, ticket, at("2026-04-16 08:00"))
    decide_it(session, here, ticket, Result.REVOKED, at("2026-04-17 08:00"))
    reopening = Reopening(ticket, "Se revocó el desistimiento.", date(2026, 4, 20), "user:1")
    reopen(session, reopening, here, at("2026-04-17 09:00"))
    denial = Reply(ticket, NO, "user:1", final=True, ruling=Ruling(AnswerOutcome.DENIED))
    record_answer(session, denial, here, at("2026-04-17 10:00"))
    communicate(session, ticket, "counter", "user:1", here, at("2026-04-17 11:00"))
    assert appeal(session, here, ticket, at("2026-04-20 08:00")).due_on == date(2026, 6, 22)  # the 20th is a Saturday


def test_an_appeal_to_the_superior_goes_on_after_the_first_decision(session, here):
    ticket = decided(session, here)
    appeal(session, here, ticket, at("2026-03-20 08:00"))
    with pytest.raises(ActNotAllowed, match="no pidió apelación"):
        decide_it(session, here, ticket, Result.CONFIRMED, at("2026-03-24 08:00"), elevated=True)
    both = decided(session, here)
    appeal(session, here, both, at("2026-03-20 08:00"), higher=True)
    assert "contra lo que decide el alcalde no lo hay" in letters_of(session, "appeal_received")[-1].text.lower()
    decide_it(session, here, both, Result.CONFIRMED, at("2026-03-24 08:00"), elevated=True)
    assert [duty.code for duty in pending_of(session, both)] == [APPEAL]
    decide_it(session, here, both, Result.REVOKED, at("2026-04-24 08:00"))
    assert pending_of(session, both) == []

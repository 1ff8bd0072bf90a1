"""Does what the law reserves reach the judge, does the person know, and is what the judge orders delivered?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.secretarias.models import ExternalBody
from pqr.terms.appealing import Remedy
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appealing import Appeal, Result, present
from pqr.tickets.appeals import presented
from pqr.tickets.communicating import communicate
from pqr.tickets.duties import pending_of
from pqr.tickets.events import history
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.insisting import Judged, Judgement, Referral, deliver_ordered, note_judgement, send_to_judge
from pqr.tickets.models import Identity
from pqr.tickets.ruling import Ruling
from pqr.tickets.transfers import transfers_of
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, assigned, at, letters_of, office_of
from tests.tickets.test_tickets_appealing import TOLD, decide_it

PERSONAL, SECURITY = "Ley 1712 de 2014, art. 18, lit. a", "Ley 1712 de 2014, art. 19, lit. b"
WHY = "Esa información es de un contrato pagado con dinero público."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


@pytest.fixture
def judge(session):
    judge = ExternalBody(name="Juzgado Administrativo de Prueba", email="juzgado@justicia.example")
    session.add(judge)
    session.flush()
    return judge


def insisted(session, here, now=TOLD, provision=PERSONAL, remedy=None, **given):
    ticket = assigned(session, here, kind="informacion", **given)
    ruling = Ruling(AnswerOutcome.DENIED_RESERVED, provision)
    record_answer(session, Reply(ticket, "La ley lo reserva.", "user:1", final=True, ruling=ruling), here, NOW)
    communicate(session, ticket, "counter", "user:1", here, TOLD)
    message = add_message(session, FollowUp(ticket, WHY, "citizen"), here, now)
    present(session, Appeal(ticket, message, now, "user:1", remedy=remedy), here, now)
    session.flush()
    return ticket


def codes(session, ticket):
    return [(duty.code, duty.due_on) for duty in pending_of(session, ticket)]


def referred(session, here, ticket, judge, now, **more):
    sent = send_to_judge(session, Referral(ticket, judge, "user:1", **more), here, now)
    session.flush()
    return sent


def test_an_insistence_goes_to_the_judge_with_its_file_and_the_person_gets_a_copy(session, here, judge):
    ticket = insisted(session, here)
    assert codes(session, ticket) == [("envio_al_juez", date(2026, 3, 13))]
    assert "que decide en diez días (CPACA, art. 26)" in letters_of(session, "appeal_received")[0].text
    sent = referred(session, here, ticket, judge, at("2026-03-12 08:00"))
    theirs, own = letters_of(session, "judge")[0], letters_of(session, "judge_sent")[0]
    assert (theirs.recipient, own.recipient) == (judge.email, CITIZEN)
    for words in (PERSONAL, ticket.radicado, ticket.answer.radicado, "Ana Prueba"):
        assert words in theirs.text
    assert [len(letter.files) for letter in (theirs, own)] == [1, 1]
    assert sent.radicado in own.text
    assert codes(session, ticket) == []
    assert presented(history(session, ticket.id)).waits_for_the_judge
    with pytest.raises(ActNotAllowed, match="nada pendiente de enviar"):
        referred(session, here, ticket, judge, at("2026-03-12 09:00"))
    assert list(verify(session, here)) == []


def test_of_a_reserved_identity_nothing_goes_by_mail(session, here, judge):
    ticket = insisted(session, here, identity=Identity.RESERVED)
    sent = referred(session, here, ticket, judge, at("2026-03-12 08:00"))
    assert letters_of(session, "judge") == []
    assert sent.is_undelivered
    assert transfers_of(session, ticket) == [sent]


def test_a_reserve_for_security_is_appealed_in_three_days_and_then_sent_in_three(session, here, judge):
    ticket = insisted(session, here, now=at("2026-03-13 20:00"), provision=SECURITY)
    filed = presented(history(session, ticket.id))
    assert (filed.remedy, filed.until, filed.is_late) == (Remedy.SECURITY, date(2026, 3, 13), False)
    assert codes(session, ticket) == [("recurso_reposicion", date(2026, 5, 13))]
    decide_it(session, here, ticket, Result.CONFIRMED, at("2026-03-17 08:00"))
    assert codes(session, ticket) == [("envio_al_juez_seguridad", date(2026, 3, 20))]
    late = at("2026-03-24 08:00")
    with pytest.raises(ActNotAllowed, match=r"viernes 20 de marzo de 2026 \(Ley 1712 de 2014, art. 27\)"):
        referred(session, here, ticket, judge, late)
    referred(session, here, ticket, judge, late, late_reason="No había quién lo llevara.")
    assert history(session, ticket.id)[-1].data["late_reason"] == "No había quién lo llevara."


def test_what_is_revoked_for_security_goes_to_no_judge(session, here):
    ticket = insisted(session, here, provision=SECURITY)
    decide_it(session, here, ticket, Result.REVOKED, at("2026-03-17 08:00"))
    assert codes(session, ticket) == []


def test_whether_a_reserve_is_for_security_may_be_said_by_the_official(session, here):
    ticket = insisted(session, here, remedy=Remedy.SECURITY)
    assert presented(history(session, ticket.id)).remedy == Remedy.SECURITY


def test_what_the_judge_orders_is_due_and_delivered_as_a_complement(session, here, judge):
    ticket = insisted(session, here)
    was = (ticket.state, ticket.days_used, ticket.communicated_at, ticket.answer.outcome)
    referred(session, here, ticket, judge, at("2026-03-12 08:00"))
    told = Judgement(ticket, Judged.PARTLY, date(2026, 3, 26), "Debe entregar el valor.", "user:1", date(2026, 4, 10))
    note_judgement(session, told, here, at("2026-03-27 08:00"))
    assert codes(session, ticket) == [("orden_del_juez", date(2026, 4, 10))]
    assert "viernes 10 de abril de 2026" in letters_of(session, "judge_decided")[0].text
    reply = Reply(ticket, "El valor es 10 millones.", "user:1", final=True, ruling=Ruling(AnswerOutcome.GRANTED))
    given = deliver_ordered(session, reply, here, at("2026-03-30 08:00"))
    assert given.completes is ticket.answer
    assert codes(session, ticket) == []
    assert was == (ticket.state, ticket.days_used, ticket.communicated_at, ticket.answer.outcome)
    assert "El valor es 10 millones." in letters_of(session, "complement")[0].text


def test_what_the_judge_confirms_owes_nothing_and_his_day_must_be_possible(session, here, judge):
    ticket = insisted(session, here)
    denied = Judgement(ticket, Judged.DENIED, date(2026, 3, 26), "Confirma la reserva.", "user:1")
    with pytest.raises(ActNotAllowed, match="No hay un expediente donde el juez"):
        note_judgement(session, denied, here, at("2026-03-27 08:00"))
    referred(session, here, ticket, judge, at("2026-03-12 08:00"))
    with pytest.raises(ActNotAllowed, match="día de la decisión"):
        note_judgement(session, denied, here, at("2026-03-25 08:00"))
    note_judgement(session, denied, here, at("2026-03-27 08:00"))
    assert codes(session, ticket) == []

"""Do the letters of an appeal, an insistence and a claim about personal data read as they were agreed?"""

from datetime import date

import pytest

from pqr.secretarias.models import ExternalBody
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appealing import Appeal, Resolution, Result, decide, present
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.insisting import Judged, Judgement, Referral, note_judgement, send_to_judge
from pqr.tickets.ruling import Ruling
from tests.builders import CITIZEN, NOW, assigned, at, letters_of, office_of
from tests.tickets.test_tickets_ending_letters import agreed

ACCEPTS = PetitionerData("Ana Prueba", email=CITIZEN, accepts_electronic_notification=True)
TOLD, IN_TIME, LATE = at("2026-03-04 09:00"), at("2026-03-06 09:00"), at("2026-03-26 09:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def presented(session, here, now, provision="", **given):
    ticket = assigned(session, here, kind="informacion", **given)
    ruling = Ruling(AnswerOutcome.DENIED_RESERVED if provision else AnswerOutcome.DENIED, provision)
    record_answer(session, Reply(ticket, "No se entrega.", "user:1", final=True, ruling=ruling), here, NOW)
    communicate(session, ticket, "counter", "user:1", here, TOLD)
    message = add_message(session, FollowUp(ticket, "El contrato es público.\n\nGracias.", "citizen"), here, now)
    present(session, Appeal(ticket, message, now, "user:1", higher=True), here, now)
    session.flush()
    return ticket


def test_an_appeal_and_its_decision_read_as_they_were_agreed(session, here):
    late, accepts = presented(session, here, LATE), presented(session, here, IN_TIME, petitioner=ACCEPTS)
    for each in (late, accepts):
        decide(session, Resolution(each, Result.CONFIRMED, "No cambia nada.", "user:1"), here, LATE)
    session.flush()
    received, decided = letters_of(session, "appeal_received"), letters_of(session, "appeal_decided")
    agreed(
        (received[0], "appeal_received_late"), (decided[0], "appeal_decided_cited"),
        (decided[1], "appeal_decided_electronic"),
    )  # fmt: skip


def test_what_goes_to_the_judge_reads_as_it_was_agreed(session, here):
    court = ExternalBody(name="Juzgado de Prueba", email="juzgado@justicia.example")
    session.add(court)
    ticket = presented(session, here, LATE, "Ley 1712 de 2014, art. 18, lit. a")
    presented(session, here, IN_TIME, "Ley 1712 de 2014, art. 19, lit. a")
    send_to_judge(session, Referral(ticket, court, "user:1"), here, LATE)
    judgement = Judgement(ticket, Judged.PARTLY, date(2026, 3, 30), "Debe entregar el valor.", "user:1")
    note_judgement(session, judgement, here, at("2026-03-31 09:00"))
    session.flush()
    received = letters_of(session, "appeal_received")
    agreed(
        (received[0], "insistence_received_late"), (received[1], "security_received"),
        *((letters_of(session, name)[0], name) for name in ("judge", "judge_sent", "judge_decided")),
    )  # fmt: skip


def test_what_a_claim_lacks_is_asked_for_by_its_own_article(session, here):
    claim = assigned(session, here, kind="habeas_data_reclamo")
    ask_to_complete(session, Request(claim, "Falta decir cuál dato.", "user:1"), here, IN_TIME)
    agreed((letters_of(session, "completion_request")[0], "claim_fix_request"))

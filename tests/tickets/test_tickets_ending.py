"""Is a petition rejected, its number voided or its case opened again only where the law admits it?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.secretarias.directory import by_code
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.closing import Decision
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.contributing import Asking, ask_office
from pqr.tickets.contributions import pending_of
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.rejecting import reject
from pqr.tickets.reopening import Reopening, reopen
from pqr.tickets.voiding import Mistake, Voiding, void
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly
from pqr.upkeep import verify
from tests.builders import NOW, assigned, at, filed, letters_of, office_of

THEN, BY = at("2026-03-10 16:00"), date(2026, 3, 12)
REASONS = "Contiene insultos y amenazas contra la persona que atiende."


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def voiding(ticket, **more):
    return Voiding(
        **{"ticket": ticket, "mistake": Mistake.TEST, "act": "Acta 4", "reason": "Ensayo.", "actor": "user:1"} | more
    )


def test_a_rejection_gives_its_reasons_and_ends_what_was_waited_for(session, office):
    ticket = assigned(session, office)
    ask_office(session, Asking(ticket, by_code(session, "salud"), "¿Qué?", BY, None, "user:1"), office, NOW)
    reject(session, Decision(ticket, REASONS, "user:1"), office, THEN)
    assert (ticket.state, ticket.outcome, ticket.closed_at) == ("closed", "rejected", THEN)
    assert REASONS in letters_of(session, "rejected")[0].text
    assert pending_of(session, ticket) == []


def test_a_rejection_without_reasons_is_refused_with_the_article(session, office):
    with pytest.raises(ActNotAllowed, match=r"CPACA, art\. 19"):
        reject(session, Decision(assigned(session, office), "Grosera.", "user:1"), office, THEN)


def test_a_voided_number_stays_in_the_series_with_its_act(session, office):
    ticket = filed(session, office)
    void(session, voiding(ticket), office, THEN)
    session.flush()
    assert (ticket.outcome, ticket.radicado) == ("voided", "2026-E-000001")
    assert history(session, ticket.id)[-1].data["act"] == "Acta 4"
    assert filed(session, office).radicado == "2026-E-000002"
    assert list(verify(session, office)) == []


def test_the_same_filing_twice_names_the_number_that_stays(session, office):
    ticket, other = filed(session, office), filed(session, office)
    for wrong in (None, ticket):
        with pytest.raises(ActNotAllowed, match="el radicado que queda"):
            void(session, voiding(ticket, mistake=Mistake.TWICE, other=wrong), office, THEN)
    void(session, voiding(ticket, mistake=Mistake.TWICE, other=other), office, THEN)
    assert f"sigue con el radicado {other.radicado}" in letters_of(session, "voided")[0].text
    with pytest.raises(ActNotAllowed, match="el radicado que queda"):
        void(session, voiding(other, mistake=Mistake.TWICE, other=ticket), office, THEN)


def test_two_petitions_are_not_one_filing(session, office):
    ticket, text = filed(session, office), filed(session, office, body="Otra cosa muy distinta.")
    neighbour = filed(session, office, petitioner=PetitionerData("Luis Ejemplo", "luis@correo.example"))
    for other in (text, neighbour):
        with pytest.raises(ActNotAllowed, match="son dos peticiones"):
            void(session, voiding(ticket, mistake=Mistake.TWICE, other=other), office, THEN)


def test_reopening_gives_no_new_legal_days_and_goes_back_to_whoever_had_it(session, office):
    ticket, loose = assigned(session, office), filed(session, office, subject="Saludo", body="Buenas tardes.")
    due_on = ticket.due_on
    for each in (ticket, loose):
        withdraw_expressly(session, Withdrawal(each, "Ya no.", "user:1"), office, THEN)
        each.communicated_at = THEN
        reopen(session, Reopening(each, "Se cerró la que no era.", BY, "user:1"), office, THEN)
    assert (ticket.state, loose.state) == ("assigned", "filed")
    assert (ticket.outcome, ticket.closed_at, ticket.communicated_at, ticket.due_on) == ("", None, None, due_on)
    told = history(session, ticket.id)[-1]
    assert (told.kind, told.data["by"], told.data["before"]) == ("reopened", "2026-03-12", "withdrawn_express")
    assert "Se cerró la que no era." in letters_of(session, "reopened")[0].text
    assert letters_of(session, "assignment", ticket)[-1].created_at == THEN


def test_a_clock_that_stood_still_runs_again_when_the_case_is_reopened(session, office):
    ticket = assigned(session, office)
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), office, NOW)
    withdraw_expressly(session, Withdrawal(ticket, "Ya no.", "user:1"), office, THEN)
    reopen(session, Reopening(ticket, "Sí la quería.", BY, "user:1"), office, THEN)
    assert (ticket.state, ticket.suspended_on) == ("assigned", None)


def test_what_was_answered_is_completed_not_reopened(session, office):
    ticket = assigned(session, office)
    record_answer(session, Reply(ticket, "Va la cuadrilla.", "user:1", final=True), office, THEN)
    communicate(session, ticket, "counter", "user:1", office, THEN)
    with pytest.raises(ActNotAllowed, match="complemento"):
        reopen(session, Reopening(ticket, "Falta.", BY, "user:1"), office, THEN)


def test_the_day_of_the_house_is_a_business_day_to_come(session, office):
    ticket = assigned(session, office)
    withdraw_expressly(session, Withdrawal(ticket, "Ya no.", "user:1"), office, THEN)
    for day in (date(2026, 3, 9), date(2026, 3, 14)):
        with pytest.raises(ActNotAllowed, match="día hábil"):
            reopen(session, Reopening(ticket, "Sí.", day, "user:1"), office, THEN)

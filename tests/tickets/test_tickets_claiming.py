"""Does a claim about personal data follow its own numbers?  Ley 1581 de 2012, art. 15."""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.terms.kinds import TicketKind
from pqr.tickets.claiming import MARK, Marking, mark_claim
from pqr.tickets.closing import Decision
from pqr.tickets.completing import Completion, Request, ask_to_complete, complete, give_more_time
from pqr.tickets.duties import pending_of
from pqr.tickets.events import history
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.rejecting import reject
from pqr.tickets.suspensions import open_suspension
from pqr.tickets.wishing import Wish, possible_wishes
from pqr.tickets.withdrawing import withdraw_tacitly
from tests.builders import NOW, assigned, at, letters_of, office_of

CLAIM = TicketKind.HABEAS_DATA_RECLAMO


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def due(session, ticket):
    return [(duty.code, duty.due_on) for duty in pending_of(session, ticket)]


def ask(session, here, ticket, now):
    asked = ask_to_complete(session, Request(ticket, "Falta decir cuál dato.", "user:1"), here, now)
    session.flush()
    return asked


def test_the_mark_is_due_in_two_days_and_is_noted_with_its_place(session, here):
    claim, other = assigned(session, here, kind=CLAIM), assigned(session, here)
    assert due(session, claim) == [(MARK, date(2026, 3, 5))]
    assert due(session, other) == []
    marking = Marking(claim, "Base del Sisbén", date(2026, 3, 4), "La dirección está mal.", "user:1")
    mark_claim(session, marking, at("2026-03-06 08:00"))
    told = history(session, claim.id)[-1].data
    assert (told["where"], told["put_on"], told["late"]) == ("Base del Sisbén", "2026-03-04", False)
    assert due(session, claim) == []
    with pytest.raises(ActNotAllowed, match="no está pendiente: Leyenda"):
        mark_claim(session, marking, at("2026-03-06 08:00"))


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 7)])
def test_the_mark_is_put_after_the_claim_came_and_not_tomorrow(session, here, day):
    claim = assigned(session, here, kind=CLAIM)
    with pytest.raises(ActNotAllowed, match="no más tarde de hoy"):
        mark_claim(session, Marking(claim, "Sisbén", day, "Está mal.", "user:1"), at("2026-03-06 08:00"))
    assert len(due(session, claim)) == 1


def test_what_is_found_to_be_a_claim_owes_the_mark_and_what_is_not_owes_none(session, here):
    ticket = assigned(session, here)
    reclassify(session, Reclassification(ticket, CLAIM, "Pide corregir un dato.", "user:1"), here, NOW)
    assert due(session, ticket) == [(MARK, date(2026, 3, 5))]
    reclassify(session, Reclassification(ticket, TicketKind.QUEJA, "Es una queja.", "user:1"), here, NOW)
    assert due(session, ticket) == []


def test_a_fix_is_asked_for_in_five_days_and_the_person_has_two_months(session, here):
    claim, late = assigned(session, here, kind=CLAIM), assigned(session, here, kind=CLAIM)
    asked = ask(session, here, claim, at("2026-03-10 23:00"))
    assert asked.until == date(2026, 5, 11)  # the 10th is a Sunday
    assert due(session, claim) == []
    assert history(session, claim.id)[-1].kind == "data_claim_fix_requested"
    (letter,) = letters_of(session, "completion_request")
    assert "artículo 15 de la Ley 1581 de 2012" in letter.text
    assert "otro mes" not in letter.text
    with pytest.raises(ActNotAllowed, match=r"martes 10 de marzo de 2026.*5 días hábiles.*Ley 1581 de 2012, art. 15"):
        ask(session, here, late, at("2026-03-11 08:00"))


def test_once_complete_the_mark_is_due_since_that_day(session, here):
    claim = assigned(session, here, kind=CLAIM)
    ask(session, here, claim, at("2026-03-10 08:00"))
    complete(session, Completion(claim, date(2026, 3, 16), "user:1"), here, at("2026-03-17 08:00"))
    assert due(session, claim) == [(MARK, date(2026, 3, 18))]


def test_its_two_months_are_not_made_longer_and_then_it_is_withdrawn(session, here):
    claim = assigned(session, here, kind=CLAIM)
    ask(session, here, claim, at("2026-03-10 08:00"))
    with pytest.raises(ActNotAllowed, match=r"son 2 meses \(Ley 1581 de 2012"):
        give_more_time(session, claim, "user:1", here, at("2026-03-20 08:00"))
    assert Wish.MORE_TIME not in possible_wishes(claim, open_suspension(session, claim), at("2026-03-20 08:00"))
    decision = Decision(claim, "No se corrigió.", "user:1")
    with pytest.raises(ActNotAllowed, match=r"lunes 11 de mayo de 2026 \(Ley 1581 de 2012, art. 15, núm. 1\)"):
        withdraw_tacitly(session, decision, here, at("2026-04-15 08:00"))
    withdraw_tacitly(session, decision, here, at("2026-05-12 08:00"))
    assert claim.outcome == "withdrawn_tacit"


def test_a_claim_that_ended_owes_no_mark(session, here):
    claim = assigned(session, here, kind=CLAIM)
    reject(session, Decision(claim, "Contiene insultos y amenazas contra la persona que atiende.", "user:1"), here, NOW)
    assert due(session, claim) == []

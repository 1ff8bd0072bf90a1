"""Does the clock stand still while the person is asked, once and in time, and go on with the days that were left?"""

from dataclasses import replace
from datetime import date

import pytest

from pqr.errors import ActNotAllowed, ExtensionNotAllowed, NotUnderstood
from pqr.terms.calendar import Closure, ClosureKind
from pqr.terms.clock import Cause
from pqr.terms.kinds import TicketKind
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.clarifying import archive_unclear, ask_to_clarify
from pqr.tickets.closing import Decision
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Completion, Request, ask_to_complete, complete, give_more_time, say_still_lacking
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.merging import Merge, merge
from pqr.tickets.models import Channel
from pqr.tickets.pausing import Pause, Settlement, pause, settle
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.recomputing import CalendarChange, Move, recompute_open
from pqr.tickets.suspensions import explanation, open_suspension, suspensions_of
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly, withdraw_tacitly
from tests.builders import CITIZEN, NOW, assigned, at, filed, letters_of, office_of

ASKED = at("2026-03-10 16:00")  # day 5 of the term that began at NOW
LACKS = "Falta el plano del predio."
REASON = "No llegó el plano."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def ask(session, here, ticket, now=ASKED, text=LACKS):
    asked = ask_to_complete(session, Request(ticket, text, "user:1"), here, now)
    session.flush()
    return asked


def taken_as_complete(session, here, ticket, day, now):
    complete(session, Completion(ticket, date.fromisoformat(day), "user:1"), here, now)
    session.flush()
    return ticket


def waiting(session, here, **changes):
    ticket = assigned(session, here, **changes)
    ask(session, here, ticket)
    return ticket


def test_asking_stops_the_clock_and_tells_the_person_what_lacks_until_when_and_what_then(session, here):
    ticket = assigned(session, here)
    asked = ask(session, here, ticket)
    assert (ticket.state, ticket.suspended_on, ticket.elapsed) == ("awaiting_petitioner", date(2026, 3, 10), 5)
    assert asked.until == date(2026, 4, 10)
    (letter,) = letters_of(session, "completion_request")
    assert letter.recipient == CITIZEN
    for words in (LACKS, "hasta el viernes 10 de abril de 2026", "desistido", "responda este mismo correo"):
        assert words in letter.text
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.data["until"], event.data["by_mail"]) == ("completion_requested", "2026-04-10", True)
    assert LACKS not in str(event.data)
    assert "no hay fecha límite" in " ".join(explanation(session, ticket, here))


def test_it_may_be_asked_for_until_the_tenth_business_day(session, here):
    last, late = assigned(session, here), assigned(session, here)
    ask(session, here, last, at("2026-03-17 23:00"))
    with pytest.raises(ActNotAllowed, match=r"martes 17 de marzo de 2026.*10 días hábiles.*art. 17"):
        ask(session, here, late, at("2026-03-18 08:00"))
    assert (late.state, late.suspended_on) == ("assigned", None)


def test_it_is_asked_for_once_and_says_what_lacks(session, here):
    ticket = waiting(session, here)
    taken_as_complete(session, here, ticket, "2026-03-12", at("2026-03-12 12:00"))
    with pytest.raises(ActNotAllowed, match="Ya se le pidió una vez, el martes 10 de marzo"):
        ask(session, here, ticket, at("2026-03-13 09:00"))
    with pytest.raises(NotUnderstood):
        ask(session, here, assigned(session, here), text=" \n")


def test_taken_as_complete_later_the_clock_still_goes_on_the_day_after_the_person_sent_it(session, here):
    ticket = waiting(session, here)
    add_message(session, FollowUp(ticket, "Aquí está el plano.", "citizen"), here, at("2026-03-24 09:00"))
    assert open_suspension(session, ticket).supplied_at == at("2026-03-24 09:00")
    assert (ticket.state, ticket.suspended_on) == ("awaiting_petitioner", date(2026, 3, 10))
    taken_as_complete(session, here, ticket, "2026-03-24", at("2026-03-27 15:00"))
    assert (ticket.state, ticket.suspended_on, ticket.due_on) == ("assigned", None, date(2026, 4, 9))
    assert suspensions_of(session, ticket.id)[0].resumed_at == at("2026-03-24 09:00")
    (letter,) = letters_of(session, "resumed")
    assert "a más tardar el jueves 9 de abril de 2026" in letter.text
    assert "En total: 5 + 10 = 15 días hábiles." in explanation(session, ticket, here)


def test_what_was_on_the_desk_goes_back_to_the_desk(session, here):
    ticket = filed(session, replace(here, routing="desk"))
    ask(session, here, ticket)
    assert taken_as_complete(session, here, ticket, "2026-03-12", at("2026-03-12 12:00")).state == "filed"


def test_a_day_that_cannot_be_is_refused(session, here):
    ticket = waiting(session, here)
    for day in ("2026-03-09", "2026-03-14"):
        with pytest.raises(ActNotAllowed, match="del martes 10 de marzo de 2026"):
            taken_as_complete(session, here, ticket, day, at("2026-03-13 09:00"))


def test_where_no_day_was_left_one_is_given_and_somebody_is_told(session, here):
    ticket = assigned(session, here, kind=TicketKind.INFORMACION)
    ask(session, here, ticket, at("2026-03-17 10:00"))
    taken_as_complete(session, here, ticket, "2026-03-27", at("2026-03-27 12:00"))
    assert ticket.due_on == date(2026, 3, 30)
    assert history(session, ticket.id)[-1].data["left_none"] is True


def test_the_person_gets_as_long_again_once_and_before_the_end(session, here):
    ticket, late = waiting(session, here), waiting(session, here)
    asked = give_more_time(session, ticket, "user:1", here, at("2026-04-10 17:00"))
    assert asked.last_day == date(2026, 5, 11)  # the 10th is a Sunday
    (letter,) = letters_of(session, "completion_extended")
    assert "hasta el lunes 11 de mayo de 2026" in letter.text
    with pytest.raises(ActNotAllowed, match="hasta el lunes 11 de mayo de 2026"):
        give_more_time(session, ticket, "user:1", here, at("2026-04-10 18:00"))
    with pytest.raises(ActNotAllowed, match=r"terminó el viernes 10 de abril de 2026.*art. 17"):
        give_more_time(session, late, "user:1", here, at("2026-04-11 08:00"))


def test_the_month_s_end_withdraws_nothing_and_then_an_official_may(session, here):
    ticket = waiting(session, here)
    with pytest.raises(ActNotAllowed, match=r"hasta el viernes 10 de abril de 2026 .CPACA, art. 17"):
        withdraw_tacitly(session, Decision(ticket, REASON, "user:1"), here, at("2026-04-10 23:00"))
    assert open_suspension(session, ticket).is_unmet(date(2026, 4, 11))
    assert ticket.state == "awaiting_petitioner"
    withdraw_tacitly(session, Decision(ticket, REASON, "user:1"), here, at("2026-04-13 09:00"))
    assert (ticket.state, ticket.outcome) == ("closed", "withdrawn_tacit")
    (letter,) = letters_of(session, "withdrawn_tacit")
    for words in (REASON, "recurso de reposición", "10 días hábiles", "otra vez"):
        assert words in letter.text
    event = history(session, ticket.id)[-1]
    assert event.kind == "withdrawn_tacit"
    assert ticket.messages[-1].id == event.data["message"]


def test_what_does_not_do_is_told_and_the_person_s_time_stays(session, here):
    ticket = waiting(session, here)
    lacking = Request(ticket, "Falta la segunda hoja.", "user:1")
    with pytest.raises(ActNotAllowed, match="no ha enviado nada"):
        say_still_lacking(session, lacking, here, at("2026-03-24 10:00"))
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), here, at("2026-03-24 09:00"))
    asked = say_still_lacking(session, lacking, here, at("2026-03-24 10:00"))
    assert (asked.supplied_at, asked.last_day, ticket.state) == (None, date(2026, 4, 10), "awaiting_petitioner")
    (letter,) = letters_of(session, "still_lacking")
    assert "Falta la segunda hoja." in letter.text
    assert "tiene hasta el viernes 10 de abril de 2026" in letter.text
    assert asked.is_unmet(date(2026, 4, 11))
    add_message(session, FollowUp(ticket, "La otra hoja.", "citizen"), here, at("2026-03-26 09:00"))
    assert ticket.due_on == date(2026, 4, 13)  # two days later than with the first sheet


def test_asking_for_more_time_completes_nothing(session, here):
    ticket = waiting(session, here)
    add_message(session, FollowUp(ticket, "Necesito otro mes.", "citizen"), here, at("2026-03-24 09:00"))
    assert give_more_time(session, ticket, "user:1", here, at("2026-03-25 09:00")).supplied_at is None


def test_what_arrived_is_no_silence(session, here):
    ticket = waiting(session, here)
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), here, at("2026-04-14 09:00"))
    assert not open_suspension(session, ticket).is_unmet(date(2026, 4, 15))
    # after its month, but before any decision, it still completes the petition
    assert taken_as_complete(session, here, ticket, "2026-04-14", at("2026-04-15 09:00")).state == "assigned"


def test_ten_days_to_clarify_and_then_the_archive_by_an_act(session, here):
    ticket = assigned(session, here)
    asked = ask_to_clarify(session, Request(ticket, "¿Qué pide?", "user:1"), here, ASKED)
    assert (ticket.state, asked.until) == ("awaiting_petitioner", date(2026, 3, 25))
    with pytest.raises(ActNotAllowed, match=r"hasta el miércoles 25 de marzo de 2026 .CPACA, art. 19"):
        archive_unclear(session, Decision(ticket, REASON, "user:1"), here, at("2026-03-25 18:00"))
    for act in (give_more_time, lambda s, t, a, h, n: withdraw_tacitly(s, Decision(t, REASON, a), h, n)):
        with pytest.raises(ActNotAllowed):
            act(session, ticket, "user:1", here, at("2026-03-26 08:00"))
    archive_unclear(session, Decision(ticket, REASON, "user:1"), here, at("2026-03-26 08:00"))
    assert (ticket.state, ticket.outcome) == ("closed", "archived_unclear")
    assert {letter.letter for letter in letters_of(session, ticket=ticket)} >= {
        "clarification_request", "archived_unclear",
    }  # fmt: skip


def test_clarified_it_goes_on(session, here):
    ticket = assigned(session, here)
    ask_to_clarify(session, Request(ticket, "¿Qué pide?", "user:1"), here, ASKED)
    taken_as_complete(session, here, ticket, "2026-03-24", at("2026-03-24 09:00"))
    assert ticket.due_on == date(2026, 4, 9)
    assert history(session, ticket.id)[-1].kind == "clarified"


def test_whoever_asked_may_withdraw_at_any_time_and_the_words_are_kept(session, here):
    for ticket in (filed(session, here), assigned(session, here), waiting(session, here)):
        withdraw_expressly(session, Withdrawal(ticket, "Ya no la necesito.", "user:1"), here, at("2026-03-11 09:00"))
        assert (ticket.state, ticket.outcome) == ("closed", "withdrawn_express")
        assert ticket.messages[-1].text == "Ya no la necesito."
    answered = assigned(session, here)
    record_answer(session, Reply(answered, "Sí.", "user:1"), here, NOW)
    with pytest.raises(ActNotAllowed):
        withdraw_expressly(session, Withdrawal(answered, "Ya no.", "user:1"), here, NOW)


def test_for_the_public_interest_it_goes_on_with_a_reason(session, here):
    ticket = assigned(session, here)
    withdrawal = Withdrawal(ticket, "Ya no.", "user:1", public_interest="El puente puede caerse")
    withdraw_expressly(session, withdrawal, here, at("2026-03-11 09:00"))
    assert (ticket.state, ticket.outcome, ticket.due_on) == ("assigned", "", date(2026, 3, 25))
    (letter,) = letters_of(session, "continued")
    assert "El puente puede caerse" in letter.text


@pytest.mark.parametrize("cause", [Cause.COMPETENCE, Cause.RECUSAL])
def test_who_decides_being_in_doubt_stops_the_clock_until_it_is_settled(session, here, cause):
    ticket = assigned(session, here)
    pause(session, Pause(ticket, cause, "Lo reclama la Gobernación", "user:1"), here, ASKED)
    assert (ticket.state, ticket.suspended_on) == ("assigned", date(2026, 3, 10))
    session.flush()
    for act in (
        lambda: extend_term(session, Extension(ticket, 5, "x", "user:1"), here, at("2026-03-12 09:00")),
        lambda: reclassify(session, Reclassification(ticket, TicketKind.QUEJA, "x", "user:1"), here, ASKED),
        lambda: ask(session, here, ticket, at("2026-03-12 09:00")),
    ):
        with pytest.raises(ActNotAllowed, match="suspendido desde el martes 10 de marzo"):
            act()
    settle(session, Settlement(ticket, date(2026, 3, 24), "Es de aquí", "user:1"), here, at("2026-03-25 09:00"))
    assert (ticket.suspended_on, ticket.due_on) == (None, date(2026, 4, 9))
    assert {each.letter for each in letters_of(session, ticket=ticket)} >= {"paused", "resumed"}


def test_the_days_used_leave_out_the_suspended_ones(session, here):
    ticket = waiting(session, here)
    taken_as_complete(session, here, ticket, "2026-03-24", at("2026-03-24 12:00"))
    record_answer(session, Reply(ticket, "Sí.", "user:1"), here, at("2026-03-26 09:00"))
    communicate(session, ticket, "counter", "user:1", here, at("2026-03-26 10:00"))
    assert ticket.days_used == 7


def test_answered_while_the_person_is_awaited_only_the_days_before_count(session, here):
    ticket = waiting(session, here)
    record_answer(session, Reply(ticket, "Sí.", "user:1"), here, at("2026-03-26 09:00"))
    communicate(session, ticket, "counter", "user:1", here, at("2026-03-26 10:00"))
    assert (ticket.state, ticket.days_used) == ("closed", 5)


def test_a_closure_published_meanwhile_an_extension_and_a_new_kind_go_through_the_clock(session, here):
    ticket, still = waiting(session, here), waiting(session, here)
    taken_as_complete(session, here, ticket, "2026-03-24", at("2026-03-24 12:00"))
    day = Closure(date(2026, 3, 27), ClosureKind.FULL_DAY, "Día cívico", "Decreto 9")
    shut = replace(here, calendar=here.calendar.with_closures(day))
    change = CalendarChange(here.calendar, None, "Decreto 9", "user:1")
    (moved,) = recompute_open(session, change, shut, at("2026-03-25 09:00"))
    assert moved == Move(ticket.radicado, date(2026, 4, 9), date(2026, 4, 10))
    assert (ticket.due_on, still.suspended_on) == (date(2026, 4, 10), date(2026, 3, 10))
    extend_term(session, Extension(ticket, 2, "visita", "user:1"), shut, at("2026-03-25 10:00"))
    assert ticket.due_on == date(2026, 4, 14)
    reclassify(session, Reclassification(ticket, TicketKind.CONSULTA, "es un concepto", "user:1"), shut, NOW)
    assert ticket.due_on == date(2026, 5, 6)  # 30 + 2 - 5 = 27 days after 24 March


def test_an_extension_that_the_law_refuses_changes_nothing(session, here):
    ticket = waiting(session, here)
    taken_as_complete(session, here, ticket, "2026-03-24", at("2026-03-24 12:00"))
    with pytest.raises(ExtensionNotAllowed, match=r"venció el jueves 9 de abril.*art. 14, parágrafo"):
        extend_term(session, Extension(ticket, 5, "x", "user:1"), here, at("2026-04-10 09:00"))


def test_a_duplicate_is_answered_by_itself_once_its_main_one_is_withdrawn(session, here):
    main, twin = assigned(session, here), assigned(session, here)
    merge(session, Merge(twin, main, "Piden lo mismo", "user:1"), here, NOW)
    withdraw_expressly(session, Withdrawal(main, "Ya no.", "user:1"), here, at("2026-03-11 09:00"))
    assert (twin.duplicate_of_id, twin.state) == (None, "assigned")


def test_a_duplicate_that_awaits_its_person_is_answered_with_its_main_one(session, here):
    main, twin = assigned(session, here), waiting(session, here)
    merge(session, Merge(twin, main, "Piden lo mismo", "user:1"), here, at("2026-03-11 09:00"))
    record_answer(session, Reply(main, "Ya se arregló.", "user:1"), here, at("2026-03-12 09:00"))
    assert (main.state, twin.state) == ("answered", "answered")


def test_without_an_address_it_is_said_that_no_letter_left(session, here):
    ticket = assigned(session, here, petitioner=PetitionerData(name="Ana"), channel=Channel.PAPER)
    ask(session, here, ticket)
    assert history(session, ticket.id)[-1].data["by_mail"] is False

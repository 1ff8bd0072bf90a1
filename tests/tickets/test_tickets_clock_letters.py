"""Do the letters that stop a clock, let it go on, or end a silent case read as they were agreed?"""

from datetime import date

import pytest

from pqr.reminders.remind import remind_all
from pqr.terms.clock import Cause
from pqr.tickets.clarifying import archive_unclear, ask_to_clarify
from pqr.tickets.closing import Decision
from pqr.tickets.completing import Completion, Request, ask_to_complete, complete, give_more_time, say_still_lacking
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.pausing import Pause, Settlement, pause, settle
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly, withdraw_tacitly
from tests.builders import assigned, at, letters_of, office_of
from tests.tickets.test_tickets_letters import check

ASKED, LATE = at("2026-03-10 16:00"), at("2026-05-12 09:00")
LACKS = "Falta el plano del predio.\n\nSin él no se sabe por dónde pasa el tubo."


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def asked(session, here, ask=ask_to_complete):
    ticket = assigned(session, here)
    ask(session, Request(ticket, LACKS, "user:1"), here, ASKED)
    session.flush()
    return ticket


def every_letter(session, here):
    """One of each, by its template."""
    completed = asked(session, here)
    add_message(session, FollowUp(completed, "Aquí está.", "citizen"), here, at("2026-03-24 09:00"))
    lacking = Request(completed, "Falta la segunda hoja.", "user:1")
    say_still_lacking(session, lacking, here, at("2026-03-24 09:30"))
    complete(session, Completion(completed, date(2026, 3, 24), "user:1"), here, at("2026-03-24 10:00"))
    silent = asked(session, here)
    remind_all(session, here, at("2026-04-08 09:00"))
    give_more_time(session, silent, "user:1", here, at("2026-04-09 09:00"))
    withdraw_tacitly(session, Decision(silent, "Se decreta el desistimiento.", "user:1"), here, LATE)
    unclear = asked(session, here, ask_to_clarify)
    archive_unclear(session, Decision(unclear, "Se archiva.", "user:1"), here, LATE)
    withdraw_expressly(session, Withdrawal(assigned(session, here), "Ya no la necesito.", "user:1"), here, ASKED)
    kept = Withdrawal(assigned(session, here), "Ya no.", "user:1", "el puente puede caerse")
    withdraw_expressly(session, kept, here, ASKED)
    doubted = assigned(session, here)
    pause(session, Pause(doubted, Cause.COMPETENCE, "Lo reclama la Gobernación.", "user:1"), here, ASKED)
    session.flush()
    settle(session, Settlement(doubted, date(2026, 3, 24), "Es de aquí", "user:1"), here, at("2026-03-24 10:00"))
    session.flush()
    letters = letters_of(session)
    return {letter.letter: letter for letter in reversed(letters)} | {
        "follow_up_while_suspended": next(each for each in letters if each.letter == "follow_up"),
        "resumed_after_a_conflict": [each for each in letters if each.letter == "resumed"][-1],
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_letter_of_a_clock_reads_as_it_was_agreed(session, here):
    written = every_letter(session, here)
    missing = []
    for name in (
        "completion_request", "completion_extended", "completion_reminder", "resumed", "resumed_after_a_conflict",
        "withdrawn_tacit", "clarification_request", "archived_unclear", "withdrawn_express", "continued", "paused",
        "follow_up_while_suspended", "still_lacking",
    ):  # fmt: skip
        try:
            check(written[name], name)
        except pytest.fail.Exception as told:
            missing.append(str(told))
        assert "{{" not in written[name].html
        assert "#" not in written[name].subject
    assert missing == []

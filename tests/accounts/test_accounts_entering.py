"""Does guessing grow slow, for every address alike, and can a session be ended?"""

from datetime import timedelta

import pytest

from pqr.accounts import entering
from pqr.accounts.entering import FREE_TRIES, Visitor, locked_until
from pqr.accounts.models import Outcome
from tests.builders import NOW

ANA = Visitor("ana@puerres.example")
MINUTE = timedelta(minutes=1)


def fail(session, times, visitor=ANA, at=NOW):
    for _ in range(times):
        entering.knock(session, visitor, Outcome.WRONG, at)
    session.flush()


def test_five_failures_are_free_and_then_the_pause_doubles_up_to_an_hour(session):
    pauses = []
    for failures in range(1, 14):
        fail(session, 1)
        until = locked_until(session, ANA, NOW)
        pauses.append((until - NOW) / MINUTE if until else 0)
        assert failures == len(pauses)
    assert pauses == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_pause_ends_by_itself(session):
    fail(session, FREE_TRIES)
    assert locked_until(session, ANA, NOW + MINUTE) is None


def test_a_good_try_forgets_the_failures_before_it(session):
    fail(session, FREE_TRIES)
    entering.knock(session, ANA, Outcome.GOOD, NOW)
    fail(session, 1)
    assert locked_until(session, ANA, NOW) is None


def test_a_right_password_without_its_code_forgets_nothing(session):
    for _ in range(FREE_TRIES):
        entering.knock(session, ANA, Outcome.HALF, NOW)
        entering.knock(session, ANA, Outcome.CODE, NOW)
    assert locked_until(session, ANA, NOW) is not None


def test_what_the_pause_refuses_does_not_lengthen_it(session):
    fail(session, FREE_TRIES)
    for _ in range(50):
        entering.knock(session, ANA, Outcome.LOCKED, NOW)
    assert locked_until(session, ANA, NOW) == NOW + MINUTE


def test_an_address_of_nobody_slows_down_alike_and_however_it_is_written(session):
    fail(session, FREE_TRIES, Visitor("nadie@puerres.example"))
    assert locked_until(session, Visitor(" NADIE@puerres.example"), NOW) == NOW + MINUTE
    assert locked_until(session, ANA, NOW) is None


def test_strangers_do_not_shut_out_the_official_s_own_browser(session):
    fail(session, 30)
    assert locked_until(session, ANA, NOW) is not None
    assert locked_until(session, Visitor(ANA.email, "su-computador"), NOW) is None


def test_yesterday_is_forgotten(session):
    fail(session, 30, at=NOW - timedelta(days=1, minutes=1))
    assert locked_until(session, ANA, NOW) is None


def test_tries_are_kept_for_two_years_and_not_for_ever(session):
    fail(session, 1)
    fail(session, 1, at=NOW + timedelta(days=1))
    entering.forget_knocks(session, NOW + entering.KEPT + MINUTE)
    assert [each.at for each in entering.knocks(session, ANA.email)] == [NOW + timedelta(days=1)]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox en Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome en Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari en iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge en Windows"),
        ("curl/8.5", "curl"),
        ("<script>" * 40, "scriptscriptscriptscriptscript"),
        ("", "Navegador desconocido"),
    ],
)
def test_a_browser_is_named_in_two_words(agent, name):
    assert entering.name_of_browser(agent) == name

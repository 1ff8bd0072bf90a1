"""Does the telephone's code open the door once, and nothing else?"""

import hashlib
from datetime import timedelta

import pyotp
import pytest

from pqr.accounts import second_step
from pqr.accounts.models import User
from pqr.accounts.second_step import STEP_SECONDS, accepts, enrol, secret_of
from tests.builders import NOW

KEYS = ("clave nueva de las pruebas", "clave vieja de las pruebas")
NONCE = "n" * 32
STEP = timedelta(seconds=STEP_SECONDS)


def code(at=NOW, key=KEYS[0], nonce=NONCE, user_id=7):
    return pyotp.TOTP(secret_of(nonce, user_id, key)).at(at)


@pytest.fixture
def user():
    return User(id=7, email="ana@puerres.example", totp_nonce="", totp_step=0, recovery_hashes=[])


@pytest.fixture
def recovery(user):
    return enrol(user, NONCE, code(NOW - 3 * STEP), KEYS, NOW - 3 * STEP)


def test_a_telephone_is_tied_only_by_a_right_code(user):
    assert enrol(user, NONCE, "000000" if code() != "000000" else "111111", KEYS, NOW) is None
    assert user.totp_nonce == ""
    assert len(enrol(user, NONCE, code(), KEYS, NOW)) == second_step.RECOVERY_CODES
    assert user.totp_nonce == NONCE


def test_the_code_of_now_is_good_once(user, recovery):
    assert accepts(user, f"{code()[:3]} {code()[3:]}", KEYS, NOW)
    assert not accepts(user, code(), KEYS, NOW)
    assert accepts(user, code(NOW + STEP), KEYS, NOW + STEP)
    assert not accepts(user, code(NOW), KEYS, NOW + STEP), "an older code than the last one used"


def test_the_code_that_tied_the_telephone_does_not_open_the_door(user):
    enrol(user, NONCE, code(), KEYS, NOW)
    assert not accepts(user, code(), KEYS, NOW)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(user, recovery, steps, good):
    assert accepts(user, code(NOW + steps * STEP), KEYS, NOW) is good


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 5000])
def test_what_is_no_code_opens_nothing(user, recovery, typed):
    assert not accepts(user, typed, KEYS, NOW)


def test_a_code_of_another_account_opens_nothing(user, recovery):
    assert not accepts(user, code(user_id=8), KEYS, NOW)


def test_who_enrolled_under_an_old_key_gets_in_and_goes_on_when_it_is_gone(user, recovery):
    assert not accepts(user, code(key=KEYS[1]), KEYS, NOW), "the secret is that of the key in force"
    user.totp_secret = ""  # as those who enrolled before it was kept
    assert accepts(user, code(key=KEYS[1]), KEYS, NOW)
    second_step.keep_secret(user, KEYS)
    assert accepts(user, code(NOW + STEP, key=KEYS[1]), ("another key",), NOW + STEP)


def test_who_enrolled_gets_in_whatever_keys_there_are(user, recovery):
    assert accepts(user, code(), ("another key",), NOW)


def test_a_recovery_code_is_good_once_however_it_is_typed(user, recovery):
    first, second = recovery[:2]
    assert accepts(user, f" {first.lower()} ", KEYS, NOW)
    assert not accepts(user, first, KEYS, NOW)
    assert accepts(user, second.replace("-", ""), KEYS, NOW)
    assert len(user.recovery_hashes) == second_step.RECOVERY_CODES - 2
    assert not set(recovery) & set(user.recovery_hashes), "only their hashes are kept"


def test_a_recovery_code_from_before_they_were_hashed_slowly_is_good(user, recovery):
    user.recovery_hashes = [hashlib.sha256(b"ABCDE23456").hexdigest()]
    assert accepts(user, "abcde-23456", KEYS, NOW)
    assert not accepts(user, "abcde-23456", KEYS, NOW)


def test_new_recovery_codes_end_the_old_ones(user, recovery):
    second_step.new_recovery_codes(user)
    assert not accepts(user, recovery[0], KEYS, NOW)


def test_who_forgets_the_second_step_has_none(user, recovery):
    second_step.forget(user)
    assert not accepts(user, code(), KEYS, NOW)
    assert not accepts(user, recovery[0], KEYS, NOW)


def test_the_address_for_the_telephone_names_the_account_and_the_entity(user):
    address = second_step.address_of(user, NONCE, KEYS[0], "Alcaldía de Puerres")
    told = pyotp.parse_uri(address)
    assert (told.name, told.issuer, told.secret) == (user.email, "Alcaldía de Puerres", secret_of(NONCE, 7, KEYS[0]))

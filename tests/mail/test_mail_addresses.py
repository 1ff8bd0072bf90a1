import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.mail.addresses import (
    Action,
    SignedAddress,
    code_matches,
    is_ours,
    read,
    service_address,
    sign,
    verification_code,
)

DOMAIN = "puerres.example"
KEY, OLD_KEY, FOREIGN_KEY = "a key for tests", "the key of last year", "a stranger's key"
IDS = st.integers(min_value=1, max_value=2**63 - 1)


@given(action=st.sampled_from(Action), subject_id=IDS)
@settings(database=None)
def test_a_signed_address_says_what_was_signed_also_in_upper_case(action, subject_id):
    address = sign(SignedAddress(action, subject_id), KEY, DOMAIN)
    assert read(address, [KEY], DOMAIN) == SignedAddress(action, subject_id)
    assert read(address.upper(), [KEY], DOMAIN.upper()) == SignedAddress(action, subject_id)


@given(action=st.sampled_from(Action), subject_id=IDS)
@settings(database=None)
def test_a_signed_address_is_lower_case_and_fits_a_mail_server(action, subject_id):
    local, _, host = sign(SignedAddress(action, subject_id), KEY, DOMAIN).partition("@")
    assert re.fullmatch(r"pqr\+[a-z0-9-]+", local)
    assert len(local) <= 64
    assert host == DOMAIN


def test_letters_signed_with_the_old_key_can_still_be_answered():
    address = sign(SignedAddress(Action.ANSWER, 7), OLD_KEY, DOMAIN)
    assert read(address, [KEY, OLD_KEY], DOMAIN) == SignedAddress(Action.ANSWER, 7)
    assert read(address, [KEY], DOMAIN) is None


def test_a_stranger_cannot_make_an_address():
    address = sign(SignedAddress(Action.ANSWER, 7), FOREIGN_KEY, DOMAIN)
    assert read(address, [KEY, OLD_KEY], DOMAIN) is None
    assert not is_ours(address, [KEY, OLD_KEY], DOMAIN)


def test_an_address_of_one_ticket_or_act_does_not_open_another():
    local = sign(SignedAddress(Action.ANSWER, 7), KEY, DOMAIN)
    other = sign(SignedAddress(Action.ANSWER, 8), KEY, DOMAIN)
    mac = local.partition("-")[2]
    assert read(f"{other.partition('-')[0]}-{mac}", [KEY], DOMAIN) is None
    assert read(local.replace("+r", "+d"), [KEY], DOMAIN) is None


@given(position=st.integers(0, 60), letter=st.sampled_from("abcdz234567-+@."))
@settings(database=None)
def test_changing_one_letter_of_the_token_spoils_it(position, letter):
    address = sign(SignedAddress(Action.RETURN, 123_456), KEY, DOMAIN)
    changed = address[:position] + letter + address[position + 1 :]
    expected = SignedAddress(Action.RETURN, 123_456) if changed == address else None
    assert read(changed, [KEY], DOMAIN) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "pqr",
        "pqr@puerres.example",
        "pqr+@puerres.example",
        "pqr+r@puerres.example",
        "pqr+raaaa-@puerres.example",
        "pqr+zae-aaaaaaaaaaaaaaaa@puerres.example",
        "pqr+ra-aaaaaaaaaaaaaaaa@puerres.example",
        "pqr+raeaeaeaeaeaeae-aaaaaaaaaaaaaaaa@puerres.example",
        "pqr+ñ@puerres.example",
        "p\u212ar+rae-aaaaaaaaaaaaaaaa@puerres.example",
        "otra+rae-aaaaaaaaaaaaaaaa@puerres.example",
        "\ud800@puerres.example",
    ],
)
def test_an_address_that_is_none_is_nobodys(address):
    assert read(address, [KEY], DOMAIN) is None


def test_the_same_token_at_another_domain_is_not_ours():
    address = sign(SignedAddress(Action.CITIZEN, 7), KEY, "otro.example")
    assert read(address, [KEY], DOMAIN) is None
    assert not is_ours("pqr@otro.example", [KEY], DOMAIN)


def test_the_service_answers_to_its_own_and_its_signed_addresses():
    assert service_address("Puerres.Example") == "pqr@puerres.example"
    assert is_ours("PQR@Puerres.Example", [KEY], DOMAIN)
    assert is_ours(sign(SignedAddress(Action.BOUNCE, 3), KEY, DOMAIN), [KEY], DOMAIN)
    assert not is_ours("alcalde@puerres.example", [KEY], DOMAIN)


def test_without_a_key_nothing_is_signed_and_nothing_is_believed():
    with pytest.raises(ValueError, match="empty key"):
        sign(SignedAddress(Action.ANSWER, 7), "", DOMAIN)
    with pytest.raises(ValueError, match="empty key"):
        verification_code("2026-E-000123", "")
    assert read(sign(SignedAddress(Action.ANSWER, 7), KEY, DOMAIN), ["", ""], DOMAIN) is None
    assert not code_matches("2026-E-000123", "0000000000", ["", ""])


@pytest.mark.parametrize("subject_id", [0, -1, 2**63])
def test_only_a_row_of_the_database_gets_an_address(subject_id):
    with pytest.raises(ValueError, match="positive id"):
        sign(SignedAddress(Action.ANSWER, subject_id), KEY, DOMAIN)


def test_a_verification_code_has_ten_characters_nobody_confuses():
    code = verification_code("2026-E-000123", KEY)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{10}", code)
    assert code == verification_code(" 2026-e-000123 ", KEY)
    assert code != verification_code("2026-E-000124", KEY)
    assert code != verification_code("2026-E-000123", OLD_KEY)


@given(number=st.integers(1, 999_999))
@settings(database=None)
def test_a_code_is_recognised_however_a_person_types_it(number):
    radicado = f"2026-E-{number:06d}"
    code = verification_code(radicado, OLD_KEY)
    typed = f" {code[:5].lower()} - {code[5:]} ".replace("0", "o").replace("1", "l")
    assert code_matches(radicado, typed, [KEY, OLD_KEY])
    assert not code_matches(radicado, typed, [KEY])


@pytest.mark.parametrize("typed", ["", "0", "ñññññññññ", "0000000000", "\ud800" * 10])
def test_a_wrong_code_opens_nothing(typed):
    assert not code_matches("2026-E-000123", typed, [KEY, OLD_KEY])


def test_a_code_is_not_part_of_an_address():
    """The purpose is bound into each signature: what one paper shows must not serve on another."""
    assert verification_code("r:7", KEY).lower() not in sign(SignedAddress(Action.ANSWER, 7), KEY, DOMAIN)

"""Does the table of rights say what the town agreed on?"""

import pytest

from pqr.accounts.permissions import TABLE, Right, may
from pqr.accounts.roles import ROLE_LABELS, Role

ALL, SHARED, OWN, NONE = "all", "shared", "own", ""
AGREED = {
    #                  desk  office auditor admin
    Right.READ:     (ALL, SHARED, ALL, ALL),
    Right.CONTACT:  (ALL, NONE, NONE, ALL),
    Right.REVEAL:   (ALL, NONE, NONE, ALL),
    Right.TRIAGE:   (ALL, NONE, NONE, ALL),
    Right.ANSWER:   (ALL, OWN, NONE, ALL),
    Right.ASK_OFFICE: (ALL, OWN, NONE, ALL),
    Right.CONTRIBUTE: (ALL, SHARED, NONE, ALL),
    Right.APPROVE:  (ALL, NONE, NONE, ALL),
    Right.EXTEND:   (ALL, OWN, NONE, ALL),
    Right.RETURN:   (ALL, OWN, NONE, ALL),
    Right.PUBLISH:  (ALL, NONE, NONE, ALL),
    Right.REPORTS:  (ALL, NONE, ALL, ALL),
    Right.SIGN:     (NONE, NONE, ALL, ALL),
    Right.SETTINGS: (NONE, NONE, NONE, ALL),
    Right.HISTORY:  (NONE, NONE, ALL, ALL),
    Right.ACCOUNT:  (ALL, OWN, ALL, ALL),
}  # fmt: skip
ROLES = (Role.DESK, Role.SECRETARIA, Role.AUDITOR, Role.ADMIN)
CASES = [(role, right, reach) for right, row in AGREED.items() for role, reach in zip(ROLES, row, strict=True)]


@pytest.mark.parametrize(("role", "right", "reach"), CASES)
def test_each_role_has_the_rights_agreed_and_no_other(role, right, reach):
    assert may(role, right, own=True) is (reach != NONE)
    assert may(role, right, own=False) is (reach == ALL)
    assert may(role, right, own=False, shared=True) is (reach in (ALL, SHARED))


def test_every_right_and_every_role_has_been_decided():
    assert set(AGREED) == set(Right)
    assert set(TABLE) == set(Role) == set(ROLE_LABELS)


def test_somebody_with_an_unknown_role_may_do_nothing():
    with pytest.raises(ValueError, match="mayor"):
        may("mayor", Right.READ)


def test_who_sees_a_reserved_identity_is_decided_by_name_and_never_beyond_what_is_read():
    assert [may(role, Right.REVEAL) for role in Role] == [True, False, False, True]
    assert not any(may(role, Right.REVEAL, reveals=False) for role in Role)
    assert all(may(role, Right.REVEAL, reveals=True) for role in Role)
    assert not may(Role.SECRETARIA, Right.REVEAL, own=False, reveals=True)
    assert not may(Role.AUDITOR, Right.CONTACT, reveals=True)

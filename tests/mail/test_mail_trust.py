"""Is the receiving server believed, and nobody who speaks in its name?"""

import pytest

from pqr.mail.trust import fails_dmarc, names_of_servers, says_spam

OURS = "mx.puerres.example"
PASS = f"{OURS}; dkim=pass header.d=puerres.example; spf=pass smtp.mailfrom=x@puerres.example; dmarc=pass"
FAIL = f"{OURS}; spf=softfail smtp.mailfrom=x@otro.example; dmarc=fail (p=NONE dis=NONE) header.from=puerres.example"
RESULTS = [
    ("our server says that it fails", [FAIL], True),
    ("our server says that it passes", [PASS], False),
    ("the topmost counts: it was put on last", [FAIL, PASS], True),
    ("a failure under an earlier pass of ours", [PASS, FAIL], False),
    ("a stranger's name counts for nothing", [FAIL.replace(OURS, "mx.otro.example")], False),
    ("a pass that the sender wrote before our failure", [PASS.replace(OURS, "mx.otro.example"), FAIL], True),
    ("a name that only begins like ours", [FAIL.replace(OURS, f"{OURS}.otro.example")], False),
    ("capitals and a version", [FAIL.replace(f"{OURS};", f"{OURS.upper()} 1;")], True),
    ("no policy at all", [f"{OURS}; dmarc=none"], False),
    ("only another method", [f"{OURS}; spf=fail"], False),
    ("the word within a comment", [f"{OURS}; spf=pass (; dmarc=fail); dkim=pass"], False),
    ("the word within quotes", [f'{OURS}; spf=pass reason="; dmarc=fail"'], False),
    ("a pass hidden in a comment before the failure", [f"{OURS} (; dmarc=pass (x)); dmarc=fail"], True),
    ("nothing was checked", [f"{OURS}; none"], False),
    ("empty", [""], False),
]


@pytest.mark.parametrize(("results", "fails"), [row[1:] for row in RESULTS], ids=[row[0] for row in RESULTS])
def test_only_the_word_of_our_own_server_counts(results, fails):
    assert fails_dmarc(results, OURS) is fails


def test_without_a_server_of_ours_nothing_is_believed():
    assert not fails_dmarc([FAIL], "")


def test_the_names_of_the_servers_are_told_in_order():
    assert names_of_servers([FAIL, "MX.otro.example 1; none", "", "(x) solo.example"]) == (
        OURS,
        "mx.otro.example",
        "solo.example",
    )


@pytest.mark.parametrize(
    ("name", "value", "spam"),
    [
        ("x-spam-flag", "YES", True),
        ("x-spam-status", "Yes, score=7.1 required=5.0", True),
        ("x-spam-status", "No, score=-1.9", False),
        ("x-spam", "Yes", True),
        ("x-ms-exchange-organization-scl", "6", True),
        ("x-ms-exchange-organization-scl", "-1", False),
        ("x-ms-exchange-organization-scl", "1", False),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;CTRY:CO;SFV:SPM;SCL:5", True),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;SFV:NSPM;SCL:1", False),
        ("x-spam-score", "12", False),
    ],
)
def test_a_filters_verdict_is_read(name, value, spam):
    assert says_spam({name: [value]}) is spam

"""Does every mail of the collection read as its neighbour, the JSON file, says?

Beside each `tests/mails/<name>.eml` stands `<name>.json`: fields of `IncomingMail` to compare, `new` (what was
written now), `quoted_has`, `text_has`, `text_lacks` (pieces of text), `report` (a delivery report, or none).
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pqr.mail import bounces, message, quoting

MAILS = Path(__file__).parents[1] / "mails"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
COMPARED = (
    *("message_id", "sender", "sender_name", "reply_to", "subject", "automatic", "is_delivery_report"),
    *("recipients", "in_reply_to"),
)


def expectation(name: str) -> dict[str, Any]:
    return json.loads((MAILS / f"{name}.json").read_text(encoding="utf-8"))


def raw(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def test_the_collection_is_large_and_every_mail_has_its_expectation():
    assert len(NAMES) >= 50
    assert sorted(path.stem for path in MAILS.glob("*.json")) == NAMES


def test_sixty_replies_or_more_are_split_by_hand():
    answered = [name for name in NAMES if expectation(name).get("in_reply_to") and "new" in expectation(name)]
    assert len([name for name in answered if not expectation(name)["automatic"]]) >= 60


@pytest.mark.parametrize("name", [name for name in NAMES if "logos" in expectation(name)])
def test_the_logo_of_a_signature_is_no_file_of_the_petition(name):
    files = message.parse(raw(name)).attachments
    assert [file.name for file in files if file.is_logo] == expectation(name)["logos"]


@pytest.mark.parametrize("name", NAMES)
def test_the_mail_is_read_as_its_sender_meant_it(name):
    mail, expected = message.parse(raw(name)), expectation(name)
    found = json.loads(json.dumps({field: getattr(mail, field) for field in COMPARED}))
    assert found | {key: expected[key] for key in COMPARED if key in expected} == found
    assert set(expected.get("defects", ())) <= set(mail.defects)
    for piece in expected.get("text_has", ()):
        assert piece in mail.text
    for piece in expected.get("text_lacks", ()):
        assert piece not in mail.text


@pytest.mark.parametrize("name", NAMES)
def test_only_broken_mails_show_a_defect(name):
    assert sorted(message.parse(raw(name)).defects) == sorted(expectation(name).get("defects", ()))


@pytest.mark.parametrize("name", [name for name in NAMES if "attachments" in expectation(name)])
def test_every_file_of_the_mail_is_kept_under_its_name(name):
    expected = expectation(name)["attachments"]
    found = [[file.name, file.media_type, file.size] for file in message.parse(raw(name)).attachments]
    assert [file[:2] for file in found] == [file[:2] for file in expected]
    assert all(want[2] in (None, got[2]) for got, want in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", [name for name in NAMES if "new" in expectation(name)])
def test_what_was_written_now_is_told_from_what_was_quoted(name):
    reply, expected = quoting.split(message.parse(raw(name)).text), expectation(name)
    assert reply.new == expected["new"]
    for piece in expected.get("quoted_has", ()):
        assert piece in reply.quoted


@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_report_is_read_and_no_other_mail_is_taken_for_one(name):
    report, expected = bounces.read_report(raw(name)), expectation(name).get("report")
    if expected is None:
        assert report is None
        return
    assert report is not None
    assert expected.pop("diagnostic_has") in report.diagnostic
    assert {key: value for key, value in asdict(report).items() if key != "diagnostic"} == expected


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_of_unix_or_windows_make_no_difference(name):
    by_unix = message.parse(raw(name).replace(b"\r\n", b"\n"))
    by_windows = message.parse(raw(name))
    assert (by_unix.subject, by_unix.text, by_unix.automatic) == (
        by_windows.subject,
        by_windows.text,
        by_windows.automatic,
    )

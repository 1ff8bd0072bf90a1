"""Does anybody who has the secret, and nobody else, recognise what we say?  Standard Webhooks 1.0."""

import time
from pathlib import Path

from pqr.sharing.signing import new_secret, signed_headers

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_signature_is_that_of_the_standards_own_example():
    """Of the reference libraries of github.com/standard-webhooks."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_what_the_guide_shows_believes_us_and_nobody_else():
    """The guide's own lines, run."""
    guide = GUIDE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    shown = {}
    exec(guide, shown)  # noqa: S102 - our own words
    is_ours, secret, now = shown["is_ours"], new_secret(), int(time.time())
    headers = signed_headers(secret, "msg_1", now, b"{}")
    assert is_ours(secret, headers, b"{}")
    assert not is_ours(secret, headers, b"[]")
    assert not is_ours(new_secret(), headers, b"{}")
    assert not is_ours(secret, signed_headers(secret, "msg_1", now - 301, b"{}"), b"{}")


def test_another_body_another_instant_and_another_secret_are_signed_otherwise():
    secret = new_secret()
    made = [(secret, "m", 5, b"{}"), (secret, "m", 6, b"{}"), (secret, "m", 5, b"[]"), (new_secret(), "m", 5, b"{}")]
    assert len({signed_headers(*each)["webhook-signature"] for each in made}) == 4

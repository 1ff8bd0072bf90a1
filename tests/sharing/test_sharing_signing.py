"""Does anybody who has the secret, and nobody else, recognise what we say?  Standard Webhooks 1.0."""

import base64
import hashlib
import hmac

from pqr.sharing.signing import new_secret, signed_headers


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


def test_whoever_reads_the_guide_can_verify_it():
    secret = new_secret()
    headers = signed_headers(secret, "msg_1", 5, b"{}")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, b"msg_1.5.{}", hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    assert len(key) == 32


def test_another_body_another_instant_and_another_secret_are_signed_otherwise():
    secret = new_secret()
    made = [(secret, "m", 5, b"{}"), (secret, "m", 6, b"{}"), (secret, "m", 5, b"[]"), (new_secret(), "m", 5, b"{}")]
    assert len({signed_headers(*each)["webhook-signature"] for each in made}) == 4

"""Is it really the telephone of this official?  Time-based codes (RFC 6238) and recovery codes for a lost telephone.

The secret is made of a nonce in the row and the installation's newest key, and kept sealed: who steals the database
has neither. Of who enrolled before it was kept, every key may have made it; `keep_secret` keeps what they would make.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

from pqr.accounts import passwords
from pqr.accounts.models import User

STEP_SECONDS = 30
DRIFT = 1  # steps: clocks of telephones are off by some seconds, and people type slowly
RECOVERY_CODES, RECOVERY_LETTERS = 8, 10  # 48 bits each: hashed as slowly as a password
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_nonce() -> str:
    """The beginning of an enrolment, to be kept once a code was right."""
    return secrets.token_hex(16)


def secret_of(nonce: str, user_id: int, key: str) -> str:
    """The secret in base32, as telephones take it."""
    digest = hmac.new(key.encode(), f"pqr:totp:{user_id}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def address_of(user: User, nonce: str, key: str, issuer: str) -> str:
    """The `otpauth://` address that a QR code carries."""
    return pyotp.TOTP(secret_of(nonce, user.id, key)).provisioning_uri(name=user.email, issuer_name=issuer)


def enrol(user: User, nonce: str, code: str, keys: Sequence[str], now: datetime) -> tuple[str, ...] | None:
    """Keeps the second step if the code shows that the telephone has the secret; the recovery codes, or None."""
    secret = secret_of(nonce, user.id, keys[0])
    step = _step_of(code, [secret], now)
    if step is None:
        return None
    user.totp_nonce, user.totp_secret, user.totp_step = nonce, secret, step
    return new_recovery_codes(user)


def new_recovery_codes(user: User) -> tuple[str, ...]:
    """Eight codes, each good once, 48 bits; those before them end."""
    codes = tuple("".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES))
    user.recovery_hashes = [passwords.hash_password(code) for code in codes]
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def accepts(user: User, typed: str, keys: Sequence[str], now: datetime) -> bool:
    """Whether the code is right, and uses it up: a code seen over a shoulder is worth nothing (RFC 6238 §5.2)."""
    step = _step_of(typed, _secrets(user, keys), now)
    if step is not None and step > user.totp_step:
        user.totp_step = step
        return True
    used = _used(user.recovery_hashes, "".join(each for each in typed.upper() if each in _LETTERS))
    user.recovery_hashes = [each for each in user.recovery_hashes if each != used]
    return used != ""


def forget(user: User) -> None:
    """The official gets in by the password alone until enrolling again."""
    user.totp_nonce, user.totp_secret, user.totp_step, user.recovery_hashes = "", "", 0, []


def keep_secret(user: User, keys: Sequence[str]) -> None:
    """Keeps the secret of who enrolled before it was kept, so that the key that made it may go."""
    user.totp_secret = " ".join(_secrets(user, keys))


def _secrets(user: User, keys: Sequence[str]) -> list[str]:
    if user.totp_secret or not user.totp_nonce:
        return user.totp_secret.split() if user.totp_nonce else []
    return [secret_of(user.totp_nonce, user.id, key) for key in keys]


def _step_of(typed: str, candidates: Sequence[str], now: datetime) -> int | None:
    code, current = "".join(typed.split()), int(now.timestamp()) // STEP_SECONDS
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    for secret in candidates:
        totp = pyotp.TOTP(secret)
        for step in range(current - DRIFT, current + DRIFT + 1):
            if hmac.compare_digest(totp.generate_otp(step), code):
                return step
    return None


def _used(hashes: Sequence[str], code: str) -> str:
    """The hash of this recovery code; "" for none. What cannot be one costs no hash."""
    if len(code) != RECOVERY_LETTERS:
        return ""
    old = hashlib.sha256(code.encode()).hexdigest()  # as they were kept at first
    return next((each for each in hashes if each == old or passwords.matches(each, code)), "")

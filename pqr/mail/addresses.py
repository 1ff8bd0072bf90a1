"""Which ticket and which act does this address stand for, and did we write it?

A reply finds its ticket by the address it was sent to, never by its subject or its thread. Keys are tried
one by one, so that a new one can be put in front while letters signed with the old one are still being
answered. This module does not judge who may use an address: the sender is checked by the intake.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MAILBOX = "pqr"
_MAC_BYTES = 10  # 80 bits, sixteen base32 characters: not to be guessed, and the local part stays below 64
_LARGEST_ID = 2**63 - 1  # BIGINT
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_CODE_LENGTH = 10
_TOKEN = re.compile(r"([a-z])([a-z2-7]{1,13})-[a-z2-7]{16}")


class Action(StrEnum):
    """What a message to a signed address does; the value is the first letter of the token."""

    ANSWER = "r"
    RETURN = "d"
    EXTEND = "p"
    ASK = "a"
    CITIZEN = "c"
    CONTRIBUTE = "o"
    BOUNCE = "b"
    UNSUBSCRIBE = "u"


@dataclass(frozen=True)
class SignedAddress:
    """What an address says: the act, and the id of the ticket (of the letter for BOUNCE, the office for
    UNSUBSCRIBE, the contribution for CONTRIBUTE).
    """

    action: Action
    subject_id: int


def sign(address: SignedAddress, key: str, domain: str) -> str:
    """Return `pqr+<token>@domain` in lower case, with a local part of at most 64 octets (RFC 5321
    §4.5.3.1.1).

    Raises ValueError for an empty key or an id that is not a positive BIGINT.
    """
    return f"{MAILBOX}+{_token(address, key)}@{domain.lower()}"


def read(address: str, keys: Sequence[str], domain: str) -> SignedAddress | None:
    """Return what a signed address says, or None when it is not ours, is malformed or is forged.

    Case does not matter: some mail servers turn local parts into upper case.
    """
    local, _, host = address.strip().lower().rpartition("@")
    prefix, _, token = local.partition("+")
    if not address.isascii() or prefix != MAILBOX or host != domain.lower():
        return None
    claimed = _claim(token)
    if claimed is None or not any(_same(_token(claimed, key), token) for key in keys if key):
        return None
    return claimed


def stated_action(address: str) -> Action | None:
    """Return what an address of ours says that it does, without asking whether we wrote it."""
    claimed = _claim(address.partition("@")[0].partition("+")[2].lower())
    return claimed.action if claimed else None


def service_address(domain: str) -> str:
    """Return the address that anybody may write to."""
    return f"{MAILBOX}@{domain.lower()}"


def is_ours(address: str, keys: Sequence[str], domain: str) -> bool:
    """Say whether mail to this address is for the service: its own address or one that it signed."""
    return address.strip().lower() == service_address(domain) or read(address, keys, domain) is not None


def verification_code(radicado: str, key: str) -> str:
    """Return the ten Crockford base32 characters (50 bits) that open a radicado to whoever holds its receipt.

    Raises ValueError for an empty key.
    """
    return _code(f"code:{radicado.strip().upper()}", key)


def document_code(radicado: str, key: str) -> str:
    """Return the ten characters that verify the letter with this exit number; they open no case."""
    return _code(f"document:{radicado.strip().upper()}", key)


def survey_token(ticket_id: int, key: str) -> str:
    """Return what a survey's link carries: whose answer it asks about, and that we asked."""
    return f"{_encode_id(ticket_id)}-{_base32(_mac(key, f'survey:{ticket_id}')[:_MAC_BYTES])}"


def surveyed(token: str, keys: Sequence[str]) -> int | None:
    """Return the id of the ticket that a survey's link asks about, or None for one that we never wrote."""
    ticket_id = _decode_id(token.lower().partition("-")[0])
    ours = ticket_id is not None and any(_same(survey_token(ticket_id, key), token.lower()) for key in keys if key)
    return ticket_id if ours else None


def typed_code(given: str) -> str:
    """Return a code as it is written down, however a person typed it."""
    return given.strip().upper().translate(_LOOKALIKES)


def code_matches(radicado: str, given: str, keys: Sequence[str]) -> bool:
    """Say whether a code typed by a person opens the radicado.

    Case, spaces and dashes are ignored; O is read as 0, I and L as 1, as Crockford's base32 foresees.
    """
    typed = typed_code(given)
    return any(_same(verification_code(radicado, key), typed) for key in keys if key)


def _code(purpose: str, key: str) -> str:
    digest = int.from_bytes(_mac(key, purpose), "big")
    return "".join(_CROCKFORD[(digest >> (5 * place)) & 31] for place in range(_CODE_LENGTH))


def _token(address: SignedAddress, key: str) -> str:
    claim = f"{address.action.value}{_encode_id(address.subject_id)}"
    mac = _mac(key, f"address:{address.action.value}:{address.subject_id}")[:_MAC_BYTES]
    return f"{claim}-{_base32(mac)}"


def _claim(token: str) -> SignedAddress | None:
    match = _TOKEN.fullmatch(token)
    if match is None or match[1] not in set(Action):
        return None
    subject_id = _decode_id(match[2])
    return None if subject_id is None else SignedAddress(Action(match[1]), subject_id)


def _encode_id(subject_id: int) -> str:
    if not 0 < subject_id <= _LARGEST_ID:
        raise ValueError(f"an address can only be signed for a positive id, not {subject_id}")
    return _base32(subject_id.to_bytes((subject_id.bit_length() + 7) // 8, "big"))


def _decode_id(text: str) -> int | None:
    try:
        number = int.from_bytes(base64.b32decode(text.upper() + "=" * (-len(text) % 8)), "big")
    except ValueError:
        return None
    return number if 0 < number <= _LARGEST_ID else None


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def _mac(key: str, purpose: str) -> bytes:
    if not key:
        raise ValueError("an empty key signs nothing")
    return hmac.new(key.encode(), f"pqr:{purpose}".encode(), hashlib.sha256).digest()


def _same(ours: str, given: str) -> bool:
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))

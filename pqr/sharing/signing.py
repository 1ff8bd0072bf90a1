"""How does a program know that it is told by us?  Standard Webhooks 1.0: an HMAC over id, instant and body. Pure."""

import hmac
import secrets
from base64 import b64decode, b64encode

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """As both sides keep it: a prefix and base64."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers. `timestamp`: seconds since 1970, of this try: an old one is not to be believed."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(b64decode(secret.removeprefix(PREFIX)), content, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }

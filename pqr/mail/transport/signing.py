"""Who vouches for a letter?  The municipality's domain, by DKIM (RFC 6376, RSA-SHA256, relaxed/relaxed)."""

from pqr.variables import SigningKey

SIGNED = (
    "from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "auto-submitted",
)  # fmt: skip


def sign(content: bytes, key: SigningKey, domain: str) -> bytes:
    """The same message with a DKIM-Signature in front. Raises dkim.DKIMException."""
    import dkim  # it brings a DNS client along: only who signs pays for it

    present = {line.partition(b":")[0].lower() for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    headers = [name.encode() for name in SIGNED if name.encode() in present]
    signature: bytes = dkim.sign(
        content, key.selector.encode(), domain.encode(), key.pem,
        canonicalize=(b"relaxed", b"relaxed"), include_headers=headers,
    )  # fmt: skip
    return signature + content

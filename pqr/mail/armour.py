"""What was written inside PGP's armour?

A clear-signed text (RFC 9580 §7) is shown without its armour lines and its signature; the message as received keeps
them. Nothing is verified and nothing is decrypted here: an encrypted text stays as it came and is called so.
"""

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE, _END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
_ENCRYPTED = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
_HEADER = re.compile(r"[A-Za-z]+: .*|\s*")
_SIGNATURE_LINE = re.compile(r"[A-Za-z0-9+/=]*\s*|[A-Za-z]+: .*")


def is_encrypted(text: str) -> bool:
    """Say whether the text holds a PGP message that only its recipient's key opens."""
    return _ENCRYPTED.search(text) is not None


def opened(text: str) -> str:
    """Return a clear-signed text as its writer wrote it; any other text, or a broken armour, unchanged."""
    if _SIGNED not in text or _END not in text:
        return text
    lines = text.split("\n")
    marks = [line.rstrip() for line in lines]
    try:
        start = marks.index(_SIGNED)
        signature = marks.index(_SIGNATURE, start)
        end = marks.index(_END, signature)
    except ValueError:
        return text
    if not all(_SIGNATURE_LINE.fullmatch(line) for line in lines[signature + 1 : end]):
        return text
    written = lines[_after_headers(lines, start, signature) : signature]
    plain = [line.removeprefix("- ") for line in written]  # "dash-escaped", RFC 9580 §7.2
    return "\n".join([*lines[:start], *plain, *lines[end + 1 :]]).strip("\n")


def _after_headers(lines: list[str], start: int, end: int) -> int:
    """Return where the text begins: below the blank line under the armour's own headers."""
    for number in range(start + 1, end):
        if not lines[number].strip():
            return number + 1
        if not _HEADER.fullmatch(lines[number]):
            return number
    return end

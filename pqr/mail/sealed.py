"""Does a file open only for who has its password or its key?

Read from its bytes, whatever its name says: PDF, ZIP and OpenDocument, 7z, RAR, the documents of Microsoft Office, and
mail sealed by S/MIME or PGP. Certain signs only: what cannot be told counts as open. Nothing is decrypted, nothing
raises, and the work is bounded whatever the bytes.
"""

import re
from enum import StrEnum
from io import BytesIO

from pqr.mail import archives, office_lock

_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,5}\s{1,20}R|<<)")
_PDF_BEGINS_WITHIN = 1024  # bytes: readers take junk before it, and so do senders
# ContentInfo with envelopedData, encryptedData (RFC 5652 §6, §8) or authEnvelopedData (RFC 5083); signedData is open.
_CMS = re.compile(
    rb"\x30(?:[\x00-\x80]|[\x81-\x84].{1,4})"
    rb"(?:\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x03\x06]|\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17)",
    re.DOTALL,
)
_ARMOUR = b"-----BEGIN PGP MESSAGE-----"
_PGP, _PGP_MARK = "application/pgp-encrypted", b"version:"


class Seal(StrEnum):
    """What is needed to open it."""

    PASSWORD = "password"  # noqa: S105 - a word of ours
    KEY = "key"


def seal_of(content: bytes, media_type: str = "") -> Seal | None:
    """What is needed to open the file; None for one that is open. `media_type`: as its sender declared it."""
    if _is_sealed_mail(content, media_type):
        return Seal.KEY
    if b"%PDF-" in content[:_PDF_BEGINS_WITHIN]:
        locked = _is_locked_pdf(content)
    else:
        locked = archives.is_locked(content) or office_lock.is_locked(content)
    return Seal.PASSWORD if locked else None


def _is_locked_pdf(content: bytes) -> bool:
    """Most encrypted PDFs are locked against changes alone and open for all; what does not open at all is sealed."""
    if not _ENCRYPTED_PDF.search(content):
        return False
    import pikepdf  # large, and hardly ever needed

    try:
        pikepdf.open(BytesIO(content)).close()
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return True
    return False


def _is_sealed_mail(content: bytes, media_type: str) -> bool:
    if _CMS.match(content) or content[:200].lstrip().startswith(_ARMOUR):
        return True
    # The first part of PGP/MIME (RFC 3156 §4) only says that the second one is sealed.
    return media_type.lower() == _PGP and not content[:200].strip().lower().startswith(_PGP_MARK) and bool(content)

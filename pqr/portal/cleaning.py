"""What did the person type, and could it be an address?  Pure checks that the public form shares.

They correct what can be corrected in silence (stray spaces, control characters) and explain the rest; spelling is
never a reason to refuse (DL 19 de 2012, art. 11).
"""

import re
import unicodedata

# Line feed and tab stay. PostgreSQL refuses NUL; the others only confuse whoever reads.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff]")
_ADDRESS = re.compile(r"[^@\s]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_NO_SUCH_ENDING = re.compile(r"\.(?:con|cmo|ocm|comm|coom|vom|xom|cpm)$", re.IGNORECASE)
LONGEST_ADDRESS = 254


def clean_text(value: object) -> str:
    """Text of several lines: one kind of line end, composed accents, no control characters, no blanks around."""
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text)).strip()


def clean_line(value: object) -> str:
    """Text of one line, with single spaces."""
    return " ".join(clean_text(value).split())


def clean_address(value: object) -> str:
    """A mail address without the blanks and the full stop that keyboards put behind it; in lower case."""
    return clean_line(value).strip(" .,;<>").lower()


def what_is_wrong_with(address: str) -> str:
    """Why this cannot be a mail address, with the remedy; "" when it can. `address` as `clean_address` leaves it."""
    if " " in address:
        return "El correo no lleva espacios: revise si sobra uno."
    if address.count("@") != 1:
        return "Al correo le falta o le sobra una arroba (@). Ejemplo: nombre@correo.example"
    if not address.isascii():
        return "El correo no puede llevar tildes ni eñes. Revíselo: debe escribirse tal como se lo dieron."
    ending = _NO_SUCH_ENDING.search(address)
    if ending:
        return f"El correo termina en «{ending[0]}», que no existe. ¿Quiso escribir {address[: ending.start()]}.com?"
    if len(address) > LONGEST_ADDRESS or ".." in address or not _ADDRESS.fullmatch(address):
        return "El correo parece incompleto. Debe verse así: nombre@correo.example"
    return ""

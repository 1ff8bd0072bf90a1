"""May this image be the logo?  PNG or JPEG by its bytes, small enough for every page and paper. Pure."""

import struct

MOST_BYTES = 200 * 1024
MOST_PIXELS = 2000  # of each side: a small file may unfold into a very large image
PNG, JPEG = "image/png", "image/jpeg"


def type_of(content: bytes) -> str:
    """Its media type, "" for what is neither PNG nor JPEG."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return JPEG if content.startswith(b"\xff\xd8\xff") else ""


def what_is_wrong_with(content: bytes) -> str:
    """Why it cannot be the logo, with the remedy; "" when it can."""
    if not type_of(content):
        return "El logo debe ser una imagen PNG o JPEG."
    if len(content) > MOST_BYTES:
        return f"El logo pesa más de {MOST_BYTES // 1024} KB: guárdelo más pequeño."
    width, height = _size(content)
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        return f"El logo debe medir hasta {MOST_PIXELS} por {MOST_PIXELS} puntos."
    return ""


def _size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels as the head says (PNG §11.2.2; JPEG, ITU-T T.81 §B.2.2); zeros if it does not."""
    try:
        if type_of(content) == PNG:
            return struct.unpack(">II", content[16:24])
        at = 2
        while True:
            marker, length = struct.unpack(">HH", content[at : at + 4])
            if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
                height, width = struct.unpack(">HH", content[at + 5 : at + 9])
                return width, height
            at += 2 + length
    except struct.error:
        return 0, 0

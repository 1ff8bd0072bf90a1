"""Does an archive ask for a password?  ZIP, with the OpenDocument kept in one; 7z; RAR.

One sealed file in it is enough. It reads the directories and no file, as many entries as `_MOST_ENTRIES`.
"""

import zlib

_MOST_ENTRIES = 10_000
_ZIP_ENTRY, _ZIP_END, _ZIP_FILE = b"PK\x01\x02", b"PK\x05\x06", b"PK\x03\x04"
_ZIP_END_WITHIN = 22 + 65_535  # bytes: the end of the directory and its comment
_MANIFEST, _LARGEST_MANIFEST = b"META-INF/manifest.xml", 1024 * 1024
_SEVEN_ZIP, _SEVEN_ZIP_AES = b"7z\xbc\xaf\x27\x1c", b"\x06\xf1\x07\x01"
_RAR_4, _RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"


def is_locked(content: bytes) -> bool:
    """Whether a password is needed for the archive or for a file in it; False for what is no archive."""
    if content.startswith(b"PK"):
        return _zip_is_locked(content)
    if content.startswith(_SEVEN_ZIP):
        return _seven_zip_is_locked(content)
    if content.startswith(_RAR_4):
        return _rar_4_is_locked(content)
    return content.startswith(_RAR_5) and _rar_5_is_locked(content)


def _zip_is_locked(content: bytes) -> bool:
    """By the directory at the end; where it is missing, by the first file (APPNOTE 4.4.4: bit 0, bit 13)."""
    end = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_WITHIN))
    place = _number(content, end + 16, 4) if end >= 0 else len(content)
    if content[place : place + 4] != _ZIP_ENTRY:
        return content.startswith(_ZIP_FILE) and bool(_number(content, 6, 2) & 0x2001)
    for _ in range(_MOST_ENTRIES):
        if content[place : place + 4] != _ZIP_ENTRY:
            break
        if _number(content, place + 8, 2) & 0x2001:
            return True
        name = _number(content, place + 28, 2)
        if content[place + 46 : place + 46 + name] == _MANIFEST and _manifest_names_a_key(content, place):
            return True
        place += 46 + name + _number(content, place + 30, 2) + _number(content, place + 32, 2)
    return False


def _manifest_names_a_key(content: bytes, entry: int) -> bool:
    """OpenDocument seals the files that it holds by itself and says so in its list of them (part 2, §3.4.1)."""
    file = _number(content, entry + 42, 4)
    start = file + 30 + _number(content, file + 26, 2) + _number(content, file + 28, 2)
    packed = content[start : start + min(_number(content, entry + 20, 4), _LARGEST_MANIFEST)]
    if _number(content, entry + 10, 2) != 8:
        return b"encryption-data" in packed
    try:
        return b"encryption-data" in zlib.decompressobj(-15).decompress(packed, _LARGEST_MANIFEST)
    except zlib.error:
        return False


def _seven_zip_is_locked(content: bytes) -> bool:
    """The header at the end names the methods; where it is packed itself, that of the header alone is seen."""
    start = 32 + _number(content, 12, 8)
    return _SEVEN_ZIP_AES in content[start : start + min(_number(content, 20, 8), _LARGEST_MANIFEST)]


def _rar_4_is_locked(content: bytes) -> bool:
    """Block by block: 0x80 of the archive's header seals the headers, 0x04 of a file's header the file."""
    place = len(_RAR_4)
    for _ in range(_MOST_ENTRIES):
        kind, flags = _number(content, place + 2, 1), _number(content, place + 3, 2)
        size = _number(content, place + 5, 2)
        if (kind == 0x73 and flags & 0x80) or (kind == 0x74 and flags & 0x04):
            return True
        if size < 7:
            break
        place += size + (_number(content, place + 7, 4) if flags & 0x8000 or kind == 0x74 else 0)
    return False


def _rar_5_is_locked(content: bytes) -> bool:
    """Block by block: type 4 seals the headers; record 1 in the extra area of a file's header seals the file."""
    place = len(_RAR_5)
    for _ in range(_MOST_ENTRIES):
        size, start = _vint(content, place + 4)
        kind, after = _vint(content, start)
        flags, after = _vint(content, after)
        extra, after = _vint(content, after) if flags & 1 else (0, after)
        data, after = _vint(content, after) if flags & 2 else (0, after)
        if kind == 4 or (kind == 2 and _has_seal(content[max(start, start + size - extra) : start + size])):
            return True
        if not size:
            break
        place = start + size + data
    return False


def _has_seal(records: bytes) -> bool:
    place = 0
    for _ in range(_MOST_ENTRIES):
        size, start = _vint(records, place)
        if not size:
            return False
        if _vint(records, start)[0] == 1:
            return True
        place = start + size
    return False


def _vint(content: bytes, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, least first, and where it ends; 0 where the bytes end."""
    value = 0
    for step, byte in enumerate(content[place : place + 10]):
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return value, place + step + 1
    return 0, place


def _number(content: bytes, place: int, size: int) -> int:
    return int.from_bytes(content[place : place + size], "little")

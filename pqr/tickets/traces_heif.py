"""Where does a telephone's HEIC or AVIF photo keep its Exif and XMP?  Items of its index, blanked where they lie.

Nothing moves, so that the offsets of all the rest still hold. How the photo is to be turned is a property of its own.
(ISO/IEC 14496-12 §8.11, 23008-12.)
"""

import struct
from collections.abc import Iterator

_TALKING = (b"Exif", b"mime", b"uri ")
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


def without_traces(content: bytes) -> bytes:
    """The photo with its Exif and XMP blanked; a video, or what has no index, as it came."""
    boxes = dict(_boxes(content, 0, len(content)))
    if content[8:12] not in _BRANDS or b"meta" not in boxes:
        return content
    start, end = boxes[b"meta"]
    inside = dict(_boxes(content, start + 4, end))
    talking = _talking_items(content, *inside[b"iinf"])
    base = inside[b"idat"][0] if b"idat" in inside else 0
    blanked = bytearray(content)
    for item, in_index, offset, length in _places(content, inside[b"iloc"][0]):
        if item in talking:
            first = offset + base * in_index
            if first + length > len(content):
                raise ValueError("an item beyond the end")
            blanked[first : first + length] = bytes(length)
    return bytes(blanked)


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Type, and where the inside begins and ends."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError("a box beyond the end")
        yield kind, (at + head, at + size)
        at += size


def _talking_items(content: bytes, start: int, end: int) -> set[int]:
    """The numbers of the items that are not pictures."""
    wide = content[start] != 0
    found = set()
    for kind, (at, _end) in _boxes(content, start + (8 if wide else 6), end):
        version = content[at]
        if kind == b"infe" and version >= 2:
            form = ">I2x4s" if version > 2 else ">H2x4s"
            number, what = struct.unpack_from(form, content, at + 4)
            if what in _TALKING:
                found.add(number)
    return found


def _places(content: bytes, at: int) -> Iterator[tuple[int, bool, int, int]]:
    """Of each extent: its item, whether it lies in the index's own data, its offset and its length."""
    version, sizes = content[at], struct.unpack_from(">H", content, at + 4)[0]
    of_offset, of_length, of_base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    of_index = sizes & 15 if version else 0
    number = 4 if version > 1 else 2
    count, at = _number(content, at + 6, number)
    for _ in range(count):
        item, at = _number(content, at, number)
        method = 0
        if version:
            method, at = _number(content, at, 2)
        base, at = _number(content, at + 2, of_base)
        extents, at = _number(content, at, 2)
        for _ in range(extents):
            offset, at = _number(content, at + of_index, of_offset)
            length, at = _number(content, at, of_length)
            yield item, method & 15 == 1, base + offset, length


def _number(content: bytes, at: int, size: int) -> tuple[int, int]:
    """The number of that many bytes, and what follows it."""
    if at + size > len(content):
        raise ValueError("cut short")
    return int.from_bytes(content[at : at + size], "big"), at + size

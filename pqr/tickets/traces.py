"""What does a file say of who made it, besides what it shows?  Place, device, author: taken out, the picture untouched.

Photos are not drawn again: only the pieces that carry data are left out, and how the photo is to be turned stays. What
is not understood is given back as it came, since no file is a reason to refuse a petition (CPACA art. 15 par. 2).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from pqr.tickets.traces_heif import without_traces as of_heif

ORIENTATION = 0x0112
UPRIGHT = 1
_JPEG_KEPT = {0xE0, 0xEE}  # JFIF, and Adobe's, which says how colours are to be read
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_OF_THE_AUTHOR = {"/Metadata", "/PieceInfo", "/LastModified"}
_OPC, _ODF = "http://schemas.openxmlformats.org", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_EMPTY_PARTS = {
    "docProps/core.xml": f'<p:coreProperties xmlns:p="{_OPC}/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_OPC}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_OPC}/officeDocument/2006/custom-properties"/>',
    "meta.xml": f'<office:document-meta xmlns:office="{_ODF}" office:version="1.2"/>',
}
LARGEST_UNPACKED = 200 * 1024 * 1024
Cleaner = Callable[[bytes], bytes]


class NotUnderstoodError(ValueError):
    """The bytes do not say what their beginning promised."""


# RuntimeError and NotImplementedError: a ZIP that is locked with a password, or packed in a way that we cannot read.
_DAMAGED = (ValueError, KeyError, IndexError, OSError, RuntimeError, struct.error, zlib.error, zipfile.BadZipFile)


def without_traces(content: bytes) -> bytes:
    """The file without what it says of its author; the same bytes where there is nothing that we can take out."""
    for (at, beginning), clean in _CLEANERS.items():
        if content[at : at + len(beginning)] == beginning:
            try:
                return clean(content)
            except _DAMAGED:
                return content
    return content


def _jpeg(content: bytes) -> bytes:
    kept, turned = [b"\xff\xd8"], UPRIGHT
    for marker, piece in _jpeg_pieces(content):
        if marker == 0xE1 and piece[4:10] == b"Exif\0\0":
            turned = _orientation(piece[10:])
        is_profile = marker == 0xE2 and piece[4:16] == b"ICC_PROFILE\0"
        if marker in _JPEG_KEPT or is_profile or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(piece)
    if turned != UPRIGHT:
        body = b"Exif\0\0" + _only_orientation(turned)
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    return b"".join(kept)


def _jpeg_pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each piece; what comes after the end (a second photo, a video) is none."""
    at = 2
    while at + 2 <= len(content):
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise NotUnderstoodError
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            yield marker, content[at : at + 2]
            return
        end = at + 2 if marker in _STANDALONE else at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        yield marker, content[at:end]
        at = end
    raise NotUnderstoodError


def _end_of_scan(content: bytes, at: int) -> int:
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise NotUnderstoodError
        if content[at + 1] == 0 or content[at + 1] in _STANDALONE:
            at += 2
        else:
            return at


def _orientation(tiff: bytes) -> int:
    """How the photo is to be turned, 1 to 8, as its Exif says."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(entries):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if tag == ORIENTATION:
                return int(value) if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def _only_orientation(turned: int) -> bytes:
    """The smallest Exif: one entry."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)


def _png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, chunk = content[at + 4 : at + 8], content[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise NotUnderstoodError
        if kind == b"eXIf" and _orientation(chunk[8:-4]) != UPRIGHT:
            body = b"eXIf" + _only_orientation(_orientation(chunk[8:-4]))
            kept.append(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
        if kind[:1].isupper() or kind in _PNG_KEPT:
            kept.append(chunk)
        at += 12 + length
        if kind == b"IEND":
            return b"".join(kept)
    raise NotUnderstoodError


def _webp(content: bytes) -> bytes:
    if content[8:12] != b"WEBP":
        return content
    kept, at, flagged = [b"WEBP"], 12, None
    turned = UPRIGHT
    while at + 8 <= len(content):
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        chunk = content[at : at + 8 + length + length % 2]
        if kind == b"VP8X":
            flagged = len(kept)
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind == b"EXIF":
            turned = _orientation(chunk[8:].removeprefix(b"Exif\0\0"))
        elif kind in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"):
            kept.append(chunk)
        at += 8 + length + length % 2
    if turned != UPRIGHT and flagged is not None:
        body, head = _only_orientation(turned), kept[flagged]
        kept[flagged] = head[:8] + bytes([head[8] | 0x08]) + head[9:]
        kept.append(b"EXIF" + struct.pack("<I", len(body)) + body)
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _pdf(content: bytes) -> bytes:
    import pikepdf  # most files are photos: only who brings a PDF pays for it

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return content
            for each in pdf.objects:
                if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
                    for name in _OF_THE_AUTHOR & set(each.keys()):
                        del each[name]
                if isinstance(each, pikepdf.Stream) and each.get("/Filter") == pikepdf.Name.DCTDecode:
                    photo = without_traces(each.read_raw_bytes())
                    parameters = each.stream_dict.get("/DecodeParms")
                    each.write(photo, filter=pikepdf.Name.DCTDecode)
                    if parameters is not None:
                        each.stream_dict["/DecodeParms"] = parameters
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            written = io.BytesIO()
            pdf.save(written, deterministic_id=True)
            return written.getvalue()
    except pikepdf.PdfError as error:
        raise NotUnderstoodError from error


def _package(content: bytes) -> bytes:
    """A document of Word, Excel, PowerPoint or LibreOffice; any other ZIP stays as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        if not ({"[Content_Types].xml", "mimetype"} & names):
            return content
        if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
            return content
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as bare:
            for part in package.infolist():
                empty = _EMPTY_PARTS.get(part.filename)
                inside = empty.encode() if empty else _of_a_part(package.read(part))
                fresh = zipfile.ZipInfo(part.filename)
                fresh.compress_type = part.compress_type
                bare.writestr(fresh, inside)
        return written.getvalue()


def _of_a_part(content: bytes) -> bytes:
    """A photo inside; a package in a package is left, so that nobody can make us unpack for ever."""
    return content if content.startswith(b"PK") else without_traces(content)


_CLEANERS: dict[tuple[int, bytes], Cleaner] = {
    (0, b"\xff\xd8\xff"): _jpeg,
    (0, _PNG): _png,
    (0, b"RIFF"): _webp,
    (4, b"ftyp"): of_heif,
    (0, b"%PDF-"): _pdf,
    (0, b"PK\x03\x04"): _package,
}

"""Does a photo or a paper of somebody who hides tell nothing but what it shows?"""

import io
import struct
import zipfile

import pikepdf
import pytest
from PIL import Image

from pqr.tickets.traces import without_traces

TELLS = b"GPS 0.88N 77.50W Telefono de Rosalba"
PIXELS = [(x * 7 % 256, x * 13 % 256, x * 29 % 256) for x in range(64 * 48)]


def picture():
    image = Image.new("RGB", (64, 48))
    image.putdata(PIXELS)
    return image


def exif(turned=6):
    tags = Image.Exif()
    tags[0x0112], tags[0x010F], tags[0x010E] = turned, "Huawei Rosalba", TELLS.decode()
    tags.get_ifd(0x8825)[1] = "N"
    return tags


def photo(form, turned=6, **more):
    written = io.BytesIO()
    picture().save(written, form, exif=exif(turned), **more)
    return written.getvalue()


def shown(content):
    return list(Image.open(io.BytesIO(content)).convert("RGB").get_flattened_data())


@pytest.mark.parametrize(
    ("form", "more"),
    [
        ("JPEG", {"xmp": b"<x:xmpmeta>Rosalba</x:xmpmeta>", "comment": TELLS, "quality": 90}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {"xmp": b"<x:xmpmeta>Rosalba</x:xmpmeta>", "lossless": True}),
    ],
)
@pytest.mark.parametrize("turned", [1, 6])
def test_a_photo_loses_its_place_and_its_device_and_keeps_its_pixels_and_its_turn(form, more, turned):
    given = photo(form, turned, **more)
    assert b"Rosalba" in given
    bare = without_traces(given)
    assert b"Rosalba" not in bare
    assert shown(bare) == shown(given)
    tags = Image.open(io.BytesIO(bare)).getexif()
    assert dict(tags) == ({0x0112: 6} if turned == 6 else {})
    assert without_traces(bare) == bare


def test_a_text_of_a_picture_and_the_video_behind_a_photo_are_left_out():
    png = photo("PNG")
    words = b"tEXtAuthor\0Rosalba"
    chunk = struct.pack(">I", len(words) - 4) + words + b"\0\0\0\0"
    assert b"Rosalba" not in without_traces(png[:33] + chunk + png[33:])
    jpeg = photo("JPEG")
    assert b"Rosalba" not in without_traces(jpeg + b"....ftypmp42 Rosalba video")


def test_the_colours_of_a_profile_and_of_adobe_stay():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        bare = without_traces(photo(form, icc_profile=profile))
        assert Image.open(io.BytesIO(bare)).info["icc_profile"] == profile
    written = io.BytesIO()
    picture().convert("CMYK").save(written, "JPEG")
    assert shown(without_traces(written.getvalue())) == shown(written.getvalue())


def box(kind, content):
    return struct.pack(">I4s", 8 + len(content), kind) + content


def heic():
    """The bones of a telephone's photo: a picture's item and its Exif, both in the data."""

    def infe(number, what):
        return box(b"infe", b"\2\0\0\0" + struct.pack(">HH4s", number, 0, what) + b"\0")

    def meta(offset):
        items = box(b"iinf", b"\0\0\0\0" + struct.pack(">H", 2) + infe(1, b"hvc1") + infe(2, b"Exif"))
        where = ((1, offset, 7), (2, offset + 7, len(TELLS)))
        places = b"".join(struct.pack(">HHHII", number, 0, 1, at, size) for number, at, size in where)
        iloc = box(b"iloc", b"\0\0\0\0" + struct.pack(">BBH", 0x44, 0, 2) + places)
        return box(b"meta", b"\0\0\0\0" + items + iloc)

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", b"PICTURE" + TELLS)


def test_a_heic_photo_keeps_its_picture_where_it_was_and_its_exif_is_blank():
    given, bare = heic(), without_traces(heic())
    assert bare == given.replace(TELLS, bytes(len(TELLS)))
    assert b"PICTURE" in bare


def test_a_pdf_loses_its_author_and_what_the_photos_inside_tell():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Author"] = "Rosalba Incógnita"
    with pdf.open_metadata() as told:
        told["dc:creator"] = ["Rosalba"]
    photo_inside = pdf.make_stream(photo("JPEG"), {"/Type": pikepdf.Name.XObject, "/Filter": pikepdf.Name.DCTDecode})
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photo_inside))
    written = io.BytesIO()
    pdf.save(written, compress_streams=False)
    assert b"Rosalba" in written.getvalue()
    bare = without_traces(written.getvalue())
    with pikepdf.open(io.BytesIO(bare)) as again:
        assert "/Info" not in again.trailer
        assert "/Metadata" not in again.Root
        inside = again.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert inside == without_traces(photo("JPEG"))
    assert without_traces(written.getvalue()) == bare  # the same paper sent twice is filed once


def test_a_document_of_word_or_libreoffice_loses_its_author_and_keeps_its_text():
    for part, first in (("docProps/core.xml", "[Content_Types].xml"), ("meta.xml", "mimetype")):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(zipfile.ZipInfo(first), "application/…")
            package.writestr(part, "<creator>Rosalba</creator>")
            package.writestr("word/document.xml", "El puente se cayó.")
            package.writestr("word/media/foto.jpg", photo("JPEG"))
        with zipfile.ZipFile(io.BytesIO(without_traces(written.getvalue()))) as bare:
            assert b"Rosalba" not in b"".join(bare.read(name) for name in bare.namelist())
            assert bare.namelist()[0] == first
            assert bare.infolist()[0].compress_type == zipfile.ZIP_STORED
            assert bare.read("word/document.xml").decode() == "El puente se cayó."


def test_a_file_that_is_not_understood_stays_as_it_is():
    whole = [photo("JPEG"), photo("PNG"), photo("WEBP"), heic()]
    for given in (b"", b"hola", b"PK\x03\x04roto", b"%PDF-1.7 roto", b"RIFF", b"\xff\xd8\xff", *whole):
        for cut in (len(given) // 3, len(given) - 1):
            assert without_traces(given[:cut]) is not None
    assert without_traces(b"PK\x03\x04roto") == b"PK\x03\x04roto"
    video = box(b"ftyp", b"mp42\0\0\0\0mp42") + box(b"moov", TELLS)
    assert without_traces(video) == video

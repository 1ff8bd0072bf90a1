"""Is the entity called everywhere as the settings page says, and does its logo stand on pages and papers?"""

import io
import struct
import zlib

import pikepdf
import pytest
import time_machine

from pqr.about import About
from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.desk import entity
from pqr.entity.logos import MOST_BYTES, what_is_wrong_with
from pqr.entity.naming import known_as
from pqr.tickets.documents import answer_pdf, receipt_pdf
from pqr.tickets.models import Answer
from tests.builders import NOW, filed, letters_of, office_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of

PAGE = "/atencion/ajustes/entidad"


def answer_to(ticket):
    """An answer as it is before the database has given it the rest."""
    said = {"radicado": "2026-S-000001", "text": "Sí.", "author": "user:1", "outcome": "informed"}
    return Answer(ticket=ticket, written_at=NOW, **said)


def png(width=40, height=30):
    """A plain PNG image."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\x00\x48\x84" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def upload(client, content, name="escudo.png"):
    fields = form_of(client.get(PAGE).text).to_dict()
    answer = client.post(PAGE, data=fields | {"image": (io.BytesIO(content), name)})
    answer.request.input_stream.close()
    return answer


def images_in(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return sum(len(page.get_images()) for page in document.pages)


def test_what_the_page_says_holds_over_the_environment_everywhere(client, session, settings, admin):
    assert form_of(client.get(PAGE).text)["name"] == "Alcaldía Municipal de Puerres"
    typed = {"name": "Alcaldía de La Cruz", "nit": "800.000.000-1", "phone": "602 000 0000", "hours": "Lunes a viernes"}
    assert send(client, PAGE, **typed).status_code == 303
    for page in ("/", "/radicar", "/privacidad", PAGE):
        text = client.get(page).text
        assert "Alcaldía de La Cruz" in text
        assert "Alcaldía Municipal de Puerres" not in text
    home = client.get("/").text
    assert "NIT 800.000.000-1 · Teléfono 602 000 0000" in home
    assert "Horario de atención: Lunes a viernes" in home
    look_again(session)
    here = known_as(session, office_of(session, settings))
    filed(session, here)
    assert {letter.sender_name for letter in letters_of(session)} == {"Alcaldía de La Cruz"}
    change = latest_changes(session)[0]
    assert (change.what, change.which, change.after["nit"]) == ("entity", "Alcaldía de La Cruz", "800.000.000-1")


def test_the_logo_stands_on_the_portal_with_its_words_and_on_both_papers(client, session, settings, admin):
    plain = office_of(session, settings)
    ticket = filed(session, plain)
    answer = Answer(
        ticket=ticket, radicado="2026-S-000001", text="Sí.", author="user:1", written_at=NOW, outcome="informed"
    )
    session.add(answer)
    session.commit()
    assert "<img" not in client.get("/").text
    assert upload(client, png()).status_code == 303
    look_again(session)
    here = known_as(session, plain)
    page = client.get("/").text
    assert f'src="/logo/{here.about.logo}" alt="Logo de la entidad:"' in page
    image = client.get(f"/logo/{here.about.logo}")
    assert (image.mimetype, image.data) == ("image/png", png())
    assert client.get("/logo/otro").status_code == 404
    without, with_it = ([receipt_pdf(ticket, (), each), answer_pdf(answer, each, NOW)] for each in (plain, here))
    assert [images_in(pdf) for pdf in with_it] == [images_in(pdf) + 1 for pdf in without]
    fields = form_of(client.get(PAGE).text).to_dict() | {"without": "y"}
    assert client.post(PAGE, data=fields).status_code == 303
    assert "<img" not in client.get("/").text


def test_what_is_no_small_image_is_refused_and_the_rest_is_kept(client, session, admin):
    for content, says in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG o JPEG"),
        (png() + b"x" * MOST_BYTES, "pesa más de 200 KB"),
        (png()[:60], "está dañada"),
    ):
        refused = upload(client, content)
        assert refused.status_code == 422
        assert says in words_of(refused)
        assert form_of(refused.text)["name"] == "Alcaldía Municipal de Puerres"
    assert "<img" not in client.get("/").text


def test_a_small_file_that_unfolds_into_a_huge_image_is_no_logo():
    assert what_is_wrong_with(png()) == ""
    assert "2000 por 2000" in what_is_wrong_with(png(4000, 1))
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08"
    assert what_is_wrong_with(jpeg + struct.pack(">HH", 100, 100) + b"rest") == ""
    assert "2000 por 2000" in what_is_wrong_with(jpeg + struct.pack(">HH", 9000, 100) + b"rest")
    assert "2000 por 2000" in what_is_wrong_with(b"\xff\xd8\xff\xe0")


def test_the_desk_s_own_answer_is_signed_by_whom_the_entity_says(session, settings):
    plain = office_of(session, settings)
    signed = office_of(session, settings, about=About(signer="Despacho del Alcalde"))
    answer = Answer(
        ticket=filed(session, plain),
        radicado="2026-S-000001",
        text="Sí.",
        author="user:1",
        written_at=NOW,
        outcome="informed",
    )
    session.add(answer)
    answer.secretaria_name = "Despacho del Alcalde"
    by_hand = answer_pdf(answer, plain, NOW)
    answer.secretaria_name = ""
    assert answer_pdf(answer, signed, NOW) == by_hand  # the same data are the same bytes
    assert answer_pdf(answer, plain, NOW) != by_hand


def test_the_page_has_a_field_for_every_column_that_the_ledger_sees():
    from pqr.accounts.changes import SEEN

    assert set(SEEN["entity"]) == {*entity.TEXTS, "logo"}

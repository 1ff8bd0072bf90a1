"""What travels is small, is kept where it may be, and never tells a secret by its length."""

import gzip

import pytest

from pqr.sharing.keys import NewKey, make_key
from tests.builders import NOW
from tests.portal.visitor import LEAST, file, hidden, send

PACKED = {"Accept-Encoding": "gzip"}


def coding(answer) -> str | None:
    return answer.headers.get("Content-Encoding")


def test_a_page_arrives_packed_and_whole_for_who_can_open_it(client, session):
    plain, packed = client.get("/ayuda"), client.get("/ayuda", headers=PACKED)
    assert coding(plain) is None
    assert coding(packed) == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_browser_that_refuses_it_gets_it_plain(client, session):
    assert coding(client.get("/ayuda", headers={"Accept-Encoding": "gzip;q=0"})) is None


def test_a_static_file_is_packed_and_kept_until_it_changes(client, session):
    page = client.get("/").text
    sheet = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    with client.get(sheet, headers=PACKED) as answer, client.get("/static/pqr.css") as plain:
        assert coding(answer) == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert plain.headers["Cache-Control"] == "no-cache"
        assert gzip.decompress(answer.data) == plain.data
        assert "Cookie" not in answer.headers["Vary"]  # which changes with the receipt
        tag = answer.headers["ETag"]
    with client.get(sheet, headers=PACKED | {"If-None-Match": tag}) as unchanged:
        assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_no_page_that_a_link_can_fill_with_words_is_packed(client, session):
    """BREACH: the number and the code of a link come back in the page, so its length must say nothing."""
    asked = client.get("/radicado?radicado=2026-E-000001&code=ABCDEFGHJK", headers=PACKED, follow_redirects=True)
    assert coding(asked) is None
    assert coding(client.get("/radicar?tipo=queja", headers=PACKED)) is None


def test_what_any_page_may_read_is_packed_and_what_a_key_opens_is_not(client, session):
    _, key = make_key(session, NewKey("App", 10), NOW)
    session.commit()
    asked = "/open311/v2/services.json?jurisdiction_id=puerres.example"
    plain, packed = client.get(asked), client.get(asked, headers=PACKED)
    assert coding(packed) == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert coding(client.get(asked, headers=PACKED | {"X-API-Key": key})) is None


def test_no_page_of_the_staff_is_packed(client, session):
    assert coding(client.get("/ingresar", headers=PACKED, follow_redirects=True)) is None


def test_a_receipt_in_pdf_travels_as_it_is(client, session):
    radicado = file(client, LEAST)
    assert coding(client.get(f"/radicado/{radicado}/constancia.pdf", headers=PACKED)) is None


def test_the_cookie_does_not_travel_with_what_another_site_posts(client, session):
    """What makes it safe to pack the answers to a POST: they cannot be another site's with this visitor's cookie."""
    assert "SameSite=Lax" in client.get("/radicar").headers["Set-Cookie"]


@pytest.mark.parametrize("kind", ["", "reclamo"])
def test_what_comes_back_from_the_form_is_packed(client, session, kind):
    token = hidden(client.get("/radicar").text, "csrf_token")
    fields = LEAST | {"kind": kind, "csrf_token": token, "review": "1"}
    assert coding(client.post("/radicar", data=fields, headers=PACKED)) == "gzip"
    assert coding(send(client)) is None  # a redirection holds nothing

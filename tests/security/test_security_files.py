"""Can the name or the type of a file that somebody sends reach further than the file itself?"""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from pqr.portal.uploads import MOST_FILES
from pqr.tickets.models import Attachment
from tests.builders import assigned, office_of
from tests.desk.staff import act, at_work
from tests.portal.visitor import file, send, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAMES = (
    "../../../etc/passwd",
    "..\\..\\pqr.sqlite3",
    "/etc/cron.d/mal",
    "C:\\Windows\\mal.exe",
    "a\r\nX-Mal: si.html",
    '"; filename="otro.html',
    "página \u202elmth.exe",
    "x" * 400 + ".svg",
    ".htaccess",
    "CON",
)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def sent(client, session):
    """Petitions with a file of each name, which says that it is a page with a script; and their rows."""
    for name in NAMES:
        file(client, attachments=(BytesIO(SCRIPT + name.encode()), name, "text/html"))
    return session.scalars(select(Attachment).order_by(Attachment.id)).all()


def test_no_name_of_a_file_is_ever_a_path(sent, settings, tmp_path):
    store = Path(settings.files_url.removeprefix("file://"))
    kept = [path for path in store.rglob("*") if path.is_file()]
    digests = {each.sha256 for each in sent}
    assert {path.name for path in kept} >= digests
    assert all(path.name.replace("-", "").isalnum() for path in kept), "only digests name files"
    assert all("/" not in each.name and "\\" not in each.name and not each.name.startswith(".") for each in sent)
    assert {path.name for path in tmp_path.iterdir()} <= {"pqr.sqlite3", "pqr.sqlite3-wal", "pqr.sqlite3-shm", "files"}


def test_a_download_is_an_attachment_whatever_its_name_and_type(client, session, sent):
    at_work(client, session)
    for each in sent:
        answer = client.get(f"/atencion/radicado/{each.ticket.radicado}/archivo/{each.id}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Mal" not in answer.headers
        assert "\n" not in answer.headers["Content-Disposition"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        answer.close()


PROGRAMS = (b"MZ\x90\0", b"\x7fELF\x02\x01", b"#!/bin/sh\necho", b"\xca\xfe\xba\xbe\0\0", b"dex\n035\0")


@pytest.mark.parametrize("content", PROGRAMS)
def test_a_program_is_not_taken_whatever_it_is_called(client, session, content):
    refused = send(client, attachments=(BytesIO(content), "foto.jpg", "image/jpeg"))
    assert refused.status_code == 422
    assert "No se reciben programas: «foto.jpg»" in text_of(refused.text)
    assert "Hay un hueco muy grande" in refused.text, "and what was typed is there"
    assert session.scalars(select(Attachment)).all() == []


def test_the_staff_keeps_no_program_either(client, session, settings):
    at_work(client, session)
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    files = [(BytesIO(b"MZ\x90\0"), "respuesta.pdf", "application/pdf")]
    refused = act(client, ticket.radicado, "responder", text="Va adjunta.", attachments=files)
    assert refused.status_code == 422
    assert "No se guardan programas: «respuesta.pdf»" in refused.text
    assert session.scalars(select(Attachment)).all() == []


def test_more_files_than_anybody_needs_are_refused_with_another_way(client):
    many = [(BytesIO(b"%PDF-1.4"), f"{number}.pdf", "application/pdf") for number in range(MOST_FILES + 1)]
    refused = send(client, attachments=many)
    assert refused.status_code == 422
    assert f"Caben hasta {MOST_FILES} archivos" in refused.text
    assert (
        send(client, attachments=[(BytesIO(b"%PDF-1.4"), "a.pdf", "application/pdf")] * MOST_FILES).status_code == 303
    )

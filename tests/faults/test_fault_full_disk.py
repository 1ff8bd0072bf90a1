"""What does a citizen see, and a relay hear, when the disk is full?  The truth; and then it goes on by itself."""

import re
import smtplib
from contextlib import closing
from http.client import HTTPConnection

import pytest
from sqlalchemy import create_engine, text

from tests.faults.kept import poll
from tests.faults.people import NotTaken, Visit
from tests.faults.tight import full, small_disk
from tests.peer import peer
from tests.running import environment, started
from tests.sink import petition

WAYS = "pqr@puerres.example|oficina de Atención al Usuario"

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as one:
        if one is None:
            pytest.skip("a small disk can be mounted by the administrator alone")
        yield one


@pytest.fixture
def service(disk, tmp_path, sqlite_template):
    (disk / "pqr.sqlite3").write_bytes(sqlite_template.read_bytes())
    with peer() as relay:
        given = {"PQR_SMTP_URL": relay.url(), "PQR_LMTP_SOCKET": str(tmp_path / "lmtp")}
        one = started(environment(disk, **given, PQR_SECRET_KEY="clave-de-las-pruebas-0123456789"))
        one.relay = relay
        yield one
        one.process.terminate()
        one.process.communicate(timeout=120)


def hand_over(service, subject, way="smtp"):
    """What the door says to a mail."""
    mail = petition("ana@correo.example", subject, "El acueducto no llega.")
    smtp = (smtplib.SMTP, "127.0.0.1", int(service.environ["PQR_MAIL_IN_PORT"]))
    kind, *where = smtp if way == "smtp" else (smtplib.LMTP, service.environ["PQR_LMTP_SOCKET"])
    with kind(*where) as door:
        try:
            door.sendmail("ana@correo.example", ["pqr@puerres.example"], mail)
        except smtplib.SMTPResponseException as refusal:
            return refusal.smtp_code
        except smtplib.SMTPRecipientsRefused as refusal:
            return next(iter(refusal.recipients.values()))[0]
    return 250


def asked(service, path):
    """The status of this page."""
    with closing(HTTPConnection("127.0.0.1", int(service.environ["PQR_PORT"]), timeout=30)) as web:
        web.request("GET", path)
        return web.getresponse().status


def test_on_a_full_disk_nothing_is_said_to_be_received_and_afterwards_it_goes_on(service, disk):
    base = f"http://127.0.0.1:{service.environ['PQR_PORT']}"
    rows = create_engine(f"sqlite:///{disk}/pqr.sqlite3")
    visit = Visit(base, 1)
    with full(disk):
        with pytest.raises(NotTaken) as refusal:
            visit.file()
        page = refusal.value.page
        assert refusal.value.code == 503
        assert "Todavía no quedó radicada" in page
        assert {"pqr@puerres.example", "oficina de Atención al Usuario"} <= set(re.findall(WAYS, page))
        assert "Tubo 1 roto." in page  # what was typed
        assert not re.search(r"\d{4}-E-\d{6}", page)
        assert [hand_over(service, "No llega agua", way) for way in ("smtp", "lmtp")] == [451, 451]
        assert [asked(service, path) for path in ("/readyz", "/healthz")] == [503, 200]
    with rows.connect() as connection:
        assert connection.scalar(text("SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM inbox)")) == 0
    assert visit.file().endswith("-E-000001")
    assert [hand_over(service, "No llega agua", way) for way in ("smtp", "lmtp")] == [250, 250]
    poll(lambda: len(service.relay.to("ana@correo.example")) == 1, "the acknowledgement of the mail")
    assert service.process.poll() is None, "it was never started again"
    rows.dispose()

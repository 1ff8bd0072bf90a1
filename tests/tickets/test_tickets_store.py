"""Do the files live as well in an S3 as in a folder?  A real S3 server, from the review page to a copy that returns."""

from datetime import timedelta
from io import BytesIO

import obstore
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pqr import clock
from pqr.app import create_app
from pqr.backups.making import make
from pqr.backups.restoring import restore
from pqr.cli import main
from pqr.config import environment, load
from pqr.db import db, reading
from pqr.tickets import files
from pqr.tickets.models import Ticket
from pqr.tickets.store import StoreUnavailable, opened
from pqr.upkeep import verify
from tests.builders import NOW, filed, office_of
from tests.installation import make_settings
from tests.portal.test_portal_reviewing import PLAN, fields_of
from tests.portal.visitor import LEAST, code_on, send
from tests.servers import free_port, s3
from workers import upkeep

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def bucket():
    with s3("pqr-archivos") as url:
        yield url


@pytest.fixture
def settings(database_url, bucket, tmp_path):
    """As on one of several machines."""
    return make_settings(tmp_path, database_url, PQR_FILES_URL=bucket.replace("peticiones", tmp_path.name))


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def names(settings):
    return [each["path"] for batch in obstore.list(opened(settings.files_url)) for each in batch]


def test_a_file_is_held_filed_downloaded_and_forgotten(app, client, session, settings, here):
    page = send(client, LEAST, review="1", filing_key="k" * 32, attachments=[(BytesIO(PLAN), "plano.pdf")]).text
    held = [name for name in names(settings) if name.startswith("held/")]
    assert held
    radicado = client.post("/radicar", data=fields_of(page)).location.rsplit("/", 1)[1]
    session.rollback()
    (kept,) = session.scalars(select(Ticket)).one().attachments
    assert files.read(kept.sha256, here) == PLAN
    code_on(client, radicado)
    assert client.get(f"/radicado/{radicado}/constancia.pdf").data.startswith(b"%PDF")
    files.keep(PLAN, "otra.pdf", "", here)  # the same bytes are kept once
    assert names(settings).count(f"{kept.sha256[:2]}/{kept.sha256}") == 1
    files.forget_held(clock.now() + timedelta(hours=1), here)
    with app.app_context():
        upkeep.forget_held()
    assert not [name for name in names(settings) if name.startswith("held/")]
    assert list(verify(session, here)) == []


def test_what_is_lent_is_taken_back(here, tmp_path):
    (tmp_path / "lista.csv").write_text("una lista")
    files.lend(tmp_path / "lista.csv", "lista.csv", here)
    assert files.lent("lista.csv", here) == b"una lista"
    files.take_back("lista.csv", here)
    assert files.lent("lista.csv", here) is None


def test_a_lost_or_changed_file_is_found_out(session, settings, here):
    stored = [files.keep(content, "plano.txt", "text/plain", here) for content in (b"uno", b"dos")]
    filed(session, here, files=tuple(stored))
    session.commit()
    opened(settings.files_url).delete(f"{stored[0].sha256[:2]}/{stored[0].sha256}")
    obstore.put(opened(settings.files_url), f"{stored[1].sha256[:2]}/{stored[1].sha256}", b"tres")
    assert sum("falta o cambió el archivo" in finding for finding in verify(session, here)) == 2


def test_a_copy_takes_the_files_along_and_they_come_back_in_a_folder_or_another_bucket(
    app, session, settings, here, bucket, tmp_path
):
    filed(session, here, files=(files.keep(b"plano", "plano.txt", "text/plain", here),))
    session.commit()
    with app.app_context():
        made = make(db.engine, settings, tmp_path / "copia.tar", NOW)
    assert len(made.manifest.members) == 1 + len(names(settings))
    for place, given in (("folder", {}), ("bucket", {"PQR_FILES_URL": bucket.replace("peticiones", "de-vuelta")})):
        elsewhere = make_settings(tmp_path / place, **given)
        with create_app(elsewhere).app_context():
            restore(db.engine, elsewhere, tmp_path / "copia.tar")
            with reading() as again:
                assert list(verify(again, office_of(again, elsewhere))) == []
            db.engine.dispose()


TROUBLES = {
    "no contesta": lambda url: url.replace(url.rpartition(":")[2].partition("&")[0], str(free_port())),
    "no existe": lambda url: url.replace("pqr-archivos", "ninguno"),
}


@pytest.mark.parametrize("said", TROUBLES)
def test_a_store_that_is_not_there_is_said_without_its_keys(session, bucket, tmp_path, monkeypatch, said):
    url = TROUBLES[said](bucket)
    (told,) = files.trouble(url)
    assert said in told
    assert "creto" not in told
    monkeypatch.setenv("PQR_FILES_URL", url)
    monkeypatch.setenv("PQR_DATA_DIR", str(tmp_path))
    assert told in CliRunner().invoke(main, ["check"]).stdout
    here = load(environment()).office(None)
    if said == "no contesta":  # nobody takes silence for a loss
        with pytest.raises(StoreUnavailable):
            files.is_intact("0" * 64, here)


def test_a_store_that_is_there_gives_no_trouble(session, settings, tmp_path):
    assert list(files.trouble(settings.files_url)) == []
    assert list(files.trouble((tmp_path / "carpeta").as_uri())) == []
    assert [name for name in names(settings) if name.startswith("held/")] == []


def test_without_the_store_the_form_comes_back_with_what_was_written(session, settings, bucket, tmp_path):
    away = make_settings(tmp_path, settings.database_url, PQR_FILES_URL=TROUBLES["no contesta"](bucket))
    app = create_app(away)
    page = send(app.test_client(), LEAST, attachments=[(BytesIO(PLAN), "plano.pdf")])
    assert page.status_code in (200, 503)
    assert LEAST["description"] in page.text
    assert session.scalars(select(Ticket)).all() == []
    with app.app_context():
        db.engine.dispose()

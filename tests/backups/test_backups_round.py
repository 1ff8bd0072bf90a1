"""Does everything come back, exactly, from a copy made while people file?"""

import json
import os
import tarfile
import threading
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import make_url, select, text

from pqr.app import create_app
from pqr.backups.archive import BadBackup
from pqr.backups.databases import CannotCopy
from pqr.backups.making import make
from pqr.backups.models import latest
from pqr.backups.restoring import NotRestored, restore
from pqr.db import db, reading, writing
from pqr.errors import ConfigError
from pqr.tickets import files
from pqr.tickets.models import Ticket
from pqr.upkeep import verify
from tests.builders import NOW, filed, office_of
from tests.installation import make_settings

SECRET = pyrage.x25519.Identity.generate()


@pytest.fixture
def elsewhere(request, settings, tmp_path):
    """Settings of an empty place on the same engine."""
    url = ""
    if settings.database_url.startswith("postgresql"):
        url = request.getfixturevalue("postgres_url")
    return make_settings(tmp_path / "otra", url)


def brought_back(settings, copy, **how):
    """The manifest, what `verify` says, and the radicados that are there now."""
    app = create_app(settings)
    with app.app_context():
        try:
            manifest = restore(db.engine, settings, copy, **how)
            with reading() as session:
                office = office_of(session, settings)
                return manifest, list(verify(session, office)), set(session.scalars(select(Ticket.radicado)))
        finally:
            db.engine.dispose()


def three_files(session, settings):
    """Petitions with a file each, and another file that nobody named."""
    office = office_of(session, settings)
    for number in range(3):
        filed(session, office, files=(files.keep(f"plano {number}".encode(), "plano.txt", "text/plain", office),))
    session.commit()
    files.hold(b"de una que no se ha enviado", office)
    lent = settings.data_dir / "lista.csv"
    lent.write_text("una lista que alguien pidió")
    files.lend(lent, "lista.csv", office)
    return office


def copied(app, settings, target, **how):
    with app.app_context():
        return make(db.engine, settings, target, NOW, **how)


def test_a_copy_made_under_load_comes_back_whole(app, session, settings, elsewhere, tmp_path):
    office, enough, stop = three_files(session, settings), threading.Event(), threading.Event()
    shown = []

    def people():
        while not stop.is_set():
            with writing(session.get_bind()) as own:
                ticket = filed(own, office, files=(files.keep(os.urandom(64), "foto.bin", "", office),))
            shown.append(ticket.radicado)
            if len(shown) == 5:
                enough.set()

    crowd = threading.Thread(target=people)
    crowd.start()
    assert enough.wait(60)
    before = set(shown)
    made = copied(app, settings, tmp_path / "copia.tar")
    stop.set()
    crowd.join()
    manifest, findings, there = brought_back(elsewhere, tmp_path / "copia.tar")
    assert manifest == made.manifest
    assert findings == []
    assert before <= there <= {*shown, *(f"2026-E-{number:06d}" for number in (1, 2, 3))}
    assert made.manifest.counts["tickets"] == len(there)
    assert not made.damaged


def test_the_copy_is_one_file_of_its_owner_alone_and_holds_no_secret(app, session, settings, tmp_path):
    three_files(session, settings)
    target = tmp_path / "copia.tar"
    copied(app, settings, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob(".pqr-copia-*")] == []
    assert settings.secret_keys[0].encode() not in target.read_bytes()
    with tarfile.open(target) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))
    assert set(names) == {*manifest["members"], "manifest.json"}
    kept = [name for name in names if name.startswith("files/")]
    assert len(kept) == len(list(files.everything(settings.files_url))) >= 3
    assert not [name for name in kept if "lista" in name]
    with pytest.raises(FileExistsError):
        copied(app, settings, target)


def test_an_encrypted_copy_opens_with_its_key_alone(app, session, settings, elsewhere, tmp_path):
    three_files(session, settings)
    sealed = make_settings(tmp_path, settings.database_url, PQR_BACKUP_RECIPIENTS=str(SECRET.to_public()))
    target, key, other = (tmp_path / name for name in ("copia.tar.age", "clave.txt", "otra.txt"))
    key.write_text(f"# clave de la copia\n{SECRET}\n")
    other.write_text(str(pyrage.x25519.Identity.generate()))
    made = copied(app, sealed, target)
    assert made.row.encrypted
    assert b"plano 1" not in target.read_bytes()
    with pytest.raises(BadBackup, match="--identity"):
        brought_back(elsewhere, target)
    with pytest.raises(BadBackup, match="no abre la copia"):
        brought_back(elsewhere, target, identity=other)
    assert brought_back(elsewhere, target, identity=key)[1] == []


def rewritten(source, target, change):
    """The copy with one member's bytes changed, taken out (None) or put in."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                with open(target.with_suffix(".part"), "wb") as part:
                    part.write(content)
                with open(target.with_suffix(".part"), "rb") as part:
                    new.addfile(member, part)
    return target


HARMS = {
    "a byte of a file": lambda name, content: content + b"." if name.startswith("files/") else content,
    "a file gone": lambda name, content: None if name.startswith("files/") else content,
    "the database changed": lambda name, content: content[:-1] + b"!" if name == "database" else content,
    "no manifest": lambda name, content: None if name == "manifest.json" else content,
    "a manifest that is none": lambda name, content: b"{}" if name == "manifest.json" else content,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_that_somebody_touched_is_not_put_back(app, session, settings, elsewhere, tmp_path, harm):
    three_files(session, settings)
    copied(app, settings, tmp_path / "copia.tar")
    harmed = rewritten(tmp_path / "copia.tar", tmp_path / "mala.tar", harm)
    with pytest.raises(BadBackup):
        brought_back(elsewhere, harmed)
    assert not (elsewhere.data_dir / "pqr.sqlite3").exists()
    assert list((elsewhere.data_dir / "files").rglob("*")) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_half_a_copy_is_not_put_back(app, session, settings, elsewhere, tmp_path):
    three_files(session, settings)
    copied(app, settings, tmp_path / "copia.tar")
    half = tmp_path / "media.tar"
    half.write_bytes((tmp_path / "copia.tar").read_bytes()[: (tmp_path / "copia.tar").stat().st_size // 2])
    with pytest.raises(BadBackup, match=r"incompleta|manifiesto"):
        brought_back(elsewhere, half)


def test_nothing_is_written_over_what_is_there(app, session, settings, tmp_path):
    three_files(session, settings)
    copied(app, settings, tmp_path / "copia.tar")
    with pytest.raises(NotRestored, match="no está vacía"):
        brought_back(settings, tmp_path / "copia.tar")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_key_is_refused_unless_the_operator_insists(app, session, settings, tmp_path):
    three_files(session, settings)
    copied(app, settings, tmp_path / "copia.tar")
    other = make_settings(tmp_path / "otra", PQR_SECRET_KEY="una-clave-que-no-es-la-de-entonces")
    with pytest.raises(NotRestored, match="PQR_SECRET_KEY no es la de la copia"):
        brought_back(other, tmp_path / "copia.tar")
    assert len(brought_back(other, tmp_path / "copia.tar", any_key=True)[2]) == 3


def test_a_copy_of_one_engine_is_not_put_into_the_other(app, session, settings, request, tmp_path):
    three_files(session, settings)
    copied(app, settings, tmp_path / "copia.tar")
    to_sqlite = settings.database_url.startswith("postgresql")
    other = make_settings(tmp_path / "otra", "" if to_sqlite else request.getfixturevalue("postgres_url"))
    with pytest.raises(NotRestored, match=r"(SQLite.*PostgreSQL|PostgreSQL.*SQLite).*move-database"):
        brought_back(other, tmp_path / "copia.tar")


def test_a_damaged_file_is_copied_as_it_is_and_said(app, session, settings, tmp_path):
    three_files(session, settings)
    passing = {"held", "lent"}
    victim = next(path for path in (tmp_path / "files").rglob("*") if path.is_file() and not passing & {*path.parts})
    victim.write_bytes(b"roto")
    made = copied(app, settings, tmp_path / "copia.tar")
    assert made.damaged == (victim.name,)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_tools_of_postgresql_it_says_which_package(app, session, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotCopy, match="pg_dump: instale el cliente"):
        copied(app, settings, tmp_path / "copia.tar")
    assert not (tmp_path / "copia.tar").exists()


@pytest.fixture
def with_a_password(session, settings):
    """The same database, for somebody whom PostgreSQL asks for a password that has its own signs in it."""
    password = "con:dos\\puntos @y más"
    place = Path(session.scalar(text("SHOW hba_file")))
    before = place.read_text()
    session.execute(text("CREATE ROLE con_clave SUPERUSER LOGIN PASSWORD 'con:dos\\puntos @y más'"))
    session.commit()
    place.write_text(f"local all con_clave scram-sha-256\n{before}")
    session.execute(text("SELECT pg_reload_conf()"))
    url = make_url(settings.database_url).set(username="con_clave", password=password)
    yield url.render_as_string(hide_password=False)
    place.write_text(before)
    session.execute(text("DROP ROLE con_clave"))
    session.execute(text("SELECT pg_reload_conf()"))
    session.commit()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_tools_are_given_the_password_and_nobody_sees_it(with_a_password, tmp_path):
    app = create_app(make_settings(tmp_path, with_a_password))
    with app.app_context():
        made = make(db.engine, make_settings(tmp_path, with_a_password), tmp_path / "copia.tar", NOW)
        db.engine.dispose()
    assert made.manifest.counts["tickets"] == 0


def test_a_recipient_that_is_no_key_stops_the_start(tmp_path):
    with pytest.raises(ConfigError, match="PQR_BACKUP_RECIPIENTS"):
        make_settings(tmp_path, PQR_BACKUP_RECIPIENTS="age1corta")


def test_the_latest_copy_is_known(app, session, settings, tmp_path):
    assert latest(session) is None
    session.add(copied(app, settings, tmp_path / "una.tar").row)
    session.flush()
    session.add(copied(app, settings, tmp_path / "otra.tar").row)
    session.commit()
    found = latest(session)
    assert (found.id, found.made_at, found.encrypted) == (2, NOW, False)
    assert found.size == (tmp_path / "otra.tar").stat().st_size

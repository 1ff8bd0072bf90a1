"""Are the tables of petitions ever changed without a copy of how they were?"""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from flask_migrate import downgrade
from sqlalchemy import text

from pqr import clock
from pqr.backups.models import Backup
from pqr.backups.revisions import NeedsBackup, newest, require_fresh_copy
from pqr.db import db
from tests.builders import filed, office_of
from tests.running import ROOT, environment

YESTERDAY = timedelta(hours=25)


@pytest.fixture
def of_before(app, session, settings):
    """An installation with a petition, in tables of the version before."""
    filed(session, office_of(session, settings))
    session.commit()
    session.close()
    with app.app_context():
        downgrade()
        yield app


def kept(moment):
    with db.engine.begin() as connection:
        connection.execute(
            Backup.__table__.insert().values(made_at=moment, revision="0036", size=1, sha256="0", encrypted=False)
        )


def test_petitions_are_migrated_after_a_fresh_copy_alone(of_before):
    now = clock.now()
    with pytest.raises(NeedsBackup, match="pqr backup"):
        require_fresh_copy(db.engine, now)
    kept(now - YESTERDAY)
    with pytest.raises(NeedsBackup):
        require_fresh_copy(db.engine, now)
    kept(now)
    require_fresh_copy(db.engine, now)


def test_an_installation_without_petitions_or_up_to_date_needs_none(app, session, settings):
    with app.app_context():
        require_fresh_copy(db.engine, clock.now())
        downgrade()
        require_fresh_copy(db.engine, clock.now())


def pqr(environ, *words):
    command = [sys.executable, "-m", "pqr.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def test_the_commands_of_a_whole_upgrade(tmp_path):
    """From the shell, as the operator would: refused, copied, changed, and brought back elsewhere."""
    environ = environment(tmp_path / "aqui")
    assert pqr(environ, "demo", "load", "--tickets", "5").returncode == 0
    assert pqr(environ, "backup", str(tmp_path / "primera.tar")).returncode == 0
    again = pqr(environ, "backup", str(tmp_path / "primera.tar"))
    assert (again.returncode, "no se escribe encima" in again.stderr) == (1, True)

    step_back(environ)
    assert pqr(environ, "upgrade").returncode == 0  # the copy of a moment ago is known of
    step_back(environ, "DELETE FROM backups")
    refused = pqr(environ, "upgrade")
    assert (refused.returncode, "pqr backup ARCHIVO" in refused.stderr) == (1, True)
    assert pqr(environ, "upgrade", "--yes").returncode == 0
    step_back(environ, "DELETE FROM backups")
    by_itself = pqr(environ, "init", "--json")  # as `up` does
    assert by_itself.returncode == 0, by_itself.stderr
    assert json.loads(by_itself.stdout)
    assert len(list((tmp_path / "aqui" / "copias").glob("antes-de-*.tar"))) == 1

    elsewhere = environment(tmp_path / "alla", PQR_SECRET_KEY=(tmp_path / "aqui" / "demo.key").read_text())
    done = pqr(elsewhere, "restore", str(tmp_path / "primera.tar"))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "5 peticiones" in done.stderr
    assert "no está vacía" in pqr(elsewhere, "restore", str(tmp_path / "primera.tar")).stderr


def step_back(environ, then=""):
    """To the tables of the version before, as if this program had just been installed over it."""
    code = f"""
from flask_migrate import downgrade
from sqlalchemy import text
from pqr.cli.application import application
from pqr.db import db
with application(), db.engine.begin() as connection:
    {f"connection.execute(text({then!r}))" if then else "pass"}
with application():
    downgrade()
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, check=True, capture_output=True)


def test_the_program_knows_which_tables_it_works_with(app):
    with app.app_context(), db.engine.connect() as connection:
        assert newest() == connection.scalar(text("SELECT version_num FROM alembic_version"))

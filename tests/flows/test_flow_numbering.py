"""Does the number hold when everybody files at once?  Hundreds of petitions, 1,000 in full, from eight processes."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from pqr.tickets.models import Ticket
from pqr.tickets.radicado import format_radicado
from pqr.upkeep import verify

ROOT = Path(__file__).parent.parent.parent
PROCESSES, EACH = 8, 125 if os.environ.get("PQR_TEST_FULL") else 40
FILERS = f"""
import os, sys
from multiprocessing import get_context
from pqr import clock, config
from pqr.closures.calendar import load_calendar
from pqr.db import make_engine, writing
from pqr.terms.kinds import TicketKind
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.models import Channel
settings = config.load(os.environ)
def file():
    engine = make_engine(settings.database_url)
    for number in range({EACH}):
        with writing(engine) as session:
            draft = Draft(TicketKind.RECLAMO, "No llega agua", "El acueducto no llega.", Channel.WEB, clock.now(),
                          petitioner=PetitionerData("Ana Prueba", f"a{{number}}@correo.example"))
            file_ticket(session, draft, settings.office(load_calendar(session)), clock.now())
filers = [get_context("fork").Process(target=file) for _ in range({PROCESSES})]
for filer in filers:
    filer.start()
for filer in filers:
    filer.join()
sys.exit(any(filer.exitcode for filer in filers))
"""


def test_hundreds_of_petitions_at_once_get_consecutive_numbers(app, session, settings, tmp_path):
    environ = {
        "PATH": "",
        "PQR_DATA_DIR": str(tmp_path),
        "PQR_DATABASE_URL": settings.database_url,
        "PQR_SECRET_KEY": settings.secret_keys[0],
    }
    command = [sys.executable, "-W", "error", "-c", FILERS]
    filed = subprocess.run(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, timeout=600)
    assert filed.returncode == 0, filed.stderr
    given = sorted(session.scalars(select(Ticket.radicado)))
    year = int(given[0][:4])
    assert given == [format_radicado(year, "E", number) for number in range(1, PROCESSES * EACH + 1)]
    with app.app_context():
        from pqr.door import office

        assert list(verify(session, office(session))) == []

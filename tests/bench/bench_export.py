"""What do a hundred thousand rows cost the worker that writes them?

`python -m tests.bench.bench_export [TICKETS]`: fills an installation of its own in a temporary directory (SQLite) and
lets a fresh process write the list of all petitions, XLSX and CSV; before that the process writes a list of a hundred,
so that what it has loaded counts for neither. Prints seconds, and by how much its largest size in memory grew. pytest
does not collect it.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_desk import DESK, installed

ROWS = 100_000
FEW = {"measure": "received", "today": "2026-01-01", "filters": {}, "from": "2000-01-01", "to": "2000-01-02"}


def main() -> None:
    """Fills, and measures each format in a process of its own."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        environ, _ = installed(Path(folder, "big"), "", rows, 2.5)
        for form in ("xlsx", "csv"):
            command = [sys.executable, "-m", "tests.bench.bench_export", "--make", form]
            subprocess.run(command, env=environ, check=True)


def make_one(form: str) -> None:
    """Writes the lists in this process."""
    from pqr import config
    from pqr.app import create_app

    with create_app(config.load(config.environment())).app_context():
        written(form, FEW)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        rows, size = written(form, FEW | {"to": "2099-12-31", "today": "2026-12-01"})
        taken = time.perf_counter() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{form}: {rows} rows, {size / 2**20:.1f} MB, in {taken:.1f} s; {grown:.1f} MB more memory")


def written(form: str, wanted: dict[str, object]) -> tuple[int, int]:
    """Rows and bytes of the file."""
    from sqlalchemy import select

    from pqr import clock
    from pqr.accounts.models import User
    from pqr.db import reading, transaction
    from pqr.reports.exports import Export, ask
    from workers.exports import make

    with transaction() as session:
        user = session.scalars(select(User).where(User.email == DESK)).one()
        export = ask(session, Export(user_id=user.id, form=form, words="medida", wanted=wanted), clock.now())
    make()
    with reading() as session:
        made = session.get_one(Export, export.id)
        assert made.state == "done", made.state
        return made.done, made.size


if __name__ == "__main__":
    make_one(sys.argv[2]) if sys.argv[1:2] == ["--make"] else main()

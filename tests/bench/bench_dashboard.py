"""What does the page of figures cost with a million tickets?

`python -m tests.bench.bench_dashboard [--tickets N] [--database postgresql://…] [--installation DIRECTORY]`: fills an
installation of its own (or takes one that was filled), keeps the months' counts as the worker does, serves it with one
gunicorn worker and prints the median and the slowest time of each page in milliseconds, from request to last byte on
this machine: with all months kept, and with as many changed since as a petition that is filed changes. pytest does not
collect it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_desk import DESK, ROOT, Visitor, pqr, served
from tests.desk.staff import PASSWORD

TIMES, WARM_UP = 20, 2
EVER = "desde=2024-01-01&hasta=2026-12-31"
PAGES = {
    "this year": "/atencion/informes",
    "three years": f"/atencion/informes?{EVER}",
    "three years, one kind": f"/atencion/informes?{EVER}&tipo=queja",
    "three years, one office": f"/atencion/informes?{EVER}&dependencia=hacienda",
    "not whole months": "/atencion/informes?desde=2025-02-10&hasta=2025-03-20",
    "two filters at once": f"/atencion/informes?{EVER}&dependencia=hacienda&tipo=queja",
    "cases: received": f"/atencion/informes/casos?medida=received&{EVER}",
    "cases: overdue": f"/atencion/informes/casos?medida=overdue&{EVER}",
    "cases: denied": f"/atencion/informes/casos?medida=denied&{EVER}",
    "public": "/informes",
}
KEEP = "from workers.app import flask_app; from workers.figures import keep; flask_app.app_context().push(); keep()"


def keep(environ: dict[str, str]) -> None:
    """What the worker does."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", KEEP], env=environ, cwd=ROOT, check=True)
    print(f"the changed months were kept in {time.perf_counter() - start:.1f} s", flush=True)


def measure(environ: dict[str, str], said: str) -> None:
    """Prints the times of each page."""
    print(f"{said + ', milliseconds':46} {'median':>8} {'slowest':>8}")
    with served(environ) as port:
        desk = Visitor(port, DESK)
        for name, path in PAGES.items():
            taken = [desk.timed(path) * 1000 for _ in range(WARM_UP + TIMES)][WARM_UP:]
            print(f"{name:46} {statistics.median(taken):8.0f} {max(taken):8.0f}", flush=True)


def main() -> None:
    """Fills, keeps and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="postgresql://… of an empty database")
    parser.add_argument("--installation", help="the PQR_DATA_DIR of one that was filled")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pqr-bench-") as temporary:
        directory = Path(given.installation or temporary)
        places = {"PQR_DATA_DIR": str(directory), "PQR_DATABASE_URL": given.database, "PQR_RATE_LIMITS": "off"}
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PQR_DEMO": "on", **places}
        if not given.installation:
            pqr(environ, "demo", "load", "--tickets", str(given.tickets), "--seed", "7")
            pqr(environ, "user", "add", DESK, "--role", "desk", "--password-stdin", said=PASSWORD)
        keep(environ)
        measure(environ, "all months kept")
        pqr(environ, "demo", "load", "--tickets", "1", "--years", "0.1", "--seed", "8")
        measure(environ, "one month changed since")


if __name__ == "__main__":
    main()

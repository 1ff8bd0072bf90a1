"""Which lists wait to become a file?  Each is written beside, and put in the store when it is whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from celery import shared_task

from pqr import clock
from pqr.db import reading, transaction
from pqr.door import office
from pqr.reports.export_rows import rows_of, write_rows
from pqr.reports.exports import Export, ExportState, claim, selected
from pqr.reports.official import Cell
from pqr.tickets import files

BATCH = 2_000

log = structlog.get_logger(__name__)


@shared_task(name="exports.make")
def make() -> None:
    """Makes all that wait, one after the other."""
    while True:
        with transaction() as session:
            export = claim(session, clock.now())
        if export is None:
            return
        try:
            _write(export)
        except Exception as error:  # the row says it, and whoever asked may ask again
            log.error("export_failed", export=export.id, error=type(error).__name__)
            _note(export, state=ExportState.FAILED, finished_at=clock.now())


def _write(export: Export) -> None:
    with reading() as session:
        here = office(session)
        ids = session.scalars(selected(export.wanted, here)).all()
    _note(export, total=len(ids))
    with TemporaryDirectory() as folder:
        path = Path(folder, export.name)
        write_rows(path, export.form, _rows(export, ids), export.asked_at)
        size = path.stat().st_size
        files.lend(path, export.name, here)
    _note(export, state=ExportState.DONE, done=len(ids), size=size, finished_at=clock.now())


def _rows(export: Export, ids: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
    for first in range(0, len(ids), BATCH):
        with reading() as session:
            found = list(rows_of(session, ids[first : first + BATCH]))
        yield from found
        _note(export, done=first + len(found))


def _note(export: Export, **facts: object) -> None:
    with transaction() as session:
        row = session.get_one(Export, export.id)
        row.seen_at = clock.now()
        for name, value in facts.items():
            setattr(row, name, value)

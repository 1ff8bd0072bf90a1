"""Does a list become a file in the background, with nothing of who asks, and is a broken one told?"""

from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.accounts.roles import Role
from pqr.reports.export_rows import COLUMNS
from pqr.reports.exports import DAYS_KEPT, SILENCE, Export, ExportState, claim, forget
from pqr.tickets.models import Identity, Ticket
from tests.builders import CITIZEN, NOW, assigned, filed, office_of
from tests.desk.staff import at_work, look_again, send, words_of
from tests.reports.reported import csv_lines, sheets
from workers.exports import make

PAGE = "/atencion/informes/descargas"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def petitions(session, here):
    for _ in range(4):
        assigned(session, here)
    assigned(session, here, code="salud", kind="queja")
    filed(session, here, identity=Identity.RESERVED, kind="denuncia", place="=1+1")
    session.commit()


def asked(client, app, address, form="xlsx"):
    """Asks for the list as a file and lets the worker make it; the words of the page."""
    path = f"{PAGE}?{address}"
    assert send(client, path, form=form).status_code == 303
    with app.app_context():
        make()
    return words_of(client.get(PAGE))


def latest(session):
    look_again(session)
    return session.scalars(select(Export).order_by(Export.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("vista=abiertas", 6), ("vista=abiertas&tipo=queja", 1), ("vista=sin_dependencia", 1), ("vista=cerradas", 0),
        ("medida=received", 6), ("medida=received&tipo=denuncia&desde=2026-03-01&hasta=2026-03-31", 1),
        ("medida=received&desde=2025-01-01&hasta=2025-12-31", 0), ("medida=pending&dependencia=salud", 1),
    ],
)  # fmt: skip
def test_the_file_holds_exactly_the_list(client, session, app, petitions, address, number):
    at_work(client, session, Role.DESK)
    told = asked(client, app, address)
    export = latest(session)
    assert (export.state, export.total, export.done) == ("done", number, number)
    assert f"{number} {'petición' if number == 1 else 'peticiones'}" in told
    file = client.get(f"{PAGE}/{export.id}")
    ((name, rows),) = sheets(file.data).items()
    assert (name, rows[0]) == ("Peticiones", [column.title for column in COLUMNS])
    assert len(rows[1:]) == number
    assert file.headers["Content-Disposition"] == f"attachment; filename=peticiones-{export.id}.xlsx"
    assert export.size == len(file.data)


def test_it_names_nobody_and_repeats_no_text(client, session, app, petitions):
    at_work(client, session, Role.ADMIN)
    asked(client, app, "vista=todas", form="csv")
    content = client.get(f"{PAGE}/{latest(session).id}").data
    lines = csv_lines(content)
    assert [line[0] for line in lines[1:]] == sorted(session.scalars(select(Ticket.radicado)))
    assert not any(secret in content.decode() for secret in ("Ana", CITIZEN, "acueducto", "vereda", "1+1"))


def test_an_office_gets_its_own_petitions_alone(client, session, app, petitions):
    at_work(client, session, Role.SECRETARIA, "salud")
    for address in ("vista=abiertas", "medida=received", "medida=received&dependencia=planeacion"):
        asked(client, app, address)
        assert latest(session).total == 1, address


def test_nobody_else_fetches_it(client, session, app, petitions):
    at_work(client, session, Role.DESK)
    asked(client, app, "vista=abiertas")
    number = latest(session).id
    at_work(client, session, Role.ADMIN)
    assert client.get(f"{PAGE}/{number}").status_code == 404
    assert "Descargar" not in words_of(client.get(PAGE)).split("No ha pedido")[0].replace("Descargas", "")


def test_until_it_is_made_the_page_says_how_far_it_is(client, session, petitions):
    at_work(client, session, Role.DESK)
    send(client, f"{PAGE}?vista=abiertas", form="csv")
    assert "En espera" in words_of(client.get(PAGE))
    export = latest(session)
    assert client.get(f"{PAGE}/{export.id}").status_code == 404
    export.state, export.total, export.done = ExportState.RUNNING, 100_000, 42_000
    session.commit()
    page = client.get(PAGE)
    assert "42000 de 100000" in words_of(page)
    assert "Ver cómo va" in words_of(page)


def test_a_store_that_fails_is_told_and_leaves_no_half_file(client, session, app, petitions, settings):
    at_work(client, session, Role.DESK)
    lent = Path(settings.files_url.removeprefix("file://"), "lent")
    lent.parent.mkdir(parents=True, exist_ok=True)
    lent.write_text("not a folder")
    told = asked(client, app, "vista=abiertas")
    assert "No se pudo" in told
    assert latest(session).state == "failed"
    assert lent.read_text() == "not a folder"
    lent.unlink()
    assert "6 peticiones" in asked(client, app, "vista=abiertas")


def test_a_worker_that_died_leaves_a_row_that_says_so(client, session, petitions, on_a_tuesday):
    at_work(client, session, Role.DESK)
    send(client, f"{PAGE}?vista=abiertas", form="csv")
    look_again(session)
    assert claim(session, NOW).state == "running"
    session.commit()
    assert claim(session, NOW + SILENCE / 2) is None
    assert latest(session).state == "running"
    assert claim(session, NOW + 2 * SILENCE) is None
    session.commit()
    assert "No se pudo" in words_of(client.get(PAGE))


def test_two_workers_make_it_once(client, session, petitions):
    at_work(client, session, Role.DESK)
    send(client, f"{PAGE}?vista=abiertas", form="csv")
    look_again(session)
    assert claim(session, NOW) is not None
    assert claim(session, NOW) is None


def test_who_waits_for_three_asks_for_no_fourth(client, session, petitions):
    at_work(client, session, Role.DESK)
    for _ in range(4):
        send(client, f"{PAGE}?vista=abiertas", form="csv")
    look_again(session)
    assert session.scalar(select(func.count(Export.id))) == 3
    assert "espere a que terminen" in words_of(client.get(PAGE))


def test_after_some_days_the_file_is_deleted_and_the_row_stays(client, session, app, petitions, here, on_a_tuesday):
    at_work(client, session, Role.DESK)
    asked(client, app, "vista=abiertas")
    export = latest(session)
    assert forget(session, here, NOW) == 0
    assert forget(session, here, NOW.replace(day=3 + DAYS_KEPT, hour=23)) == 1
    session.commit()
    assert client.get(f"{PAGE}/{export.id}").status_code == 404
    assert "Se borró" in words_of(client.get(PAGE))

"""Who publishes what, and does the ledger say so?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.changes import SettingChange
from pqr.accounts.roles import Role
from pqr.publishing.procedures import Procedure
from pqr.publishing.updates import SiteUpdate
from pqr.secretarias.directory import by_code
from tests.builders import NOW
from tests.desk.staff import at_work, look_again, send, words_of

TYPED = {
    "name": "Certificado de residencia", "summary": "Demuestra dónde vive.", "steps": "Venga", "cost": "Gratis",
    "duration": "Un día", "place": "Secretaría de Gobierno",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clerk(client, session):
    return at_work(client, session, Role.DESK)


def updates(session):
    look_again(session)
    return [(each.what, each.path, each.actor) for each in session.scalars(select(SiteUpdate))]


def test_a_procedure_is_published_with_its_responsible_and_changed_at_the_same_address(client, session, clerk):
    office = str(by_code(session, "gobierno").id)
    assert send(client, "/atencion/tramites", secretaria=office, **TYPED).status_code == 303
    look_again(session)
    kept = session.scalars(select(Procedure)).one()
    assert (kept.slug, kept.secretaria.code) == ("certificado-de-residencia", "gobierno")
    colleague = at_work(client, session, Role.ADMIN)
    send(client, f"/atencion/tramites/{kept.id}", name="Certificado de vecindad")
    path = "/tramites/certificado-de-residencia"
    assert updates(session) == [
        ("procedure", path, f"user:{clerk.id}"),
        ("procedure_changed", path, f"user:{colleague.id}"),
    ]
    ledger = words_of(client.get("/atencion/publicaciones"))
    assert "Este mes: 2 de 4" in ledger
    assert f"Trámite o servicio · martes 3 de marzo de 2026, a las 10:00 a. m. · {clerk.email}" in ledger
    assert [each.what for each in session.scalars(select(SettingChange))] == ["procedures"] * 2


def test_what_is_kept_out_of_sight_is_no_update(client, session, clerk):
    send(client, "/atencion/tramites", active=None, **TYPED)
    send(client, "/atencion/novedades", name="Borrador", text="Aún no.", active=None)
    assert updates(session) == []


def test_news_is_published_and_taken_away(client, session, clerk):
    assert send(client, "/atencion/novedades", name="Cerramos el lunes", text="No hay atención.").status_code == 303
    assert "Cerramos el lunes" in words_of(client.get("/novedades"))
    send(client, "/atencion/novedades/1", active=None)
    assert "Cerramos el lunes" not in words_of(client.get("/novedades"))
    assert updates(session) == [("news", "/novedades/1", f"user:{clerk.id}")]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(client, session, clerk):
    refused = send(client, "/atencion/tramites", **TYPED | {"steps": "", "link": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert "Escriba al menos un paso" in words_of(refused)
    assert "Escriba la dirección completa" in words_of(refused)
    assert "Demuestra dónde vive." in refused.text
    assert session.scalar(select(Procedure)) is None

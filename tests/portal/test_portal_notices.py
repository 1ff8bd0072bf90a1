"""Is the notice that was shown the one that is recorded, and can every old one be read?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.entity.notices import FIRST_VERSION, current_version
from pqr.entity.prose import Block, blocks
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from tests.builders import NOW
from tests.desk.staff import at_work, form_of, look_again, send, words_of

NOTICES = "/atencion/ajustes/avisos"
TYPED = {
    "kind": "peticion_general", "subject": "Hueco", "description": "Hay un hueco.", "identity": "named",
    "name": "Ana Prueba", "answer_by": "portal", "accept_notice": "y",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def revise(client, name, text):
    return send(client, f"{NOTICES}/{name}", text=text)


def form_page(client):
    return form_of(client.get("/radicar").text, "/radicar").to_dict()


def test_the_form_records_the_version_that_it_showed_though_another_came_meanwhile(client, session, admin):
    fields = form_page(client)
    revise(client, "filing", "Otra cosa, de {entidad}.")
    assert client.post("/radicar", data=fields | TYPED).status_code == 303
    page = client.get("/radicar").text
    assert "Otra cosa, de Alcaldía Municipal de Puerres." in page
    assert client.post("/radicar", data=form_page(client) | TYPED | {"subject": "Otro"}).status_code == 303
    forged = form_page(client) | TYPED | {"subject": "Tercero", "notices": "inventada"}
    assert client.post("/radicar", data=forged).status_code == 303
    look_again(session)
    tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    versions = [ticket.petitioner.notice_version for ticket in tickets]
    assert versions == [FIRST_VERSION, "2026-03-03", "2026-03-03"]
    assert [history(session, ticket.id)[0].data["notices"] for ticket in tickets] == versions


def test_the_conditions_of_an_anonymous_petition_are_recorded_too(client, session, admin):
    revise(client, "anonymous", "Sin nombre, cuente hechos.")
    fields = form_page(client)
    assert "Sin nombre, cuente hechos." in client.get("/radicar").text
    typed = TYPED | {"identity": "anonymous", "name": ""}
    assert client.post("/radicar", data=fields | typed).status_code == 303
    look_again(session)
    ticket = session.scalars(select(Ticket)).one()
    assert history(session, ticket.id)[0].data["notices"] == "2026-03-03"


def test_old_versions_stay_to_be_read_and_each_change_is_another(client, session, admin):
    for text in ("Uno.", "Dos.", "Dos."):
        assert revise(client, "privacy", text).status_code == 303
    revise(client, "reserved", "Tres.")
    look_again(session)
    assert current_version(session) == "2026-03-03.3"
    for version, says in (("", "Dos."), ("2026-03-03", "Uno."), ("2026-03-03.3", "Dos."), ("nunca", "Dos.")):
        assert says in words_of(client.get(f"/privacidad?version={version}"))
    first = words_of(client.get(f"/privacidad?version={FIRST_VERSION}"))
    assert "Quién responde por sus datos" in first
    assert f"Versión {FIRST_VERSION} de este aviso" in first
    assert "Uno." in words_of(client.get(f"{NOTICES}/privacy"))
    assert latest_changes(session)[0].after == {"name": "reserved", "version": "2026-03-03.3", "text": "Tres."}


def test_nothing_that_is_typed_becomes_markup(client, session, admin):
    revise(client, "privacy", "## Título <b>\n\n- uno\n- <script>\n\nFin & ya")
    page = client.get("/privacidad").text
    assert "<h2>Título &lt;b&gt;</h2>" in page
    assert "<li>&lt;script&gt;</li>" in page
    assert "<p>Fin &amp; ya</p>" in page
    empty = revise(client, "privacy", " ")
    assert empty.status_code == 422


def test_a_text_is_headings_lists_and_paragraphs():
    text = "Uno\nsigue\n\n\n- a\n- {que}\n\n## No es\ntítulo"
    assert list(blocks(text, {"que": "b"})) == [
        Block("paragraph", ("Uno sigue",)),
        Block("list", ("a", "b")),
        Block("paragraph", ("## No es título",)),
    ]

"""Does the whole file of a case leave as one ZIP, with its proofs, and with no more than its reader may see?"""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from pqr.accounts.roles import Role
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.events import history
from pqr.tickets.expediente import stream
from pqr.tickets.filing import PetitionerData
from pqr.tickets.issuing import documents_of
from pqr.tickets.models import Identity, Ticket
from tests.builders import CITIZEN, NOW, arrive, assigned, letters_of, office_of, raw_mail, reply_from_office
from tests.desk.staff import act, at_work

FILE = ("plano.txt", "text/plain", b"Por aqui pasa el tubo.")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def case(session, here):
    """A petition by mail with a file, answered by mail: the ticket and the two raw mails."""
    raw = raw_mail(subject="No llega agua al acueducto", text="Hace dos semanas no llega el agua.", files=(FILE,))
    ticket = arrive(session, here, raw).ticket_id
    ticket = session.get(Ticket, ticket)
    answered = reply_from_office(ticket, here, "El tubo se cambia el lunes.")
    arrive(session, here, answered)
    session.commit()
    return ticket, raw, answered


def taken(client, ticket, **more):
    """The ZIP as the desk gives it: content by name, without the folder."""
    got = act(client, ticket.radicado, "expediente.zip", **more)
    assert (got.status_code, got.mimetype) == (200, "application/zip")
    return unpacked(got.data, ticket)


def unpacked(content, ticket):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name.removeprefix(f"{ticket.radicado}/"): archive.read(name) for name in archive.namelist()}


def test_everything_of_the_case_is_there_in_its_own_bytes(client, session, here, case):
    ticket, *raws = case
    at_work(client, session, Role.DESK)
    found = taken(client, ticket)
    assert [content for name, content in found.items() if name.startswith("correos/")] == raws
    (letter,) = documents_of(session, ticket.id)
    assert hashlib.sha256(found[f"cartas/{letter.file_name}"]).hexdigest() == letter.sha256
    assert FILE[2] in [content for name, content in found.items() if name.startswith("archivos/")]
    told = json.loads(found["caso.json"])
    assert told["petitioner"]["email"] == CITIZEN
    assert told["answers"][0]["text"] == "El tubo se cambia el lunes."
    index = json.loads(found["indice.json"])
    assert {row["archivo"]: row["sha256"] for row in index["piezas"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in found.items() if not name.startswith("indice")
    }
    assert all(row["sha256"] in found["indice.html"].decode() for row in index["piezas"])


def test_whoever_holds_the_zip_can_check_the_chain_without_us(client, session, case):
    at_work(client, session, Role.DESK)
    told = json.loads(taken(client, case[0])["eventos.json"])
    before = "0" * 64
    for event in told["eventos"]:
        sealed = event.pop("hash")
        assert event["prev"] == before
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == sealed
        before = sealed
    assert told["eventos"][-1]["kind"] == "expediente_exported"
    assert "SHA-256" in told["como_comprobar"]


def test_the_case_tells_who_took_it(client, session, case):
    user = at_work(client, session, Role.DESK)
    taken(client, case[0])
    session.rollback()
    last = history(session, case[0].id)[-1]
    assert (last.kind, last.actor, last.data) == ("expediente_exported", f"user:{user.id}", {"whole": True})
    assert "Se descargó el expediente" in client.get(f"/atencion/radicado/{case[0].radicado}").text


def test_the_same_case_gives_the_same_bytes(session, here, case):
    first, again = (b"".join(stream(session, case[0], True, here)) for _ in range(2))
    assert first == again
    assert len(list(stream(session, case[0], True, here))) > 5  # piece by piece


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECRETARIA])
def test_who_does_not_see_contacts_gets_neither_mails_nor_addresses(client, session, case, role):
    at_work(client, session, role, case[0].secretaria.code if role == Role.SECRETARIA else None)
    found = taken(client, case[0])
    assert CITIZEN not in b"".join(found.values()).decode("utf-8", "replace")
    assert not [name for name in found if name.startswith(("correos/", "enviados/"))]
    assert b"No incluye" in found["indice.html"]


def test_a_reserved_identity_goes_in_only_with_a_reason(client, session, here):
    person = PetitionerData(name="Rosa Reservada", email="rosa@correo.example")
    ticket = assigned(session, here, identity=Identity.RESERVED, petitioner=person)
    record_answer(session, Reply(ticket, "Ya se hizo.", "user:1"), here, NOW)
    session.commit()
    at_work(client, session, Role.DESK)
    masked = b"".join(taken(client, ticket).values())
    assert b"Rosa" not in masked
    assert b"rosa@" not in masked
    whole = taken(client, ticket, reason="La pide el juez")
    assert json.loads(whole["caso.json"])["petitioner"]["name"] == "Rosa Reservada"
    session.rollback()
    assert [(each.kind, each.data) for each in history(session, ticket.id)[-3:]] == [
        ("expediente_exported", {"whole": False}),
        ("identity_revealed", {"reason": "La pide el juez"}),
        ("expediente_exported", {"whole": True}),
    ]
    (told,) = letters_of(session, "identity_revealed")
    assert told.recipient == "control-interno@puerres.example"
    assert "La pide el juez" in told.text


def test_of_an_anonymous_person_nothing_goes_in(client, session, here):
    person = PetitionerData(email="nadie@correo.example")
    ticket = assigned(session, here, identity=Identity.ANONYMOUS, petitioner=person)
    session.commit()
    at_work(client, session, Role.ADMIN)
    assert b"nadie@correo" not in b"".join(taken(client, ticket, reason="porque sí").values())


def test_an_office_takes_nothing_that_is_not_its_own(client, session, case):
    at_work(client, session, Role.SECRETARIA, "salud")
    assert client.post(f"/atencion/radicado/{case[0].radicado}/expediente.zip").status_code == 404


def test_a_file_that_was_lost_is_told_and_stops_nothing(session, here, case):
    (letter,) = documents_of(session, case[0].id)
    Path(here.files_url.removeprefix("file://"), letter.sha256[:2], letter.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        files.read(letter.sha256, here)
    found = unpacked(b"".join(stream(session, case[0], True, here)), case[0])
    assert "Falta" in found["indice.html"].decode()

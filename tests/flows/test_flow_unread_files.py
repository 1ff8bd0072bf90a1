"""What becomes of a file that asks for a password or carries a virus, by every door?  A real clamd, a real PDF tool."""

import io

import pikepdf
import pytest
from sqlalchemy import select

from pqr.intake.attending import Attendance, Fate, attend
from pqr.intake.process import prepare
from pqr.mail.addresses import Action
from pqr.mail.inbox import Verdict
from pqr.tickets.events import history
from pqr.tickets.letters import signed
from pqr.tickets.models import Attachment, Ticket
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, WATER, arrive, assigned, letters_of, office_of, raw_mail, reply_from_office
from tests.desk.staff import act, at_work, look_again, send, words_of
from tests.installation import make_settings
from tests.portal import visitor
from tests.servers import VIRUS, VIRUS_NAME, clamd

GOOD, BAD = ("foto.txt", "text/plain", b"una foto"), ("factura.exe", "application/octet-stream", VIRUS)
SEEN = {"name": "factura.exe", "why": "infected"}


@pytest.fixture(scope="module")
def clamd_url():
    with clamd() as url:
        yield url


@pytest.fixture
def settings(database_url, tmp_path, clamd_url):
    return make_settings(tmp_path, database_url, PQR_CLAMD_URL=clamd_url)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture(scope="module")
def locked():
    """A file that asks for a password."""
    document, saved = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(saved, encryption=pikepdf.Encryption(owner="oficina", user="clave"))
    return "cédula.pdf", "application/pdf", saved.getvalue()


def only(session, model=Ticket):
    return session.scalars(select(model)).one()


def names(ticket):
    return [(file.name, file.trouble) for file in ticket.attachments]


def test_a_petition_by_mail_is_filed_and_its_writer_told_which_files_to_send_again(session, here, locked):
    arrive(session, here, raw_mail(subject=WATER[0], text=WATER[1], files=(GOOD, locked, BAD)))
    ticket = only(session)
    assert names(ticket) == [("foto.txt", ""), ("cédula.pdf", "password")]
    told = letters_of(session, "acknowledgement")[0]
    for words in (told.text, told.html):
        assert "Unos archivos no se pudieron leer" in words
        assert "responda a este mismo correo con copias que se abran sin contraseña" in words
    assert "- cédula.pdf: pide contraseña.\n- factura.exe: trae un virus y no lo guardamos.\n" in told.text
    event = history(session, ticket.id)[0]
    assert event.data["unreadable"] == [{"name": "cédula.pdf", "why": "password"}, SEEN]
    assert [row["name"] for row in letters_of(session, "assignment")[0].files] == ["foto.txt", "cédula.pdf"]
    assert list(verify(session, here)) == []


def test_of_files_that_open_nothing_is_said(session, here):
    arrive(session, here, raw_mail(subject=WATER[0], text=WATER[1], files=(GOOD,)))
    assert "no se pud" not in letters_of(session, "acknowledgement")[0].text
    assert "unreadable" not in history(session, only(session).id)[0].data


SMIME = (
    b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nMIICgwYJKoZIhvcNAQcDoIICdDCCAnACAQAxggFAMIIBPAIBADAk\r\n"
)
PGP = (
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n'
    b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    b"--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
    b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n--b--\r\n"
)


@pytest.mark.parametrize(("body", "name"), [(SMIME, "smime.p7m"), (PGP, "encrypted.asc")], ids=["S/MIME", "PGP"])
def test_a_mail_that_is_sealed_as_a_whole_is_filed_and_its_writer_told(session, here, body, name):
    head = f"From: {CITIZEN}\r\nTo: pqr@puerres.example\r\nSubject: Agua\r\nMIME-Version: 1.0\r\n".encode()
    assert arrive(session, here, head + body).verdict == Verdict.NEW_TICKET
    told = letters_of(session, "acknowledgement")[0].text
    assert f"- {name}: viene cifrado y no tenemos con qué abrirlo." in told
    assert told.count("viene cifrado") == 1


def test_an_infected_file_is_in_the_stored_message_and_nowhere_else(session, here, tmp_path):
    row = arrive(session, here, raw_mail(subject="Agua", text="No llega", files=(BAD,)))
    assert b"factura.exe" in row.raw
    assert session.scalars(select(Attachment)).all() == []
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file() and VIRUS in path.read_bytes()]


def test_who_writes_again_with_a_sealed_file_gets_a_letter_about_it(session, here, locked):
    ticket = assigned(session, here)
    to = signed(ticket, Action.CITIZEN, here)
    row = arrive(
        session, here, raw_mail(to=to, subject="Re:", text="Aquí va", files=(locked,), message_id="<2@c.example>")
    )
    assert row.verdict == Verdict.CITIZEN_FOLLOW_UP
    (told,) = letters_of(session, "unread_files")
    assert (told.recipient, told.ticket_id, told.reply_to) == (CITIZEN, ticket.id, to)
    assert (told.headers["Auto-Submitted"], told.headers["In-Reply-To"]) == ("auto-replied", "<2@c.example>")
    assert told.subject == f"Un archivo que no se pudo leer: radicado {ticket.radicado}"
    assert "- cédula.pdf: pide contraseña." in told.text
    assert history(session, ticket.id)[-1].data["unreadable"] == [{"name": "cédula.pdf", "why": "password"}]
    arrive(session, here, raw_mail(to=to, subject="Re:", text="Y esto", files=(GOOD,)))
    assert len(letters_of(session, "unread_files")) == 1


def test_the_name_of_a_file_is_text_in_the_letter_s_page(session, here, locked):
    named = ("<b>x</b>.pdf", *locked[1:])
    arrive(session, here, raw_mail(subject="Agua", text="No llega", files=(named,)))
    assert "<b>x" not in letters_of(session, "acknowledgement")[0].html


def test_an_office_s_answer_does_not_leave_without_a_file_that_was_infected(session, here):
    ticket = assigned(session, here)
    row = arrive(session, here, reply_from_office(ticket, here, "Va adjunto.", files=(BAD,)))
    assert (row.verdict, ticket.state, letters_of(session, "answer")) == (Verdict.NEEDS_HUMAN, "assigned", [])
    (told,) = letters_of(session, "not_understood")
    assert told.recipient == ticket.secretaria.email
    assert "«factura.exe» trae un virus" in told.text


def test_a_mail_that_a_person_files_or_adds_to_a_case_says_the_same(session, here, locked):
    for fate in (Fate.NEW_TICKET, Fate.ADD):
        raw = raw_mail("planeacion@puerres.example", subject="Hola", text=f"{fate}", files=(locked, BAD))
        mail = arrive(session, here, raw)
        ticket = assigned(session, here) if fate == Fate.ADD else None
        done = attend(session, Attendance(mail, prepare(raw, here), fate, "user:1", ticket=ticket), here, NOW)
        event = next(each for each in history(session, done.id) if "unreadable" in each.data)
        assert event.data["unreadable"][1] == SEEN
        assert names(done) == [("cédula.pdf", "password")]
    assert not letters_of(session, "unread_files")  # who gave it to the desk is not the petitioner


def test_the_web_form_comes_back_whole_but_for_the_infected_file(client, session):
    bad = (io.BytesIO(VIRUS), "factura.exe")
    answer = visitor.send(client, attachments=[(io.BytesIO(b"una foto"), "foto.txt"), bad])
    words = visitor.text_of(answer.text)
    assert answer.status_code == 422
    assert f"Este archivo trae un virus: «factura.exe» ({VIRUS_NAME}). Así no se puede guardar" in words
    assert "«foto.txt»" not in words
    assert "porque los navegadores no los conservan: foto.txt." in words
    assert visitor.LEAST["description"] in words
    assert session.scalars(select(Ticket)).all() == []
    look_again(session)
    visitor.file(client, attachments=[(io.BytesIO(b"una foto"), "foto.txt")])
    assert names(only(session)) == [("foto.txt", "")]


def test_a_sealed_file_by_the_web_form_is_taken_and_told_in_the_acknowledgement(client, session, locked):
    radicado = visitor.file(client, attachments=[(io.BytesIO(locked[2]), locked[0])])
    assert names(only(session)) == [("cédula.pdf", "password")]
    assert "cédula.pdf no se puede abrir sin contraseña" in visitor.text_of(client.get(f"/radicado/{radicado}").text)
    assert "- cédula.pdf: pide contraseña." in letters_of(session, "acknowledgement")[0].text


def test_the_counter_and_the_case_refuse_an_infected_file_and_keep_what_was_typed(client, session, here):
    at_work(client, session)
    typed = {"kind": "reclamo", "subject": "Hueco", "description": "Hay un hueco.", "accept_notice": "y"}
    page = "/atencion/nueva"
    refused = send(client, page, **typed, answer_by="portal", attachments=[(io.BytesIO(VIRUS), "factura.exe")])
    assert refused.status_code == 422
    assert "trae un virus: «factura.exe»" in words_of(refused)
    assert "Hay un hueco." in refused.text
    ticket = assigned(session, here)
    session.commit()
    refused = act(
        client, ticket.radicado, "mensaje", text="Trae esto", attachments=[(io.BytesIO(VIRUS), "factura.exe")]
    )
    assert refused.status_code == 422
    assert "trae un virus: «factura.exe»" in words_of(refused)
    look_again(session)
    assert (ticket.messages, ticket.attachments) == ([], [])


def test_the_case_page_marks_the_file_and_tells_it_in_its_story(client, session, here, locked):
    at_work(client, session)
    arrive(session, here, raw_mail(subject=WATER[0], text=WATER[1], files=(GOOD, locked, BAD)))
    session.commit()
    words = words_of(client.get(f"/atencion/radicado/{only(session).radicado}"))
    assert "pide contraseña" in words
    assert "factura.exe: traía un virus y no se guardó" in words


def test_an_infected_file_of_a_waiting_mail_is_not_handed_out_and_the_others_are(client, session, here):
    row = arrive(session, here, raw_mail("salud@puerres.example", subject="Hola", text="Va", files=(BAD, GOOD)))
    session.commit()
    at_work(client, session)
    refused = client.get(f"/atencion/correo/{row.id}/adjunto/1")
    assert refused.status_code == 403
    assert VIRUS not in refused.data
    assert "Este archivo trae un virus: «factura.exe»" in words_of(refused)
    assert client.get(f"/atencion/correo/{row.id}/adjunto/2").data == b"una foto"


def test_with_the_scanner_away_a_petition_is_filed_with_its_files(session, settings, locked):
    away = office_of(session, settings, clamd_url="unix:///no/hay/nadie.ctl")
    arrive(session, away, raw_mail(subject=WATER[0], text=WATER[1], files=(locked, BAD)))
    assert names(only(session)) == [("cédula.pdf", "password"), ("factura.exe", "")]

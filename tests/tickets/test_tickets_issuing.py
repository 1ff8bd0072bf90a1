"""Does every act that leaves the house leave an official letter, with its number, its PDF and its code?"""

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from pqr.about import About
from pqr.config import TEMPLATES
from pqr.mail.addresses import document_code
from pqr.publishing.avisos import Publication, publish
from pqr.publishing.poster import poster_pdf
from pqr.publishing.showing import aviso_pdf
from pqr.reports.formats import as_pdf
from pqr.secretarias.models import ExternalBody
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets import documents, files
from pqr.tickets.answering import Reply, answer_or_complete, record_answer
from pqr.tickets.appealing import Appeal, Resolution, Result, decide, present
from pqr.tickets.communicating import communicate
from pqr.tickets.documents import TITLES, answer_pdf, citation_pdf, receipt_pdf
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.insisting import Referral, send_to_judge
from pqr.tickets.issuing import Document, by_code, by_digest, documents_of
from pqr.tickets.models import Identity, Petitioner
from pqr.tickets.referring import Reference, refer
from pqr.tickets.ruling import Ruling
from pqr.tickets.suspensions import explanation
from pqr.tickets.transferring import Sending, transfer
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, assigned, filed, letters_of, office_of
from tests.reports.reported import EVERY_KIND_OF_CELL
from tests.servers import program
from tests.tickets.test_tickets_clock_letters import every_letter
from tests.tickets.test_tickets_documents import answer_with

SNAPSHOTS = Path(__file__).parent.parent / "snapshots" / "pdf"
JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
PREFLIGHT = "libpdfbox2-java libactivation-java libjaxb-api-java"
WITHOUT_A_CODE = {"citation", "notice", "posted_citation", "report"}
ALL = {*TITLES, "receipt", "answer_of_group", "poster", *WITHOUT_A_CODE}
CLASSPATH = [Path("/usr/share/java", f"{name}.jar") for name in JARS]


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


def every_document(session, here):
    """The letters of one of each act, by kind."""
    every_letter(session, here)
    ticket = assigned(session, here)
    extend_term(session, Extension(ticket, 5, "El ingeniero visita la vereda.", "user:1"), here, NOW)
    for text in ("El tubo se cambia el lunes.\n\nEl agua vuelve el martes.", "También se limpió el tanque."):
        answer_or_complete(session, Reply(ticket, text, "user:1"), here, NOW)
    elsewhere = ExternalBody(name="Gobernación de Prueba", email="ventanilla@gobernacion.example")
    session.add(elsewhere)
    transfer(session, Sending(assigned(session, here), elsewhere, "Es de una vía departamental.", "user:1"), here, NOW)
    first, again = assigned(session, here), assigned(session, here)
    answer = record_answer(session, Reply(first, "Se cambia el lunes.", "user:1", final=True), here, NOW)
    communicate(session, first, "counter", "user:1", here, NOW)
    refer(session, Reference(again, answer, "Es el mismo tubo.", "user:1", lapses=True, unmended=True), here, NOW)
    reserve = Ruling(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 19, lit. b")
    appealed = assigned(session, here, kind="informacion")
    record_answer(session, Reply(appealed, "La ley lo reserva.", "user:1", final=True, ruling=reserve), here, NOW)
    words = add_message(session, FollowUp(appealed, "No hay ningún riesgo.", "citizen"), here, NOW)
    present(session, Appeal(appealed, words, NOW, "user:1"), here, NOW)
    decide(session, Resolution(appealed, Result.CONFIRMED, "El plano muestra la base.", "user:1"), here, NOW)
    send_to_judge(session, Referral(appealed, elsewhere, "user:1"), here, NOW)
    session.flush()
    return {each.kind: each for each in session.query(Document).order_by(Document.id.desc())}


def every_pdf(session, here):
    """The bytes of one of each paper, by the name of its snapshot."""
    ticket = filed(session, here)
    papers = {kind: files.read(each.sha256, here) for kind, each in every_document(session, here).items()}
    shared = answer_with("El agua vuelve el martes.", petitioner=Petitioner(name="Ana Prueba"))
    group = {"id": 7, "text": shared.text, "persons": 12, "answered_at": NOW}
    shared.ticket.group = PetitionGroup(**group)
    papers["answer_of_group"] = answer_pdf(shared, here, NOW)
    papers |= told_on_paper(session, here)
    said = About(address="Carrera 4 # 4-20", place="Puerres, Nariño", phone="602 000 0000", hours="De 8 a 12")
    papers["poster"] = poster_pdf(replace(here, about=said), NOW, "Secretaría de Salud")
    papers["report"] = as_pdf(EVERY_KIND_OF_CELL, here)
    return papers | {"receipt": receipt_pdf(ticket, explanation(session, ticket, here), here)}


def told_on_paper(session, here):
    """The citation for the post, and what goes up on the board: a citation and an aviso."""
    papers, denial = {}, Ruling(AnswerOutcome.DENIED)
    for name, cites in (("posted_citation", True), ("notice", False)):
        person = PetitionerData("Luis Ejemplo", address="Vereda San Mateo", municipality="Puerres")
        ticket = assigned(session, here, kind="peticion_particular", petitioner=person)
        record_answer(session, Reply(ticket, "No procede.", "user:1", final=True, ruling=denial), here, NOW)
        up = publish(session, Publication(ticket, "no se conoce una dirección", "user:1", cites=cites), here, NOW)
        papers[name] = aviso_pdf(up, here)
    assert ticket.answer is not None
    return papers | {"citation": citation_pdf(ticket.answer, date(2026, 3, 10), here, NOW)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_paper_reads_as_it_was_agreed(session, here, tmp_path):
    told = []
    for kind, pdf in every_pdf(session, here).items():
        (tmp_path / "paper.pdf").write_bytes(pdf)
        command = [program("pdftotext", "poppler-utils"), "-layout", "-enc", "UTF-8", tmp_path / "paper.pdf", "-"]
        read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        text = "\n".join(line.rstrip() for line in read.strip().splitlines()) + "\n"
        agreed = SNAPSHOTS / f"{kind}.txt"
        if not agreed.exists():
            SNAPSHOTS.mkdir(exist_ok=True)
            agreed.write_text(text, encoding="utf-8")
            told.append(f"{kind}: written anew, read it")
        elif agreed.read_text(encoding="utf-8") != text:
            told.append(f"{kind}:\n{text}")
    assert told == []
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == ALL


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_paper_can_be_read_aloud(session, here, tmp_path):
    for kind, pdf in every_pdf(session, here).items():
        (tmp_path / "paper.pdf").write_bytes(pdf)
        with pikepdf.open(tmp_path / "paper.pdf") as opened:
            root, metadata = opened.Root, opened.open_metadata()
            assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
                "1", "2", "A",
            ), kind  # fmt: skip
            assert root.MarkInfo.Marked, kind
            assert root.ViewerPreferences.DisplayDocTitle, kind
            assert str(root.Lang) == "es-CO", kind
            assert metadata["dc:title"], kind
            figures = [each for each in elements(root.StructTreeRoot) if each.get("/S") == "/Figure"]
            assert bool(figures) is (kind not in WITHOUT_A_CODE), kind
            assert all(str(each.get("/Alt", "")) for each in figures), kind
            assert sum(each.get("/S") == "/H1" for each in elements(root.StructTreeRoot)) == 1, kind


def elements(node):
    """Every element of a structure tree."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary):
        yield node
        yield from elements(node.get("/K"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_template_gives_a_paper_that_lasts(session, here, tmp_path, monkeypatch):
    java = program("java", "default-jre-headless")
    if not all(jar.exists() for jar in CLASSPATH):
        pytest.fail(f"PDFBox Preflight is missing: install {PREFLIGHT} (./pqr.sh test does it on Debian)")
    monkeypatch.setattr(documents, "STANDARDS", ["a-1b"])
    for kind, pdf in every_pdf(session, here).items():
        (tmp_path / f"{kind}.pdf").write_bytes(pdf)
    path = ":".join(map(str, CLASSPATH))
    said = subprocess.run(
        [java, "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", "batch", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert re.findall(r"The file (\w+)\.pdf is not", said.stdout) == [], said.stdout
    assert set(re.findall(r"The file (\w+)\.pdf is a valid", said.stdout)) == ALL, said.stderr


def test_every_template_is_a_paper_that_somebody_issues():
    named = {path.stem for path in (TEMPLATES / "pdf").glob("*.typ")} - {
        *("carta", "logo", "constancia", "respuesta"),
        *("aviso", "citacion", "informe", "poster"),  # without a number: see `publishing` and `documents.citation_pdf`
    }
    assert named == set(TITLES) - {"answer", "complement"}


def test_each_act_leaves_a_numbered_letter_that_the_person_receives(session, here):
    issued = every_document(session, here)
    assert set(issued) == set(TITLES)
    for kind in ("transfer", "judge"):  # go to another authority: see test_tickets_transferring and _insisting
        del issued[kind]
    del issued["appeal_decision"]  # is notified: see test_tickets_appealing
    for kind, document in issued.items():
        pdf = files.read(document.sha256, here)
        (letter,) = [each for each in letters_of(session, kind) if each.id == document.letter_id]
        assert pdf.startswith(b"%PDF"), kind
        assert letter.recipient == CITIZEN
        assert [row["sha256"] for row in letter.files] == [document.sha256]
        assert document.radicado in letter.text, kind
        (event,) = [
            each for each in history(session, document.ticket_id) if each.data.get("radicado") == document.radicado
        ]
        assert event.data["pdf_sha256"] == document.sha256
    numbers = sorted(each.radicado for each in session.query(Document))
    assert numbers == [f"2026-S-{number:06d}" for number in range(1, len(numbers) + 1)]
    session.commit()
    assert list(verify(session, here)) == []


def test_a_letter_without_an_address_waits_on_the_case(session, here):
    ticket = assigned(session, here, identity=Identity.ANONYMOUS, petitioner=PetitionerData())
    extend_term(session, Extension(ticket, 5, "Llueve.", "user:1"), here, NOW)
    (document,) = documents_of(session, ticket.id)
    assert (document.letter_id, document.radicado) == (None, "2026-S-000001")
    assert history(session, ticket.id)[-1].data["by_mail"] is False


def test_a_letter_is_found_by_its_code_and_by_its_bytes(session, here):
    document = every_document(session, here)["extension"]
    assert document.code == document_code(document.radicado, here.keys[0])
    typed = f"{document.code[:5].lower()}-{document.code[5:]}"
    assert by_code(session, typed) is by_digest(session, document.sha256) is document
    assert by_code(session, "0000000000") is by_code(session, "") is None
    assert by_digest(session, "0" * 64) is None


def test_a_lost_letter_is_noticed(session, here):
    document = every_document(session, here)["extension"]
    session.commit()
    Path(here.files_url.removeprefix("file://"), document.sha256[:2], document.sha256).unlink()
    assert [line.split(":")[0] for line in verify(session, here)] == [document.radicado]

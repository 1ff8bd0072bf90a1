"""Does every ticket and every answer give a paper, whatever people typed?"""

import io
from types import SimpleNamespace

import pikepdf
import pytest

from pqr.about import About
from pqr.terms.calendar import Calendar
from pqr.terms.deadlines import ClosingRule
from pqr.tickets import documents
from pqr.tickets.documents import NOT_SHOWN, answer_pdf, receipt_pdf
from pqr.tickets.models import Answer, Attachment, Petitioner, Ticket
from tests.builders import NOW

OFFICE = SimpleNamespace(
    entity="Alcaldía Municipal de Puerres",
    base_url="https://pqr.example",
    mail_domain="puerres.example",
    keys=("clave-de-las-pruebas-0123456789",),
    calendar=Calendar(),
    closing_rule=ClosingRule(),
    about=About(),
)
TYPED = {
    "emoji": "Gracias 😀👍🏽 ❤️",
    "a word processor's bullet": "\uf0b7 punto",
    "Chinese": "你好",
    "Arabic": "مرحبا",
    "a bell": "a\x07b",
    "invisible": "a\u200bb\ufeffc\u00ad",
    "half a letter": "\ud800",
    "markup of the typesetter": "#let x = 1 $ @ref <lbl> */ ` \\ = titulo",
    "tabs": "\tSangría\n\t\n\tfin\t",
    "old line ends": "a\r\nb\u2028c",
    "nothing": "",
    "very long": "palabra " * 5000,
    "one long word": "x" * 3000,
}


def ticket_with(**given):
    return Ticket(
        **{
            "radicado": "2026-E-000001",
            "kind": "peticion_general",
            "subject": "Agua",
            "body": "No llega agua",
            "identity": "named",
            "received_at": NOW,
            "filed_at": NOW,
            "due_on": NOW.date(),
            "closing_rule": "calendar_day",
            "extension": 0,
        }
        | given
    )


def answer_with(text, **given):
    paper = {"radicado": "2026-S-000001", "text": text, "secretaria_name": "", "outcome": "informed", "provision": ""}
    return Answer(ticket=ticket_with(**given), **paper)


def info(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages), opened.open_metadata()["pdfaid:part"], str(opened.Root.Lang)


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_an_answer_leaves_on_paper_whatever_was_typed(text):
    pages, part, language = info(answer_pdf(answer_with(text, subject=text[:250]), OFFICE, NOW))
    assert pages >= 1
    assert (part, language) == ("2", "es-CO")


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_a_receipt_is_given_whatever_was_typed(text):
    ticket = ticket_with(subject=text[:250], attachments=[Attachment(name=f"{text[:50]}.pdf", belongs_to="petition")])
    ticket.body = "texto"
    assert info(receipt_pdf(ticket, (text,), OFFICE))[1] == "2"


def test_every_character_that_is_kept_can_be_shown():
    kept = "".join(chr(code) for code in range(0x2700) if not NOT_SHOWN.match(chr(code)))
    assert "ñ" in kept
    official = documents._official(ticket_with(subject=kept), "2026-S-000001", {}, OFFICE, NOW)
    parts = official | dict.fromkeys(("provision", "appeal", "date", "to", "text", "signer"), kept) | {"completes": ""}
    assert documents._typeset("respuesta", parts, NOW).startswith(b"%PDF")


def test_the_same_answer_gives_the_same_bytes():
    assert answer_pdf(answer_with("Ya."), OFFICE, NOW) == answer_pdf(answer_with("Ya."), OFFICE, NOW)


def test_the_paper_greets_a_named_petitioner_and_nobody_else():
    person = Petitioner(name="Ana Prueba")
    greeted, hidden, nobody = (
        answer_pdf(answer_with("Ya.", petitioner=person, identity=identity), OFFICE, NOW)
        for identity in ("named", "reserved", "anonymous")
    )
    assert hidden == nobody != greeted

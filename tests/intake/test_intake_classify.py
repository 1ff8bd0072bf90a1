"""What is each message, from its signs and from what the ledgers know?"""

from dataclasses import replace

import pytest

from pqr.intake.classify import (
    Bounce,
    CaseFacts,
    CitizenFollowUp,
    Facts,
    Ignored,
    NeedsHuman,
    NewTicket,
    SecretariaReply,
    Twin,
    classify,
)
from pqr.intake.kind import kind_by_words
from pqr.mail.addresses import Action, SignedAddress
from pqr.mail.message import Attachment, IncomingMail
from pqr.terms.kinds import TicketKind

CITIZEN, OFFICE, STRANGER = "ana@correo.example", "planeacion@puerres.example", "otro@correo.example"
MAIL = IncomingMail(
    message_id="<uno@correo.example>",
    sender=CITIZEN,
    sender_name="Ana Prueba",
    reply_to=CITIZEN,
    recipients=("pqr@puerres.example",),
    subject="Agua",
    in_reply_to=(),
    text="No llega agua",
    attachments=(),
    automatic="",
    defects=(),
    is_delivery_report=False,
)
BY_ADDRESS = CaseFacts(7, "2026-E-000007", frozenset({OFFICE}), CITIZEN, "address")
BY_THREAD, BY_NUMBER = replace(BY_ADDRESS, found_by="thread"), replace(BY_ADDRESS, found_by="number")
ON_THE_DESK = replace(BY_ADDRESS, office_addresses=frozenset())
ANONYMOUS = replace(BY_ADDRESS, petitioner_email="")
NOTHING = {"subject": " ", "text": "\n "}


def to(action, subject_id=7):
    return SignedAddress(action, subject_id)


def written(**changes):
    sender = changes.get("sender", MAIL.sender)
    return replace(MAIL, **({"reply_to": sender} | changes))


BRANCHES = [
    ("a copy", written(), Facts(twin=Twin(3)), Ignored),
    ("a copy of a report of delivery", written(is_delivery_report=True), Facts(twin=Twin(3)), Ignored),
    ("a mail that says the same again", written(), Facts(twin=Twin(3, again=True)), Ignored),
    ("our own letter come back", written(), Facts(sender_is_ours=True, letter_came_back=True), Ignored),
    ("somebody who writes as if we were", written(), Facts(sender_is_ours=True), NeedsHuman),
    ("a report of delivery", written(is_delivery_report=True, automatic="delivery-report"), Facts(), Bounce),
    ("out of office", written(automatic="auto-replied"), Facts(), Ignored),
    ("out of office about a case", written(automatic="auto-replied"), Facts(to(Action.CITIZEN), BY_ADDRESS), Ignored),
    (
        "an office that is out",
        written(sender=OFFICE, automatic="auto-replied"),
        Facts(to(Action.ANSWER), BY_ADDRESS),
        Ignored,
    ),
    ("a machine about a case", written(automatic="auto-generated"), Facts(case=BY_NUMBER), NeedsHuman),
    ("another authority's system", written(automatic="auto-generated"), Facts(), NeedsHuman),
    ("a newsletter", written(automatic="bulk"), Facts(), NeedsHuman),
    (
        "several orders at once",
        written(sender=OFFICE),
        Facts(to(Action.ANSWER), BY_ADDRESS, several_orders=True),
        NeedsHuman,
    ),
    ("an office answers", written(sender=OFFICE), Facts(to(Action.ANSWER), BY_ADDRESS), SecretariaReply(Action.ANSWER)),
    ("an office returns", written(sender=OFFICE), Facts(to(Action.RETURN), BY_ADDRESS), SecretariaReply(Action.RETURN)),
    ("an office extends", written(sender=OFFICE), Facts(to(Action.EXTEND), BY_ADDRESS), SecretariaReply(Action.EXTEND)),
    ("an office answers in the thread", written(sender=OFFICE), Facts(case=BY_THREAD), SecretariaReply(Action.ANSWER)),
    ("an office names the number only", written(sender=OFFICE), Facts(case=BY_NUMBER), NeedsHuman),
    ("an office at the citizen's address", written(sender=OFFICE), Facts(to(Action.CITIZEN), BY_ADDRESS), NeedsHuman),
    ("an office that no longer has it", written(sender=OFFICE), Facts(to(Action.ANSWER), ON_THE_DESK), NeedsHuman),
    ("a stranger at the office's address", written(sender=STRANGER), Facts(to(Action.ANSWER), BY_ADDRESS), NeedsHuman),
    (
        "nobody at the office's address",
        written(sender="", reply_to=""),
        Facts(to(Action.ANSWER), ON_THE_DESK),
        NeedsHuman,
    ),
    ("the citizen at the office's address", written(), Facts(to(Action.ANSWER), BY_ADDRESS), CitizenFollowUp()),
    ("the citizen writes again", written(), Facts(to(Action.CITIZEN), BY_ADDRESS), CitizenFollowUp()),
    ("the citizen in the thread", written(), Facts(case=BY_THREAD), CitizenFollowUp()),
    ("the citizen names the number", written(), Facts(case=BY_NUMBER), CitizenFollowUp()),
    (
        "the citizen from another account",
        written(sender=STRANGER, reply_to=CITIZEN),
        Facts(case=BY_THREAD),
        CitizenFollowUp(),
    ),
    ("the citizen says nothing", written(**NOTHING), Facts(to(Action.CITIZEN), BY_ADDRESS), NeedsHuman),
    (
        "the citizen sends a picture only",
        written(**NOTHING, attachments=(Attachment("a", "b", b"c"),)),
        Facts(case=BY_THREAD),
        CitizenFollowUp(),
    ),
    ("anybody about an anonymous case", written(), Facts(case=replace(ANONYMOUS, found_by="number")), NeedsHuman),
    ("nobody about an anonymous case", written(sender="", reply_to=""), Facts(case=ANONYMOUS), NeedsHuman),
    ("an address of no case", written(), Facts(to(Action.CITIZEN)), NeedsHuman),
    (
        "an office ends its digest",
        written(sender=OFFICE),
        Facts(to(Action.UNSUBSCRIBE, 2), sender_is_office=True),
        SecretariaReply(Action.UNSUBSCRIBE),
    ),
    ("a stranger ends a digest", written(sender=STRANGER), Facts(to(Action.UNSUBSCRIBE, 2)), NeedsHuman),
    ("an office without a case", written(sender=OFFICE), Facts(sender_is_office=True), NeedsHuman),
    ("an empty mail", written(**NOTHING), Facts(), NeedsHuman),
    ("a petition", written(), Facts(), NewTicket(TicketKind.PETICION_GENERAL)),
    ("a petition in the subject only", written(text=""), Facts(), NewTicket(TicketKind.PETICION_GENERAL)),
    (
        "a petition that is a scan",
        written(**NOTHING, attachments=(Attachment("a", "b", b"c"),)),
        Facts(),
        NewTicket(TicketKind.PETICION_GENERAL),
    ),
    ("a petition from nobody", written(sender="", reply_to=""), Facts(), NewTicket(TicketKind.PETICION_GENERAL)),
]


@pytest.mark.parametrize(("mail", "facts", "verdict"), [row[1:] for row in BRANCHES], ids=[row[0] for row in BRANCHES])
def test_each_message_has_one_verdict(mail, facts, verdict):
    found = classify(mail, facts)
    assert isinstance(found, verdict) if isinstance(verdict, type) else found == verdict


@pytest.mark.parametrize(
    "mail",
    [written(automatic=reason) for reason in ("auto-replied", "auto-generated", "bulk")],
    ids=lambda m: m.automatic,
)
def test_a_machine_is_never_told_anything(mail):
    for facts in (Facts(), Facts(case=BY_NUMBER), Facts(to(Action.ANSWER), BY_ADDRESS)):
        assert not getattr(classify(mail, facts), "tell", "")


def test_what_a_stranger_is_told_says_nothing_of_the_case():
    found = classify(written(sender=STRANGER), Facts(to(Action.ANSWER), BY_ADDRESS))
    assert found.tell
    assert not [word for word in ("2026-E-000007", CITIZEN, OFFICE, "Planeación") if word in found.tell]


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("", "", "peticion_general"),
        ("Arreglo de la vía", "Pido que arreglen la vía", "peticion_general"),
        ("Denuncia", "irregularidades", "denuncia"),
        ("Contrato", "quiero denunciar lo que pasó", "denuncia"),
        ("Obra", "hay corrupción en la obra", "denuncia"),
        ("QUEJA contra la ventanilla", "", "queja"),
        ("Ventanilla", "presento queja por el trato", "queja"),
        ("Denuncia y queja", "", "denuncia"),
        ("Reclamo por la basura", "", "reclamo"),
        ("RECLAMACIÓN", "", "reclamo"),
        ("Basura", "hago un reclamo", "peticion_general"),
        ("Copias del expediente", "", "documentos"),
        ("Solicitud de informacion", "", "informacion"),
        ("SOLICITUD DE INFORMACIÓN PÚBLICA", "", "informacion"),
        ("Sugerencias", "", "sugerencia"),
        ("Felicitaciones", "", "felicitacion"),
        ("Agradecimiento", "", "felicitacion"),
        ("Consulta", "una consulta", "peticion_general"),  # thirty days are given to nobody unasked
    ],
)
def test_a_mail_gets_a_first_kind_from_its_words(subject, body, kind):
    assert kind_by_words(subject, body) == TicketKind(kind)

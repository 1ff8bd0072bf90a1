"""Who wrote, to whom, about what?"""

import pytest

from pqr.mail import message
from pqr.mail.message import IncomingMail


def mail(headers: str = "", body: str | bytes = "Hola", kind: str = "text/plain; charset=utf-8") -> IncomingMail:
    head = f"From: Ana <ana@correo.example>\n{headers}Content-Type: {kind}\n\n".encode("utf-8", "surrogateescape")
    return message.parse(head + (body.encode() if isinstance(body, str) else body))


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("ana@correo.example", "", "ana@correo.example"),
        ("<Ana@Correo.Example>", "", "ana@correo.example"),
        ('"Yela, Ana" <ana@correo.example>', "Yela, Ana", "ana@correo.example"),
        ("ana@correo.example (Ana Yela)", "Ana Yela", "ana@correo.example"),
        ("ana@correo.example <otra@correo.example>", "ana@correo.example", "otra@correo.example"),
        ('"pqr@puerres.example" <ana@correo.example>', "pqr@puerres.example", "ana@correo.example"),
        ("=?utf-8?Q?Ana_Mu=C3=B1oz?= <ana@correo.example>", "Ana Muñoz", "ana@correo.example"),
        ('"=?utf-8?Q?Ana_Mu=C3=B1oz?=" <ana@correo.example>', "Ana Muñoz", "ana@correo.example"),
        ("=?utf-8?Q?Ana_=3Cana=40correo.example=3E?=", "Ana", "ana@correo.example"),
        ("Ana Muñoz <ana@correo.example>", "Ana Muñoz", "ana@correo.example"),
        ("Ana <ana@correo.example>, Luis <luis@correo.example>", "Ana", "ana@correo.example"),
        ("Grupo: ana@correo.example;", "", "ana@correo.example"),
        ("Ana", "Ana", ""),
        ("", "", ""),
        ("<>", "<>", ""),
        ("((((((((", "((((((((", ""),
    ],
)
def test_the_sender_is_found_in_every_notation(written, name, address):
    found = message.parse(f"Subject: x\nFrom: {written}\n\nHola".encode())
    assert (found.sender_name, found.sender, found.reply_to) == (name, address, address)


def test_the_answer_goes_where_the_sender_asks():
    assert mail("Reply-To: Casa <casa@correo.example>\n").reply_to == "casa@correo.example"
    assert mail("Reply-To: \n").reply_to == "ana@correo.example"


def test_every_address_the_mail_was_sent_to_is_known_once():
    found = mail(
        'To: PQR <pqr@puerres.example>, b@x.example\nCc: "Z, Y" <c@x.example>\nDelivered-To: PQR@puerres.example\n'
        "X-Original-To: pqr+rae-aaaaaaaaaaaaaaaa@puerres.example\n"
    )
    assert found.recipients == (
        "pqr@puerres.example",
        "b@x.example",
        "c@x.example",
        "pqr+rae-aaaaaaaaaaaaaaaa@puerres.example",
    )


def test_the_letters_that_it_answers_are_given_nearest_first():
    found = mail("In-Reply-To: <3@x.example>\nReferences: <1@x.example>\n <2@x.example> <3@x.example>\n")
    assert found.in_reply_to == ("<3@x.example>", "<2@x.example>", "<1@x.example>")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?ISO-8859-1?Q?Petici=F3n?=", "Petición"),
        ("=?iso-8859-1?q?Petici=F3n?= =?iso-8859-1?q?_urgente?=", "Petición urgente"),
        ("Re: =?utf-8?B?UGV0aWNpw7Nu?= 12", "Re: Petición 12"),
        ("=?utf-8?B?UGV0aWNpw7Nu", "=?utf-8?B?UGV0aWNpw7Nu"),
        ("=?utf-8?B?UGV0aWNpw7N?=", "Petició"),
        ("=?x-nadie?Q?Petici=F3n?=", "Petición"),
        ("=?utf-8?Q?Petici=F3n?=", "Petición"),
        ("=?utf-8?Q?Petición de agua?=", "Petición de agua"),
        ("=?utf-8*es?Q?Petici=C3=B3n?=", "Petición"),
        ("=?utf-16?Q?Petici=C3=B3n?=", "Petición"),
        ("=?utf-7?Q?+2AA-?=", "\ufffd"),
        ("Petición\t\t de   agua", "Petición de agua"),
        ("a\0b", "ab"),
    ],
)
def test_a_subject_is_read_however_it_is_encoded(written, read):
    assert mail(f"Subject: {written}\n").subject == read


def test_a_subject_without_end_is_cut():
    assert len(mail(f"Subject: {'palabra ' * 100_000}\n").subject) <= 998

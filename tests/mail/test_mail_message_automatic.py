"""Is a machine told from a person?"""

import pytest

from pqr.mail import message
from pqr.mail.message import IncomingMail


def mail(headers: str = "", body: str | bytes = "Hola", kind: str = "text/plain; charset=utf-8") -> IncomingMail:
    head = f"From: Ana <ana@correo.example>\n{headers}Content-Type: {kind}\n\n".encode("utf-8", "surrogateescape")
    return message.parse(head + (body.encode() if isinstance(body, str) else body))


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("", ""),
        ("Auto-Submitted: no\n", ""),
        ("Auto-Submitted: auto-replied\n", "auto-replied"),
        ("Auto-Submitted: Auto-Replied; owner-email=x\n", "auto-replied"),
        ("Auto-Submitted: auto-generated (cron)\n", "auto-generated"),
        ("Auto-Submitted: auto-notified; x=y\n", "auto-generated"),
        ("Auto-Submitted: auto-replied\nPrecedence: bulk\n", "auto-replied"),
        ("Precedence: bulk\n", "bulk"),
        ("Precedence: Junk\n", "bulk"),
        ("Precedence: auto_reply\n", "auto-replied"),
        ("Precedence: list\nList-Id: <x.y.example>\n", ""),
        ("X-Autoreply: yes\n", "auto-replied"),
        ("X-Autorespond: x\n", "auto-replied"),
        ("Return-Path: <>\n", "auto-generated"),
        ("Return-Path: <ana@correo.example>\n", ""),
        ("X-Auto-Response-Suppress: All\n", ""),
        (
            "X-Auto-Response-Suppress: DR, OOF, AutoReply\nIn-Reply-To: <1@x.example>\nSubject: RE: Peticion\n",
            "",
        ),
        (
            "X-Auto-Response-Suppress: All\nIn-Reply-To: <1@x.example>\nSubject: Fuera de la oficina hoy\n",
            "auto-replied",
        ),
        ("Subject: Fuera de la oficina de correos hay un hueco\n", ""),
        ("Subject: Fuera de la oficina\n", "auto-replied"),
        ("Subject: Fuera de oficina: Re: Peticion\n", "auto-replied"),
        ("Subject: =?utf-8?Q?Respuesta_autom=C3=A1tica=3A_Petici=C3=B3n?=\n", "auto-replied"),
        ("Subject: Re: =?utf-8?Q?Respuesta_autom=C3=A1tica=3A_Petici=C3=B3n?=\n", ""),
        ("Subject: Automatic reply: Petition\n", "auto-replied"),
        ("Subject: Resposta autom=?utf-8?Q?=C3=A1?=tica: x\n", "auto-replied"),
    ],
)
def test_a_machine_is_told_from_a_person(headers, reason):
    assert mail(headers).automatic == reason


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@x.example", "postmaster@x.example", "<MAILER-DAEMON>"])
def test_the_mail_server_itself_is_a_machine(sender):
    assert message.parse(f"From: {sender}\n\nx".encode()).automatic == "auto-generated"

"""Is every file kept, under a name that is safe?"""

import pytest

from pqr.mail import message
from pqr.mail.message import IncomingMail


def mail(headers: str = "", body: str | bytes = "Hola", kind: str = "text/plain; charset=utf-8") -> IncomingMail:
    head = f"From: Ana <ana@correo.example>\n{headers}Content-Type: {kind}\n\n".encode("utf-8", "surrogateescape")
    return message.parse(head + (body.encode() if isinstance(body, str) else body))


def multipart(*parts: str, kind: str = "mixed") -> IncomingMail:
    body = "".join(f"--limite\n{part}\n" for part in parts) + "--limite--\n"
    return mail(body=body, kind=f"multipart/{kind}; boundary=limite")


def test_a_text_that_was_attached_is_a_file_and_is_read_only_where_nothing_else_is():
    attached = "Content-Type: text/plain; name=queja.txt\nContent-Disposition: attachment\n\nNo hay agua"
    alone, beside = multipart(attached), multipart("Content-Type: text/plain\n\nVer adjunto", attached)
    assert (alone.text, beside.text) == ("No hay agua", "Ver adjunto")
    assert [file.name for file in alone.attachments] == ["queja.txt"] == [file.name for file in beside.attachments]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('filename="queja.pdf"', "queja.pdf"),
        ("filename=queja del agua.pdf", "queja del agua.pdf"),
        ("filename*=UTF-8''petici%C3%B3n.pdf", "petición.pdf"),
        ("filename*=iso-8859-1'es'petici%F3n.pdf", "petición.pdf"),
        ("filename*=undefined''petici%C3%B3n.pdf", "petición.pdf"),
        ('filename="=?utf-8?Q?petici=C3=B3n.pdf?="', "petición.pdf"),
        ('filename="petición.pdf"', "petición.pdf"),
        ('filename="../../etc/queja.pdf"', "queja.pdf"),
        ('filename="a\u202efdp.exe"', "a_fdp.exe"),
        ('filename="a<b>:c?.pdf"', "a_b_c_.pdf"),
        (f'filename="{"x" * 5000}.pdf"', "x" * 196 + ".pdf"),
        ('filename=".."', "adjunto-1.pdf"),
        ("", "adjunto-1.pdf"),
    ],
)
def test_a_file_has_a_safe_and_readable_name(disposition, name):
    found = multipart(f"Content-Type: application/pdf\nContent-Disposition: attachment; {disposition}\n\n%PDF")
    assert [file.name for file in found.attachments] == [name]


def test_a_forwarded_mail_is_kept_as_it_was():
    inner = "Received: by x;\n\tTue, 3 Feb 2026\nSubject: Una línea muy larga " + "que no se parte " * 20 + "\n\nAgua\n"
    found = multipart("Content-Type: text/plain\n\nReenvío", f"Content-Type: message/rfc822\n\n{inner}")
    assert found.text == "Reenvío"
    assert found.attachments[0].name == "adjunto-1.eml"
    assert found.attachments[0].content.replace(b"\r\n", b"\n").strip() == inner.strip().encode()


def test_an_encrypted_mail_says_so():
    found = mail(body="AAAA", kind="application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert found.defects == ("encrypted",)
    assert [file.name for file in found.attachments] == ["smime.p7m"]


def test_an_invitation_that_comes_twice_is_read_once():
    event = "BEGIN:VEVENT\nSUMMARY:Reunión\nEND:VEVENT"
    found = multipart(
        f"Content-Type: text/calendar; charset=utf-8\n\n{event}",
        f"Content-Type: text/calendar; charset=utf-8; name=invite.ics\n\n{event}",
    )
    assert found.text == "Invitación: Reunión"
    assert [file.name for file in found.attachments] == ["adjunto-1.ics", "invite.ics"]

"""Is every text read, whatever its label says?"""

import base64

import pytest

from pqr.mail import message
from pqr.mail.message import IncomingMail


def mail(headers: str = "", body: str | bytes = "Hola", kind: str = "text/plain; charset=utf-8") -> IncomingMail:
    head = f"From: Ana <ana@correo.example>\n{headers}Content-Type: {kind}\n\n".encode("utf-8", "surrogateescape")
    return message.parse(head + (body.encode() if isinstance(body, str) else body))


def multipart(*parts: str, kind: str = "mixed") -> IncomingMail:
    body = "".join(f"--limite\n{part}\n" for part in parts) + "--limite--\n"
    return mail(body=body, kind=f"multipart/{kind}; boundary=limite")


@pytest.mark.parametrize(
    ("label", "sent"),
    [
        ("utf-8", "Petición ñ".encode()),
        ("utf-8", "Petición ñ".encode("cp1252")),
        ("us-ascii", "Petición ñ".encode()),
        ("iso-8859-1", "Petición ñ".encode()),
        ("iso-8859-15", "Petición ñ".encode("iso-8859-15")),
        ("windows-1252", "Petición ñ".encode("cp1252")),
        ("UTF-16", "Petición ñ".encode("utf-16")),
        ("utf-16le", "Petición ñ".encode()),
        ("utf-7", "Petición ñ".encode("utf-7")),
        ("hex", "Petición ñ".encode()),
        ("undefined", "Petición ñ".encode()),
        ("unicode_escape", "Petición ñ".encode()),
        ("\0", "Petición ñ".encode("cp1252")),
        ("x" * 10_000, "Petición ñ".encode("cp1252")),
        ("", "\ufeffPetición ñ".encode()),
    ],
)
def test_the_text_is_read_whatever_its_label_claims(label, sent):
    assert mail(body=sent, kind=f'text/plain; charset="{label}"').text == "Petición ñ"


def test_one_wrong_byte_does_not_spoil_the_others():
    assert mail(body="Petición ".encode() + b"a\xf1o").text == "Petición año"


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("quoted-printable", b"Petici=C3=B3n"),
        ("QUOTED-PRINTABLE ", b"Petici=C3=B3n="),
        ("base64", base64.b64encode("Petición".encode())),
        ("base64", base64.b64encode("Petición".encode()).rstrip(b"=") + b"\n"),
        ("base64", base64.b64encode(b"Peti") + b"\n" + base64.b64encode("ción".encode())),
        ("x-uuencode", b"begin 644 a.txt\n)4&5T:6-IP[-N\n`\nend\n"),
        ("8bit", "Petición".encode()),
        ("desconocida", "Petición".encode()),
    ],
)
def test_the_text_is_read_whatever_its_transfer_encoding(encoding, sent):
    assert mail(f"Content-Transfer-Encoding: {encoding}\n", sent).text == "Petición"


def test_the_plain_text_is_preferred_to_its_page():
    found = multipart(
        "Content-Type: text/plain\n\nHola, vecinos",
        "Content-Type: text/html\n\n<p>Hola, vecinos</p>",
        kind="alternative",
    )
    assert (found.text, found.attachments) == ("Hola, vecinos", ())


@pytest.mark.parametrize("stub", ["", "  \n", "Ver en HTML"])
def test_the_page_is_read_where_the_plain_text_is_only_a_stub(stub):
    page = "<p>Solicito la reparación del puente de la vereda, dañado en la creciente de enero.</p>"
    found = multipart(f"Content-Type: text/plain\n\n{stub}", f"Content-Type: text/html\n\n{page}", kind="alternative")
    assert found.text.startswith("Solicito la reparación")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<script>alert(1)</script><style>p{}</style><p>Hola</p>", "Hola"),
        ("<p>Uno</p><p>Dos</p>", "Uno\n\nDos"),
        ("Uno<br>Dos<div>Tres</div>", "Uno\nDos\nTres"),
        ("a&nbsp;b &lt;c&gt;", "a b <c>"),
        (
            "<blockquote type=cite>viejo<blockquote type=cite>más</blockquote></blockquote>nuevo",
            "> viejo\n> > más\nnuevo",
        ),
        ('<blockquote style="margin:0 0 0 40px;border:none">sangría</blockquote>', "sangría"),
        (
            '<a href="https://fotos.example/1">Fotos</a> y <a href="https://x.example/">x.example</a>',
            "Fotos <https://fotos.example/1> y x.example",
        ),
        (
            "<table><tr><td>Nombre</td><td>Ana</td></tr><tr><td>Vereda</td><td>El Llano</td></tr></table>",
            "Nombre Ana\nVereda El Llano",
        ),
        ("<ul><li>uno</li><li>dos</li></ul>", "  * uno\n  * dos"),
        ("<table><tr><td><p>Ana</p></td><td><p>123</p></td></tr></table>", "Ana 123"),
        ("<table><tr><td><p>Uno</p><p>Dos</p></td></tr></table>", "Uno\n\nDos"),
        ("<!--[if mso]><p>no</p><![endif]-->sí", "sí"),
        ("", ""),
        ("<", "<"),
        ("\ue000a\ue001", "a"),
    ],
)
def test_a_page_reads_as_its_reader_saw_it(page, text):
    assert mail(body=page, kind="text/html; charset=utf-8").text == text


def test_flowed_lines_are_joined_again():
    body = "Una frase \nlarga\n> cita \n> larga\n-- \nAna\n From aquí"
    assert mail(body=body, kind="text/plain; charset=utf-8; format=flowed").text == (
        "Una frase larga\n> cita larga\n-- \nAna\nFrom aquí"
    )


def test_text_between_attachments_is_read_in_order():
    found = multipart(
        "Content-Type: text/plain\n\nAntes",
        "Content-Type: image/png; name=foto.png\n\nx",
        "Content-Type: text/plain\n\nDespués",
    )
    assert found.text == "Antes\n\nDespués"
    assert [file.name for file in found.attachments] == ["foto.png"]


def test_a_mail_that_only_says_html_keeps_its_addresses_in_brackets():
    assert "ana@correo.example" in mail(body="<p>Escriba a &lt;ana@correo.example&gt;</p>", kind="text/html").text

"""Can any mail server check that a letter is ours?  DKIM against the public key, and no start with a broken one."""

import base64
import subprocess

import dkim
import pytest

from pqr.app import create_app
from pqr.errors import ConfigError
from pqr.mail.transport.send import Post
from tests.installation import make_settings
from tests.mail.test_mail_sending import PDF, parcel
from tests.peer import peer
from tests.servers import program


def openssl(*words, given=b""):
    command = [program("openssl", "openssl"), *words]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    """The private key's file."""
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    path.write_bytes(openssl("genrsa", "2048"))
    return path


@pytest.fixture
def in_the_dns(key):
    """What a mail server that asks for our selector gets."""
    public = openssl("rsa", "-pubout", "-outform", "DER", given=key.read_bytes())
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    return lambda name, timeout=5: record if name == b"pqr2026._domainkey.puerres.example." else None


def sent(tmp_path, **given):
    """One letter with accents and a file, as the peer got it."""
    with peer() as relay:
        settings = make_settings(tmp_path, PQR_SMTP_URL=relay.url(), **given)
        with create_app(settings).app_context(), Post(settings) as post:
            assert post.deliver(parcel(files=[PDF], headers={"Auto-Submitted": "auto-replied"})).trouble is None
    return relay.taken[0].raw


def test_a_signed_letter_is_verified_by_the_public_key(tmp_path, key, in_the_dns):
    raw = sent(tmp_path, PQR_DKIM_SELECTOR="pqr2026", PQR_DKIM_KEY_FILE=str(key))
    assert dkim.verify(raw, dnsfunc=in_the_dns)
    assert b"d=puerres.example" in raw.partition(b"\r\n\r\n")[0]
    for said in (
        b"Subject: Recibimos",
        b"To: ana@correo",
        b"Reply-To: pqr+c1@",
        b"JVBERi0xLjcK",
        b"Auto-Submitted: auto",
    ):
        assert said in raw
        assert not dkim.verify(raw.replace(said, said[:-1] + b"x"), dnsfunc=in_the_dns), said


def test_without_a_key_letters_leave_unsigned(tmp_path):
    assert b"DKIM-Signature" not in sent(tmp_path)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"PQR_DKIM_SELECTOR": "pqr2026"}, "PQR_DKIM_KEY_FILE"),
        ({"PQR_DKIM_KEY_FILE": "{key}"}, "PQR_DKIM_SELECTOR"),
        ({"PQR_DKIM_SELECTOR": "pqr 2026", "PQR_DKIM_KEY_FILE": "{key}"}, "PQR_DKIM_SELECTOR"),
        ({"PQR_DKIM_SELECTOR": "pqr2026", "PQR_DKIM_KEY_FILE": "{key}.otra"}, "PQR_DKIM_KEY_FILE: no se puede leer"),
        ({"PQR_DKIM_SELECTOR": "pqr2026", "PQR_DKIM_KEY_FILE": "{broken}"}, "PQR_DKIM_KEY_FILE.*no es una clave RSA"),
        ({"PQR_MAIL_ALL_TO": "uno@x.example, dos@x.example"}, "PQR_MAIL_ALL_TO"),
        ({"PQR_MAIL_ALL_TO": "nadie"}, "PQR_MAIL_ALL_TO"),
        ({"PQR_SMTP_TIMEOUT": "0"}, "PQR_SMTP_TIMEOUT"),
    ],
)
def test_a_broken_setting_stops_the_start_by_its_name(tmp_path, key, given, named):
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n")
    with pytest.raises(ConfigError, match=named):
        make_settings(tmp_path, **{name: text.format(key=key, broken=broken) for name, text in given.items()})


def test_the_key_is_never_shown(tmp_path, key):
    settings = make_settings(tmp_path, PQR_DKIM_SELECTOR="pqr2026", PQR_DKIM_KEY_FILE=str(key))
    assert "PRIVATE" not in repr(settings)

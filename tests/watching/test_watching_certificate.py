"""Is it known in time that the certificate of the page runs out?  A real TLS server of this machine."""

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pqr.watching.certificate import NEAR, expiry
from tests.servers import free_port

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def certificate(path, last):
    """A file with a key and its own certificate for 127.0.0.1, good until then."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(last - 90 * DAY)
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def shown(path):
    """A page with this certificate; gives its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    class Handshake(BaseRequestHandler):
        def handle(self):
            with context.wrap_socket(self.request, server_side=True) as secured:
                secured.recv(1)

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """Who does not like the certificate goes away."""

    with Server(("127.0.0.1", 0), Handshake) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("left", "trusted", "trouble"),
    [
        (NEAR + DAY, True, ""),
        (NEAR - DAY, True, "Vence el"),
        (-DAY, True, "Venció el"),
        (NEAR + DAY, False, "Los navegadores no lo aceptan"),
    ],
)
def test_what_visitors_are_shown_is_judged_by_its_last_day_and_by_who_signed_it(
    tmp_path, monkeypatch, left, trusted, trouble
):
    path = certificate(tmp_path / "site.pem", NOW + left)
    other = certificate(tmp_path / "other.pem", NOW + 90 * DAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(path if trusted else other))
    with shown(path) as address:
        found = expiry(address, NOW)
    assert found.trouble.startswith(trouble)
    assert bool(found.trouble) is bool(trouble)
    assert found.said.startswith("Vence el") is not bool(trouble)


def test_a_page_that_cannot_be_reached_from_here_is_no_fault_of_its_certificate():
    found = expiry(f"https://127.0.0.1:{free_port()}", NOW)
    assert found.trouble == ""
    assert "No se pudo mirar" in found.said
    assert expiry("http://127.0.0.1:8000", NOW) is None

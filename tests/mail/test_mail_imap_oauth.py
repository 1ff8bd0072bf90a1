"""Does the service enter a mailbox of Google or Microsoft?  A real Dovecot that asks a real token endpoint."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from pqr import fetching
from pqr.errors import ConfigError
from pqr.mail.transport.imap import MailboxUnavailable, opened
from pqr.variables import OAuth
from tests.installation import make_settings
from tests.mailbox import USER, deliver, mail_directory, server

XOAUTH2 = """
auth_mechanisms = plain xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {path}
}}
"""


@dataclass
class Endpoint:
    """Sells access tokens for refresh tokens, and tells Dovecot whose a token is. `lives`: seconds of a new one."""

    port: int = 0
    lives: int = 3600
    rotates: bool = False
    refresh: str = "refresco-0"
    asked: list[dict[str, str]] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)

    def sell(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(form)
        if form["refresh_token"] != self.refresh or form["client_secret"] != "secreto-del-cliente":
            return 400, {"error": "invalid_grant", "error_description": form["refresh_token"]}
        token = f"permiso-{len(self.asked)}"
        self.valid.add(token)
        answer = {"access_token": token, "expires_in": self.lives, "token_type": "Bearer"}
        if self.rotates:
            self.refresh = f"refresco-{len(self.asked)}"
            answer["refresh_token"] = self.refresh
        return 200, answer

    def tell(self, token: str) -> tuple[int, dict[str, object]]:
        return (200, {"username": USER}) if token in self.valid else (401, {"error": "invalid_token"})


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    shop = Endpoint()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*shop.sell({name: values[0] for name, values in parse_qs(body).items()}))

        def do_GET(self):
            self._say(*shop.tell(parse_qs(urlsplit(self.path).query)["access_token"][0]))

        def _say(self, code, answer):
            content = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as door:
        shop.port = door.server_port
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        try:
            yield shop
        finally:
            door.shutdown()
            thread.join()


@pytest.fixture
def shop():
    with endpoint() as open_shop:
        yield open_shop


@pytest.fixture
def mailbox_url(shop):
    with mail_directory() as directory:
        path = directory / "oauth2.conf.ext"
        path.write_text(f"tokeninfo_url = http://127.0.0.1:{shop.port}/?access_token=\nusername_attribute = username\n")
        path.chmod(0o644)
        with server(directory, XOAUTH2.format(path=path)) as running:
            yield running.url


def settings(tmp_path, shop, mailbox_url, **more):
    given = {
        "PQR_IMAP_URL": mailbox_url.replace(":buzon-de-prueba", ""),
        "PQR_IMAP_OAUTH_TOKEN_URL": f"http://127.0.0.1:{shop.port}/token",
        "PQR_IMAP_OAUTH_CLIENT_ID": "cliente",
        "PQR_IMAP_OAUTH_CLIENT_SECRET": "secreto-del-cliente",
        "PQR_IMAP_OAUTH_REFRESH_TOKEN": shop.refresh,
    }
    return make_settings(tmp_path, **(given | more))


def enter(found):
    with opened(fetching.account(found)) as folder:
        return folder.uids()


def test_a_token_is_bought_once_and_used_until_it_runs_out(tmp_path, shop, mailbox_url):
    deliver(mailbox_url, b"Subject: hola\n\nhola")
    found = settings(tmp_path, shop, mailbox_url)
    assert (enter(found), enter(found)) == ([1], [1])
    assert [form["grant_type"] for form in shop.asked] == ["refresh_token"]
    assert shop.asked[0]["client_id"] == "cliente"


def test_a_token_about_to_run_out_is_renewed(tmp_path, shop, mailbox_url):
    shop.lives = 30
    found = settings(tmp_path, shop, mailbox_url)
    enter(found), enter(found)
    assert len(shop.asked) == 2


def test_a_new_refresh_token_is_kept_for_the_next_start_and_read_by_nobody_else(tmp_path, shop, mailbox_url):
    shop.lives, shop.rotates = 30, True
    found = settings(tmp_path, shop, mailbox_url)
    enter(found), enter(found)
    assert [form["refresh_token"] for form in shop.asked] == ["refresco-0", "refresco-1"]
    (kept,) = tmp_path.glob("imap-oauth-*")
    assert kept.read_text() == "refresco-2"
    assert kept.stat().st_mode & 0o077 == 0


def test_a_permission_that_was_withdrawn_is_said_without_any_secret(tmp_path, shop, mailbox_url):
    found = settings(tmp_path, shop, mailbox_url, PQR_IMAP_OAUTH_REFRESH_TOKEN="refresco-retirado")
    with pytest.raises(MailboxUnavailable, match="400 invalid_grant") as said:
        enter(found)
    assert "refresco" not in str(said.value)
    assert "secreto" not in repr(found)


def test_a_token_that_the_mailbox_does_not_take_is_said_and_a_new_one_is_bought_next_time(tmp_path, shop, mailbox_url):
    found = settings(tmp_path, shop, mailbox_url)
    enter(found)
    shop.valid.clear()
    with pytest.raises(MailboxUnavailable, match="PQR_IMAP_OAUTH") as said:
        enter(found)
    assert "permiso-" not in str(said.value)
    assert enter(found) == []
    assert len(shop.asked) == 2


@pytest.mark.parametrize("reply", [b"", b"[]", b"{}"])
def test_an_endpoint_that_answers_nonsense_is_named(tmp_path, shop, mailbox_url, reply, monkeypatch):
    shop.sell = lambda form: (200, json.loads(reply or b'"nada"'))
    with pytest.raises(MailboxUnavailable, match="TOKEN_URL"):
        enter(settings(tmp_path, shop, mailbox_url, PQR_IMAP_OAUTH_REFRESH_TOKEN=f"r-{reply!r}"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PQR_IMAP_OAUTH_TOKEN_URL", ""),
        ("PQR_IMAP_OAUTH_CLIENT_ID", ""),
        ("PQR_IMAP_OAUTH_REFRESH_TOKEN", ""),
        ("PQR_IMAP_OAUTH_TOKEN_URL", "http://login.example/token"),
        ("PQR_IMAP_SINCE", "ayer"),
    ],
)
def test_settings_that_are_not_complete_stop_the_start(tmp_path, name, value):
    given = {
        "PQR_IMAP_OAUTH_TOKEN_URL": "https://login.example/token",
        "PQR_IMAP_OAUTH_CLIENT_ID": "cliente",
        "PQR_IMAP_OAUTH_REFRESH_TOKEN": "refresco",
    }
    assert make_settings(tmp_path, **given).imap_oauth == OAuth(
        "https://login.example/token", "cliente", "", "refresco"
    )
    with pytest.raises(ConfigError, match="PQR_IMAP_"):
        make_settings(tmp_path, **(given | {name: value}))

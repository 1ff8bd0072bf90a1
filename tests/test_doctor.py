"""Does the doctor tell a sound mail from a sick one, and say in Spanish what to change?  Real servers, a real DNS."""

import json
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from sqlalchemy import select

from pqr.cli import doctor, main
from pqr.db import reading
from pqr.mail.inbox import InboxMail, Verdict
from pqr.mail.transport.records import State, check_records
from tests.installation import make_settings
from tests.mailbox import PASSWORD, deliver, dovecot
from tests.nameserver import nameserver
from tests.servers import clamd, free_port
from tests.sink import Sink, petition, sink

DOMAIN = "pqr.puerres.gov.co"
SOUND = {
    (DOMAIN, "MX"): ["10 mx.puerres.gov.co."],
    (DOMAIN, "TXT"): ['"google-site-verification=1"', '"v=spf1 mx " "include:_spf.puerres.gov.co ~all"'],
    (f"llave._domainkey.{DOMAIN}", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIIB"'],
    ("_dmarc.puerres.gov.co", "TXT"): ['"v=DMARC1; p=quarantine"'],
}


def states(records, selector="llave"):
    with nameserver(records) as resolver:
        return {finding.check: finding for finding in check_records(DOMAIN, selector, resolver)}


def test_a_domain_with_all_its_records_is_sound():
    found = states(SOUND)
    assert {name: finding.state for name, finding in found.items()} == dict.fromkeys(
        ("MX", "SPF", "DKIM", "DMARC"), State.GOOD
    )
    assert "include:_spf.puerres.gov.co ~all" in found["SPF"].sentence


@pytest.mark.parametrize(
    ("check", "name", "kind", "records", "remedy"),
    [
        ("MX", DOMAIN, "MX", None, "registro MX"),
        ("MX", DOMAIN, "MX", ["0 ."], "registro MX"),
        ("SPF", DOMAIN, "TXT", None, "v=spf1 mx"),
        ("SPF", DOMAIN, "TXT", ['"v=spf1 -all"', '"v=spf1 mx -all"'], "un solo registro"),
        ("SPF", DOMAIN, "TXT", ['"v=spf1 +all"'], "~all"),
        ("DKIM", f"llave._domainkey.{DOMAIN}", "TXT", None, "clave pública"),
        ("DKIM", f"llave._domainkey.{DOMAIN}", "TXT", ['"v=DKIM1; p="'], "clave pública"),
        ("DMARC", "_dmarc.puerres.gov.co", "TXT", None, f"_dmarc.{DOMAIN}"),
    ],
)
def test_a_record_that_is_missing_or_wrong_is_said_with_what_to_change(check, name, kind, records, remedy):
    changed = {key: value for key, value in SOUND.items() if key != (name, kind)}
    changed |= {(name, kind): records} if records else {}
    found = states(changed)
    assert {other for other, finding in found.items() if finding.state != State.GOOD} == {check}
    assert found[check].state == State.BAD
    assert remedy in found[check].remedy


def test_without_a_key_of_our_own_it_is_not_known_whether_the_relay_signs():
    assert states(SOUND, selector="")["DKIM"].state == State.UNKNOWN


def test_a_dns_that_does_not_answer_judges_nothing():
    with nameserver({}) as resolver:
        resolver.port = free_port()
        assert {finding.state for finding in check_records(DOMAIN, "llave", resolver)} == {State.UNKNOWN}


@contextmanager
def relay_to(url: str):
    """A relay that puts every letter in this mailbox, as the municipality's would."""

    class Delivering(Sink):
        async def handle_DATA(self, server, session, envelope):
            answer = await super().handle_DATA(server, session, envelope)
            deliver(url, envelope.content.replace(b"\r\n", b"\n"))
            return answer

    kept = Delivering(free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    """Runs `pqr mail …` on an installation; gives its exit code and what it said."""

    def run_with(*words, **more):
        environ = {
            "PQR_DATA_DIR": str(tmp_path),
            "PQR_DATABASE_URL": database_url,
            "PQR_SECRET_KEY": "clave-de-las-pruebas-0123456789",
            "PQR_MAIL_DOMAIN": "puerres.example",
            "PQR_MAIL_IN_PORT": str(free_port()),
        }
        for name, value in (environ | more).items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(main, ["mail", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    return run_with


def test_a_probe_that_comes_back_through_the_mailbox_says_that_all_is_well(run, app):
    with dovecot() as url, relay_to(url) as relay:
        code, said = run("doctor", "--no-dns", "--json", PQR_IMAP_URL=url, PQR_SMTP_URL=relay.url)
    answer = json.loads(said)
    assert (code, answer["ok"]) == (0, True), said
    checks = [finding["check"] for finding in answer["findings"]]
    assert checks == ["Entrada", "Antivirus", "Salida", "Ida y vuelta", "Remitentes"]
    with app.app_context(), reading() as session:
        (row,) = session.scalars(select(InboxMail))
        assert row.verdict == Verdict.IGNORED
    assert relay.letters[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("wanted", "state", "words"),
    [
        ("", State.UNKNOWN, "Defina PQR_MAIL_AUTHSERV_ID=mx.puerres.example."),
        ("mx.puerres.example", State.GOOD, "Los comprueba mx.puerres.example"),
        ("mx.otro.example", State.UNKNOWN, "Defina PQR_MAIL_AUTHSERV_ID=mx.puerres.example."),
    ],
)
def test_who_checks_the_senders_is_said_by_name(tmp_path, wanted, state, words):
    raw = b"Authentication-Results: mx.puerres.example; dmarc=pass\r\nSubject: x\r\n\r\nx\r\n"
    finding = doctor._vouching(make_settings(tmp_path, PQR_MAIL_AUTHSERV_ID=wanted), raw)
    assert finding.state == state
    assert words in finding.sentence + finding.remedy


def test_a_probe_that_does_not_come_back_is_said(run):
    with dovecot() as url, sink() as relay:
        code, said = run("doctor", "--no-dns", "--wait", "1", PQR_IMAP_URL=url, PQR_SMTP_URL=relay.url)
    assert code == 1
    assert "✓ Salida" in said
    assert "✗ Ida y vuelta: La carta de prueba no volvió en 1 s." in said


def test_a_relay_that_refuses_is_quoted_with_the_setting_to_look_at(run):
    with sink() as relay:
        relay.refusal = "550 5.7.1 no relaying"
        code, said = run("doctor", "--no-dns", "--wait", "1", PQR_SMTP_URL=relay.url)
    assert code == 1
    assert "5.7.1 no relaying" in said
    assert "→ Revise PQR_SMTP_URL" in said


def test_a_relay_and_a_listener_that_nobody_has_started_are_said(run):
    code, said = run("doctor", "--no-dns", "--wait", "1", PQR_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert code == 1
    assert "✗ Entrada: Nadie recibe correo en 127.0.0.1" in said
    assert "✗ Salida" in said


def test_a_wrong_password_of_the_mailbox_is_said_and_never_shown(run):
    with dovecot() as url:
        code, said = run("doctor", "--no-dns", "--wait", "0", PQR_IMAP_URL=url.replace(PASSWORD, "equivocada"))
    assert code == 1
    assert "no aceptó el usuario o la contraseña" in said
    assert "equivocada" not in said


def test_an_old_mailbox_is_asked_from_which_day_on(run):
    with dovecot() as url:
        deliver(url, petition("ana@correo.example", "Hueco", "Sigue ahí."))
        code, said = run("doctor", "--no-dns", "--wait", "0", PQR_IMAP_URL=url)
        assert code == 1
        assert "PQR_IMAP_SINCE" in said
        checked = CliRunner().invoke(main, ["check"])
        assert checked.exit_code == 1
        assert "PQR_IMAP_SINCE: el buzón ya tiene 1 mensajes" in checked.stdout
        assert "PQR_IMAP_SINCE" not in CliRunner().invoke(main, ["check"], env={"PQR_IMAP_SINCE": "2026-01-01"}).stdout


def test_the_scanner_is_asked_and_one_that_is_away_is_said_by_both_commands(run):
    with clamd() as url:
        _, said = run("doctor", "--no-dns", "--wait", "0", PQR_CLAMD_URL=url)
        assert "✓ Antivirus: Los archivos que llegan se revisan con ClamAV " in said
        assert "PQR_CLAMD_URL" not in CliRunner().invoke(main, ["check"]).stdout
    code, said = run("doctor", "--no-dns", "--wait", "0", PQR_CLAMD_URL=url)
    assert (code, "✗ Antivirus: PQR_CLAMD_URL: " in said) == (1, True)
    assert "PQR_CLAMD_URL: " in CliRunner().invoke(main, ["check"]).stdout
    _, said = run("doctor", "--no-dns", "--wait", "0", PQR_CLAMD_URL="")
    assert "? Antivirus: Los archivos que llegan no se revisan." in said


def test_the_comparison_names_what_is_missing_and_ends_with_a_no(run):
    with dovecot() as url:
        assert run("compare", PQR_IMAP_URL=url) == (0, "")
        deliver(url, petition("ana@correo.example", "Hueco", "Sigue ahí."))
        assert run("compare", PQR_IMAP_URL=url) == (0, "")  # it has only just come

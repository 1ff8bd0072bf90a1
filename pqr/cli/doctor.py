"""Is the mail well, both ways?  `pqr mail doctor` and `pqr mail compare`."""

import json
import secrets
import sys
from collections.abc import Iterator
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import click

from pqr.cli.application import prepared_application

if TYPE_CHECKING:
    from pqr.config import Settings
    from pqr.mail.transport.records import Finding

LOOK_EVERY_SECONDS = 1.0
MARKS = {"bien": "✓", "mal": "✗", "no se sabe": "?"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Un objeto JSON con todos los hallazgos.")
@click.option("--wait", default=60, show_default=True, help="Segundos que espera la carta de prueba; 0: no la envía.")
@click.option("--dns/--no-dns", default=True, help="Consulta o no los registros del dominio.")
def doctor(as_json: bool, wait: int, dns: bool) -> None:
    """Revisa el correo de ida y vuelta y dice qué cambiar. Sale con 1 si algo está mal."""
    with prepared_application() as app:
        findings = list(_examine(app.extensions["pqr_settings"], wait, dns))
    good = all(finding.state != "mal" for finding in findings)
    if as_json:
        rows = [vars(finding) for finding in findings]
        click.echo(json.dumps({"ok": good, "findings": rows}, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.state]} {finding.check}: {finding.sentence}")
            if finding.remedy:
                click.echo(f"  → {finding.remedy}")
    sys.exit(0 if good else 1)


@click.command()
def compare() -> None:
    """Compara el buzón IMAP con el registro de entrada; una línea por cada mensaje que falte."""
    from pqr.checkups import note_findings
    from pqr.comparing import compare_mailbox
    from pqr.watching.rules import COMPARED

    with prepared_application() as app:
        findings = compare_mailbox()
        if app.extensions["pqr_settings"].imap_url:
            note_findings(COMPARED, findings)
    for finding in findings:
        click.echo(finding)
    click.echo("Todo lo del buzón está en el registro." if not findings else f"{len(findings)} faltas.", err=True)
    sys.exit(1 if findings else 0)


def _examine(settings: "Settings", wait: int, dns: bool) -> Iterator["Finding"]:
    from pqr.mail.transport.records import check_records

    yield _way_in(settings)
    yield _scanner(settings)
    if dns:
        yield from check_records(settings.mail_domain, settings.dkim.selector if settings.dkim else "")
    if wait:
        yield from _there_and_back(settings, wait)


def _way_in(settings: "Settings") -> "Finding":
    """The IMAP mailbox where one is set, else the listener."""
    from pqr import fetching
    from pqr.errors import PqrError
    from pqr.mail.transport.imap import opened
    from pqr.mail.transport.records import Finding, State

    account = fetching.account(settings)
    if account is None:
        return _listener(settings)
    try:
        with opened(account) as folder:
            fetching.meet(folder, account.name)
            abilities = folder.abilities
    except PqrError as trouble:
        return Finding("Entrada", State.BAD, str(trouble), "Corrija esa variable y vuelva a ejecutar esta orden.")
    words = "avisa de lo nuevo" if "IDLE" in abilities else "no avisa: se mira cada minuto"
    words += "" if "MOVE" in abilities else "; no sabe mover: los mensajes se copian y los originales se quedan"
    return Finding("Entrada", State.GOOD, f"El buzón {account.folder} de {account.host} abre y {words}.")


def _listener(settings: "Settings") -> "Finding":
    from pqr.mail.transport.records import Finding, State
    from pqr.up.ports import greets_by_mail, netloc

    where = netloc(settings.mail_in_host, settings.mail_in_port)
    if greets_by_mail(settings.mail_in_host, settings.mail_in_port):
        return Finding("Entrada", State.GOOD, f"El servicio recibe correo en {where}.")
    remedy = "Encienda el servicio con «./pqr.sh up», o defina PQR_IMAP_URL si el correo llega a un buzón."
    return Finding("Entrada", State.BAD, f"Nadie recibe correo en {where}.", remedy)


def _scanner(settings: "Settings") -> "Finding":
    """The virus scanner: without one, files are kept as they come."""
    from pqr.mail.transport.records import Finding, State
    from pqr.tickets.scanner import ScannerUnavailable, version

    if not settings.clamd_url:
        remedy = "Si tiene ClamAV en este equipo, defina PQR_CLAMD_URL=unix:///run/clamav/clamd.ctl."
        return Finding("Antivirus", State.UNKNOWN, "Los archivos que llegan no se revisan.", remedy)
    try:
        words = f"Los archivos que llegan se revisan con {version(settings.clamd_url)}."
        return Finding("Antivirus", State.GOOD, words)
    except ScannerUnavailable as trouble:
        remedy = "Encienda clamav-daemon o corrija la dirección; mientras tanto los archivos se reciben sin revisar."
        return Finding("Antivirus", State.BAD, str(trouble), remedy)


def _there_and_back(settings: "Settings", wait: int) -> Iterator["Finding"]:
    from pqr.mail.transport.probe import NotSent, send_probe
    from pqr.mail.transport.records import Finding, State

    if settings.demo or not settings.smtp_url:
        sentence = "Ninguna carta sale de este equipo: es una demostración o falta PQR_SMTP_URL."
        yield Finding("Salida", State.BAD, sentence, "Defina PQR_SMTP_URL con su servidor de salida.")
        return
    word, before = secrets.token_hex(12), _latest_mail()
    try:
        reply = send_probe(settings, word)
    except NotSent as trouble:
        remedy = (
            "Revise PQR_SMTP_URL (servidor, puerto, usuario, contraseña) y si le permite escribir como este servicio."
        )
        yield Finding("Salida", State.BAD, f"El servidor de salida no tomó la carta de prueba: {trouble}", remedy)
        return
    yield Finding("Salida", State.GOOD, f"El servidor de salida tomó la carta de prueba: {reply}")
    yield from _back(settings, word, before, wait)


def _back(settings: "Settings", word: str, before: int, wait: int) -> Iterator["Finding"]:
    from pqr.mail.transport.records import Finding, State

    began = monotonic()
    raw = _comes_in(word, before, wait)
    if raw is None:
        remedy = f"Mire si el correo de pqr@{settings.mail_domain} y de pqr+…@ llega aquí, o si cayó en spam."
        yield Finding("Ida y vuelta", State.BAD, f"La carta de prueba no volvió en {wait} s.", remedy)
        return
    yield Finding("Ida y vuelta", State.GOOD, f"La carta de prueba volvió en {monotonic() - began:.0f} s.")
    yield _vouching(settings, raw)


def _vouching(settings: "Settings", raw: bytes) -> "Finding":
    """Whether the server that received the probe says whom it believes, under the name that is set."""
    from pqr.mail.message import parse
    from pqr.mail.transport.records import Finding, State
    from pqr.mail.trust import names_of_servers

    seen, wanted = names_of_servers(parse(raw).vouchers)[:1], settings.authserv_id
    if wanted and wanted in seen:
        return Finding("Remitentes", State.GOOD, f"Los comprueba {wanted}: una dependencia falsa no puede responder.")
    sentence = "Nadie comprueba que un correo sea de quien dice."
    if seen:
        return Finding("Remitentes", State.UNKNOWN, sentence, f"Defina PQR_MAIL_AUTHSERV_ID={seen[0]}.")
    remedy = "Active SPF, DKIM y DMARC en el servidor que recibe su correo, y que escriba Authentication-Results."
    return Finding("Remitentes", State.BAD if wanted else State.UNKNOWN, sentence, remedy)


def _latest_mail() -> int:
    from sqlalchemy import func, select

    from pqr.db import reading
    from pqr.mail.inbox import InboxMail

    with reading() as session:
        return session.scalar(select(func.max(InboxMail.id))) or 0


def _comes_in(word: str, before: int, seconds: int) -> bytes | None:
    """The probe once it is in the inbox ledger, None if not in time; the mailbox is read meanwhile as ever."""
    from pqr import fetching
    from pqr.errors import PqrError

    until = monotonic() + seconds
    while True:
        try:
            fetching.fetch_mailbox()
        except PqrError:
            return None  # already said of the way in
        raw = _settle_probe(word, before)
        if raw is not None or monotonic() >= until:
            return raw
        Event().wait(LOOK_EVERY_SECONDS)


def _settle_probe(word: str, before: int) -> bytes | None:
    from sqlalchemy import select

    from pqr import mailroom
    from pqr.db import reading
    from pqr.mail.inbox import InboxMail

    with reading() as session:
        rows = session.execute(select(InboxMail.id, InboxMail.raw, InboxMail.verdict).where(InboxMail.id > before))
        found = next((row for row in rows if word.encode() in row.raw), None)
    if found is None:
        return None
    if not found.verdict:
        mailroom.process_one(found.id)
    return bytes(found.raw)

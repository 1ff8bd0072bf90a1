"""What came in, what goes out, and what is stuck?"""

import json
import sys
from typing import Any, BinaryIO

import click
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from pqr import clock
from pqr.cli.application import application, prepared_application
from pqr.sealing import Sealed


@click.group()
def mail() -> None:
    """El correo que llega."""


@mail.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--dry-run", is_flag=True, help="Lee y clasifica sin guardar nada.")
def receive(file: BinaryIO, dry_run: bool) -> None:
    """Recibe un mensaje crudo (FILE, o - para la entrada estándar), lo procesa ya e imprime qué fue de él."""
    raw = file.read()
    with prepared_application():
        answer = _dry_run(raw) if dry_run else _receive(raw)
    click.echo(json.dumps(answer, ensure_ascii=False))


@mail.command()
def pending() -> None:
    """Los mensajes que esperan a una persona, uno por línea, en JSON."""
    from pqr.db import reading
    from pqr.mail.inbox import waiting_for_a_person

    with application(), reading() as session:
        for row in waiting_for_a_person(session):
            facts = {"id": row.id, "received_at": row.received_at.isoformat(), "reason": _unless_sealed(row.reason)}
            click.echo(json.dumps({**facts, "attempts": row.attempts, "size": row.size}, ensure_ascii=False))


@mail.command("retry")
@click.argument("number", type=int)
def retry_mail(number: int) -> None:
    """Vuelve a procesar un mensaje que espera a una persona."""
    from pqr import mailroom
    from pqr.db import reading, transaction
    from pqr.mail import inbox

    with application():
        _or_exit(lambda session: inbox.retry(session, number, clock.now()), transaction)
        mailroom.process_one(number)
        with reading() as session:
            row = session.get_one(inbox.InboxMail, number)
        click.echo(json.dumps({"verdict": row.verdict, "reason": row.reason}, ensure_ascii=False))


@click.group()
def outbox() -> None:
    """Las cartas que salen."""


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="Un objeto JSON por carta.")
@click.option("--state", default="", help="Solo las que están así: queued, sent, failed, bounced, dismissed.")
def list_letters(as_json: bool, state: str) -> None:
    """Las cartas, de la más antigua a la más nueva."""
    from pqr.db import reading
    from pqr.mail.outbox import Letter
    from pqr.tickets.models import Ticket

    query = select(Letter, Ticket.radicado).outerjoin(Ticket, Ticket.id == Letter.ticket_id).order_by(Letter.id)
    if state:
        query = query.where(Letter.state == state)
    with application(), reading() as session:
        for letter, radicado in session.execute(query):
            row = _letter(letter, radicado)
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@outbox.command("retry")
@click.argument("number", type=int)
def retry_letter(number: int) -> None:
    """Vuelve a poner en fila una carta detenida."""
    from pqr.db import transaction
    from pqr.mail import mending

    with application():
        _or_exit(lambda session: mending.retry(session, number, clock.now()), transaction)
    click.echo(f"La carta {number} vuelve a la fila.", err=True)


@outbox.command()
@click.argument("address")
def revive(address: str) -> None:
    """Vuelve a escribir a una dirección que había rebotado (ADDRESS), porque ya está bien."""
    from pqr.db import transaction
    from pqr.mail import dead_addresses

    with application():
        with transaction() as session:
            found = dead_addresses.revive(session, address)
        if not found:
            print(f"pqr: {address} no está entre las direcciones que rebotaron.", file=sys.stderr)
            sys.exit(1)
    click.echo(f"Se vuelve a escribir a {address}.", err=True)


def _or_exit(act: Any, transaction: Any) -> None:
    try:
        with transaction() as session:
            act(session)
    except (NoResultFound, ValueError) as error:
        print(f"pqr: {error if isinstance(error, ValueError) else 'No existe ese número.'}", file=sys.stderr)
        sys.exit(1)


def _letter(letter: Any, radicado: str | None) -> dict[str, object]:
    return {
        "id": letter.id,
        "letter": letter.letter,
        "to": _unless_sealed(letter.recipient),
        "reply_to": letter.reply_to,
        "subject": letter.subject,
        "radicado": radicado,
        "state": letter.state,
        "attempts": letter.attempts,
        "message_id": letter.message_id,
        "last_error": _unless_sealed(letter.last_error),
        "response": _unless_sealed(letter.response),
    }


def _unless_sealed(told: str) -> str:
    """What a terminal may show: not the address of who asked for reserve, nor what servers say of it."""
    return "(reservado)" if isinstance(told, Sealed) and told else told


def _line(row: dict[str, object]) -> str:
    return f"{row['id']:>6}  {row['state']:8}  {row['letter']:16}  {row['radicado'] or '':14}  {row['to']}"


def _dry_run(raw: bytes) -> dict[str, object]:
    from pqr.db import transaction
    from pqr.intake.describing import preview

    with transaction() as session:
        answer = preview(session, raw, _office(session), clock.now())
        session.rollback()
    return answer


def _receive(raw: bytes) -> dict[str, object]:
    from pqr import mailroom
    from pqr.db import reading
    from pqr.intake.describing import described
    from pqr.mail.inbox import InboxMail, Received

    mail_id, fresh = mailroom.store(Received(raw=raw, source="cli"))
    if fresh:
        mailroom.process_one(mail_id)
    with reading() as session:
        return described(session, session.get_one(InboxMail, mail_id), fresh)


def _office(session: Any) -> Any:
    from pqr.door import office

    return office(session)

"""How many mails a second are filed, from the ledger of what came in to a ticket with its letters?

Run as `python -m tests.bench.bench_mail [--mails N] [--database URL] [--processes P]`. The mails are those of a
municipality's day: seven in ten plain, one in ten HTML alone, two in ten with a PDF of 100 kB, all from different
people. Every process does what the worker does. CPU counts the processes and their children.
"""

import argparse
import multiprocessing
import os
import random
import tempfile
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from pathlib import Path

from sqlalchemy import func, select

from pqr import mailroom
from pqr.app import create_app
from pqr.config import Settings
from pqr.db import reading
from pqr.intake import bounded
from pqr.mail.inbox import InboxMail, Received
from pqr.mail.message import parse
from pqr.tickets.models import Ticket
from tests.installation import make_settings, prepare

WORDS = (
    *("agua", "acueducto", "vereda", "puente", "vía", "escuela", "salud", "alumbrado", "subsidio", "predial", "lote"),
    *("quebrada", "derrumbe", "médico", "cancha", "basura", "poste", "cosecha", "ganado", "permiso", "certificado"),
    *("cobro", "visita", "técnico", "solicito", "respetuosamente", "vecinos", "recibo"),
)


def one(number: int) -> bytes:
    """The bytes of a petition by mail; the same for the same number."""
    chance = random.Random(number)  # noqa: S311 - to be repeated, not to be secret
    text = "\n".join(" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(8))
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Persona {number} <persona{number}@correo.example>", "pqr@puerres.example"
    mail["Subject"] = " ".join(chance.choices(WORDS, k=5)).capitalize()
    mail["Message-ID"] = f"<{number}@correo.example>"
    if number % 10 == 1:
        mail.set_content(f"<html><body><p>{text.replace('.', '.</p><p>')}</p></body></html>", subtype="html")
    else:
        mail.set_content(text, cte=("quoted-printable", "base64", "8bit")[number % 3])
    if number % 10 in (2, 3):
        mail.add_attachment(b"%PDF-1.7\n" + chance.randbytes(100_000), maintype="application", subtype="pdf")
    return mail.as_bytes(policy=SMTP.clone(cte_type="8bit"))


def work(settings: Settings, told: "multiprocessing.SimpleQueue[tuple[float, float, float]]") -> None:
    """What a worker does until nothing is left; tells when it began and ended, and its CPU, in seconds."""
    with create_app(settings).app_context():
        began, cpu = time.perf_counter(), sum(os.times()[:4])
        mailroom.process_waiting()
        ended = time.perf_counter()
        bounded.end_readers()  # their time is counted when they end
        told.put((began, ended, sum(os.times()[:4]) - cpu))


def measure(settings: Settings, mails: int, processes: int = 1) -> tuple[float, float]:
    """Stores and files; mails a second, and milliseconds of CPU for each."""
    prepare(settings)
    with create_app(settings).app_context():
        for number in range(mails):
            mailroom.store(Received(one(number), "", ("pqr@puerres.example",), "smtp"))
    spawn = multiprocessing.get_context("spawn")
    told = spawn.SimpleQueue()
    workers = [spawn.Process(target=work, args=(settings, told)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    times = [told.get() for _ in workers]
    for worker in workers:
        worker.join()
    wall = max(ended for _, ended, _ in times) - min(began for began, _, _ in times)
    cpu = sum(used for _, _, used in times)
    with create_app(settings).app_context(), reading() as session:
        filed = session.scalar(select(func.count(Ticket.id))) or 0
        settled = session.scalar(select(func.count(InboxMail.id)).where(InboxMail.verdict != ""))
    print(f"{filed} filed of {settled} settled: {filed / wall:.0f} a second, {1000 * cpu / filed:.1f} ms of CPU each")
    return filed / wall, 1000 * cpu / filed


def standard_library(raw: bytes) -> tuple[object, ...]:
    """What the standard library alone reads of a mail: its addresses, its subject, its words and its files."""
    mail = BytesParser(policy=default).parsebytes(raw)
    body = mail.get_body(("plain", "html"))
    people = [address.addr_spec for name in ("from", "to") if mail[name] for address in mail[name].addresses]
    files = [part.get_payload(decode=True) for part in mail.iter_attachments()]
    return people, str(mail["subject"]), mail["message-id"], body.get_content() if body else "", files


def measure_reading(rounds: int = 5) -> None:
    """Prints what reading alone takes, ours and the standard library's, in turn, the best of the rounds."""
    mails = [one(number) for number in range(100)]
    best = {}
    for _ in range(rounds):
        for read in (parse, standard_library):
            began = time.process_time()
            for raw in mails:
                read(raw)
            taken = 1000 * (time.process_time() - began) / len(mails)
            best[read] = min(taken, best.get(read, taken))
    ours, theirs = best[parse], best[standard_library]
    print(f"reading alone: {ours:.2f} ms of CPU, the standard library {theirs:.2f} ms, ratio {ours / theirs:.2f}")


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--database", default="")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    measure_reading()
    with tempfile.TemporaryDirectory() as directory:
        measure(make_settings(Path(directory), given.database), given.mails, given.processes)


if __name__ == "__main__":
    main()

"""Does the daily verification find each thing that somebody took away or changed?"""

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, func, select, text, update

from pqr.mail import inbox
from pqr.mail.inbox import InboxMail, Received
from pqr.tickets import files
from pqr.tickets.anchoring import Anchor, anchor
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.counter import Counter
from pqr.tickets.events import GENESIS, Event, history, seal
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Answer, Attachment, Message, Ticket
from pqr.upkeep import verify
from tests.builders import NOW, assigned, filed, office_of, raw_mail


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def archive(session, here):
    """Two petitions, one with a file, a follow-up and an answer; and a stored mail."""
    ticket = assigned(session, here, files=(files.keep(b"una foto", "foto.txt", "text/plain", here),))
    add_message(session, FollowUp(ticket, "Sigue igual", "citizen"), here, NOW)
    record_answer(session, Reply(ticket, "Ya se reparó.", "secretaria:planeacion"), here, NOW)
    filed(session, here)
    inbox.store(session, Received(raw_mail(subject="Agua", text="Hola"), envelope_to=("A@x.test", "b@x.test")), NOW)
    session.flush()
    anchor(session, here, NOW + timedelta(days=1))
    session.commit()
    return ticket


def path_of(sha256, here):
    return f"{urlsplit(here.files_url).path}/{sha256[:2]}/{sha256}"


def without_guard(session):
    """What somebody with all rights over the database could do."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    drop = "DROP TRIGGER events_are_not_changed ON events" if on_postgres else "DROP TRIGGER events_are_not_updated"
    session.execute(text(drop))
    if not on_postgres:
        session.execute(text("DROP TRIGGER events_are_not_deleted"))


def test_an_archive_that_nobody_touched_is_whole(session, here, archive):
    assert list(verify(session, here)) == []


def lose_a_number(session, ticket, here):
    session.execute(update(Ticket).where(Ticket.radicado == "2026-E-000002").values(radicado="2026-E-000009"))


def lose_an_exit_number(session, ticket, here):
    session.execute(update(Counter).where(Counter.series == "S").values(last=2))


def change_the_petition(session, ticket, here):
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(body="No pido nada"))


def change_the_answer(session, ticket, here):
    session.execute(update(Answer).values(text="Se niega."))


def change_the_follow_up(session, ticket, here):
    session.execute(update(Message).values(text="Ya llegó"))


def lose_a_file(session, ticket, here):
    Path(path_of(ticket.attachments[0].sha256, here)).unlink()


def change_a_file(session, ticket, here):
    Path(path_of(ticket.attachments[0].sha256, here)).write_bytes(b"otra foto")


def lose_the_paper_of_the_answer(session, ticket, here):
    Path(path_of(ticket.answers[0].pdf_sha256, here)).unlink()


def change_a_mail(session, ticket, here):
    session.execute(update(InboxMail).values(raw=b"otro mensaje"))


def change_who_a_mail_was_for(session, ticket, here):
    session.execute(update(InboxMail).values(envelope_to="otro@x.test"))


def change_an_event(session, ticket, here):
    without_guard(session)
    session.execute(update(Event).where(Event.ticket_id == ticket.id, Event.seq == 2).values(actor="user:9"))


def lose_an_event(session, ticket, here):
    without_guard(session)
    session.execute(delete(Event).where(Event.ticket_id == ticket.id, Event.seq == 2))


def lose_all_events(session, ticket, here):
    without_guard(session)
    session.execute(delete(Event).where(Event.ticket_id == ticket.id))


def lose_the_last_event(session, ticket, here):
    without_guard(session)
    last = session.scalar(select(func.max(Event.seq)).where(Event.ticket_id == ticket.id))
    session.execute(delete(Event).where(Event.ticket_id == ticket.id, Event.seq == last))


def rewrite_a_chain(session, ticket, here):
    """Whole and well, by somebody who has read this code."""
    without_guard(session)
    before = GENESIS
    for each in history(session, ticket.id):
        each.actor, each.prev_hash = "user:9", before
        each.hash = before = seal(each)
    session.flush()


def add_to_the_past(session, ticket, here):
    without_guard(session)
    session.execute(update(Event).where(Event.id == 1).values(id=-1))


def change_a_seal(session, ticket, here):
    on_postgres = session.get_bind().dialect.name == "postgresql"
    table = " ON anchors" if on_postgres else ""
    session.execute(text(f"DROP TRIGGER anchors_are_not_{'changed' if on_postgres else 'updated'}{table}"))
    session.execute(update(Anchor).values(digest="0" * 64))


HARMS = [
    (lose_a_number, "2026-E-000002: falta"),
    (lose_a_number, "2026-E-000009: sobra"),
    (lose_an_exit_number, "2026-S-000002: falta"),
    (change_the_petition, "2026-E-000001: el texto"),
    (change_the_answer, "2026-E-000001: la respuesta 1"),
    (change_the_follow_up, "2026-E-000001: el mensaje 1"),
    (lose_a_file, "2026-E-000001: falta o cambió"),
    (change_a_file, "2026-E-000001: falta o cambió"),
    (lose_the_paper_of_the_answer, "2026-S-000001: falta o cambió"),
    (change_a_mail, "mensaje 1: los bytes"),
    (change_who_a_mail_was_for, "mensaje 1: los bytes"),
    (change_an_event, "el evento 2 (assigned)"),
    (lose_an_event, "el evento 3"),
    (lose_all_events, "2026-E-000001: no tiene eventos"),
    (lose_the_last_event, "sello del miércoles 4 de marzo de 2026"),
    (rewrite_a_chain, "sello del miércoles 4 de marzo de 2026"),
    (add_to_the_past, "sello del miércoles 4 de marzo de 2026"),
    (change_a_seal, "sello del miércoles 4 de marzo de 2026"),
]


def test_whatever_was_taken_away_or_changed_is_named(session, here, archive):
    store = Path(urlsplit(here.files_url).path)
    for harm, found in HARMS:
        kept = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
        with session.begin_nested() as harmed:
            harm(session, archive, here)
            findings = list(verify(session, here))
            harmed.rollback()
        for path, content in kept.items():
            path.write_bytes(content)
        assert [finding for finding in findings if found in finding], (harm.__name__, findings)
        session.expire_all()
    assert list(verify(session, here)) == []


def test_a_file_of_many_petitions_is_kept_once(session, here, archive):
    kept = files.keep(b"una foto", "copia.jpg", "image/jpeg", here)
    assert kept.sha256 == hashlib.sha256(b"una foto").hexdigest() == archive.attachments[0].sha256
    session.add(Attachment(ticket_id=archive.id, added_at=NOW, **kept.as_row()))
    session.flush()
    assert list(verify(session, here)) == []

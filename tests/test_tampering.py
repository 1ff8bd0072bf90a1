"""Can somebody with all rights over the database change a row unseen?  Every table is caught, or says why not.

The tables are those of the models: a new one stands in neither list, and fails here.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)

from pqr.accounts.changes import SEEN, Witness, witnessed
from pqr.db import Model
from pqr.reports.actions import ACTIONS
from pqr.reports.models import Report
from pqr.secretarias.directory import by_code
from pqr.tickets.anchoring import anchor
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.contributing import Asking, Gift, ask_office, contribute
from pqr.tickets.events import digest_of_text
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.ledgers import LEDGERS
from pqr.tickets.models import Petitioner, Ticket
from pqr.upkeep import verify
from tests.builders import NOW, assigned, at, filed, office_of
from tests.reports.test_reports_approving import ask, prepared, signed
from tests.tickets.test_tickets_verify import HARMS

DAY = timedelta(days=1)
WITNESSED = set(SEEN) - set(LEDGERS)
OTHERWISE = {"tickets", "petitioners", "answers", "events", "anchors", "counters", "official_reports"}
NOT_CAUGHT = {
    "api_filings": "which program filed what; the petition itself is in its chain",
    "backups": "each copy proves itself: its digest is inside and beside it",
    "dead_addresses": "made of bounces, forgotten when mail comes from there; the letters are sealed",
    "digests": "that a summary left: the letter itself is sealed",
    "drafts": "what an official has not sent yet",
    "reads": "who looked at whose data, forgotten after some years; what was done is in the chains",
    "reminders": "that a step was told: each is an event, too",
    "duties": "made and met by acts, each an event; a lost one shows as the act that is not in the chain",
    "exports": "lists that were asked for, for seven days",
    "handover_receipts": "who said that he has it; the document and its digest are sealed",
    "kept_counts": "counted anew from the petitions",
    "kept_until": "how far that was counted",
    "knocks": "wrong passwords of the last days",
    "leases": "who keeps the schedule just now",
    "settings_version": "a random word; what it is the version of is caught by itself",
    "checkups": "what was looked at last",
    "alarms": "what is not well just now, and since when",
    "lessons": "learnt anew every night",
    "open_data_months": "the files of the month are sealed, and their bytes compared",
    "procedure_readings": "how often a page was read",
    "retired_keys": "sealed by the key that came after; another value opens nothing",
    "same_person": "compares entries of the register, can be taken back, and changes no petition",
    "site_opinions": "an anonymous thumb up or down",
    "staff_sessions": "who is logged in now",
    "surveyed": "that somebody was asked for an opinion: the letter itself is sealed",
    "ticket_words": "the index of the search, made anew from the texts",
    "mailboxes": "which mailbox is read; what came from it is sealed",
    "mailbox_positions": "which of its messages are stored; the messages themselves are sealed",
    "viewings": "who looks at a case just now",
    "webhook_deliveries": "told to programs; what they are told of is in the chains",
    "webhook_marks": "how far they were told",
}


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def archive(session, here):
    """A row in every table that must be caught, by acts or made up, under the seals of four days."""
    ticket = assigned(session, here)
    add_message(session, FollowUp(ticket, "Sigue igual", "citizen"), here, NOW)
    asking = Asking(ticket, by_code(session, "salud"), "¿Hay?", date(2026, 3, 10), None, "user:1")
    contribute(session, Gift(ask_office(session, asking, here, NOW), "Sí hay.", "user:1"), here, NOW)
    record_answer(session, Reply(ticket, "Ya se reparó.", "secretaria:planeacion"), here, NOW)
    assigned(session, here, subject="Otra", body="Es otra")
    ask(session, here)
    signed(session, here, prepared(session, here))
    for name in sorted({*WITNESSED, *LEDGERS}):
        fill(session, Model.metadata.tables[name])
    for name in sorted(WITNESSED):
        row = first_of(session, name)
        with witnessed(session, row, Witness("user:1", NOW)):
            column, value = other(Model.metadata.tables[name], SEEN[name])
            setattr(row, column, value)
    for day in range(4):
        filed(session, here, now=NOW + day * DAY)
        session.flush()
        anchor(session, here, NOW + (day + 1) * DAY)
    session.commit()
    return ticket


def first_of(session, name):
    """The first row of this table."""
    model = next(mapper.class_ for mapper in Model.registry.mappers if mapper.class_.__tablename__ == name)
    return session.scalars(select(model).order_by(*model.__table__.primary_key).limit(1)).one()


def fill(session, table):
    """A row of it where there is none, whatever it means, after those that it must name."""
    if session.execute(select(table).limit(1)).first() is not None:
        return
    row = {each.name: value_for(each, 1) for each in table.columns if not each.nullable or each.name == "id"}
    row |= {"code": next(iter(ACTIONS))} if table.name == "plan_goals" else {}
    for named in table.foreign_keys:
        if named.parent.name in row:
            fill(session, named.column.table)
            row[named.parent.name] = session.scalar(select(named.column).limit(1))
    session.execute(insert(table).values(row))


def value_for(column, number):
    kinds = ((Boolean, number == 1), (Integer, number), (DateTime, NOW + number * DAY), (Date, date(2026, 3, number)))
    kind = getattr(column.type, "impl", column.type)
    for each, value in (*kinds, (LargeBinary, b"x" * number), (String, str(number) * number)):
        if isinstance(kind, each):
            return value
    return [str(number)]


def other(table, names):
    """A column of these that belongs to no other table, with a value that it does not have."""
    plain = [table.c[name] for name in names if name in table.c and not table.c[name].foreign_keys]
    column = next((each for each in plain if each.name not in ("radicado", "month")), plain[0])
    return column.name, value_for(column, 3)


def test_every_table_is_caught_or_says_why_it_need_not_be(session):
    there = {name for name in inspect(session.get_bind()).get_table_names() if "ticket_words_index" not in name}
    lists = (WITNESSED, set(LEDGERS), OTHERWISE, set(NOT_CAUGHT))
    assert set().union(*lists) == there - {"alembic_version"}
    assert sum(map(len, lists)) == len(there) - 1
    assert all(NOT_CAUGHT.values())


def unguarded(session):
    """What somebody with all rights over the database does first: neither triggers nor references stand in the way."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def found_after(session, here, *statements):
    """What is found that was not before, when somebody does this; it is undone then."""
    before = set(verify(session, here))
    with session.begin_nested() as harmed:
        unguarded(session)
        for statement in statements:
            assert session.execute(statement).rowcount == 1, str(statement)
        session.expire_all()
        findings = [finding for finding in verify(session, here) if finding not in before]
        harmed.rollback()
    session.expire_all()
    return findings


def test_a_row_of_any_ledger_that_was_changed_or_deleted_is_found(session, here, archive):
    for name, columns in LEDGERS.items():
        table = Model.metadata.tables[name]
        first = table.c.id == session.scalar(select(table.c.id).order_by(table.c.id))
        column, value = other(table, columns)
        for harm in (update(table).where(first).values({column: value}), delete(table).where(first)):
            findings = found_after(session, here, harm)
            assert [each for each in findings if f"«{name}»" in each], (str(harm), findings)


def test_a_setting_that_was_changed_past_the_pages_is_found(session, here, archive):
    for name in WITNESSED:
        table, row = Model.metadata.tables[name], first_of(session, name)
        column, value = other(table, SEEN[name])
        value = "9" if isinstance(value, str) else value_for(table.c[column], 2)
        key = next(iter(table.primary_key))
        mine = key == getattr(row, key.name)
        for harm in (update(table).where(mine).values({column: value}), delete(table).where(mine)):
            findings = found_after(session, here, harm)
            assert [each for each in findings if each.startswith("ajustes:")], (str(harm), findings)


OF_A_TICKET = {
    "radicado": ("2026-E-009999", "el radicado"),
    "kind": ("queja", "el tipo"),
    "channel": ("counter", "el medio"),
    "identity": ("anonymous", "la identidad"),
    "received_at": (at("2026-03-04 10:00"), "la hora de llegada"),
    "due_on": (date(2026, 12, 1), "la fecha de vencimiento"),
    "state": ("filed", "el estado"),
    "secretaria_id": (None, "la dependencia"),
    "petitioner_id": (None, "los datos de la persona"),
    "subject": ("Nada", "el asunto"),
    "body": ("Nada", "el texto"),
}


def test_a_petition_that_was_changed_past_the_acts_is_found_by_what_was_changed(session, here, archive):
    number = archive.radicado
    for column, (value, words) in OF_A_TICKET.items():
        findings = found_after(session, here, update(Ticket).where(Ticket.id == archive.id).values({column: value}))
        shown = value if column == "radicado" else number
        assert [each for each in findings if each.startswith(f"{shown}: {words}")], (column, findings)
    gone = found_after(session, here, delete(Ticket).where(Ticket.id == archive.id))
    assert f"petición {archive.id}: falta; quedan sus eventos." in gone


def test_two_petitions_that_change_places_are_found(session, here, archive):
    one, other = session.scalars(select(Ticket.radicado).order_by(Ticket.id).limit(2))
    swapped = [(one, "x"), (other, one), ("x", other)]
    harms = [update(Ticket).where(Ticket.radicado == before).values(radicado=after) for before, after in swapped]
    findings = found_after(session, here, *harms)
    assert [each for each in findings if each.startswith((f"{one}: el radicado", f"{other}: el radicado"))]


def test_a_person_and_an_address_that_were_changed_past_the_acts_are_found(session, here, archive):
    for column in ("name", "email", "document_number", "phone"):
        harm = update(Petitioner).where(Petitioner.id == archive.petitioner_id).values({column: "otra@correo.example"})
        (finding,) = found_after(session, here, harm)
        assert finding.startswith(f"{archive.radicado}: los datos de la persona cambiaron")


def test_a_signed_report_is_not_changed_by_writing_its_digest_anew(session, here, archive):
    report = session.scalars(select(Report).where(Report.approved_at.is_not(None))).one()
    forged = {"content": report.content.replace("1", "2"), "sha256": digest_of_text(report.content.replace("1", "2"))}
    (finding,) = found_after(session, here, update(Report).where(Report.id == report.id).values(forged))
    assert finding == f"informe {report.kind} {report.period}: no es el que consta que se firmó."


def test_what_is_caught_otherwise_is_proved_elsewhere():
    """The chains, their seals, the counters and the texts: see `test_tickets_verify`; the rest is above."""
    elsewhere = " ".join(harm.__name__ for harm, _ in HARMS)
    assert all(word in elsewhere for word in ("event", "seal", "number", "answer"))

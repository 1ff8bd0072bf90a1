"""A whole office behind which the tests of security walk: one database with something behind every address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from pqr import clock
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.mail.inbox import InboxMail
from pqr.mail.outbox import Letter
from pqr.reports.models import Report
from pqr.secretarias.models import ExternalBody
from pqr.sharing.models import ApiKey, Webhook
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.issuing import Document
from pqr.tickets.letters import code_of
from pqr.tickets.models import Attachment, Ticket
from pqr.tickets.templates import AnswerTemplate
from pqr.tickets.transfers import Transfer
from tests.builders import assigned, office_of
from tests.desk.staff import employ, enter
from tests.desk.test_desk_accessibility import furnish
from tests.desk.test_desk_gate import SAMPLES

NOWHERE = {  # of the right form, and of nobody
    "radicado": "2026-E-999999",
    "exit_number": "2026-S-999999",
    "code": "NOEXISTE00",
    "name": "no-existe",
    "token": "no-es-ninguno",
    "slug": "no-existe",
    "digest": "0" * 64,
    "filename": "no-existe.css",
    "period": "1999-T1",
}


@dataclass
class House:
    """`samples`: of every variable of an address, something that exists. `of_endpoint`: where it is another thing."""

    app: Flask
    session: Session
    samples: dict[str, object] = field(default_factory=dict)
    of_endpoint: dict[str, dict[str, object]] = field(default_factory=dict)

    def path(self, endpoint: str, arguments: set[str], samples: dict[str, object] | None = None) -> str:
        """An address of the endpoint. Raises KeyError for a variable that nobody gave a sample of."""
        given = (self.samples if samples is None else samples) | self.of_endpoint.get(endpoint, {})
        if endpoint.startswith("api."):
            given = given | {"form": "json"}
        return self.app.url_map.bind("localhost").build(endpoint, {name: given[name] for name in arguments})

    def routes(self) -> Iterator[tuple[str, str, set[str]]]:
        """Endpoint, method and variables of every route."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, rule.arguments

    def visitor(self, role: Role | None = None, office: str | None = None):
        """A browser, in which an official is logged in if a role is given."""
        client = self.app.test_client()
        if role is not None:
            enter(client, self.official(role, office))
        return client

    def official(self, role: Role, office: str | None = None) -> User:
        """The account of that role, made at its first use."""
        email = f"{office or 'paseo'}.{role}@paseo.example"
        user = self.session.scalar(select(User).where(User.email == email))
        return user or employ(self.session, role, office, email)


def furnished(app: Flask, session: Session, settings) -> House:
    """Everything that the pages can show, committed."""
    furnish(session, settings)
    office = office_of(session, settings)
    ticket = session.scalars(select(Ticket).join(Attachment).where(Ticket.secretaria_id.is_not(None))).first()
    other = assigned(session, office, "salud", now=clock.now())
    session.flush()
    answered = session.scalars(select(Document).order_by(Document.id)).first()
    samples = {
        **SAMPLES,
        "radicado": ticket.radicado,
        "file_id": ticket.attachments[0].id,
        "exit_number": answered.radicado,
        "number": 1,
        "position": 0,
        "fate": "radicar",
        "form": "pdf",
        "kind": "answer",
        "path": "mas-plazo",
        "report_kind": "trimestral",
        "period": session.scalars(select(Report.period)).first(),
        "code": "planeacion",
        "name": "privacy",
        "token": "no-es-ninguno",
        "slug": "no-existe",
        "digest": "0" * 64,
        "filename": "pqr.css",
        "session_id": 999_999,
        "user_id": session.scalars(select(User.id).where(User.email == "colega@puerres.example")).one(),
    }
    firsts = {"mail_id": InboxMail, "letter_id": Letter, "body_id": ExternalBody, "transfer_id": Transfer}
    firsts |= {"key_id": ApiKey, "webhook_id": Webhook, "group_id": PetitionGroup, "template_id": AnswerTemplate}
    for name, model in firsts.items():
        samples[name] = session.scalars(select(model.id).order_by(model.id)).first() or 1
    samples |= {"topic_id": 16, "series_id": 1, "closure_id": 1}
    house = House(app, session, samples)
    house.of_endpoint["desk.plan_action"] = house.of_endpoint["desk.add_reading"] = {"code": "schools"}
    house.of_endpoint["desk.edit_goal"] = {"code": "schools"}
    house.of_endpoint["elsewhere"] = {"radicado": other.radicado, "code": code_of(other, office)}
    session.commit()
    return house


@contextmanager
def writes_of(session: Session) -> Iterator[list[str]]:
    """The tables that are written meanwhile, in the order of the statements."""
    engine, found = session.get_bind(), []

    def note(connection, cursor, statement, parameters, context, executemany):
        words = statement.split(maxsplit=3)
        if words[0] in ("INSERT", "DELETE"):
            found.append(words[2])
        elif words[0] == "UPDATE":
            found.append(words[1])

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)

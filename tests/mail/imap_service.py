"""What do the tests of the mailbox ask the service?  Its rows and its tickets."""

from datetime import UTC, datetime

from sqlalchemy import select

from pqr import mailroom
from pqr.db import reading
from pqr.mail.inbox import InboxMail
from pqr.tickets.models import Ticket
from tests.sink import petition

LONG_AGO = datetime(2020, 5, 1, tzinfo=UTC)
YESTERYEAR = "2021-01-01"


def mail(number):
    return petition("ana@correo.example", f"Petición {number}", f"El hueco número {number} sigue ahí.")


def rows():
    with reading() as session:
        return session.scalars(select(InboxMail).order_by(InboxMail.id)).all()


def subjects():
    mailroom.process_waiting()
    with reading() as session:
        return sorted(session.scalars(select(Ticket.subject)))

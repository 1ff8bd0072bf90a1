"""What is the least that a service of Flask and SQLAlchemy can do for a petition?  The limit that ours is measured by.

A form, a POST that inserts a ticket, an event and a letter in one transaction, and a page with the number. Nothing is
checked, nothing computed. LIMIT_URL is its database; `python -m tests.bench.limit` makes the tables.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from flask import Flask, redirect, render_template_string, request
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from pqr.db import WRITES, make_engine


class Base(DeclarativeBase):
    """Its own tables."""


class Ticket(Base):
    """A petition."""

    __tablename__ = "tickets"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    email: Mapped[str]
    received_at: Mapped[datetime]
    due_on: Mapped[date]


class Event(Base):
    """What happened to it."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]


class Letter(Base):
    """What must leave."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    recipient: Mapped[str]


FORM = """<!doctype html><html lang="es"><title>Radicar</title><form method="post" action="/radicar">
{% for name in ("subject", "description", "email") %}<label>{{ name }} <input name="{{ name }}"></label>{% endfor %}
<button>Enviar</button></form></html>"""
RECEIPT = """<!doctype html><html lang="es"><title>Radicado</title>
<p>Su número es <b>{{ ticket.id }}</b>; se responde antes del {{ ticket.due_on }}.</p>
<p>{{ ticket.subject }}</p><pre>{{ ticket.body }}</pre></html>"""
engine = make_engine(os.environ["LIMIT_URL"])
app = Flask(__name__)


@contextmanager
def transaction() -> Iterator[Session]:
    """As the service's own: the lock at once."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()


@app.get("/radicar")
def form() -> str:
    """The empty form."""
    return render_template_string(FORM)


@app.post("/radicar")
def file() -> Response:
    """Three rows, one transaction."""
    given, now = request.form, datetime.now(UTC)
    ticket = Ticket(
        subject=given["subject"], body=given["description"], email=given["email"], received_at=now, due_on=now.date()
    )
    with transaction() as session:
        session.add(ticket)
        session.flush()  # the others need its id
        session.add_all([Event(ticket_id=ticket.id, kind="filed"), Letter(ticket_id=ticket.id, recipient=ticket.email)])
    return redirect(f"/radicado/{ticket.id}", 303)


@app.get("/radicado/<int:number>")
def show(number: int) -> str:
    """The receipt."""
    with Session(engine) as session:
        return render_template_string(RECEIPT, ticket=session.scalars(select(Ticket).where(Ticket.id == number)).one())


if __name__ == "__main__":
    Base.metadata.create_all(engine)

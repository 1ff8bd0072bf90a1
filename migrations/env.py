"""How does Alembic reach the tables?  Through the application that Flask-Migrate hands over."""

import importlib
from typing import Any

from alembic import context
from flask import current_app

from pqr.db import Model
from pqr.upgrade import is_compared

TABLES = (
    "pqr.secretarias.models", "pqr.closures.models", "pqr.accounts.models", "pqr.tickets.models",
    "pqr.tickets.counter", "pqr.tickets.events", "pqr.tickets.search", "pqr.tickets.suspensions",
    "pqr.tickets.duties", "pqr.tickets.groups", "pqr.tickets.surveying", "pqr.tickets.transfers",
    "pqr.mail.inbox", "pqr.mail.mailbox", "pqr.mail.outbox", "pqr.reminders.models", "pqr.publishing.models",
    "pqr.sharing.models",
    "pqr.publishing.procedures", "pqr.publishing.news", "pqr.publishing.updates",
    "pqr.publishing.opinions", "pqr.reports.keeping",
    "pqr.publishing.opinions", "pqr.reports.handing_over", "pqr.reports.readings",
    "pqr.leases",
)  # fmt: skip


def run() -> None:
    """Runs the migrations in one transaction: a failed one leaves the database as it was."""
    for module in TABLES:
        importlib.import_module(module)
    migrate: Any = current_app.extensions["migrate"]
    with migrate.db.engine.connect().execution_options(pqr_writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            compare_type=True,
            include_name=is_compared,
            render_as_batch=False,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()

"""Which service reads the mailbox in these tests?  The real one over a real Dovecot; imported by those that need it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.mailbox import Server, mail_directory, server

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def mails() -> Iterator[Path]:
    """Where the mail server keeps its mails."""
    with mail_directory() as directory:
        yield directory


@pytest.fixture
def dovecot(mails: Path) -> Iterator[Server]:
    """The mail server."""
    with server(mails) as running:
        yield running


@pytest.fixture
def enter(database_url: str, tmp_path: Path) -> "Iterator[Callable[..., Flask]]":
    """Opens the service over a mailbox, in its context."""
    from pqr.app import create_app
    from pqr.db import db
    from tests.installation import make_settings

    contexts = []

    def enter_with(url: str, **more: str) -> "Flask":
        app = create_app(make_settings(tmp_path, database_url, PQR_IMAP_URL=url, **more))
        contexts.append(app.app_context())
        contexts[-1].push()
        return app

    yield enter_with
    for context in reversed(contexts):
        db.session.remove()
        db.engine.dispose()
        context.pop()

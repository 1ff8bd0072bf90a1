"""Whose address is counted?  That of the last proxy's visitor, whatever the visitor says of itself."""

import pytest

from pqr.app import create_app
from pqr.db import db
from tests.installation import make_settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_visitor_cannot_choose_the_address_that_is_counted(settings, tmp_path):
    app = create_app(make_settings(tmp_path, settings.database_url, PQR_RATE_LIMITS="on"))
    path = "/radicado/2026-E-000001?code=AAAAAAAAAA"

    def ask(number, seen_by_the_proxy):
        given = {"X-Forwarded-For": f"203.0.113.{number}, {seen_by_the_proxy}", "X-Real-IP": f"203.0.113.{number}"}
        return app.test_client().get(path, headers=given).status_code

    assert [ask(number, "198.51.100.7") for number in range(31)] == [422] * 30 + [429]
    assert ask(1, "198.51.100.8") == 422, "another visitor is another"
    with app.app_context():
        db.engine.dispose()

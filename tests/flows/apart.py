"""A browser that shares nothing with the test that opens it."""

from contextvars import Context

from flask.testing import FlaskClient


class Apart(FlaskClient):
    """A browser in a context of its own: the test's would lend it who was logged in before."""

    def open(self, *given, **more):
        return Context().run(super().open, *given, **more)

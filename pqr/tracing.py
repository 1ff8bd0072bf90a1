"""Which request is this, and how long did it take?  Its id follows into the log, the error page and the letters."""

from ipaddress import ip_address
from time import perf_counter

from flask import Flask, Response, g, request

from pqr import cause, metrics
from pqr.door import settings


def trace(app: Flask) -> None:
    """Names every request of this application, and counts its time by the name of the page."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_count)
    app.teardown_request(_end)


def _begin() -> None:
    g.began = perf_counter()
    cause.begin(cause.given(request.headers.get("X-Request-Id", "")) if _by_our_proxy() else cause.new())


def _by_our_proxy() -> bool:
    """In production all comes by a proxy of this machine or its own network; else anybody could choose the id."""
    return not settings().demo and (not peer() or ip_address(peer()).is_private)


def peer() -> str:
    """The address that the connection itself comes from, whatever its headers say; "" for a socket of this machine."""
    before = request.environ.get("werkzeug.proxy_fix.orig", {})
    return str(before.get("REMOTE_ADDR") or "")


def _count(response: Response) -> Response:
    metrics.request(request.endpoint or "none", response.status_code, perf_counter() - g.get("began", perf_counter()))
    return response


def _end(_error: BaseException | None) -> None:
    cause.begin("")

"""How do pages travel?  Small, and no more often than they must: a vereda files over 2G.

Compressing what holds both a secret and words that a stranger chose tells the stranger the secret, by its length
(BREACH, CVE-2013-3587). So only the citizens' pages are compressed, and of those none that a link with a query asks
for: what a link can carry is all that a stranger can make a visitor's browser send together with its cookie, which is
SameSite=Lax. The staff's pages, full of what strangers wrote, travel as they are.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

SMALLEST = 500  # bytes: below that a compressed answer is no shorter
LEVEL = 6
FOR_EVER = "public, max-age=31536000, immutable"
TEXTS = ("text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json")
COMPRESSED = ("portal", "reporting")  # blueprints


class _CookieOfPages(SecureCookieSessionInterface):
    """A static file is the same for all: if it varied with the cookie, the receipt would fetch every one anew."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does, but for static files and what a door marks with `g.same_for_all`."""
        if request.endpoint != "static" and not g.get("same_for_all"):
            super().save_session(app, session, response)


def travel_light(app: Flask) -> None:
    """Compresses what may be, and lets browsers keep the static files: each version has an address of its own."""
    app.session_interface = _CookieOfPages()
    app.url_defaults(_name_version)
    app.after_request(_keep)
    app.after_request(_compress)


def _name_version(endpoint: str, values: dict[str, str]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _version(Path(str(current_app.static_folder)) / values["filename"])


@lru_cache(maxsize=32)
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _keep(response: Response) -> Response:
    if request.endpoint == "static":  # Flask has already said something of them
        response.headers["Cache-Control"] = FOR_EVER if "v" in request.args else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-cache" if g.get("public") else "no-store")
    return response


def _compress(response: Response) -> Response:
    if not _may_be_compressed(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    response.direct_passthrough = False  # a static file comes as an open one
    content = response.get_data()
    if len(content) >= SMALLEST:
        response.set_data(_packed(content) if request.endpoint == "static" else gzip.compress(content, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        if "ETag" in response.headers:
            response.set_etag(response.get_etag()[0] or "", weak=True)
    return response


def _may_be_compressed(response: Response) -> bool:
    if request.blueprint == "api":  # what anybody's page may read holds no secret
        return response.headers.get("Access-Control-Allow-Origin") == "*"
    if response.mimetype not in TEXTS or response.status_code in (204, 206, 304):
        return False
    if request.endpoint == "static":
        return True
    return request.blueprint in COMPRESSED and (request.method == "POST" or not request.query_string)


@lru_cache(maxsize=16)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)

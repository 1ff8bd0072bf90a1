"""How is the web service put together?  Extensions, doors, error pages, security headers."""

from datetime import timedelta

import structlog
from flask import Flask, Response, current_app, render_template, request
from flask_mail import Mail
from flask_wtf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from pqr import cause, config, health, logs, metrics, sealing, tracing
from pqr.api import api
from pqr.api.formats import speaks
from pqr.api.reading import refusal
from pqr.config import ROOT, TEMPLATES, Settings
from pqr.db import db, engine_options
from pqr.desk import desk, sessions
from pqr.door import limiter, recall_if_due, settings
from pqr.entity.naming import known_as
from pqr.errors import PqrError
from pqr.mail.letters import instant
from pqr.mail.transport.send import mail_settings
from pqr.portal import demo, portal
from pqr.portal.uploads import weight
from pqr.reporting import replica, reporting
from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.spanish import counted, long_date
from pqr.tickets.events import digest_of_text
from pqr.upgrade import Migrations
from pqr.wire import travel_light

MAX_UPLOAD = 30 * 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # verification codes travel in the links of letters
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONLY_BY_HTTPS = f"max-age={2 * 365 * 24 * 3600}; includeSubDomains"


class RowNumber(IntegerConverter):
    """A number in an address; what no row can have is an address that does not exist, and no error of the database."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


class Word(UnicodeConverter):
    """A text in an address, without what no database keeps."""

    def __init__(self, map: Map) -> None:
        super().__init__(map)
        self.regex = r"[^/\0]+"


csrf = CSRFProtect()
log = structlog.get_logger(__name__)


def create_app(given: Settings | None = None) -> Flask:
    """The application. Raises ConfigError for a broken setting before anything listens."""
    settings = given or config.load(config.environment())
    logs.configure(settings.log)
    metrics.use(settings.data_dir)
    app = Flask("pqr", root_path=str(ROOT / "pqr"), template_folder=str(TEMPLATES), static_folder="static")
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["pqr_settings"] = settings
    sealing.use(settings.secret_keys)
    app.config.from_mapping(mail_settings(settings.smtp_url))
    behind = 0 if settings.demo else 1  # in production a proxy ends TLS and names the visitor
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind)  # type: ignore[method-assign]
    app.url_map.converters |= {"int": RowNumber, "default": Word}
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app)
    replica.use(app, settings.replica_url)
    Mail(app)
    csrf.init_app(app)
    limiter.init_app(app)
    sessions.login_manager.init_app(app)
    for blueprint in (portal, desk, reporting, api, health.health):
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo.demo)
    _prepare_templates(app, settings)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(PqrError, _explain_pqr)
    app.before_request(recall_if_due)
    app.after_request(_secure)
    travel_light(app)
    tracing.trace(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    secure = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": MAX_UPLOAD,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-pqr" if secure else "pqr",  # browsers then refuse one that another host plants
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch must still be accepted
        "WTF_CSRF_CHECK_DEFAULT": False,  # each form checks itself, so that what was typed comes back
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer, and the policy above sends none
        "RATELIMIT_ENABLED": settings.rate_limits,
        **_limits_storage(settings.redis_url),
        "RATELIMIT_SWALLOW_ERRORS": True,  # without Redis people file all the same,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,  # each process counting for itself
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def _limits_storage(redis_url: str) -> dict[str, object]:
    if not redis_url:
        return {"RATELIMIT_STORAGE_URI": "memory://"}
    uri = "redis+unix://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url
    patience = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return {"RATELIMIT_STORAGE_URI": uri, "RATELIMIT_STORAGE_OPTIONS": patience}


def _prepare_templates(app: Flask, settings: Settings) -> None:
    app.jinja_env.filters |= {"instant": instant, "long_date": long_date, "digest": digest_of_text, "weight": weight}
    app.jinja_env.globals |= {
        "demo": settings.demo,
        "mail_address": f"pqr@{settings.mail_domain}",
        "kind_label": lambda kind: TERMS[TicketKind(kind)].label,
        "counted": counted,
    }
    app.context_processor(_who_we_are)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _who_we_are() -> dict[str, object]:
    """What every page says of the entity; while the database does not answer, what the installation began with."""
    try:
        here = known_as(db.session(), settings().office(Calendar()))
    except SQLAlchemyError:
        db.session.rollback()
        here = settings().office(Calendar())
    return {"entity": here.entity, "about": here.about}


def _explain(error: HTTPException) -> Response | tuple[str, int]:
    """Every failure says what happened, that nothing is lost by trying again, and another way to file."""
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    if code >= 500:
        reason = getattr(error, "original_exception", None)
        log.error("page_failed", endpoint=request.endpoint, status=code, exc_info=reason)
    if speaks(request.path):
        return refusal(error)  # type: ignore[return-value]
    known = {400, 403, 404, 409, 413, 429, 503}
    shown = code if code in known else 404 if code < 500 else 500
    reference = cause.short(cause.current()) if code >= 500 else ""  # by which the log's lines of it are found
    return render_template("errors/error.html", code=shown, reference=reference), code


def _explain_pqr(error: PqrError) -> tuple[str, int]:
    return render_template("errors/error.html", code=409, sentence=str(error)), 409


def _secure(response: Response) -> Response:
    # A style or a script obeys the policy of the page that asks for it; its own would only weigh.
    part = request.endpoint == "static" and response.mimetype in ("text/css", "text/javascript")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", ONLY_BY_HTTPS)
    for name, value in SECURITY_HEADERS.items():
        if not part or name == "X-Content-Type-Options":
            response.headers.setdefault(name, value)
    return response

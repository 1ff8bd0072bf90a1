"""Which pages only inform?  The start, help, privacy and accessibility, and the files that machines ask for."""

import json

from flask import abort, current_app, g, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from pqr.db import db
from pqr.door import office, settings
from pqr.portal import notices, portal
from pqr.terms.choosing import CITIZEN_KINDS, KIND_HELP
from pqr.terms.kinds import TERMS, Unit
from pqr.terms.spanish import counted, long_hour
from pqr.tickets.files import read

ROBOTS = "User-agent: *\nDisallow: /radicado\nDisallow: /atencion\nDisallow: /demo\n"


@portal.get("/")
def home() -> str:
    """The start: file, look up, write, ask for help."""
    g.public = True
    return render_template("portal/home.html", terms=_terms())


@portal.get("/ayuda")
def help_page() -> str:
    """Kinds, terms, how days are counted, who may know what, and other ways to reach us."""
    g.public = True
    closes_at = settings().closing_rule.closes_at
    return render_template(
        "portal/help.html",
        terms=_terms(),
        help=KIND_HELP,
        closing_hour=long_hour(closes_at) if closes_at is not None else "",
    )


@portal.get("/privacidad")
def privacy() -> str:
    """What is done with personal data (law: Ley 1581 de 2012, arts. 12, 14, 15; D. 1377 de 2013, arts. 14-15)."""
    g.public = True
    notice = notices.shown(request.args.get("version", "")[:20])
    return render_template("portal/privacy.html", notice=notice)


@portal.get("/accesibilidad")
def accessibility() -> str:
    """How the pages can be used, and whom to tell when one cannot be."""
    g.public = True
    return render_template("portal/accessibility.html")


@portal.get("/logo/<digest>")
def logo(digest: str) -> Response:
    """The entity's logo, by its digest: another image is another address."""
    g.public = True
    here = office(db.session())
    if not digest or digest != here.about.logo:
        abort(404)
    answer = Response(read(digest, here), mimetype=here.about.logo_type)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@portal.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return current_app.send_static_file("favicon.svg")


@portal.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a telephone needs to put the service among its applications."""
    g.public = True
    icon = {"src": url_for("static", filename="favicon.svg"), "type": "image/svg+xml", "sizes": "any"}
    told = {
        "name": f"Peticiones, quejas y reclamos · {office(db.session()).entity}",
        "short_name": "Peticiones",
        "lang": "es-CO",
        "start_url": url_for("portal.home"),
        "display": "minimal-ui",
        "theme_color": "#004884",
        "background_color": "#f4f7fb",
        "icons": [icon],
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


@portal.get("/worker.js")
def worker() -> Response:
    """What opens the form without a signal. Here and not among the static files: its address says for which pages."""
    g.public = True
    return current_app.send_static_file("worker.js")


@portal.get("/robots.txt")
def robots() -> Response:
    """Search engines index what is public, never a case."""
    return Response(ROBOTS, mimetype="text/plain")


@portal.errorhandler(OperationalError)
def database_away(error: OperationalError) -> tuple[str, int]:
    """The database does not answer: it is said as such, with another way to be heard."""
    return render_template("errors/error.html", code=503), 503


def _terms() -> list[dict[str, str]]:
    return [
        {"code": kind, "label": term.label, "days": _days(term.length, term.unit), "source": term.source}
        for kind, term in ((kind, TERMS[kind]) for kind in CITIZEN_KINDS)
    ]


def _days(length: int, unit: Unit) -> str:
    if unit is Unit.MONTHS:
        return counted(length, "mes", "meses")
    return counted(length, "día hábil", "días hábiles")

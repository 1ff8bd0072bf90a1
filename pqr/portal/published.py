"""What does the alcaldía do for people, and what is new?  Procedures, counted as they are read, and news."""

from flask import abort, g, render_template, request
from sqlalchemy.exc import OperationalError

from pqr import clock
from pqr.db import db, transaction
from pqr.entity.prose import blocks
from pqr.portal import portal
from pqr.publishing.news import News, latest_news
from pqr.publishing.procedures import Procedure, by_slug, note_reading, published
from pqr.terms.receipt import in_bogota

LONGEST = 100
_ROBOTS = ("bot", "crawl", "spider", "slurp")


@portal.get("/tramites")
def procedures() -> str:
    """All of them by office, or those that `?q=` finds."""
    g.public = True
    asked = request.args.get("q", "")[:LONGEST].strip()
    return render_template("portal/procedures.html", asked=asked, procedures=published(db.session(), asked))


@portal.get("/tramites/<slug>")
def procedure(slug: str) -> str:
    """One of them."""
    g.public = True
    found = by_slug(db.session(), slug[:LONGEST]) or abort(404)
    page = render_template(
        "portal/procedure.html",
        procedure=found,
        summary=list(blocks(found.summary, {})),
        requirements=_lines(found.requirements),
        steps=_lines(found.steps),
    )
    _count(found)
    return page


@portal.get("/novedades")
def news() -> str:
    """The latest."""
    g.public = True
    return render_template("portal/news.html", news=[(each, _prose(each)) for each in latest_news(db.session())])


@portal.get("/novedades/<int:number>")
def one_news(number: int) -> str:
    """One of them."""
    g.public = True
    found = db.session.get(News, number)
    if found is None or not found.active:
        abort(404)
    return render_template("portal/news.html", news=[(found, _prose(found))], alone=True)


def _prose(news: News) -> list[object]:
    return list(blocks(news.text, {}))


def _lines(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.split("\n")) if line]


def _count(found: Procedure) -> None:
    """A person's reading; a database that is busy keeps nobody from the page."""
    robot = any(word in request.user_agent.string.lower() for word in _ROBOTS)
    if request.method != "GET" or robot:
        return
    db.session.rollback()  # the reading above must not stand in the way
    try:
        with transaction() as session:
            note_reading(session, found.id, in_bogota(clock.now()).date())
    except OperationalError:
        db.session.rollback()

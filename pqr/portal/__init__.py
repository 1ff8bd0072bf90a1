"""What does the citizen see?  The public pages: routes and forms only; what may happen is decided in the rooms."""

from flask import Blueprint

portal = Blueprint("portal", __name__)

from pqr.portal import (  # noqa: E402 - the routes need the blueprint above
    adding,
    answers,
    appealing,
    avisos,
    bringing,
    case,
    completing,
    filing,
    looking_up,
    needs,
    notified,
    pages,
    papers,
    published,
    surveying,
    verifying,
    wishing,
)

__all__ = [
    "adding",
    "answers",
    "appealing",
    "avisos",
    "bringing",
    "case",
    "completing",
    "filing",
    "looking_up",
    "needs",
    "notified",
    "pages",
    "papers",
    "portal",
    "published",
    "surveying",
    "verifying",
    "wishing",
]

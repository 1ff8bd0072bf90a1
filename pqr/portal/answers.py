"""What was answered to many at once?  The one answer to analogous petitions, for anybody (CPACA art. 22).

No page here shows who asked, nor the number of anybody's petition or letter.
"""

from flask import abort, g, render_template

from pqr.db import db
from pqr.portal import portal
from pqr.tickets.groups import PetitionGroup, published_groups


@portal.get("/respuestas")
def published_answers() -> str:
    """All of them, the newest first."""
    g.public = True
    return render_template("portal/answers.html", groups=published_groups(db.session()))


@portal.get("/respuestas/<int:number>")
def published_answer(number: int) -> str:
    """One, whole."""
    g.public = True
    group = db.session().get(PetitionGroup, number)
    if group is None or group.answered_at is None:
        abort(404)
    return render_template("portal/answer.html", group=group)

"""Which avisos are on the board now?  Anybody may read them; one that came down keeps its dates and no words."""

from flask import abort, g, render_template

from pqr.db import db
from pqr.door import office
from pqr.portal import portal
from pqr.publishing.avisos import avisos_up
from pqr.publishing.models import Aviso
from pqr.publishing.showing import shown


@portal.get("/avisos")
def avisos() -> str:
    """What is up, newest first."""
    g.public = True
    here = office(db.session())
    up = [(notice, shown(notice, here)) for notice in avisos_up(db.session())]
    return render_template("portal/avisos.html", notices=up)


@portal.get("/avisos/<int:number>")
def aviso(number: int) -> str:
    """One aviso, or the proof that it was up and until when."""
    g.public = True
    found = db.session.get(Aviso, number)
    if found is None:
        abort(404)
    return render_template("portal/aviso.html", notice=found, words=shown(found, office(db.session())))

"""What does the entity publish on its site?  Procedures, news, and the ledger of who published what and when."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.publishing_forms import NewsForm, ProcedureForm
from pqr.publishing.news import News
from pqr.publishing.opinions import site_opinions
from pqr.publishing.procedures import Procedure, readings_since, slug_of
from pqr.publishing.updates import A_MONTH, WHAT, Published, note_update, updates_of_month
from pqr.secretarias.directory import active_secretarias
from pqr.terms.receipt import in_bogota

LATELY, A_YEAR = timedelta(days=30), timedelta(days=365)
Edited = Response | tuple[str, int]


@desk.get("/atencion/publicaciones")
@needs(Right.PUBLISH)
def publications() -> str:
    """This month's updates and those of the month before."""
    session, today = db.session(), in_bogota(clock.now()).date()
    before = today.replace(day=1) - timedelta(days=1)
    months = [(month, updates_of_month(session, month)) for month in (today, before)]
    people = {f"user:{number}": email for number, email in session.execute(select(User.id, User.email))}
    return render_template(
        "desk/publications.html",
        months=months,
        goal=A_MONTH,
        what=WHAT,
        people=people,
        opinions=site_opinions(session, today - A_YEAR),
    )


@desk.route("/atencion/tramites", methods=["GET", "POST"])
@needs(Right.PUBLISH)
def procedures() -> Edited:
    """All of them, and the form for another."""
    return _edit_procedure(None)


@desk.route("/atencion/tramites/<int:number>", methods=["GET", "POST"])
@needs(Right.PUBLISH)
def edit_procedure(number: int) -> Edited:
    """One of them."""
    return _edit_procedure(db.get_or_404(Procedure, number))


@desk.route("/atencion/novedades", methods=["GET", "POST"])
@needs(Right.PUBLISH)
def news() -> Edited:
    """All of it, and the form for more."""
    return _edit_news(None)


@desk.route("/atencion/novedades/<int:number>", methods=["GET", "POST"])
@needs(Right.PUBLISH)
def edit_news(number: int) -> Edited:
    """One piece."""
    return _edit_news(db.get_or_404(News, number))


def _edit_procedure(found: Procedure | None) -> Edited:
    form = ProcedureForm(obj=found)
    form.secretaria.choices = {str(each.id): each.name for each in active_secretarias(db.session())}
    if found is not None:
        form.secretaria.choices |= {str(found.secretaria_id): found.secretaria.name}
        if not form.is_submitted():
            form.secretaria.data = str(found.secretaria_id)
    if form.validate_on_submit():
        _keep_procedure(form, found)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.procedures"), 303)
    read = readings_since(db.session(), in_bogota(clock.now()).date() - LATELY)
    rows = [] if found else db.session.scalars(select(Procedure).order_by(Procedure.name)).all()
    page = render_template("desk/procedures.html", form=form, found=found, procedures=rows, read=read)
    return page, 422 if form.errors else 200


def _keep_procedure(form: ProcedureForm, found: Procedure | None) -> None:
    now, actor = clock.now(), officer().actor
    with transaction() as session:
        row = session.get_one(Procedure, found.id) if found else Procedure(slug=slug_of(session, form.name.data or ""))
        with witnessed(session, row, Witness(actor, now), new=found is None):
            for name in ("name", "summary", "requirements", "steps", "cost", "duration", "place", "link", "norm"):
                setattr(row, name, form[name].data or "")
            row.secretaria_id, row.active = int(form.secretaria.data), bool(form.active.data)
        row.changed_on = in_bogota(now).date()
        session.add(row)
        if row.active:
            what = "procedure_changed" if found else "procedure"
            note_update(session, Published(what, row.name, row.path, actor), now)


def _edit_news(found: News | None) -> Edited:
    form = NewsForm(obj=found)
    if form.validate_on_submit():
        _keep_news(form, found)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.news"), 303)
    rows = [] if found else db.session.scalars(select(News).order_by(News.id.desc()).limit(100)).all()
    return render_template("desk/news.html", form=form, found=found, news=rows), 422 if form.errors else 200


def _keep_news(form: NewsForm, found: News | None) -> None:
    now, actor = clock.now(), officer().actor
    with transaction() as session:
        row = session.get_one(News, found.id) if found else News(published_at=now)
        with witnessed(session, row, Witness(actor, now), new=found is None):
            row.name, row.text, row.active = form.name.data or "", form.text.data or "", bool(form.active.data)
        session.add(row)
        session.flush()  # its address holds its number
        if row.active:
            what = "news_changed" if found else "news"
            note_update(session, Published(what, row.name, row.path, actor), now)

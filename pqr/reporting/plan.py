"""How does the municipality's action plan go?  The board for everybody, and where officials add their readings."""

from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.door import office
from pqr.errors import ActNotAllowed
from pqr.reporting import reporting
from pqr.reporting.dashboard import today
from pqr.reporting.plan_forms import GoalForm, ReadingForm
from pqr.reporting.replica import figures_session, may_lag
from pqr.reports.actions import ACTIONS, MEASURES
from pqr.reports.board import board, satisfaction_answers, site_answers
from pqr.reports.charts import month, percent
from pqr.reports.plan import Action, Source, Verdict, goal_words
from pqr.reports.plan_counting import SETTLES_IN
from pqr.reports.readings import PlanReading, every_reading, goal_of, keep_reading, set_goal

A_YEAR = timedelta(days=365)
Edited = Response | tuple[str, int]


@reporting.get("/informes/plan")
def public_plan() -> str:
    """The board for everybody."""
    g.public = True
    return _board("reports/plan_public.html", shows_small=False)


@desk.get("/atencion/informes/plan")
@needs(Right.READ)
def plan() -> str:
    """The board for the staff."""
    return _board("reports/plan_desk.html", shows_small=True)


@may_lag
def _board(template: str, shows_small: bool) -> str:
    session, day = figures_session(), today()
    return render_template(
        template,
        actions=board(session, office(session), day),
        answers=[
            site_answers(session, day - A_YEAR, shows_small),
            *satisfaction_answers(session, day - A_YEAR, shows_small),
        ],
        today=day,
        since=day - A_YEAR,
        people=_people(session) if shows_small else {},
        **_WORDS,
    )


@desk.get("/atencion/informes/plan/<code>")
@needs(Right.READ)
def plan_action(code: str) -> str:
    """Every reading of one action, mended ones too."""
    action, session = _action(code), db.session()
    rows = every_reading(session, code)
    return render_template(
        "reports/plan_action.html",
        action=action,
        goal=goal_of(session, code),
        rows=rows,
        mended={row.corrects_id: row for row in rows if row.corrects_id},
        typed=_is_typed(action),
        measures=MEASURES,
        people=_people(session),
        **_WORDS,
    )


@desk.route("/atencion/informes/plan/<code>/lectura", methods=["GET", "POST"])
@needs(Right.PUBLISH)
def add_reading(code: str) -> Edited:
    """A reading by hand, or one that mends another (`?corrige=`)."""
    action = _action(code)
    if not _is_typed(action):
        abort(404)
    form, wrong = ReadingForm(), _wrong(action)
    form.prepare(action, wrong, today())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                keep_reading(session, form.typed(officer().actor), clock.now())
        except ActNotAllowed as problem:
            form.form_errors.append(str(problem))
        else:
            flash("Se guardó la lectura.", "success")
            return redirect(url_for("desk.plan_action", code=code), 303)
    page = render_template("reports/plan_reading.html", form=form, action=action, wrong=wrong, measures=MEASURES)
    return page, 422 if form.errors else 200


@desk.route("/atencion/informes/plan/<code>/meta", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_goal(code: str) -> Edited:
    """What one action aims at, who answers for it and until when."""
    action, form = _action(code), GoalForm()
    form.prepare(action, goal_of(db.session(), code))
    if form.validate_on_submit():
        db.session.rollback()
        with transaction() as session:
            set_goal(session, code, form.goal, Witness(officer().actor, clock.now()))
        flash("Se guardó la meta. Las lecturas anteriores conservan la suya.", "success")
        return redirect(url_for("desk.plan_action", code=code), 303)
    return render_template("reports/plan_goal.html", form=form, action=action, **_WORDS), 422 if form.errors else 200


_WORDS = {
    "month_of": lambda day: month(f"{day:%Y-%m}"),
    "day_of": lambda day: f"{day.day} de {month(f'{day:%Y-%m}')}",
    "percent": percent,
    "goal_words": goal_words,
    "settles_in": SETTLES_IN,
    "Source": Source,
    "Verdict": Verdict,
}


def _action(code: str) -> Action:
    return ACTIONS.get(code) or abort(404)


def _is_typed(action: Action) -> bool:
    return any(measure.source is Source.PERSON for measure in action.measures)


def _wrong(action: Action) -> PlanReading | None:
    """The reading that is to be mended."""
    asked = request.args.get("corrige", type=int)
    if asked is None:
        return None
    found = db.session.get(PlanReading, asked) if asked < 2**31 else None
    if found is None or found.is_counted or found.measure not in {each.code for each in action.measures}:
        abort(404)
    return found


def _people(session: Session) -> dict[str, str]:
    return {f"user:{number}": email for number, email in session.execute(select(User.id, User.email))}

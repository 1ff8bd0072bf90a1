"""Which matters do people write about, whose are they, and by which words are they known?"""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import TopicForm
from pqr.secretarias import routing
from pqr.secretarias.directory import active_secretarias, split_keywords, topic_words
from pqr.secretarias.models import Secretaria, Topic

LONGEST_TRIAL = 2000


@desk.get("/atencion/ajustes/temas")
@needs(Right.SETTINGS)
def topics() -> str:
    """All of them, the form for another, and where a text would go (`?texto=`)."""
    return _show(_form(formdata=None))


@desk.post("/atencion/ajustes/temas")
@needs(Right.SETTINGS)
def add_topic() -> Response | tuple[str, int]:
    """One more."""
    form = _form()
    if not form.validate_on_submit():
        return _show(form), 422
    with transaction() as session:
        topic = Topic(id=(session.scalar(select(func.max(Topic.id))) or 0) + 1)  # the seed numbered its own
        with witnessed(session, topic, Witness(officer().actor, clock.now()), new=True):
            _change(topic, form)
        session.add(topic)
    flash(f"Se agregó {topic.name}.", "success")
    return redirect(url_for("desk.topics"), 303)


@desk.route("/atencion/ajustes/temas/<int:topic_id>", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def edit_topic(topic_id: int) -> Response | tuple[str, int]:
    """Name, office, words, and whether it is offered."""
    found = db.get_or_404(Topic, topic_id)
    form = _form(obj=found)
    if not form.is_submitted():
        form.secretaria.data = str(found.secretaria_id or "")
        form.keywords.data = "\n".join(split_keywords(found.keywords))
    if form.validate_on_submit():
        with transaction() as session:
            topic = session.get_one(Topic, topic_id)
            with witnessed(session, topic, Witness(officer().actor, clock.now())):
                _change(topic, form)
        flash(f"Se guardó {form.name.data}.", "success")
        return redirect(url_for("desk.topics"), 303)
    return render_template("desk/topic.html", form=form, topic=found), 422 if form.errors else 200


def _change(topic: Topic, form: TopicForm) -> None:
    topic.name, topic.keywords, topic.active = form.name.data or "", "; ".join(form.words), bool(form.active.data)
    topic.sensitive = bool(form.sensitive.data)
    topic.secretaria_id = int(form.secretaria.data) if form.secretaria.data else None
    topic.transfer_to = "" if topic.secretaria_id else form.transfer_to.data or ""


def _form(**options: object) -> TopicForm:
    form = TopicForm(**options)
    offices = active_secretarias(db.session())
    form.secretaria.choices = {"": "Otra entidad", **{str(each.id): each.name for each in offices}}
    return form


def _show(form: TopicForm) -> str:
    db.session.rollback()  # the topic was written by another session
    trial = request.args.get("texto", "")[:LONGEST_TRIAL]
    found = db.session.scalars(
        select(Topic).options(joinedload(Topic.secretaria)).order_by(Topic.active.desc(), Topic.name)
    )
    return render_template(
        "desk/topics.html", form=form, topics=found.all(), trial=trial, verdict=_tried(trial) if trial.strip() else None
    )


def _tried(text: str) -> dict[str, object]:
    """Where a petition with these words would go, and by which of them."""
    proposal = routing.by_words("", text, topic_words(db.session()))
    office = db.session.get(Secretaria, proposal.secretaria_id) if proposal.secretaria_id else None
    topic = db.session.get(Topic, proposal.topic_id) if proposal.topic_id else None
    return {
        "to": office.name if office else proposal.transfer_to,
        "topic": topic.name if topic else "",
        "words": proposal.words,
        "sure": proposal.sure,
    }

"""How does a person judge the answer, or the site?  Two questions; nobody learns who said what.

A letter's link only fills in the first answer: programs follow links, people press buttons.
"""

from flask import g, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from pqr import clock
from pqr.db import db, transaction
from pqr.door import limiter, settings
from pqr.mail.addresses import surveyed
from pqr.portal import portal
from pqr.portal.cleaning import clean_text
from pqr.publishing.opinions import keep_site_opinion
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Ticket
from pqr.tickets.surveying import Opinion, answer_to_judge, has_spoken, keep_opinion

LIMIT = "20/hour"  # per address
TOO_MANY = "Desde esta conexión se han enviado muchas. Espere un rato y vuelva a intentarlo."
YES_OR_NO = {"si": "Sí", "no": "No"}
Page = tuple[str, int]


class SurveyForm(FlaskForm):  # type: ignore[misc]
    """Two questions."""

    answered = RadioField(
        "¿Le respondimos lo que preguntó?", choices=YES_OR_NO, validators=[InputRequired("Escoja sí o no.")]
    )
    solved = RadioField("¿Quedó resuelto?", choices=YES_OR_NO, validators=[InputRequired("Escoja sí o no.")])


class SiteForm(FlaskForm):  # type: ignore[misc]
    """One question, and room for words."""

    found = RadioField("¿Encontró lo que buscaba?", choices=YES_OR_NO, validators=[InputRequired("Escoja sí o no.")])
    text = TextAreaField(
        "¿Qué le cambiaría a esta página?",
        validators=[Optional(), Length(max=1000, message="Caben mil letras: acórtelo un poco.")],
        filters=[clean_text],
    )


@portal.route("/encuesta/<token>", methods=["GET", "POST"])
def survey(token: str) -> Page:
    """Of the answer to one ticket; its number is not shown."""
    ticket_id = surveyed(token, settings().secret_keys)
    ticket = db.session.get(Ticket, ticket_id) if ticket_id else None
    if ticket is None or answer_to_judge(ticket) is None:
        return render_template("portal/survey.html", form=None, done=False), 404
    if has_spoken(db.session(), ticket):
        return render_template("portal/survey.html", form=None, done=True), 200
    chosen = request.args.get("r")
    form = SurveyForm(answered=chosen if chosen in YES_OR_NO else None)
    if not form.is_submitted():
        return render_template("portal/survey.html", form=form), 200
    refused = _refused(form)
    if refused:
        return render_template("portal/survey.html", form=form), refused
    db.session.rollback()
    with transaction() as session:
        opinion = Opinion(answered=form.answered.data == "si", solved=form.solved.data == "si")
        keep_opinion(session, session.get_one(Ticket, ticket_id), opinion, clock.now())
    return render_template("portal/survey.html", form=None, done=True, unhappy=not opinion.answered), 200


@portal.route("/opinion", methods=["GET", "POST"])
def opinion() -> Page:
    """Of the site."""
    g.public = True
    form = SiteForm()
    if not form.is_submitted():
        return render_template("portal/opinion.html", form=form), 200
    refused = _refused(form)
    if refused:
        return render_template("portal/opinion.html", form=form), refused
    with transaction() as session:
        found = form.found.data == "si"
        keep_site_opinion(session, found, form.text.data or "", in_bogota(clock.now()).date())
    return render_template("portal/opinion.html", form=None), 200


def _refused(form: FlaskForm) -> int:
    """The status of the page that says what is wrong, or that too many come; 0 where it is filled in well."""
    try:
        with limiter.limit(LIMIT):
            return 0 if form.validate() else 422
    except RateLimitExceeded:
        next(iter(form)).errors = [TOO_MANY]
        return 429

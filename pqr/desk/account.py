"""How does an official look after the own account?  Open sessions, latest tries, the second step."""

import segno
from flask import abort, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from pqr import clock
from pqr.accounts import entering, second_step
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import CodeForm
from pqr.desk.settings_forms import ButtonForm
from pqr.desk.wording import OUTCOMES_OF_KNOCKS
from pqr.door import office, settings
from pqr.portal.cleaning import clean_line

WRONG = "El código no coincide. Revise que la hora del teléfono sea la correcta y escriba el que muestra ahora."


@desk.get("/atencion/cuenta")
@needs(Right.ACCOUNT)
def account() -> str:
    """Where I am in, who has tried, and the second step."""
    return _show(CodeForm(formdata=None))


@desk.post("/atencion/cuenta/sesiones/<int:session_id>/cerrar")
@needs(Right.ACCOUNT)
def end_session(session_id: int) -> Response:
    """Ends one of my sessions."""
    mine = {each.id for each in entering.open_sessions(db.session(), officer().id)}
    if session_id not in mine:
        abort(404)
    if ButtonForm().validate_on_submit():
        with transaction() as writes:
            entering.end_session(writes, session_id, clock.now())
        flash("Sesión cerrada.", "success")
    return redirect(url_for("desk.account"), 303)


class EnrolForm(CodeForm):
    """A telephone's first code; `present`: who has a second step proves it before another takes its place."""

    present = StringField("Código del teléfono de ahora, o uno de recuperación", filters=[clean_line])


@desk.route("/atencion/cuenta/segundo-paso", methods=["GET", "POST"])
@needs(Right.ACCOUNT)
def enrol() -> str | Response | tuple[str, int]:
    """Ties the account to a telephone, once a code shows that it has the secret."""
    form, keys = EnrolForm(), settings().secret_keys
    nonce = session.setdefault("nonce", second_step.new_nonce())
    if form.validate_on_submit():
        with transaction() as writes:
            user, now = writes.get_one(User, officer().id, with_for_update=True), clock.now()
            proved = not user.has_second_step or second_step.accepts(user, form.present.data or "", keys, now)
            codes = second_step.enrol(user, nonce, form.code.data or "", keys, now) if proved else None
        if codes is not None:
            session.pop("nonce")
            return render_template("desk/recovery_codes.html", codes=codes)
        (form.code if proved else form.present).errors = [WRONG]
    user = db.session.get_one(User, officer().id)
    address = second_step.address_of(user, nonce, keys[0], office(db.session()).entity)
    secret = second_step.secret_of(nonce, user.id, keys[0])
    return render_template(
        "desk/enrol.html",
        form=form,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white"),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        obliged=_obliged() and not user.totp_nonce,
        changes=user.has_second_step,
    ), 422 if form.errors else 200


@desk.post("/atencion/cuenta/segundo-paso/codigos")
@needs(Right.ACCOUNT)
def renew_codes() -> str | tuple[str, int]:
    """New recovery codes, for who has the telephone."""
    form = CodeForm()
    if form.validate_on_submit():
        with transaction() as writes:
            user = writes.get_one(User, officer().id, with_for_update=True)
            if second_step.accepts(user, form.code.data or "", settings().secret_keys, clock.now()):
                return render_template("desk/recovery_codes.html", codes=second_step.new_recovery_codes(user))
        form.code.errors = [WRONG]
    return _show(form), 422


@desk.post("/atencion/cuenta/segundo-paso/quitar")
@needs(Right.ACCOUNT)
def drop_second_step() -> Response | tuple[str, int]:
    """Back to the password alone, where the role may."""
    form = CodeForm()
    if _obliged():
        abort(403)
    if form.validate_on_submit():
        with transaction() as writes:
            user = writes.get_one(User, officer().id, with_for_update=True)
            if second_step.accepts(user, form.code.data or "", settings().secret_keys, clock.now()):
                second_step.forget(user)
                flash("Ya no se pide el código.", "success")
                return redirect(url_for("desk.account"), 303)
        form.code.errors = [WRONG]
    return _show(form), 422


def _obliged() -> bool:
    return officer().role in settings().two_steps


def _show(form: CodeForm) -> str:
    db.session.rollback()
    user = db.session.get_one(User, officer().id)
    return render_template(
        "desk/account.html",
        form=form,
        button=ButtonForm(formdata=None),
        user=user,
        obliged=_obliged(),
        here=officer().session_id,
        sessions=entering.open_sessions(db.session(), user.id),
        knocks=entering.knocks(db.session(), user.email),
        outcomes=OUTCOMES_OF_KNOCKS,
    )

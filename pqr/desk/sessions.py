"""How does an official enter and leave?

Pages outside /atencion, so that they open without a session. A wrong address, a wrong password and a closed
account get the same sentence after the same time.
"""

import re
from hmac import compare_digest

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user  # type: ignore[import-untyped,unused-ignore]
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts import acts, passwords
from pqr.accounts.errors import LinkNotValid, PasswordRefused
from pqr.accounts.models import User
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import Officer
from pqr.desk.access import login_manager as login_manager  # the application takes it from here
from pqr.desk.forms import EnterForm, LeaveForm, NewPasswordForm
from pqr.door import limiter

WRONG = "El correo o la contraseña no coinciden. Revise las mayúsculas y vuelva a intentarlo."
_LOCAL = re.compile(r"/atencion(?:[/?][\w/.,?=&%+~-]*)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def load_officer(cookie: str) -> Officer | None:
    """The official of the session, while the account is active and its key has not changed."""
    number, _, key = cookie.partition(":")
    user = db.session.get(User, int(number)) if _NUMBER.fullmatch(number) else None
    if user is None or not user.active or not compare_digest(user.session_key.encode(), key.encode()):
        return None
    return Officer.of(user)


login_manager.user_loader(load_officer)


@desk.route("/ingresar", methods=["GET", "POST"])
@limiter.limit("10/minute", methods=["POST"])
def enter() -> str | Response | tuple[str, int]:
    """Asks who it is."""
    form = EnterForm()
    if form.validate_on_submit():
        user = acts.authenticate(db.session(), form.email.data or "", form.password.data or "")
        if user is not None:
            return _let_in(user, form.password.data or "")
        form.password.errors = [WRONG]
    elif not form.is_submitted() and current_user.is_authenticated:
        return redirect(url_for("desk.queue"))
    return render_template("desk/enter.html", form=form), 422 if form.errors else 200


def _let_in(user: User, password: str) -> Response:
    if passwords.is_outdated(user.password_hash):
        with transaction() as writes:
            writes.get_one(User, user.id).password_hash = passwords.hash_password(password)
    session.clear()  # a session planted before the log-in must not become this one
    login_user(Officer.of(user))
    session.permanent = True
    return redirect(_next(), 303)


def _next() -> str:
    """Where the official wanted to go: only a page of the staff on this very site."""
    wanted = request.args.get("next", "")
    return wanted if _LOCAL.fullmatch(wanted) else url_for("desk.queue")


@desk.context_processor
def way_out() -> dict[str, object]:
    """The button that ends the session, on every page of the staff."""
    return {"leave_form": LeaveForm(formdata=None)}


@desk.post("/salir")
def leave() -> Response:
    """Ends the session of this browser."""
    if LeaveForm().validate_on_submit():
        logout_user()
        session.clear()
        flash("Sesión cerrada.", "success")
    return redirect(url_for("desk.enter"), 303)


@desk.route(f"{acts.LINK_PATH}<token>", methods=["GET", "POST"])
@limiter.limit("10/minute", methods=["POST"])
def use_link(token: str) -> str | Response | tuple[str, int]:
    """Lets the holder of a one-time link choose the password."""
    form = NewPasswordForm()
    try:
        email = acts.by_link(db.session(), token, clock.now()).email
        if form.validate_on_submit():
            with transaction() as writes:
                acts.set_password(writes, token, form.password.data or "", clock.now())
            flash("Contraseña guardada. Ya puede ingresar.", "success")
            return redirect(url_for("desk.enter"), 303)
    except PasswordRefused as refusal:
        form.password.errors = [str(refusal)]
    except LinkNotValid as refusal:
        return render_template("desk/link_over.html", sentence=str(refusal)), 404
    return render_template("desk/new_password.html", form=form, email=email), 422 if form.errors else 200

"""How does an official enter and leave?

Pages outside /atencion, so that they open without a session. A wrong address, a wrong password and a closed
account get the same sentence after the same time.
"""

import re
from datetime import datetime, timedelta
from hmac import compare_digest

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user  # type: ignore[import-untyped,unused-ignore]
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts import acts, entering, passwords, second_step
from pqr.accounts.entering import Visitor
from pqr.accounts.errors import LinkNotValid, PasswordRefused
from pqr.accounts.models import Outcome, User
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import Officer, officer
from pqr.desk.access import login_manager as login_manager  # the application takes it from here
from pqr.desk.forms import CodeForm, EnterForm, ForgottenForm, LeaveForm, NewPasswordForm
from pqr.door import limiter, nudge, office, settings
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_hour

WRONG = "El correo o la contraseña no coinciden. Revise las mayúsculas y vuelva a intentarlo."
WRONG_CODE = "El código no coincide. Espere a que el teléfono muestre el siguiente, o use un código de recuperación."
HALF_LIFE = timedelta(minutes=10)
KNOWN, A_YEAR = "pqr_known", 365 * 24 * 3600
WHOLE_DAY, UNUSED = timedelta(hours=12), timedelta(hours=4)  # of work; see docs/seguridad.md, V7.1
_LOCAL = re.compile(r"/atencion(?:[/?][\w/.,?=&%+~-]*)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def load_officer(cookie: str) -> Officer | None:
    """The official of the session, while the account is active, its key unchanged and the session not ended."""
    number, _, key = cookie.partition(":")
    user = db.session.get(User, int(number)) if _NUMBER.fullmatch(number) else None
    if user is None or not user.active or not compare_digest(user.session_key.encode(), key.encode()):
        return None
    row = entering.find_session(db.session(), str(session.get("token", "")))
    if row is None or row.user_id != user.id:
        return None
    now = clock.now()
    if now - row.started_at > WHOLE_DAY or now - row.seen_at > UNUSED:
        return None
    if now - row.seen_at > entering.SEEN_EVERY:
        with transaction() as writes:
            entering.touch(writes, row.id, now)
    return Officer.of(user, row.id)


login_manager.user_loader(load_officer)


@desk.route("/ingresar", methods=["GET", "POST"])
@limiter.limit("10/minute", methods=["POST"])
def enter() -> str | Response | tuple[str, int]:
    """Asks who it is."""
    form = EnterForm()
    if form.validate_on_submit():
        visitor, now = _visitor(form.email.data or ""), clock.now()
        pause = entering.locked_until(db.session(), visitor, now)
        user = None if pause else acts.authenticate(db.session(), visitor.email, form.password.data or "")
        if user is not None and not user.totp_nonce:
            return _let_in(user, visitor, form.password.data or "")
        if user is not None:
            return _ask_for_code(user, visitor)
        _remember(visitor, Outcome.LOCKED if pause else Outcome.WRONG)
        form.password.errors = [_wait(pause) if pause else WRONG]
    elif not form.is_submitted() and current_user.is_authenticated:
        return redirect(url_for("desk.queue"))
    return render_template("desk/enter.html", form=form), 422 if form.errors else 200


@desk.route("/ingresar/codigo", methods=["GET", "POST"])
@limiter.limit("10/minute", methods=["POST"])
def enter_code() -> str | Response | tuple[str, int]:
    """Asks for the second step of who gave the right password a moment ago."""
    user, form, now = _half_in(), CodeForm(), clock.now()
    if user is None:
        return redirect(url_for("desk.enter"))
    if form.validate_on_submit():
        visitor = _visitor(user.email)
        pause = entering.locked_until(db.session(), visitor, now)
        if not pause and _code_is_right(user.id, form.code.data or "", now):
            return _let_in(user, visitor)
        _remember(visitor, Outcome.LOCKED if pause else Outcome.CODE)
        form.code.errors = [_wait(pause) if pause else WRONG_CODE]
    return render_template("desk/enter_code.html", form=form), 422 if form.errors else 200


@desk.route("/ingresar/olvido", methods=["GET", "POST"])
@limiter.limit("5/minute", methods=["POST"])
def forgotten() -> str | Response | tuple[str, int]:
    """Sends a link to the account's address; says the same where there is none."""
    form = ForgottenForm()
    if form.validate_on_submit():
        with transaction() as writes:
            acts.send_reset_link(writes, form.email.data or "", office(writes), clock.now())
        nudge()
        flash("Si hay una cuenta con ese correo, le llega un enlace que sirve durante una hora.", "success")
        return redirect(url_for("desk.enter"), 303)
    return render_template("desk/forgotten.html", form=form), 422 if form.errors else 200


def _let_in(user: User, visitor: Visitor, password: str = "") -> Response:
    device = visitor.device or second_step.new_nonce()
    with transaction() as writes:
        if password and passwords.is_outdated(user.password_hash):
            writes.get_one(User, user.id).password_hash = passwords.hash_password(password)
        entering.knock(writes, visitor, Outcome.GOOD, clock.now())
        token = entering.open_session(writes, user.id, visitor.agent, clock.now())
    wanted = session.get("half", {}).get("next") or request.args.get("next", "")
    session.clear()  # a session planted before the log-in must not become this one
    session["token"], session.permanent = token, True
    login_user(Officer.of(user))
    answer = redirect(_next(wanted), 303)
    answer.set_cookie(
        _known_name(),
        _signer().dumps([user.email, device]),
        max_age=A_YEAR,
        path="/ingresar",
        httponly=True,
        samesite="Lax",
        secure=_secure(),
    )
    return answer


def _ask_for_code(user: User, visitor: Visitor) -> Response:
    _remember(visitor, Outcome.HALF)
    wanted = request.args.get("next", "")
    session.clear()
    session["half"] = {"id": user.id, "key": user.session_key, "at": clock.now().isoformat(), "next": wanted}
    return redirect(url_for("desk.enter_code"), 303)


def _half_in() -> User | None:
    half = session.get("half", {})
    if not half or clock.now() - datetime.fromisoformat(half["at"]) > HALF_LIFE:
        return None
    user = db.session.get(User, half["id"])
    return user if user is not None and user.active and user.session_key == half["key"] else None


def _code_is_right(user_id: int, typed: str, now: datetime) -> bool:
    with transaction() as writes:
        return second_step.accepts(
            writes.get_one(User, user_id, with_for_update=True), typed, settings().secret_keys, now
        )


def _visitor(email: str) -> Visitor:
    try:
        known, device = _signer().loads(request.cookies.get(_known_name(), ""))
    except (BadSignature, ValueError):
        known, device = "", ""
    mine = known == email.strip().lower()
    return Visitor(email, device if mine else "", request.headers.get("User-Agent", ""))


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _known_name() -> str:
    return f"__Secure-{KNOWN}" if _secure() else KNOWN


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(settings().secret_keys)), salt="known browser")  # the last one signs


def _remember(visitor: Visitor, outcome: Outcome) -> None:
    with transaction() as writes:
        entering.knock(writes, visitor, outcome, clock.now())


def _wait(until: datetime) -> str:
    hour = (until + timedelta(minutes=1)).astimezone(BOGOTA).time().replace(second=0, microsecond=0)
    return f"Hubo demasiados intentos. Vuelva a intentarlo a {long_hour(hour)}, o elija otra contraseña."


def _next(wanted: str) -> str:
    """Where the official wanted to go: only a page of the staff on this very site."""
    return wanted if _LOCAL.fullmatch(wanted) else url_for("desk.queue")


@desk.context_processor
def way_out() -> dict[str, object]:
    """The button that ends the session, on every page of the staff."""
    return {"leave_form": LeaveForm(formdata=None)}


@desk.post("/salir")
def leave() -> Response:
    """Ends the session of this browser."""
    if LeaveForm().validate_on_submit():
        if current_user.is_authenticated:
            with transaction() as writes:
                entering.end_session(writes, officer().session_id, clock.now())
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

"""Who has an account?  The one-time link of a new one is shown once, here, and is nowhere kept."""

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts import acts, second_step
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.errors import AccountError
from pqr.accounts.models import User
from pqr.accounts.permissions import Right, may
from pqr.accounts.roles import ROLE_LABELS, Role
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.settings_forms import ButtonForm, UserForm
from pqr.door import settings
from pqr.secretarias.directory import active_secretarias


@desk.get("/atencion/ajustes/usuarios")
@needs(Right.SETTINGS)
def people() -> str:
    """The accounts, and the form for another."""
    return _show(_form(formdata=None))


@desk.post("/atencion/ajustes/usuarios")
@needs(Right.SETTINGS)
def add_person() -> tuple[str, int]:
    """A new account; its link stands on this page and no other."""
    form = _form()
    if not form.validate_on_submit():
        return _show(form), 422
    role = Role(form.role.data)
    secretaria_id = int(form.secretaria.data) if role == Role.SECRETARIA else None
    try:
        with transaction() as session:
            user, token = acts.add_user(session, acts.NewUser(form.email.data or "", role, secretaria_id), clock.now())
            with witnessed(session, user, _witness(), new=True):
                pass
    except AccountError as refusal:
        form.email.errors = [str(refusal)]
        return _show(form), 422
    return _show(_form(formdata=None), user.email, token), 200


@desk.post("/atencion/ajustes/usuarios/<int:user_id>/enlace")
@needs(Right.SETTINGS)
def new_link(user_id: int) -> Response | tuple[str, int]:
    """For who forgot the password: the old one ends."""
    if not ButtonForm().validate_on_submit():
        return redirect(url_for("desk.people"), 303)
    with transaction() as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            abort(404)
        token = acts.renew_link(session, user, clock.now())
    return _show(_form(formdata=None), user.email, token), 200


@desk.post("/atencion/ajustes/usuarios/<int:user_id>/activa")
@needs(Right.SETTINGS)
def switch_person(user_id: int) -> Response:
    """Lets somebody in or not; nobody shuts the own door."""
    if ButtonForm().validate_on_submit():
        with transaction() as session:
            user = session.get(User, user_id)
            if user is None:
                abort(404)
            if user.id != officer().id:
                with witnessed(session, user, _witness()):
                    acts.set_active(user, not user.active)
        flash(_switched(user), "success" if user.id != officer().id else "warning")
    return redirect(url_for("desk.people"), 303)


@desk.post("/atencion/ajustes/usuarios/<int:user_id>/identidades")
@needs(Right.SETTINGS)
def switch_reveal(user_id: int) -> Response:
    """Lets somebody see reserved identities, each with a reason, or not, whatever the role says."""
    if ButtonForm().validate_on_submit():
        with transaction() as session:
            user = session.get(User, user_id)
            if user is None:
                abort(404)
            with witnessed(session, user, _witness()):
                user.reveals = not reveals(user)
        flash(f"{user.email} {'puede' if user.reveals else 'ya no puede'} ver identidades reservadas.", "success")
    return redirect(url_for("desk.people"), 303)


def reveals(user: User) -> bool:
    """Whether the account may see a reserved identity at all."""
    return may(user.role, Right.REVEAL, reveals=user.reveals)


@desk.post("/atencion/ajustes/usuarios/<int:user_id>/segundo-paso")
@needs(Right.SETTINGS)
def forget_second_step(user_id: int) -> Response:
    """For who lost the telephone and the recovery codes."""
    if ButtonForm().validate_on_submit():
        with transaction() as session:
            user = session.get(User, user_id)
            if user is None:
                abort(404)
            with witnessed(session, user, _witness()):
                second_step.forget(user)
        flash(f"A {user.email} ya no se le pide el código.", "success")
    return redirect(url_for("desk.people"), 303)


def _witness() -> Witness:
    return Witness(officer().actor, clock.now())


def _switched(user: User) -> str:
    if user.id == officer().id:
        return "Usted no puede desactivar su propia cuenta."
    return f"{user.email} {'puede ingresar otra vez' if user.active else 'ya no puede ingresar'}."


def _form(**options: object) -> UserForm:
    form = UserForm(**options)
    offices = active_secretarias(db.session())
    form.secretaria.choices = {"": "Ninguna", **{str(each.id): each.name for each in offices}}
    return form


def _show(form: UserForm, invited: str = "", token: str = "") -> str:
    db.session.rollback()  # the account was made by another session
    users = db.session.scalars(select(User).options(joinedload(User.secretaria)).order_by(User.email))
    return render_template(
        "desk/people.html",
        form=form,
        button=ButtonForm(formdata=None),
        users=users.all(),
        roles=ROLE_LABELS,
        reveals=reveals,
        invited=invited,
        link=f"{settings().base_url}{acts.LINK_PATH}{token}" if token else "",
        days=acts.LINK_LIFE.days,
        mine=officer().id,
    )

"""Which other programs may file, and which are told?  Keys and webhooks; what is secret is shown once, here."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from pqr import clock
from pqr.accounts.changes import Witness, witnessed
from pqr.accounts.permissions import Right
from pqr.db import db, transaction
from pqr.desk import desk
from pqr.desk.access import needs, officer
from pqr.desk.forms import StaffForm, required
from pqr.desk.numbers import WholeNumber
from pqr.desk.settings_forms import ButtonForm
from pqr.door import settings
from pqr.portal.cleaning import clean_line
from pqr.sharing import hooks, keys
from pqr.sharing.hooks import NewHook
from pqr.sharing.keys import NewKey
from pqr.sharing.models import ApiKey, Webhook
from pqr.sharing.reachable import what_is_wrong_with
from pqr.sharing.telling import Told

TOLD = {Told.FILED.value: "Se radicó", Told.ANSWERED.value: "Se respondió", Told.CLOSED.value: "Se cerró"}
USUAL, MOST = 60, 10_000  # petitions an hour


def _name(label: str) -> StringField:
    fits = Length(max=80, message="Caben 80 letras.")
    return StringField(label, [required("Escriba de qué programa se trata."), fits], [clean_line])


class KeyForm(StaffForm):
    """A new key."""

    name = _name("Programa que va a radicar")
    per_hour = WholeNumber(
        "Peticiones por hora",
        [InputRequired("Escriba un número."), NumberRange(1, MOST, f"Entre 1 y {MOST}.")],
        default=USUAL,
    )


class HookForm(StaffForm):
    """A new webhook."""

    name = _name("Programa al que se le avisa")
    url = StringField("Dirección que recibe los avisos", [required("Escriba la dirección.")], [clean_line])
    events = SelectMultipleField("De qué se le avisa", choices=TOLD, default=list(TOLD))

    def validate_url(self, field: StringField) -> None:
        """As far as its spelling tells; where its name leads is looked at in every call."""
        if problem := what_is_wrong_with(field.data or "", settings().webhooks_allow):
            raise ValidationError(problem)

    def validate_events(self, field: SelectMultipleField) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError("Escoja al menos un hecho.")


@desk.route("/atencion/ajustes/claves", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def api_keys() -> tuple[str, int]:
    """The keys, and the form for another; its secret stands on this page and no other."""
    form, made, secret = KeyForm(), "", ""
    if form.validate_on_submit():
        db.session.rollback()
        with transaction() as session:
            new = NewKey(form.name.data or "", form.per_hour.data or USUAL)
            key, secret = keys.make_key(session, new, clock.now())
            with witnessed(session, key, _witness(), new=True):
                pass
        made, form = key.name, KeyForm(formdata=None)
    found = keys.all_keys(db.session())
    page = render_template("desk/api_keys.html", form=form, keys=found, made=made, secret=secret, button=ButtonForm())
    return page, 422 if form.errors else 200


@desk.post("/atencion/ajustes/claves/<int:key_id>/revocar")
@needs(Right.SETTINGS)
def revoke_key(key_id: int) -> Response:
    """It opens no more, and not again."""
    if ButtonForm().validate_on_submit():
        with transaction() as session:
            key = session.get(ApiKey, key_id) or abort(404)
            with witnessed(session, key, _witness()):
                keys.revoke(key, clock.now())
        flash(f"La clave de {key.name} ya no sirve.", "success")
    return redirect(url_for("desk.api_keys"), 303)


@desk.route("/atencion/ajustes/avisos-web", methods=["GET", "POST"])
@needs(Right.SETTINGS)
def webhooks() -> tuple[str, int]:
    """Who is told, and the form for another; its secret stands on this page and no other."""
    form, made = HookForm(), None
    if form.validate_on_submit():
        db.session.rollback()
        with transaction() as session:
            new = NewHook(form.name.data or "", form.url.data or "", tuple(form.events.data or ()))
            made = hooks.subscribe(session, new, clock.now())
            with witnessed(session, made, _witness(), new=True):
                pass
        form = HookForm(formdata=None)
    found = hooks.all_hooks(db.session())
    page = render_template("desk/webhooks.html", form=form, hooks=found, made=made, told=TOLD)
    return page, 422 if form.errors else 200


@desk.get("/atencion/ajustes/avisos-web/<int:webhook_id>")
@needs(Right.SETTINGS)
def webhook(webhook_id: int) -> str:
    """What it was told last, and how that went."""
    found = db.get_or_404(Webhook, webhook_id)
    rows = hooks.latest(db.session(), found)
    words = ", ".join(TOLD[each].lower() for each in found.events)
    return render_template("desk/webhook.html", hook=found, rows=rows, told=TOLD, words=words, button=ButtonForm())


@desk.post("/atencion/ajustes/avisos-web/<int:webhook_id>/pausa")
@needs(Right.SETTINGS)
def switch_webhook(webhook_id: int) -> Response:
    """Pauses it, or goes on."""
    if ButtonForm().validate_on_submit():
        with transaction() as session:
            hook = session.get(Webhook, webhook_id) or abort(404)
            with witnessed(session, hook, _witness()):
                hooks.pause(hook) if hook.active else hooks.resume(session, hook, clock.now())
        flash(f"{'Se avisa otra vez' if hook.active else 'Ya no se avisa'} a {hook.name}.", "success")
    return redirect(url_for("desk.webhook", webhook_id=webhook_id), 303)


def _witness() -> Witness:
    return Witness(officer().actor, clock.now())

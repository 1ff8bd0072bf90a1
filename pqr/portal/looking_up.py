"""How does somebody open a case?  With its number and its code, typed here or carried by a letter's link.

An unknown number and a wrong code get the same sentence, the same status and the same work, so that nobody learns
which numbers exist. Where many sources try one number, each of them has few tries more; its owner has those, too.
"""

from flask import g, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from pqr.db import db
from pqr.door import limiter, settings, visitor
from pqr.mail.addresses import code_matches
from pqr.portal import access, portal
from pqr.portal.forms import LookUpForm
from pqr.sealing import alias
from pqr.tickets.models import Ticket
from pqr.tickets.radicado import find_radicado

LIMIT = "30/minute"  # per address, over every way of giving a code
OF_ONE_CASE = "60/hour"  # from all addresses together
OF_A_TRIED_CASE = "3/hour"  # per address, from then on
NOT_FOUND = (
    "No encontramos una petición con ese número y ese código. Revise los dos en su constancia; el número lleva la "
    "letra E."
)
TOO_MANY = "Se han hecho muchas consultas desde esta conexión. Espere un minuto y vuelva a intentarlo."

Page = tuple[str, int] | Response


@portal.route("/radicado", methods=["GET", "POST"])
def look_up() -> Page:
    """The form; with both answers, in the body or in the address, it opens the case."""
    if request.method == "POST":
        return open_case(LookUpForm(request.form))
    if "code" in request.args:
        return open_case(LookUpForm(request.args))
    return _show(LookUpForm(MultiDict(), radicado=request.args.get("radicado", "")[:40]), 200)


@portal.post("/radicado/salir")
def leave() -> Response:
    """Forgets the cases opened in this browser."""
    access.forget_all()
    return redirect(url_for("portal.look_up"), 303)


def open_case(form: LookUpForm) -> Page:
    """Checks number and code; remembers the case and leads to it, or says in one way that it cannot."""
    try:
        with limiter.shared_limit(LIMIT, scope="codes"):
            return _check(form)
    except RateLimitExceeded:
        return _show(form, 429, TOO_MANY)


def _check(form: LookUpForm) -> Page:
    if not form.validate():
        return _show(form, 422)
    typed = form.radicado.data or ""
    radicado = find_radicado(typed) or typed.upper()[:20]
    g.tried = radicado
    try:
        with limiter.shared_limit(OF_ONE_CASE, scope="case", key_func=_case):
            return _open(form, radicado)
    except RateLimitExceeded:
        with limiter.shared_limit(OF_A_TRIED_CASE, scope="tried_case", key_func=lambda: alias(visitor() + _case())):
            return _open(form, radicado)


def _case() -> str:
    """Whose tries are counted: of this request, since the limiter keeps one function for all of them."""
    return alias(g.tried)


def _open(form: LookUpForm, radicado: str) -> Page:
    known = db.session.scalar(select(Ticket.id).where(Ticket.radicado == radicado)) is not None
    right = code_matches(radicado, form.code.data or "", settings().secret_keys)
    if not (known and right):
        form.radicado.errors = [NOT_FOUND]
        return _show(form, 422)
    access.remember(radicado)
    return redirect(url_for("portal.case", radicado=radicado), 303)


def _show(form: LookUpForm, status: int, trouble: str = "") -> tuple[str, int]:
    return render_template("portal/look_up.html", form=form, trouble=trouble), status

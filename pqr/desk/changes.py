"""What was changed in the settings, by whom?"""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from sqlalchemy import select

from pqr.accounts.changes import SettingChange, latest_changes
from pqr.accounts.models import User
from pqr.accounts.permissions import Right
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import needs
from pqr.secretarias.models import Secretaria

THINGS = {
    "entity": "Entidad",
    "secretarias": "Dependencia",
    "notices": "Aviso",
    "retention_series": "Serie",
    "external_bodies": "Otra entidad",
    "places": "Lugares",
    "topics": "Tema",
    "answer_templates": "Plantilla",
    "procedures": "Trámite o servicio",
    "news": "Novedad",
    "closures": "Cierre",
    "api_keys": "Clave de programa",
    "webhooks": "Aviso a un programa",
    "plan_goals": "Meta del plan",
    "plan_readings": "Lectura del plan",
    "users": "Cuenta",
    "official_reports": "Informe firmado",
}
FIELDS = {
    "name": "nombre",
    "names": "lista",
    "email": "correo",
    "other_emails": "otros correos",
    "active": "en uso",
    "nit": "NIT",
    "place": "municipio",
    "phone": "teléfono",
    "hours": "horario",
    "site": "página",
    "signer": "quién firma",
    "logo": "logo",
    "away_from": "ausente desde",
    "away_until": "ausente hasta",
    "substitute_id": "la reemplaza",
    "address": "dirección",
    "secretaria_id": "dependencia",
    "transfer_to": "otra entidad",
    "keywords": "palabras",
    "sensitive": "delicado",
    "per_hour": "peticiones por hora",
    "url": "dirección",
    "events": "hechos",
    "day": "fecha",
    "kind": "clase",
    "act": "acto",
    "act_on": "fecha del acto",
    "text": "texto",
    "version": "versión",
    "code": "código",
    "years_in_office": "años en gestión",
    "years_in_central": "años en central",
    "disposition": "al final",
    "closes_at": "hora de cierre",
    "summary": "para qué sirve",
    "requirements": "requisitos",
    "steps": "pasos",
    "cost": "costo",
    "duration": "cuánto tarda",
    "norm": "norma",
    "link": "dirección web",
    "goal": "meta",
    "responsible": "responsable",
    "term": "plazo",
    "on": "fecha",
    "numerator": "cuántos",
    "denominator": "de cuántos",
    "evidence": "evidencia",
    "reason": "razón",
    "role": "papel",
    "reveals": "ve identidades reservadas",
    "has_second_step": "segundo paso",
    "sha256": "huella",
    "public_sha256": "huella de lo público",
}


@desk.get("/atencion/ajustes/cambios")
@needs(Right.HISTORY)
def changes() -> str:
    """The latest changes, each with before and after."""
    session = db.session()
    people = {f"user:{number}": email for number, email in session.execute(select(User.id, User.email))}
    offices = dict(iter(session.execute(select(Secretaria.id, Secretaria.name))))
    rows = [(each, people.get(each.actor, each.actor), _told(each, offices)) for each in latest_changes(session)]
    return render_template("desk/changes.html", rows=rows, things=THINGS)


def _told(change: SettingChange, offices: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """Field, before and after in words."""
    return [
        (
            FIELDS[name],
            _said(name, change.before.get(name), offices) if change.before else "",
            _said(name, value, offices),
        )
        for name, value in change.after.items()
    ]


def _said(name: str, value: Any, offices: Mapping[int, str]) -> str:
    if name == "reveals" and value is None:
        return "según su papel"
    if isinstance(value, bool):
        return "sí" if value else "no"
    if name in ("secretaria_id", "substitute_id"):
        return offices.get(value, "ninguna")
    if isinstance(value, list):
        return ", ".join(value)
    return str(value) if value not in (None, "") else "nada"

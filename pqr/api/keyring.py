"""Which program asks?  By the key in its header, or in `api_key` as the specification has it."""

from flask import request
from sqlalchemy.orm import Session

from pqr.api.asking import Misasked
from pqr.sharing.keys import key_of
from pqr.sharing.models import ApiKey

HEADER = "X-API-Key"
NO_KEY = "Falta api_key, o no es una clave vigente. Pídala a la entidad."


def given_key() -> str:
    """The secret that came, "" for none."""
    return request.headers.get(HEADER, "").strip() or request.values.get("api_key", "").strip()


def opened(session: Session) -> ApiKey | None:
    """The key; None where none came. Raises Misasked for one that does not open."""
    secret = given_key()
    if not secret:
        return None
    key = key_of(session, secret)
    if key is None:
        raise Misasked(NO_KEY, status=403)
    return key

"""May this official do this?  One gate before every page of the staff; a page that names no right stays shut."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar, cast

from flask import abort, g, redirect, request, url_for
from flask_login import LoginManager, current_user  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr.accounts.models import User
from pqr.accounts.permissions import Right, may
from pqr.accounts.roles import ROLE_LABELS, Role
from pqr.desk import desk
from pqr.door import settings
from pqr.errors import EditedMeanwhile
from pqr.tickets.contributions import is_shared_with
from pqr.tickets.models import Ticket

log = logging.getLogger(__name__)
STAFF_PATH = "/atencion"
RIGHTS: dict[str, Right] = {}

login_manager = LoginManager()
login_manager.session_protection = None  # a rural connection changes its address; `session_key` guards instead
login_manager.login_view = "desk.enter"
login_manager.login_message = None

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Officer:
    """Who is logged in, apart from the database's row. `office_id`: of an office's official.

    `second_step`: a code of the telephone was enrolled. `session_id`: of this browser's session.
    """

    id: int
    email: str
    role: str
    office_id: int | None
    session_key: str
    second_step: bool = False
    session_id: int = 0
    reveals: bool | None = None

    @classmethod
    def of(cls, user: User, session_id: int = 0) -> "Officer":
        """The official behind an account."""
        whose = (user.id, user.email, user.role, user.secretaria_id, user.session_key)
        return cls(*whose, second_step=bool(user.totp_nonce), session_id=session_id, reveals=user.reveals)

    # What flask-login asks of whoever is logged in.
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What the cookie carries: a new password or link makes it worthless."""
        return f"{self.id}:{self.session_key}"

    @property
    def actor(self) -> str:
        """As events name the official."""
        return f"user:{self.id}"

    @property
    def role_label(self) -> str:
        """The role in words."""
        return ROLE_LABELS[Role(self.role)]

    def may(self, right: Right | str, ticket: Ticket | None = None) -> bool:
        """Whether the official has the right, on this ticket if one is given."""
        right = Right(right)
        if ticket is None or may(self.role, right, own=False, reveals=self.reveals):
            return may(self.role, right, reveals=self.reveals)
        if self.office_id is None:
            return False
        own = ticket.secretaria_id == self.office_id
        return may(self.role, right, own, not own and is_shared_with(ticket, self.office_id), self.reveals)

    @property
    def only_office(self) -> int | None:
        """The office whose tickets are all that the official sees; None: every ticket."""
        return None if may(self.role, Right.READ, own=False) else self.office_id or 0


def officer() -> Officer:
    """Who asks; only behind the gate."""
    return cast(Officer, current_user)


def needs(right: Right) -> Callable[[View], View]:
    """Says which right a page of the desk needs; put it nearest to the function."""

    def mark(view: View) -> View:
        RIGHTS[f"{desk.name}.{view.__name__}"] = right
        return view

    return mark


@desk.before_request
def gate() -> Response | None:
    """Nobody without an account, and nobody without the page's right, passes."""
    if not request.path.startswith(STAFF_PATH):
        return None
    if not current_user.is_authenticated:
        return cast(Response, login_manager.unauthorized())
    right = RIGHTS.get(request.endpoint or "")
    if right is None or not officer().may(right):
        log.warning("refused: %s asked for %s", officer().actor, request.endpoint)
        abort(403)
    if right is not Right.ACCOUNT and officer().role in settings().two_steps and not officer().second_step:
        return redirect(url_for("desk.enrol"))
    return None


@desk.context_processor
def who_reads() -> dict[str, object]:
    """What every page of the staff shows: who is logged in."""
    return {"me": officer() if current_user.is_authenticated else None}


def find_ticket(session: Session, radicado: str, right: Right = Right.READ, *, lock: bool = False) -> Ticket:
    """The ticket, where the official has the right on it; 404 else, so that nobody learns whether it exists."""
    query = select(Ticket).where(Ticket.radicado == radicado.upper())
    ticket = session.scalar(query.with_for_update(of=Ticket) if lock else query)
    if ticket is not None and not officer().may(right, ticket):
        log.warning("refused: %s asked for %s of %s", officer().actor, request.endpoint, ticket.radicado)
    if ticket is None or not officer().may(right, ticket):
        abort(404)
    g.ticket_id = ticket.id  # whose data the page may show: see `pqr.desk.reads`
    return ticket


def check_version(ticket: Ticket, seen: str) -> None:
    """Raises EditedMeanwhile where the page that was acted upon showed another version of the ticket."""
    if str(ticket.version) != seen:
        raise EditedMeanwhile("Alguien cambió este caso después de que usted abrió la página. No se guardó nada.")

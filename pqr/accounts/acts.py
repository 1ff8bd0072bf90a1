"""How does an official get in?  An account, a one-time link, a password of one's own.

Of the link only its SHA-256 is kept. A new password, a new link or a deactivation changes `session_key`, and
with it every open session ends.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.accounts import passwords
from pqr.accounts.errors import EmailTaken, LinkNotValid, OfficeMissing
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.config import Office
from pqr.mail import letters
from pqr.mail.outbox import Envelope

LINK_LIFE = timedelta(days=7)
RESET_LIFE, ONE_RESET_A = timedelta(hours=1), timedelta(minutes=10)
LINK_PATH = "/ingresar/enlace/"


@dataclass(frozen=True)
class NewUser:
    """`secretaria_id`: only for, and needed by, the role of an office."""

    email: str
    role: Role
    secretaria_id: int | None = None


def add_user(session: Session, new: NewUser, now: datetime) -> tuple[User, str]:
    """The account and the token of its one-time link, 32 url-safe bytes, valid for `LINK_LIFE`.

    Raises EmailTaken or OfficeMissing.
    """
    email = new.email.strip().lower()
    if (new.role == Role.SECRETARIA) != (new.secretaria_id is not None):
        raise OfficeMissing("Una cuenta de dependencia, y solo ella, lleva la dependencia a la que pertenece.")
    if by_email(session, email) is not None:
        raise EmailTaken(f"Ya hay una cuenta con el correo {email}.")
    user = User(email=email, role=new.role, secretaria_id=new.secretaria_id, created_at=now)
    token = renew_link(session, user, now)
    session.add(user)
    session.flush()  # the caller names the account by its id
    return user, token


def renew_link(session: Session, user: User, now: datetime) -> str:
    """A new one-time link's token; the link before it, the password and every open session end."""
    token = secrets.token_urlsafe(32)
    user.setup_hash, user.setup_expires_at = _digest(token), now + LINK_LIFE
    user.password_hash, user.session_key = "", _new_key()
    return token


def send_reset_link(session: Session, email: str, office: Office, now: datetime) -> None:
    """Writes to an active account a link that lives an hour; to an address of nobody, nothing.

    The password stays good until the link is used: who asks for somebody else's shuts nobody out.
    """
    user = by_email(session, email)
    if user is None or not user.active or not user.password_hash:
        return
    if user.setup_expires_at is not None and user.setup_expires_at > now + RESET_LIFE - ONE_RESET_A:
        return
    token = secrets.token_urlsafe(32)
    user.setup_hash, user.setup_expires_at = _digest(token), now + RESET_LIFE
    envelope = Envelope(letter="password_link", recipient=user.email, automatic="auto-generated")
    letters.write(session, envelope, {"link": office.base_url + LINK_PATH + token}, office, now)


def by_link(session: Session, token: str, now: datetime) -> User:
    """Whose link this is. Raises LinkNotValid."""
    user = session.scalar(select(User).where(User.setup_hash == _digest(token), User.active))
    if user is None or user.setup_expires_at is None or user.setup_expires_at < now:
        raise LinkNotValid("Este enlace ya se usó, se reemplazó o venció. Pida otro a quien administra.")
    return user


def set_password(session: Session, token: str, password: str, now: datetime) -> User:
    """Uses the link up. Raises LinkNotValid, or PasswordRefused (the link then stays good)."""
    user = by_link(session, token, now)
    give_password(user, password)
    return user


def give_password(user: User, password: str) -> None:
    """A password without a link, and no link any more. Raises PasswordRefused."""
    passwords.check(password, user.email)
    user.password_hash = passwords.hash_password(password)
    user.setup_hash, user.setup_expires_at, user.session_key = "", None, _new_key()


def authenticate(session: Session, email: str, password: str) -> User | None:
    """The active official with this address and password; None takes as long, whatever was wrong."""
    user = by_email(session, email)
    usable = user is not None and user.active
    good = passwords.matches(user.password_hash if user is not None and usable else "", password)
    return user if good else None


def set_active(user: User, active: bool) -> None:
    """Lets the official in or not; the rows that name the account stay. Open sessions end."""
    user.active, user.session_key = active, _new_key()


def by_email(session: Session, email: str) -> User | None:
    """The account with this address, however it was capitalised."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_key() -> str:
    return secrets.token_hex(16)


def first_admin_link(session: Session, email: str, now: datetime) -> str | None:
    """The path of a one-time link while no administrator has a password; the account is made if there is none."""
    admins = session.scalars(select(User).where(User.role == Role.ADMIN, User.active)).all()
    if any(admin.password_hash for admin in admins):
        return None
    first = next(iter(admins), None)
    token = renew_link(session, first, now) if first else add_user(session, NewUser(email, Role.ADMIN), now)[1]
    return LINK_PATH + token

"""Who may do what?

One table and one question, asked by the list, the page, the files and every act; what the table does not
name is refused. Law 1581 of 2012, art. 4 (restricted circulation): an official sees what the work needs and no more.
"""

from enum import StrEnum

from pqr.accounts.roles import Role


class Right(StrEnum):
    """Something an official may be allowed to do."""

    READ = "read"  # lists, the ticket's page, its files and its history
    CONTACT = "contact"  # document, address, telephone and e-mail of a petitioner who gave the name
    REVEAL = "reveal"  # the same of a petitioner who asked to keep it reserved, with a reason
    TRIAGE = "triage"  # register, assign, communicate, write down what a petitioner says, read waiting mail
    ANSWER = "answer"
    APPROVE = "approve"  # let an answer leave
    EXTEND = "extend"
    RETURN = "return"  # say that it is another office's
    SETTINGS = "settings"
    HISTORY = "history"  # who changed which setting
    ACCOUNT = "account"  # one's own: sessions, second step


class Reach(StrEnum):
    """How far a right goes: tickets of the official's own office, or every ticket."""

    OWN = "own"
    ALL = "all"


_EVERYTHING = dict.fromkeys(Right, Reach.ALL)
_OF_AN_OFFICE = (Right.READ, Right.ANSWER, Right.EXTEND, Right.RETURN, Right.ACCOUNT)
TABLE: dict[Role, dict[Right, Reach]] = {
    Role.DESK: {right: reach for right, reach in _EVERYTHING.items() if right not in (Right.SETTINGS, Right.HISTORY)},
    Role.SECRETARIA: dict.fromkeys(_OF_AN_OFFICE, Reach.OWN),
    Role.AUDITOR: dict.fromkeys((Right.READ, Right.HISTORY, Right.ACCOUNT), Reach.ALL),
    Role.ADMIN: _EVERYTHING,
}


def may(role: str, right: Right, own: bool = True, reveals: bool | None = None) -> bool:
    """Whether the role has the right; `own`: on a ticket of the official's own office.

    `reveals`: what an administrator decided for this official about reserved identities; None: nothing.
    """
    if right is Right.REVEAL and reveals is not None:
        return reveals and may(role, Right.READ, own)
    reach = TABLE[Role(role)].get(right)
    return reach is Reach.ALL or (reach is Reach.OWN and own)

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
    ASK_OFFICE = "ask_office"  # ask another office for a contribution
    CONTRIBUTE = "contribute"  # say what one's office was asked for
    APPROVE = "approve"  # let an answer leave
    EXTEND = "extend"
    RETURN = "return"  # say that it is another office's
    PUBLISH = "publish"  # procedures and news of the public site
    REPORTS = "reports"  # the reports that the law orders, before they are public, with their small groups
    SIGN = "sign"  # approve them by name, and correct them
    SETTINGS = "settings"
    HISTORY = "history"  # who changed which setting
    ACCOUNT = "account"  # one's own: sessions, second step


class Reach(StrEnum):
    """How far a right goes: tickets of the official's own office, those shared with it too, or every ticket."""

    OWN = "own"
    SHARED = "shared"  # on which the office was asked to contribute
    ALL = "all"


_EVERYTHING = dict.fromkeys(Right, Reach.ALL)
_NOT_THE_DESK_S = (Right.SETTINGS, Right.HISTORY, Right.SIGN)
_OF_AN_OFFICE = {
    **dict.fromkeys((Right.ANSWER, Right.ASK_OFFICE, Right.EXTEND, Right.RETURN, Right.ACCOUNT), Reach.OWN),
    **dict.fromkeys((Right.READ, Right.CONTRIBUTE), Reach.SHARED),
}
TABLE: dict[Role, dict[Right, Reach]] = {
    Role.DESK: {right: reach for right, reach in _EVERYTHING.items() if right not in _NOT_THE_DESK_S},
    Role.SECRETARIA: _OF_AN_OFFICE,
    Role.AUDITOR: dict.fromkeys((Right.READ, Right.REPORTS, Right.SIGN, Right.HISTORY, Right.ACCOUNT), Reach.ALL),
    Role.ADMIN: _EVERYTHING,
}


def may(role: str, right: Right, own: bool = True, shared: bool = False, reveals: bool | None = None) -> bool:
    """Whether the role has the right on a ticket; `own`: of the official's office, `shared`: with it.

    `reveals`: what an administrator decided for this official about reserved identities; None: nothing.
    """
    if right is Right.REVEAL and reveals is not None:
        return reveals and may(role, Right.READ, own)
    reach = TABLE[Role(role)].get(right)
    return reach is Reach.ALL or (own and reach is not None) or (shared and reach is Reach.SHARED)

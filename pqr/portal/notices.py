"""Which notices does a page show, and under which version?  A page opens without a database, too."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from pqr.db import db
from pqr.door import office, settings
from pqr.entity.notices import FIRST_VERSION, Notice, current_version, first_notices, in_force, is_version
from pqr.entity.prose import Block, blocks
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.spanish import counted


@dataclass(frozen=True)
class Shown:
    """The notices as people read them. `version`: what is recorded of whoever reads them now."""

    version: str
    parts: Mapping[str, tuple[Block, ...]]

    def line(self, name: str) -> str:
        """A short notice in one line."""
        return " ".join(line for block in self.parts[name] for line in block.lines)


def shown(version: str = "") -> Shown:
    """Every notice of this version; of now for "" and for a version that never was."""
    try:
        session = db.session()
        label = version if version and is_version(session, version) else current_version(session)
        return _set(label, in_force(session, label), office(session).entity)
    except SQLAlchemyError:
        db.session.rollback()
        return _set(FIRST_VERSION, first_notices(), settings().entity)


def kept(version: str) -> str:
    """The version that a form says it showed, if there was such a one; else that of now."""
    session = db.session()
    return version if version and is_version(session, version) else current_version(session)


def _set(label: str, notices: Mapping[str, Notice], entity: str) -> Shown:
    values = {
        "entidad": entity,
        "correo": f"pqr@{settings().mail_domain}",
        "dias_consulta": _days(TicketKind.HABEAS_DATA_CONSULTA),
        "dias_reclamo": _days(TicketKind.HABEAS_DATA_RECLAMO),
    }
    return Shown(label, {name: tuple(blocks(notice.text, values)) for name, notice in notices.items()})


def _days(kind: TicketKind) -> str:
    return counted(TERMS[kind].length, "día hábil", "días hábiles")

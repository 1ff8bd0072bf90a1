"""Which kinds of official are there?"""

from enum import StrEnum


class Role(StrEnum):
    """What a person does here: the counter, an office that answers, looking without touching, systems."""

    DESK = "desk"
    SECRETARIA = "secretaria"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLE_LABELS = {
    Role.DESK: "Atención al usuario",
    Role.SECRETARIA: "Dependencia",
    Role.AUDITOR: "Control Interno (consulta y firma informes)",
    Role.ADMIN: "Administración del sistema",
}

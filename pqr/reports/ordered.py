"""Which reports does the law order, how often, and who reads them?  One table; nobody else writes a norm. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pqr.reports.named_periods import HALF, QUARTER, YEAR


class ReportKind(StrEnum):
    """The value is what an address and a command carry."""

    ACCESS = "trimestral"
    CONTROL = "semestral"
    OFFICES = "dependencias"
    EVIDENCE = "furag"


@dataclass(frozen=True)
class Ordered:
    """`months`: of a period. `public`: whether everybody reads it once it is approved."""

    title: str
    norm: str
    months: int
    public: bool


ORDERED: Mapping[ReportKind, Ordered] = {
    ReportKind.ACCESS: Ordered(
        "Informe trimestral de solicitudes de acceso a información",
        "Decreto 1081 de 2015, art. 2.1.1.6.2; Ley 1712 de 2014, art. 11, lit. h",
        QUARTER,
        True,
    ),
    ReportKind.CONTROL: Ordered(
        "Informe semestral de Control Interno sobre la atención de peticiones",
        "Ley 1474 de 2011, art. 76; Ley 190 de 1995, arts. 53 y 54",
        HALF,
        True,
    ),
    ReportKind.OFFICES: Ordered(
        "Informe por dependencia",
        "Ley 190 de 1995, art. 54: informar al jefe de la entidad los servicios con más quejas",
        QUARTER,
        False,
    ),
    ReportKind.EVIDENCE: Ordered(
        "Evidencias para el FURAG: servicio a las ciudadanías",
        "Decreto 1083 de 2015, art. 2.2.22.3.10 (MIPG)",
        YEAR,
        False,
    ),
}

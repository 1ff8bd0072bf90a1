"""How long does each kind of request have to be answered, and by which article?

One table for the kinds, one for the steps inside a case; nobody else writes a legal number. It does not count
days (`deadlines`) and does not decide what a message is. `source` is read by citizens, so it is in Spanish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TicketKind(StrEnum):
    """What was filed. The value is the code that is stored, exported and typed in `pqr term`."""

    PETICION_GENERAL = "peticion_general"
    PETICION_PARTICULAR = "peticion_particular"
    INFORMACION = "informacion"
    DOCUMENTOS = "documentos"
    CONSULTA = "consulta"
    QUEJA = "queja"
    RECLAMO = "reclamo"
    SUGERENCIA = "sugerencia"
    DENUNCIA = "denuncia"
    FELICITACION = "felicitacion"
    ENTRE_AUTORIDADES = "entre_autoridades"
    CONGRESO = "congreso"
    CONGRESO_DOCUMENTOS = "congreso_documentos"
    DEFENSORIA = "defensoria"
    OPOSICION = "oposicion"
    ENTE_CONTROL = "ente_control"
    CONCEJO = "concejo"
    VEEDURIA = "veeduria"
    TUTELA_INFORME = "tutela_informe"
    TUTELA_IMPUGNACION = "tutela_impugnacion"
    HABEAS_DATA_CONSULTA = "habeas_data_consulta"
    HABEAS_DATA_RECLAMO = "habeas_data_reclamo"
    SERVICIOS_PUBLICOS = "servicios_publicos"
    RECURSO_REPOSICION = "recurso_reposicion"


class Unit(StrEnum):
    """What a term's length is measured in. Months go by the calendar (Ley 4 de 1913, art. 59)."""

    BUSINESS_DAYS = "business_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Term:
    """The time the law gives: `length` and the longest `extension`, both in `unit`, and the norm behind it.

    `silence` is what the law presumes when nobody answers: "positive", "negative" or "" (nothing).
    """

    length: int
    extension: int
    unit: Unit
    source: str
    silence: str
    label: str


class UnknownTerm(ValueError):
    """No kind and no step of a case has this code."""


_DAYS, _MONTHS = Unit.BUSINESS_DAYS, Unit.MONTHS
_CPACA = "CPACA (Ley 1437 de 2011)"
_ART_14 = f"{_CPACA}, art. 14, inciso 1 y parágrafo"
_LEY_190 = f"Ley 190 de 1995, art. 55; {_ART_14}"
_NO_TERM_OF_ITS_OWN = f"sin plazo propio, se usa el general: {_ART_14}"

TERMS: Mapping[TicketKind, Term] = {
    TicketKind.PETICION_GENERAL: Term(15, 15, _DAYS, _ART_14, "negative", "Petición de interés general"),
    TicketKind.PETICION_PARTICULAR: Term(15, 15, _DAYS, _ART_14, "negative", "Petición de interés particular"),
    TicketKind.INFORMACION: Term(
        10,
        10,
        _DAYS,
        f"{_CPACA}, art. 14, núm. 1; Ley 1712 de 2014, art. 26",
        "positive",
        "Solicitud de información",
    ),
    TicketKind.DOCUMENTOS: Term(
        10, 10, _DAYS, f"{_CPACA}, art. 14, núm. 1", "positive", "Solicitud de documentos o copias"
    ),
    TicketKind.CONSULTA: Term(30, 30, _DAYS, f"{_CPACA}, art. 14, núm. 2", "negative", "Consulta"),
    TicketKind.QUEJA: Term(15, 15, _DAYS, _LEY_190, "negative", "Queja"),
    TicketKind.RECLAMO: Term(15, 15, _DAYS, _LEY_190, "negative", "Reclamo"),
    TicketKind.SUGERENCIA: Term(15, 15, _DAYS, _NO_TERM_OF_ITS_OWN, "", "Sugerencia"),
    TicketKind.DENUNCIA: Term(15, 15, _DAYS, _NO_TERM_OF_ITS_OWN, "", "Denuncia"),
    TicketKind.FELICITACION: Term(15, 15, _DAYS, _NO_TERM_OF_ITS_OWN, "", "Felicitación"),
    # Art. 30 says "no more than ten days": whether art. 14 par. extends it is doubtful, so it does not.
    TicketKind.ENTRE_AUTORIDADES: Term(10, 0, _DAYS, f"{_CPACA}, art. 30", "", "Solicitud de otra autoridad"),
    TicketKind.CONGRESO: Term(5, 0, _DAYS, "Ley 5 de 1992, art. 258", "", "Informe pedido por un congresista"),
    TicketKind.CONGRESO_DOCUMENTOS: Term(
        10,
        0,
        _DAYS,
        "Ley 5 de 1992, art. 260",
        "",
        "Documentos pedidos por una cámara o comisión del Congreso",
    ),
    TicketKind.DEFENSORIA: Term(5, 0, _DAYS, "Ley 24 de 1992, art. 15", "", "Solicitud de la Defensoría del Pueblo"),
    TicketKind.OPOSICION: Term(
        5, 0, _DAYS, "Ley 1909 de 2018, art. 16", "", "Solicitud de un partido declarado en oposición"
    ),
    TicketKind.ENTE_CONTROL: Term(
        10,
        0,
        _DAYS,
        f"la fecha que fije la autoridad en su solicitud; si no fija una, 10 días hábiles: {_CPACA}, art. 30",
        "",
        "Solicitud de un ente de control",
    ),
    TicketKind.CONCEJO: Term(
        10,
        0,
        _DAYS,
        "la fecha de la citación (Ley 136 de 1994, arts. 32 y 38); para informes escritos, por analogía, "
        f"10 días hábiles: {_CPACA}, art. 30",
        "",
        "Citación o informe pedido por el Concejo",
    ),
    TicketKind.VEEDURIA: Term(
        10,
        10,
        _DAYS,
        f"Ley 850 de 2003, art. 17; {_CPACA}, art. 14, núm. 1",
        "positive",
        "Solicitud de una veeduría ciudadana",
    ),
    TicketKind.TUTELA_INFORME: Term(
        1,
        0,
        _DAYS,
        "la fecha y hora que fije el juez, de 1 a 3 días: Decreto 2591 de 1991, arts. 19 y 20; mientras no "
        "se registre la fecha del juez, 1 día hábil es solo una alarma prudente",
        "",
        "Informe a un juez de tutela",
    ),
    TicketKind.TUTELA_IMPUGNACION: Term(
        3, 0, _DAYS, "Decreto 2591 de 1991, art. 31", "", "Impugnación de un fallo de tutela"
    ),
    TicketKind.HABEAS_DATA_CONSULTA: Term(
        10, 5, _DAYS, "Ley 1581 de 2012, art. 14", "", "Consulta de datos personales"
    ),
    TicketKind.HABEAS_DATA_RECLAMO: Term(15, 8, _DAYS, "Ley 1581 de 2012, art. 15", "", "Reclamo por datos personales"),
    TicketKind.SERVICIOS_PUBLICOS: Term(
        15,
        0,
        _DAYS,
        "Ley 142 de 1994, art. 158; Decreto 2150 de 1995, art. 123",
        "positive",
        "Petición, queja o recurso de un usuario de servicios públicos",
    ),
    TicketKind.RECURSO_REPOSICION: Term(2, 0, _MONTHS, f"{_CPACA}, art. 86", "negative", "Recurso de reposición"),
}

STEPS: Mapping[str, Term] = {
    "aclaracion": Term(10, 0, _DAYS, f"{_CPACA}, art. 19", "", "Aclaración de una petición que no se entiende"),
    # Art. 17 inc. 3: the petitioner may ask for as long again before the month ends.
    "plazo_completar_1m": Term(1, 1, _MONTHS, f"{_CPACA}, art. 17", "", "Completar la petición"),
    # Of the second the law names no day: a day of the house, so that it is not forgotten.
    "citacion": Term(5, 0, _DAYS, f"{_CPACA}, art. 68", "", "Citar a la persona para que se notifique"),
    "aviso_por_notificar": Term(
        1,
        0,
        _DAYS,
        f"alarma de la casa: la ley no fija un plazo; {_CPACA}, art. 69",
        "",
        "Notificar por aviso a quien no vino",
    ),
    "copias_por_silencio": Term(3, 0, _DAYS, f"{_CPACA}, art. 14, núm. 1", "", "Entrega de las copias"),
    # The law names no day for sending it: a day of the house, so that it is not forgotten.
    "envio_al_juez": Term(
        3,
        0,
        _DAYS,
        f"alarma de la casa: la ley no fija un plazo; {_CPACA}, art. 26",
        "",
        "Enviar el expediente al juez que decide la insistencia",
    ),
    "envio_al_juez_seguridad": Term(
        3,
        0,
        _DAYS,
        "Ley 1712 de 2014, art. 27",
        "",
        "Enviar la documentación al juez, por reserva de defensa, seguridad o relaciones internacionales",
    ),
    "insistencia": Term(10, 0, _DAYS, f"{_CPACA}, art. 26, parágrafo", "", "Insistencia ante una reserva"),
    "interponer_recurso": Term(10, 0, _DAYS, f"{_CPACA}, art. 76", "", "Presentar el recurso de reposición"),
    "orden_del_juez": Term(
        3,
        0,
        _DAYS,
        f"el día que fije el juez; si no fija uno, alarma de la casa: {_CPACA}, art. 26",
        "",
        "Cumplir lo que ordenó el juez",
    ),
    # A claim about personal data does not follow art. 17: five days to ask, two months to correct it.
    "plazo_corregir_reclamo_2m": Term(
        2, 0, _MONTHS, "Ley 1581 de 2012, art. 15, núm. 1", "", "Corregir el reclamo por datos personales"
    ),
    "recurso_seguridad": Term(
        3,
        0,
        _DAYS,
        "Ley 1712 de 2014, art. 27",
        "",
        "Presentar el recurso contra una reserva de defensa, seguridad o relaciones internacionales",
    ),
    "leyenda_reclamo_en_tramite": Term(
        2, 0, _DAYS, "Ley 1581 de 2012, art. 15, núm. 2", "", "Leyenda «reclamo en trámite»"
    ),
    "requerimiento_completar": Term(
        10, 0, _DAYS, f"{_CPACA}, art. 17", "", "Pedir al ciudadano que complete la petición"
    ),
    "requerimiento_reclamo": Term(
        5, 0, _DAYS, "Ley 1581 de 2012, art. 15, núm. 1", "", "Pedir que se corrija el reclamo por datos personales"
    ),
    "traslado": Term(5, 0, _DAYS, f"{_CPACA}, art. 21", "", "Traslado a la entidad competente"),
    "traslado_reclamo": Term(
        2, 0, _DAYS, "Ley 1581 de 2012, art. 15", "", "Traslado de un reclamo por datos personales"
    ),
}

LAPSING = frozenset({"requerimiento_completar"})  # after its last day it may no longer be done, so nobody is late


def term_of(code: str) -> Term:
    """The term of a kind or of a step. Raises UnknownTerm, which names the codes that exist."""
    if code in STEPS:
        return STEPS[code]
    try:
        return TERMS[TicketKind(code)]
    except ValueError:
        known = ", ".join([*TERMS, *STEPS])
        raise UnknownTerm(f'No hay un plazo con el código "{code}". Los códigos son: {known}.') from None

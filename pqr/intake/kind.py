"""What kind of petition is this, when nobody chose one?  A first guess from the words, for a person to change. Pure."""

from pqr.secretarias.routing import stems
from pqr.terms.kinds import TicketKind

_ANYWHERE = {TicketKind.DENUNCIA: ("denuncia", "corrupción"), TicketKind.QUEJA: ("queja",)}
_IN_SUBJECT = {
    TicketKind.RECLAMO: ("reclamo", "reclamación"),
    TicketKind.DOCUMENTOS: ("copia", "copias de"),
    TicketKind.INFORMACION: ("solicitud de información", "información pública", "acceso a la información"),
    TicketKind.SUGERENCIA: ("sugerencia",),
    TicketKind.FELICITACION: ("felicitación", "agradecimiento"),
}
_RESERVE = (
    "identidad reservada",
    "reserva de identidad",
    "reserva de mi identidad",
    "reserva de la identidad",
    "reserva de mi nombre",
    "reserva de mis datos",
    "reservar mi identidad",
    "reserven mi identidad",
    "en reserva mi identidad",
    "en reserva mi nombre",
)


def asks_for_reserve(subject: str, body: str) -> bool:
    """Whether who writes a mail, where there is no box to tick, asks in words that the name be kept."""
    return _has(f" {' '.join(stems(f'{subject} . {body}'))} ", _RESERVE)


def kind_by_words(subject: str, body: str) -> TicketKind:
    """A first kind for a petition that came without one; a person may change it.

    Complaints and reports are looked for in the whole text, since they must not reach the office they speak of.
    A longer term (consulta, 30 days) is never given to somebody who did not ask for it.
    """
    in_subject = f" {' '.join(stems(subject))} "
    anywhere = in_subject + f"{' '.join(stems(body))} "
    for kind, words in _ANYWHERE.items():
        if _has(anywhere, words):
            return kind
    for kind, words in _IN_SUBJECT.items():
        if _has(in_subject, words):
            return kind
    return TicketKind.PETICION_GENERAL


def _has(phrase: str, words: tuple[str, ...]) -> bool:
    return any(f" {' '.join(stems(word))} " in phrase for word in words)

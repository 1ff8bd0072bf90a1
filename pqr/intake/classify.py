"""What is this message?  One verdict from the parsed mail and what the ledgers know of it. Pure.

In doubt a person decides: a message is set aside by itself only when a machine wrote it in answer to something.
A signed address says which case is meant; the sender must still be somebody of that case.
"""

from dataclasses import dataclass

from pqr.mail.addresses import Action, SignedAddress
from pqr.mail.message import TOO_COSTLY, IncomingMail
from pqr.secretarias.routing import stems
from pqr.terms.kinds import TicketKind

MACHINES_THAT_ANSWER = frozenset({"auto-replied", "delivery-report"})


@dataclass(frozen=True)
class CaseFacts:
    """The case that the message speaks of. `found_by`: address, thread (cites one of our letters) or number."""

    ticket_id: int
    radicado: str
    office_addresses: frozenset[str]
    petitioner_email: str
    found_by: str


@dataclass(frozen=True)
class Facts:
    """What the ledgers know. `letter_id`: our letter that a delivery report speaks of.

    `several_orders`: it is addressed to more than one of our signed addresses, of one case or of several.
    """

    address: SignedAddress | None = None
    case: CaseFacts | None = None
    several_orders: bool = False
    letter_id: int | None = None
    duplicate_of: str = ""
    sender_is_ours: bool = False
    letter_came_back: bool = False
    sender_is_office: bool = False


@dataclass(frozen=True)
class NewTicket:
    """A petition to be filed."""

    kind: TicketKind


@dataclass(frozen=True)
class SecretariaReply:
    """An office answers, returns, asks for more days or ends its digest (`action`)."""

    action: Action


@dataclass(frozen=True)
class CitizenFollowUp:
    """The petitioner writes again about the case."""


@dataclass(frozen=True)
class Bounce:
    """A delivery report about one of our letters; `letter_id` is None when it names none that we know."""

    letter_id: int | None


@dataclass(frozen=True)
class Ignored:
    """Kept, and nobody has to read it."""

    why: str


@dataclass(frozen=True)
class NeedsHuman:
    """Waits on the desk. `tell`: what the sender is told at once, empty when it is better to say nothing."""

    why: str
    tell: str = ""


Finding = NewTicket | SecretariaReply | CitizenFollowUp | Bounce | Ignored | NeedsHuman


def classify(mail: IncomingMail, facts: Facts) -> Finding:
    """The verdict, from the surest sign to the least sure."""
    if facts.duplicate_of:
        return Ignored(f"Ya se había recibido: {facts.duplicate_of}.")
    if facts.letter_came_back:
        return Ignored("Es una carta de este mismo servicio.")
    if mail.is_delivery_report:
        return Bounce(facts.letter_id)
    if mail.automatic:
        return _by_machine(mail, facts)
    if TOO_COSTLY in mail.defects:
        return NeedsHuman("Es demasiado grande o complejo para leerlo solo; está completo en el archivo adjunto.")
    if facts.sender_is_ours:
        return NeedsHuman("Dice venir de nuestra propia dirección, y no es una carta nuestra.")
    if facts.several_orders:
        return NeedsHuman("Responde a varios casos, o pide varias cosas, en un solo mensaje.")
    if facts.case is not None:
        return _about_case(mail, facts, facts.case)
    return _about_nothing_known(mail, facts)


def _by_machine(mail: IncomingMail, facts: Facts) -> Finding:
    if facts.sender_is_ours:
        return Ignored("Es un mensaje automático de este mismo servicio.")
    if mail.automatic in MACHINES_THAT_ANSWER:
        return Ignored(f"Respuesta automática ({mail.automatic}).")
    if facts.case is not None:
        return NeedsHuman(f"Mensaje automático ({mail.automatic}) sobre {facts.case.radicado}.")
    # Another authority's system may send a petition this way, so it is not thrown aside unread.
    return NeedsHuman(f"Mensaje automático o masivo ({mail.automatic}).")


def _about_case(mail: IncomingMail, facts: Facts, case: CaseFacts) -> Finding:
    action = facts.address.action if facts.address else None
    from_office = bool(mail.sender) and mail.sender in case.office_addresses
    from_petitioner = bool(case.petitioner_email) and case.petitioner_email in (mail.sender, mail.reply_to)
    if from_office and action in (Action.ANSWER, Action.RETURN, Action.EXTEND):
        return SecretariaReply(action)
    if from_office and case.found_by == "thread":
        return SecretariaReply(Action.ANSWER)
    if from_petitioner:
        return CitizenFollowUp() if _says_something(mail) else _empty()
    if from_office:
        return NeedsHuman(
            f"La dependencia escribió sobre {case.radicado} sin responder a su carta.",
            "Su mensaje llegó, pero no se sabe si es la respuesta al peticionario. Para enviarla, responda el correo"
            " con el que se le asignó el caso. Una persona de atención al usuario va a revisar este mensaje.",
        )
    return NeedsHuman(
        f"Es sobre {case.radicado}, pero {mail.sender or 'el remitente'} no es la dependencia ni el peticionario.",
        "Su mensaje llegó, pero no salió de un correo registrado en ese caso. Una persona de atención al usuario lo"
        " va a revisar. Si usted responde por una dependencia, escriba desde el correo de la dependencia.",
    )


def _about_nothing_known(mail: IncomingMail, facts: Facts) -> Finding:
    if facts.address is not None and facts.address.action == Action.UNSUBSCRIBE and facts.sender_is_office:
        return SecretariaReply(Action.UNSUBSCRIBE)
    if facts.address is not None:
        return NeedsHuman("La dirección firmada no corresponde a ningún caso.")
    if facts.sender_is_office:
        return NeedsHuman("Lo escribe una dependencia sin indicar el caso.")
    if not _says_something(mail):
        return _empty()
    return NewTicket(kind_by_words(mail.subject, mail.text))


def _says_something(mail: IncomingMail) -> bool:
    return bool(mail.text.strip() or mail.subject.strip() or mail.attachments)


def _empty() -> NeedsHuman:
    return NeedsHuman(
        "El mensaje llegó vacío.",
        "Su mensaje llegó vacío: sin asunto, sin texto y sin archivos. Escríbanos otra vez contando qué necesita.",
    )


_ANYWHERE = {TicketKind.DENUNCIA: ("denuncia", "corrupción"), TicketKind.QUEJA: ("queja",)}
_IN_SUBJECT = {
    TicketKind.RECLAMO: ("reclamo", "reclamación"),
    TicketKind.DOCUMENTOS: ("copia", "copias de"),
    TicketKind.INFORMACION: ("solicitud de información", "información pública", "acceso a la información"),
    TicketKind.SUGERENCIA: ("sugerencia",),
    TicketKind.FELICITACION: ("felicitación", "agradecimiento"),
}


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

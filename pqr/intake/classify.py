"""What is this message?  One verdict from the parsed mail and what the ledgers know of it. Pure.

In doubt a person decides: a message is set aside by itself only when a machine wrote it in answer to something.
A signed address says which case is meant; the sender must still be somebody of that case.
"""

from dataclasses import dataclass

from pqr.intake.kind import kind_by_words
from pqr.mail.addresses import Action, SignedAddress
from pqr.mail.machine_mail import sounds_absent
from pqr.mail.message import TOO_COSTLY, IncomingMail
from pqr.terms.kinds import TicketKind

MACHINES_THAT_ANSWER = frozenset({"auto-replied", "delivery-report"})
MOST_A_DAY = 20  # petitions of one sender, or messages on one case: over it a person looks before anybody is written to


ORDERS = {
    Action.ANSWER: "Respuesta de la dependencia.",
    Action.RETURN: "La dependencia la devolvió.",
    Action.EXTEND: "La dependencia prorrogó el término.",
    Action.ASK: "La dependencia le preguntó a la persona.",
    Action.CONTRIBUTE: "Otra dependencia envió su aporte.",
    Action.UNSUBSCRIBE: "La dependencia ya no quiere el resumen diario.",
}


@dataclass(frozen=True)
class CaseFacts:
    """The case that the message speaks of. `found_by`: address, thread (cites one of our letters) or number.

    `office_addresses`: of the office that has it; of the one that was asked, where the message is a contribution.
    """

    ticket_id: int
    radicado: str
    office_addresses: frozenset[str]
    petitioner_email: str
    found_by: str


@dataclass(frozen=True)
class Twin:
    """An earlier message that says the same. `again`: it came as a mail of its own, not twice delivered."""

    mail_id: int
    ticket_id: int | None = None
    again: bool = False


@dataclass(frozen=True)
class Facts:
    """What the ledgers know. `letter_id`: our letter that a delivery report speaks of.

    `several_orders`: it is addressed to more than one of our signed addresses, of one case or of several.
    `sender_disowned`: the receiving server found that it is not of the domain that it names (DMARC).
    `petitions_today`, `messages_today`: filed from this address, or added to this case, in the last 24 hours.
    """

    address: SignedAddress | None = None
    case: CaseFacts | None = None
    several_orders: bool = False
    letter_id: int | None = None
    twin: Twin | None = None
    sender_disowned: bool = False
    petitions_today: int = 0
    messages_today: int = 0
    sender_is_ours: bool = False
    letter_came_back: bool = False
    sender_is_office: bool = False


@dataclass(frozen=True)
class NewTicket:
    """A petition to be filed."""

    kind: TicketKind
    why: str = "Petición nueva."


@dataclass(frozen=True)
class SecretariaReply:
    """An office answers, contributes, asks, returns, wants more days or ends its digest (`action`)."""

    action: Action

    @property
    def why(self) -> str:
        """What the office wants, in words."""
        return ORDERS[self.action]


@dataclass(frozen=True)
class CitizenFollowUp:
    """The petitioner writes again about the case."""

    why: str = "El peticionario escribió de nuevo."


@dataclass(frozen=True)
class Bounce:
    """A delivery report about one of our letters; `letter_id` is None when it names none that we know."""

    letter_id: int | None
    why: str = "Aviso de entrega."


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


def classify(mail: IncomingMail, facts: Facts, written: str = "") -> Finding:
    """The verdict, from the surest sign to the least sure. `written`: what is new in the mail, without the quoted."""
    if facts.twin is not None:
        return _repeated(facts.twin)
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
    if sounds_absent(written):
        return NeedsHuman("Parece la respuesta automática de alguien que no está, aunque no lo declara.")
    if facts.case is not None:
        return _about_case(mail, facts, facts.case)
    return _about_nothing_known(mail, facts)


def _repeated(twin: Twin) -> Ignored:
    if twin.again:
        return Ignored(f"Dice lo mismo que el mensaje {twin.mail_id}, del mismo remitente: se cuenta, no se repite.")
    return Ignored(f"Ya se había recibido: mensaje {twin.mail_id}.")


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
    order = action if action in ORDERS else Action.ANSWER if case.found_by == "thread" else None
    if facts.sender_disowned and (from_office or case.found_by == "number"):
        return _disowned(mail)
    if from_office and order is not None:
        return SecretariaReply(order)
    if from_petitioner and facts.messages_today >= MOST_A_DAY:
        return NeedsHuman(f"Ya llegaron {facts.messages_today} mensajes sobre {case.radicado} en un día.")
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


def _disowned(mail: IncomingMail) -> NeedsHuman:
    return NeedsHuman(
        f"El servidor que recibe el correo no confirma que lo haya escrito {mail.sender} (DMARC).",
        "Llegó un mensaje con su dirección y el servidor de correo no pudo comprobar que lo haya escrito usted. Una"
        " persona de atención al usuario lo va a revisar. Si lo escribió usted, no tiene que hacer nada más.",
    )


def _about_nothing_known(mail: IncomingMail, facts: Facts) -> Finding:
    if facts.sender_disowned:
        return _disowned(mail)
    if facts.address is not None and facts.address.action == Action.UNSUBSCRIBE and facts.sender_is_office:
        return SecretariaReply(Action.UNSUBSCRIBE)
    if facts.address is not None:
        return NeedsHuman("La dirección firmada no corresponde a ningún caso.")
    if facts.sender_is_office:
        return NeedsHuman("Lo escribe una dependencia sin indicar el caso.")
    if not _says_something(mail):
        return _empty()
    if mail.is_spam:
        return NeedsHuman("Un filtro de correo lo marcó como no deseado; puede ser una petición.")
    if facts.petitions_today >= MOST_A_DAY:
        return NeedsHuman(
            f"Este remitente ya presentó {facts.petitions_today} peticiones en un día.",
            f"Hoy ya radicamos {facts.petitions_today} mensajes suyos. Este también se guardó, y antes de radicarlo lo"
            " mira una persona de atención al usuario.",
        )
    return NewTicket(kind_by_words(mail.subject, mail.text))


def _says_something(mail: IncomingMail) -> bool:
    return bool(mail.text.strip() or mail.subject.strip() or mail.attachments)


def _empty() -> NeedsHuman:
    return NeedsHuman(
        "El mensaje llegó vacío.",
        "Su mensaje llegó vacío: sin asunto, sin texto y sin archivos. Escríbanos otra vez contando qué necesita.",
    )

"""How are the codes of the ledgers said to an official?  Tables of Spanish words, and nothing else."""

from pqr.accounts.models import Outcome as KnockOutcome
from pqr.mail.outbox import LetterState
from pqr.terms.notifying import AnswerOutcome, Way
from pqr.tickets.models import Channel, Identity
from pqr.tickets.states import Outcome, State

CHANNELS = {
    Channel.WEB: "Página web",
    Channel.EMAIL: "Correo",
    Channel.COUNTER: "Ventanilla",
    Channel.PHONE: "Teléfono",
    Channel.PAPER: "Papel",
    Channel.CHAT: "Chat",
    Channel.BOX: "Buzón",
    Channel.API: "Otro sistema",
}
STATES = {
    State.FILED: "Por asignar",
    State.ASSIGNED: "En la dependencia",
    State.AWAITING_PETITIONER: "Espera a la persona",
    State.ANSWERED: "Respondida, sin comunicar",
    State.CLOSED: "Cerrada",
}
OUTCOMES = {
    Outcome.ANSWERED: "respondida y comunicada",
    Outcome.TRANSFERRED: "trasladada a otra entidad",
    Outcome.WITHDRAWN_EXPRESS: "desistida",
    Outcome.WITHDRAWN_TACIT: "desistimiento tácito",
    Outcome.ARCHIVED_UNCLEAR: "archivada sin aclarar",
    Outcome.REJECTED: "rechazada",
    Outcome.BY_REFERENCE: "remitida a una respuesta anterior",
    Outcome.DUPLICATE: "repetida",
    Outcome.VOIDED: "radicado anulado",
}
IDENTITIES = {
    Identity.NAMED: "Con nombre",
    Identity.RESERVED: "Identidad reservada",
    Identity.ANONYMOUS: "Anónima",
}
ANSWER_OUTCOMES: dict[str, str] = {
    AnswerOutcome.GRANTED: "Concede lo que pide",
    AnswerOutcome.PARTLY: "Concede una parte y niega otra",
    AnswerOutcome.DENIED: "Niega lo que pide",
    AnswerOutcome.DENIED_RESERVED: "Niega porque la ley lo reserva",
    AnswerOutcome.INFORMED: "Informa o explica",
    AnswerOutcome.NO_COMPETENCE: "Explica que no le corresponde a la alcaldía",
}
RUNGS: dict[str, str] = {
    Way.ELECTRONIC: "Notificar por correo electrónico",
    Way.CITATION: "Citar a la persona para que venga a notificarse",
    Way.CITATION_POSTED: "Publicar la citación en la cartelera y en la página web",
    Way.NOTICE_SENT: "Enviar el aviso con la copia completa",
    Way.NOTICE: "Publicar el aviso en la cartelera y en la página web",
}
FLAGS = {
    "peligro_inminente": "Peligro inminente",
    "nna": "Niñez",
    "perjuicio_irremediable": "Perjuicio irremediable",
    "periodista": "Periodista",
    "preferente": "Atención preferente",
    "veterano": "Veterano",
}
ANSWER_WAYS = {
    "email": "por correo electrónico",
    "postal": "en papel, a su dirección",
    "portal": "en la página web",
}
CONTACT = {"email": "correo", "phone": "teléfono", "address": "dirección", "municipality": "municipio"}
OUTCOMES_OF_KNOCKS = {
    KnockOutcome.GOOD: "Entró",
    KnockOutcome.HALF: "Contraseña correcta, faltaba el código",
    KnockOutcome.WRONG: "Contraseña equivocada",
    KnockOutcome.CODE: "Código equivocado",
    KnockOutcome.LOCKED: "No se le dejó intentar: hubo demasiados intentos",
}
LETTERS = {
    "acknowledgement": "Acuse de recibo",
    "assignment": "Asignación a la dependencia",
    "answer": "Respuesta",
    "complement": "Complemento de la respuesta",
    "notification": "Notificación electrónica",
    "citation": "Citación para notificarse",
    "notice_sent": "Aviso con la copia completa",
    "question": "Pregunta a la persona",
    "extension": "Aviso de prórroga",
    "follow_up": "Aviso de mensaje nuevo",
    "completion_request": "Pedido de completar la petición",
    "clarification_request": "Pedido de aclarar la petición",
    "still_lacking": "Aviso de que todavía falta algo",
    "completion_extended": "Aviso de más plazo para completarla",
    "completion_reminder": "Recordatorio a la persona",
    "resumed": "Aviso de que el plazo vuelve a correr",
    "paused": "Aviso de que el plazo se suspende",
    "withdrawn_tacit": "Decisión de desistimiento tácito",
    "archived_unclear": "Decisión de archivo",
    "withdrawn_express": "Confirmación del desistimiento",
    "continued": "Aviso de que la petición continúa",
    "transfer": "Traslado a otra entidad",
    "transferred": "Aviso del traslado a la persona",
    "appeal_received": "Constancia del recurso o de la insistencia",
    "appeal_decided": "Aviso de que se decidió el recurso",
    "judge": "Remisión al juez",
    "judge_sent": "Aviso de que el expediente está donde el juez",
    "judge_decided": "Aviso de lo que decidió el juez",
    "rejected": "Decisión de rechazo",
    "answered_by_reference": "Remisión a una respuesta anterior",
    "voided": "Aviso de radicado anulado",
    "reopened": "Aviso de que se reabrió",
    "merged": "Aviso de que se responde con otra",
    "separated": "Aviso de que se responde por separado",
    "reminder": "Recordatorio",
    "digest": "Resumen diario",
    "weekly": "Resumen semanal",
    "not_understood": "Aviso de mensaje no entendido",
    "unread_files": "Aviso de archivos que no se pueden leer",
    "identity_revealed": "Aviso de que se vio una identidad reservada",
    "password_link": "Enlace para la contraseña",
    "contribution": "Aporte pedido a otra dependencia",
    "contribution_reminder": "Recordatorio del aporte",
    "contribution_cancelled": "Aviso de que el aporte ya no hace falta",
    "contribution_given": "Aviso de que llegó el aporte",
    "order_done": "Aviso de que se hizo lo pedido",
}
LETTER_STATES = {
    LetterState.QUEUED: "por salir",
    LetterState.SENT: "aceptada por el servidor del destinatario",
    LetterState.FAILED: "no pudo salir",
    LetterState.BOUNCED: "devuelta",
    LetterState.DISMISSED: "descartada por una persona",
}
VERDICTS = {
    "": "sin leer todavía",
    "new_ticket": "radicado como petición",
    "secretaria_reply": "respuesta de la dependencia",
    "citizen_follow_up": "mensaje de la persona",
    "bounce": "aviso de entrega",
    "ignored": "apartado por el sistema",
    "discarded": "descartado por una persona",
    "needs_human": "lo revisa una persona",
}
FATES = {
    "radicar": "Se radicó como petición",
    "agregar": "Se agregó al caso",
    "responder": "Se registró como respuesta de la dependencia",
    "aportar": "Se registró como aporte de otra dependencia",
    "descartar": "Se descartó",
}
TROUBLES = {
    "password": "pide contraseña",
    "key": "está cifrado",
    "infected": "traía un virus y no se guardó",
}

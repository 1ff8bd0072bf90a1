"""How is each event told to the petitioner?  One sentence in plain Spanish, from the event's facts."""

from collections.abc import Callable, Mapping

from pqr.portal.appeal_story import APPEALS, Facts, Names, until
from pqr.terms.spanish import counted

SAME_TERM = "El plazo sigue siendo el mismo."


def sentence(kind: str, data: Facts, offices: Names) -> str:
    """The event in words; "" for one that concerns the officials. `offices`: name by code."""
    tells = _SENTENCES.get(kind)
    return tells(data, offices) if tells else ""


def _assigned(data: Facts, offices: Names) -> str:
    return f"Quedó a cargo de: {_office(data, offices)}."


def _reassigned(data: Facts, offices: Names) -> str:
    return f"Pasó a: {_office(data, offices)}. {SAME_TERM}"


def _office(data: Facts, offices: Names) -> str:
    return offices.get(str(data.get("secretaria")), "otra dependencia")


def _extended(data: Facts, _: Names) -> str:
    days = counted(int(str(data["days"])), "día hábil", "días hábiles")
    return f"El plazo se amplió {days}, hasta el {until(data, 'due_on')}. Razón: {str(data['reason']).rstrip('.')}."


def _recomputed(data: Facts, _: Names) -> str:
    return f"La fecha límite cambió al {until(data, 'due_on')}. Razón: {str(data['reason']).rstrip('.')}."


def _reclassified(data: Facts, _: Names) -> str:
    """Nothing where the date stayed: the kind is how the house files it."""
    if data["due_on"] == data["due_before"]:
        return ""
    return f"Se revisó qué clase de petición es, y por eso la fecha límite cambió al {until(data, 'due_on')}."


def _asked(act: str) -> Callable[[Facts, Names], str]:
    return lambda data, _: f"Le pedimos {act}, a más tardar el {until(data, 'until')}. El plazo quedó suspendido."


def _resumed(what: str) -> Callable[[Facts, Names], str]:
    return lambda data, _: f"{what} El plazo volvió a correr: la fecha límite es el {until(data, 'due_on')}."


def _granted(data: Facts, _: Names) -> str:
    copies = (
        f" Las copias deben entregársele a más tardar el {until(data, 'copies_by')}." if "copies_by" in data else ""
    )
    return f"El plazo terminó sin respuesta: lo que pidió se entiende aceptado y ya no se le puede negar.{copies}"


def _published(data: Facts, _: Names) -> str:
    return f"Publicamos el aviso en la cartelera y en la página, hasta el {until(data, 'last_day')}."


def _communicated(data: Facts, _: Names) -> str:
    return _WAYS.get(str(data.get("way")), "Recibió la respuesta.")


def _letter_sent(data: Facts, _: Names) -> str:
    return _SENT.get(str(data.get("letter")), "")


def _letter_bounced(data: Facts, _: Names) -> str:
    if data.get("letter") not in _SENT:
        return ""
    return "El correo que le enviamos fue devuelto: la dirección parece no recibir mensajes. Consulte aquí su caso."


def _always(words: str) -> Callable[[Facts, Names], str]:
    return lambda _data, _names: words


_WAYS = {
    "mail": "La respuesta llegó a su correo.",
    "portal": "Usted leyó la respuesta en esta página.",
    "counter": "Recibió la respuesta en la ventanilla.",
    "postal": "La respuesta se entregó por correo postal.",
    "electronic": "Usted abrió la decisión en esta página: quedó notificado.",
    "notice_sent": "Le enviamos el aviso con la copia completa: quedó notificado.",
    "conclusive": "Usted presentó un recurso contra la decisión: ya la conoce.",
    "notice": "La respuesta se publicó en la cartelera y en la página web.",
}
_SENT = {
    "acknowledgement": "Le enviamos la constancia por correo.",
    "extension": "Le avisamos por correo la ampliación del plazo.",
    "answer": "Le enviamos la respuesta por correo.",
    "notification": "Le enviamos por correo el enlace para abrir la decisión.",
    "citation": "Le enviamos por correo la citación para notificarse de la decisión.",
    "notice_sent": "Le enviamos por correo el aviso con la copia de la decisión.",
}
_SENTENCES: Mapping[str, Callable[[Facts, Names], str]] = {
    "filed": _always("Quedó radicada."),
    "missing_noted": _always("Le dijimos qué le faltaba. Está en la constancia; lo puede enviar por aquí."),
    "assigned": _assigned,
    "reassigned": _reassigned,
    "returned": _always(
        f"Volvió a la oficina de Atención al Usuario, que buscará la dependencia correcta. {SAME_TERM}"
    ),
    "extended": _extended,
    **dict.fromkeys(("due_date_recomputed", "date_fixed"), _recomputed),
    "reclassified": _reclassified,
    "citation_posted": lambda data, _: (
        f"Publicamos una citación para que venga a notificarse, hasta el {until(data, 'last_day')}."
    ),
    "notice_published": _published,
    "notice_removed": _always("El aviso cumplió sus cinco días y se retiró."),
    "notified": _always("La decisión quedó notificada por aviso."),
    "electronic_accepted": _always("Usted aceptó la notificación electrónica."),
    "electronic_revoked": _always("Usted pidió que no le notifiquemos electrónicamente."),
    "asked": _always("La dependencia le preguntó algo para poder responderle. El plazo no cambia."),
    "completion_requested": _asked("completar su petición"),
    "data_claim_fix_requested": _asked("corregir su reclamo"),
    "clarification_requested": _asked("aclarar su petición"),
    "still_lacking": _always("Miramos lo que envió y todavía falta algo."),
    "completion_extended": lambda data, _: f"Tiene más plazo para completarla: hasta el {until(data, 'until')}.",
    "petitioner_reminded": _always("Le recordamos por correo lo que falta."),
    "petition_completed": _resumed("Su petición quedó completa."),
    "clarified": _resumed("Su petición quedó clara."),
    "paused": lambda data, _: f"El plazo quedó suspendido. Razón: {str(data['reason']).rstrip('.')}.",
    "settled": _resumed("Se decidió quién debe responderle."),
    "withdrawn_tacit": _always("Se cerró por desistimiento: no llegó a tiempo lo que le pedimos."),
    "archived_unclear": _always("Se archivó: no llegó a tiempo la aclaración que le pedimos."),
    "withdrawn_express": _always("Se cerró porque usted desistió."),
    "continued": lambda data, _: (
        f"Usted desistió, y la alcaldía la continúa por interés público: {str(data['reason']).rstrip('.')}."
    ),
    "transferred": lambda data, _: (
        f"Le corresponde a otra entidad: pasó a {data['body']} con el oficio {data['radicado']}."
    ),
    "transferred_part": lambda data, _: (
        f"Una parte le corresponde a otra entidad: pasó a {data['body']} con el oficio {data['radicado']}. "
        "Lo demás se lo respondemos nosotros."
    ),
    "answered_by_reference": _always("Se respondió remitiendo a una respuesta anterior."),
    "rejected": _always("Se rechazó, por las razones que le comunicamos."),
    "voided": _always("Se anuló este radicado: se había dado por error."),
    "reopened": lambda data, _: f"Se reabrió. Razón: {str(data['reason']).rstrip('.')}.",
    "urgent_measure": _always("Se tomó una medida de urgencia. La respuesta se le debe todavía."),
    "silence_positive": _granted,
    "silence_negative": _always(
        "Pasaron tres meses sin respuesta: puede acudir al juez como si se la hubieran negado. La alcaldía sigue "
        "obligada a responderle."
    ),
    **APPEALS,
    "answered": _always("Se emitió la respuesta."),
    "completed": _always("Se envió un complemento de la respuesta."),
    "merged": _always("Se responderá junto con otra petición sobre lo mismo. Su número y su plazo no cambian."),
    **dict.fromkeys(("unmerged", "ungrouped"), _always("Se responderá por separado. Su número y su plazo no cambian.")),
    "grouped": _always("Se responderá igual a todos los que pidieron lo mismo. Su número y su plazo no cambian."),
    "published": _always("La misma respuesta se publicó en la página, sin nombres."),
    "communicated": _communicated,
    "copies_delivered": _always("Le entregamos las copias que pidió."),
    "letter_sent": _letter_sent,
    "letter_bounced": _letter_bounced,
    "withdrawal_wished": _always("Usted dijo que desiste. Un funcionario cierra el caso o le dice por qué sigue."),
    "time_wished": _always("Usted pidió más plazo."),
    "answer_contested": _always("Usted dijo que la respuesta no responde lo que pidió."),
    "follow_up": _always("Se agregó información a su caso."),
}

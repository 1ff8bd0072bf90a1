"""What does each kind of event say, fact by fact?  Short Spanish phrases from what the event holds. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from pqr.desk.waiting import CAUSES
from pqr.desk.wording import ANSWER_OUTCOMES, CHANNELS, CONTACT, FATES, FLAGS, LETTERS, OUTCOMES, TROUBLES
from pqr.mail.letters import instant
from pqr.terms.clock import Cause
from pqr.terms.fixing import hour_of
from pqr.terms.kinds import TERMS, TicketKind, term_of
from pqr.terms.spanish import counted, long_date
from pqr.tickets.communicating import WAYS
from pqr.tickets.states import Outcome
from pqr.tickets.suspicion import LABELS as SIGNS


def _assignment(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    before = data.get("before")
    return (
        f"A {names.get(data['secretaria'], data['secretaria'])}",
        f"Antes: {names.get(before, before)}" if before else "",
        f"Razón: {data['reason']}",
    )


def _new_date(data: Mapping[str, Any]) -> str:
    before, after = (long_date(date.fromisoformat(data[key])) for key in ("before", "due_on"))
    return f"Vencía el {before}; ahora vence el {after}"


def _days_left(data: Mapping[str, Any]) -> str:
    left = int(data.get("days_left", 0))
    days = counted(abs(left), "día hábil", "días hábiles")
    return "Vencía ese día" if left == 0 else f"Quedaban {days}" if left > 0 else f"Estaba vencida hacía {days}"


def _unreadable(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{file['name']}: {TROUBLES.get(file['why'], file['why'])}" for file in data.get("unreadable", ()))


def _new_kind(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    moved = data["due_on"] != data["due_before"]
    return (
        _before_and_now(data, "kind", lambda kind: TERMS[TicketKind(kind)].label),
        _new_date({"before": data["due_before"], "due_on": data["due_on"]}) if moved else "La fecha no cambió",
        f"Razón: {data['reason']}",
    )


def _flags(flags: list[str]) -> str:
    return ", ".join(FLAGS.get(flag, flag) for flag in flags)


def _before_and_now(data: Mapping[str, Any], name: str, said: Callable[[Any], str]) -> str:
    return f"Antes: {said(data['before']) or 'ninguno'}; ahora: {said(data[name]) or 'ninguno'}"


def _exit(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    by_mail = data.get("by_mail")
    return (
        f"Radicado de salida {data['radicado']}",
        ANSWER_OUTCOMES.get(data.get("outcome", ""), ""),
        f"La reserva: {data['provision']}" if data.get("provision") else "",
        "" if by_mail else "No hay correo para enviarla: vea la constancia de entrega",
    )


def _effective(data: Mapping[str, Any]) -> str:
    return f"Con efecto al terminar el {day(data['effective_on'])}" if data.get("effective_on") else ""


def _handed(data: Mapping[str, Any]) -> str:
    return f"El {instant(datetime.fromisoformat(data['handed_at']))}" if data.get("handed_at") else ""


def _copies(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        WAYS.get(data["way"], data["way"]),
        f"El {instant(datetime.fromisoformat(data['at']))}",
        f"{'Tarde: el plazo era' if data['late'] else 'A tiempo: el plazo es'} el {day(data['until'])}",
    )


def _tried(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        "Por correo" if data.get("by_mail") else "En papel: imprímala y envíela a su dirección",
        f"Puede venir hasta el {day(data['until'])}" if data.get("until") else "",
        f"Razón: {data['reason']}" if data.get("reason") else "",
    )


def _notice(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"Hasta el {day(data['last_day'])}",
        _effective(data),
        f"Se publica porque {data['why']}" if data.get("why") else "",
    )


def day(written: str) -> str:
    return long_date(date.fromisoformat(written))


def told(data: Mapping[str, Any]) -> tuple[str, ...]:
    number = data.get("radicado")
    return (
        f"Radicado de salida {number}" if number else "",
        ""
        if data.get("by_mail", True)
        else "No hay correo para escribirle: entréguele la carta por otro medio y anótelo",
    )


def _asked(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (f"Tiene hasta el {day(data['until'])}", *told(data))


def _resumed(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"Llegó el {day(data['supplied_on'])}",
        f"Vence el {day(data['due_on'])}",
        "No quedaban días: la ley no lo resuelve y se dio 1 día hábil" if data.get("left_none") else "",
    )


def transfer(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"A {data['body']}, con el oficio {data['radicado']}",
        "" if data["to_body_by_mail"] else "No sale por correo: imprímalo, llévelo y registre la entrega",
        f"Tarde (el plazo era el {day(data['until'])}): {data['late_reason']}" if data.get("late") else "",
        *told(data),
    )


FACTS: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], tuple[str, ...]]] = {
    "filed": lambda data, names: (
        f"Por {CHANNELS.get(data['channel'], data['channel']).lower()}",
        f"Vence el {long_date(date.fromisoformat(data['due_on']))}",
        *_unreadable(data),
    ),
    "follow_up": lambda data, names: _unreadable(data),
    "registered": lambda data, names: ("Petición verbal" if data.get("verbal") else "",),
    "assigned": _assignment,
    "reassigned": _assignment,
    "returned": lambda data, names: (
        f"La tenía {names.get(data['before'], data['before'])}",
        f"Razón: {data['reason']}",
    ),
    "extended": lambda data, names: (_new_date(data), f"Razón: {data['reason']}", *told(data)),
    "due_date_recomputed": lambda data, names: (_new_date(data), f"Por: {data['reason']}"),
    "date_fixed": lambda data, names: (
        _new_date(data),
        hour_of(datetime.fromisoformat(data["at"])).capitalize(),
        f"Lo dice: {data['reason']}",
    ),
    "duty_moved": lambda data, names: (term_of(data["code"]).label, _new_date(data), f"Por: {data['reason']}"),
    "reclassified": _new_kind,
    "prioritised": lambda data, names: (_before_and_now(data, "flags", _flags),),
    "labelled": lambda data, names: (_before_and_now(data, "topic", lambda topic: topic["name"] if topic else ""),),
    "completion_requested": _asked,
    "data_claim_fix_requested": _asked,
    "clarification_requested": _asked,
    "completion_extended": _asked,
    "still_lacking": _asked,
    "petitioner_reminded": lambda data, names: (f"Tiene hasta el {day(data['until'])}",),
    "petition_completed": _resumed,
    "clarified": _resumed,
    "paused": lambda data, names: (CAUSES[Cause(data["cause"])], f"Razón: {data['reason']}"),
    "settled": lambda data, names: (*_resumed(data, names), f"Se decidió: {data['reason']}"),
    "continued": lambda data, names: (f"Por interés público: {data['reason']}", *told(data)),
    **dict.fromkeys(
        ("withdrawn_tacit", "withdrawn_express", "archived_unclear", "rejected"), lambda data, names: told(data)
    ),
    "transferred": transfer,
    "transferred_part": transfer,
    "transfer_delivered": lambda data, names: (
        f"A {data['body']}, oficio {data['radicado']}",
        f"Prueba: {data['proof']}",
    ),
    "answered_by_reference": lambda data, names: (
        f"A la respuesta {data['answer']} de la petición {data['petition']}"
        if "answer" in data
        else f"A la respuesta publicada en /respuestas/{data['published']}",
        *told(data),
    ),
    "voided": lambda data, names: (f"Queda {data['stays']}" if data.get("stays") else "", *told(data)),
    "reopened": lambda data, names: (
        f"Estaba {OUTCOMES[Outcome(data['before'])]}",
        f"Razón: {data['reason']}",
        f"Para el {day(data['by'])}; la fecha legal sigue siendo el {day(data['due_on'])}",
    ),
    "urgent_measure": lambda data, names: (f"Se tomó el {instant(datetime.fromisoformat(data['taken_at']))}",),
    "silence_positive": lambda data, names: (
        f"El plazo terminó el {day(data['since'])}: ya no se puede negar",
        f"Las copias se entregan a más tardar el {day(data['copies_by'])}" if data.get("copies_by") else "",
    ),
    "silence_negative": lambda data, names: ("La persona puede acudir al juez; responderle sigue siendo obligatorio",),
    "answered": _exit,
    "completed": _exit,
    "communicated": lambda data, names: (
        WAYS.get(data["way"], data["way"]),
        _effective(data) or _handed(data),
        f"Se usaron {counted(data['days_used'], 'día hábil', 'días hábiles')}",
    ),
    **dict.fromkeys(("cited", "notice_sent", "notification_sent"), _tried),
    **dict.fromkeys(("citation_posted", "notice_published", "notice_moved"), _notice),
    **dict.fromkeys(("citation_removed", "notice_removed"), lambda data, names: (f"Hasta el {day(data['last_day'])}",)),
    "notified": lambda data, names: (WAYS.get(data["way"], data["way"]), _effective(data) or _handed(data)),
    "copies_delivered": _copies,
    "ruling_corrected": lambda data, names: (
        _before_and_now(data, "outcome", lambda outcome: ANSWER_OUTCOMES.get(outcome, outcome)),
        f"La reserva: {data['provision']}" if data.get("provision") else "",
    ),
    **dict.fromkeys(("electronic_accepted", "electronic_revoked"), lambda data, names: (data.get("reason", ""),)),
    "reminded": lambda data, names: (term_of(data["code"]).label if data.get("code") else "", _days_left(data)),
    "contact_corrected": lambda data, names: (
        f"Cambió: {', '.join(CONTACT.get(name, name) for name in data['fields'])}",
        f"Razón: {data['reason']}",
    ),
    "letter_redirected": lambda data, names: (LETTERS.get(data["letter"], data["letter"]),),
    "letter_dismissed": lambda data, names: (
        LETTERS.get(data["letter"], data["letter"]),
        f"Razón: {data['reason']}",
    ),
    "contribution_asked": lambda data, names: (
        f"A {names.get(data['secretaria'], data['secretaria'])}",
        f"Para el {long_date(date.fromisoformat(data['due_on']))}",
    ),
    **dict.fromkeys(
        ("contribution_given", "contribution_cancelled"),
        lambda data, names: (f"De {names.get(data['secretaria'], data['secretaria'])}",),
    ),
    "letter_bounced": lambda data, names: (LETTERS.get(data["letter"], data["letter"]),),
    "mail_attended": lambda data, names: (FATES.get(data["fate"], data["fate"]),),
    **dict.fromkeys(
        ("identity_revealed", "merged", "merged_into_this", "unmerged", "unmerged_from_this"),
        lambda data, names: (f"Razón: {data['reason']}",),
    ),
    "doubted": lambda data, names: tuple(SIGNS.get(sign, sign).capitalize() for sign in data["signs"]),
    "grouped": lambda data, names: (f"Grupo {data['group']}: {data['title']}",),
    "ungrouped": lambda data, names: (f"Grupo {data['group']}", f"Razón: {data['reason']}"),
    "published": lambda data, names: (f"Respuesta a {data['persons']} personas, en /respuestas/{data['group']}",),
    "printed": lambda data, names: (f"{data['newspaper']}, del {day(data['on'])}",),
    "expediente_exported": lambda data, names: ("Con los datos de la persona" if data["whole"] else "",),
    "main_answered": lambda data, names: (
        "Nombra a quien presentó la otra o lleva archivos: quite lo que no es de esta persona y respóndala",
    ),
}

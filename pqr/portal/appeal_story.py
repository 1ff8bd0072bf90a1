"""How are an appeal, an insistence and a claim about personal data told to the person?  As in `story`."""

from collections.abc import Callable, Mapping
from datetime import date

from pqr.terms.spanish import long_date

Facts = Mapping[str, object]
Names = Mapping[str, str]


def until(data: Facts, name: str) -> str:
    """The day of that name, in words."""
    return long_date(date.fromisoformat(str(data[name])))


def _plainly(words: str) -> Callable[[Facts, Names], str]:
    return lambda _data, _names: words


def _presented(what: str, late: str) -> Callable[[Facts, Names], str]:
    after = f" Llegó después del plazo: {late}."
    return lambda data, _: what + (after if str(data["received_on"]) > str(data["until"]) else "")


_REFUSABLE = "la alcaldía decide, con razones, si lo rechaza por eso"
APPEALS: Mapping[str, Callable[[Facts, Names], str]] = {
    "data_claim_marked": _plainly("Se marcaron sus datos con la leyenda «reclamo en trámite»."),
    "appealed": _presented("Presentó el recurso de reposición.", _REFUSABLE),
    "insistence": _presented("Insistió en que se le entregue la información.", "se lo decimos al juez"),
    "insistence_security": _presented("Presentó el recurso contra la reserva.", _REFUSABLE),
    "appeal_decided": _plainly("Se decidió su recurso."),
    "appeal_notified": _plainly("Quedó notificado de la decisión de su recurso."),
    "insistence_sent": lambda data, _: (
        f"El expediente se envió a {data['body']} con el oficio {data['radicado']}: el juez decide."
    ),
    "judge_decided": lambda data, _: (
        f"El juez decidió el {until(data, 'decided_on')}."
        + (f" Debemos cumplir lo que ordenó a más tardar el {until(data, 'due_on')}." if data.get("due_on") else "")
    ),
}

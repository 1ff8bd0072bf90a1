"""What do the events of an appeal, an insistence or a claim about personal data say, fact by fact?  As in `facts`."""

from collections.abc import Callable, Mapping
from typing import Any

from pqr.desk.facts import day, told, transfer
from pqr.terms.notifying import Way
from pqr.tickets.appealing import RESULTS, Result
from pqr.tickets.communicating import WAYS
from pqr.tickets.insisting import JUDGED, Judged


def _presented(data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    late = data["received_on"] > data["until"]
    return (
        f"Se presentó el {day(data['received_on'])}; se podía hasta el {day(data['until'])}",
        "Llegó tarde" if late else "",
        "Pide también apelación" if data.get("higher") else "",
    )


WAYS_TO_TELL = {
    Way.ELECTRONIC: "por la página, con su correo",
    Way.CITATION: "se le cita",
    Way.NOTICE_SENT: "con el aviso y la copia completa",
    Way.NOTICE: "por aviso",
}
APPEAL_FACTS: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], tuple[str, ...]]] = {
    "data_claim_marked": lambda data, names: (
        f"En {data['where']}, el {day(data['put_on'])}: {data['reason']}",
        f"Tarde: el plazo era el {day(data['until'])}" if data.get("late") else "",
    ),
    **dict.fromkeys(("appealed", "insistence", "insistence_security"), _presented),
    "appeal_decided": lambda data, names: (
        RESULTS[Result(data["result"])],
        "Pasa al superior, en apelación" if data.get("elevated") else "",
        f"Para notificarla: {WAYS_TO_TELL[data['way']]}, porque {data['why']}",
        *told(data),
    ),
    "appeal_notified": lambda data, names: (WAYS.get(data["way"], data["way"]),),
    "insistence_sent": transfer,
    "judge_decided": lambda data, names: (
        JUDGED[Judged(data["judged"])],
        f"Decidió el {day(data['decided_on'])}",
        f"Hay que cumplirla a más tardar el {day(data['due_on'])}" if data.get("due_on") else "",
    ),
}

"""How are programs told what happened?  The door of the webhooks: it reads the clock and opens transactions.

A delivery is claimed in one transaction, made outside of any, and settled in another: a process that dies in between
repeats it under the same id, by which the program knows it.
"""

import structlog

from pqr import clock
from pqr.db import transaction
from pqr.door import office, settings
from pqr.sharing import delivering
from pqr.sharing.calling import Outcome, call
from pqr.sharing.delivering import Call
from pqr.sharing.signing import signed_headers
from pqr.sharing.telling import sweep
from pqr.turns import Turn

MOST = 20  # in one run: the next one comes soon, and other work waits for this thread
log = structlog.get_logger(__name__)
_turn = Turn()


def tell_waiting() -> int:
    """Looks what is owed and makes the calls that are due; returns how many."""
    return _turn.run(_tell_all)


def _tell_all() -> int:
    with transaction() as session:
        sweep(session, office(session), clock.now())
        delivering.give_up(session, clock.now())
    made = 0
    while made < MOST and (due := _claim()) is not None:
        _tell(due)
        made += 1
    return made


def _claim() -> Call | None:
    with transaction() as session:
        return delivering.claim(session, clock.now())


def _tell(due: Call) -> None:
    outcome = Outcome(0) if settings().demo else _call(due)
    with transaction() as session:
        delivery = delivering.settle(session, due.delivery_id, outcome, clock.now())
        log.info("webhook_tried", delivery=delivery.id, state=delivery.state, status=outcome.status)


def _call(due: Call) -> Outcome:
    headers = signed_headers(due.secret, due.message_id, int(clock.now().timestamp()), due.body)
    headers |= {"Content-Type": "application/json", "User-Agent": "pqr-webhooks"}
    try:
        return call(due.url, headers, due.body, settings().webhooks_allow)
    except Exception as failure:  # whatever it was, the ledger keeps it and the others are told
        log.error("webhook_failed", delivery=due.delivery_id, error=type(failure).__name__, exc_info=True)
        return Outcome(0, f"No se pudo llamar ({type(failure).__name__}).")

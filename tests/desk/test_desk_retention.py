"""Does a case say until when it is kept, by the entity's own TRD?"""

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.entity.retention import all_series
from pqr.tickets.models import Ticket
from tests.builders import NOW, filed, office_of
from tests.desk.staff import at_work, look_again, send, words_of

SERIES = "/atencion/ajustes/conservacion"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def test_a_case_says_until_when_it_is_kept_and_goes_by_its_own_kind(client, session, settings, admin):
    general, report = (filed(session, office_of(session, settings), kind=kind) for kind in ("queja", "denuncia"))
    general.closed_at = report.closed_at = NOW
    still_open = filed(session, office_of(session, settings))
    session.commit()
    given = {"kind": "denuncia", "code": "110-35", "name": "Denuncias", "years_in_office": "3", "years_in_central": "9"}
    assert send(client, SERIES, **given, act="Resolución 8 de 2025").status_code == 303
    for ticket, says in (
        (general, "Se conserva hasta el lunes 3 de marzo de 2036 (serie Peticiones"),
        (report, "Se conserva hasta el miércoles 3 de marzo de 2038 (serie 110-35 Denuncias)"),
        (still_open, "Se conserva 10 años desde que se cierre"),
    ):
        page = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
        assert says in page
        assert "Nada se borra solo" in page
    look_again(session)
    assert session.scalar(select(func.count()).select_from(Ticket)) == 3


def test_what_the_trd_says_is_corrected_and_written_down(client, session, admin):
    assert "falta el acto de la TRD" in words_of(client.get(SERIES))
    page = f"{SERIES}/{all_series(session)[0].id}"
    for typed, says in (({"years_in_office": "200"}, "Entre 0 y 100"), ({"name": ""}, "nombre de la serie")):
        refused = send(client, page, **typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
    assert send(client, page, disposition="keep", act="Acuerdo 3").status_code == 303
    assert "ya tiene su serie" in words_of(send(client, SERIES, name="x", years_in_office="1", years_in_central="1"))
    look_again(session)
    assert latest_changes(session)[0].after == {"disposition": "keep", "act": "Acuerdo 3"}

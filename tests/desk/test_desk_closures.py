"""Does a page say what a closed day moves before it is kept, and is no day closed without its act?"""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.closures.models import ClosureRow
from pqr.desk import closures
from pqr.tickets.events import history
from tests.builders import NOW, assigned, at, filed, office_of
from tests.desk.staff import at_work, enter, form_of, look_again, send, words_of

CLOSURES = "/atencion/ajustes/cierres"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def closure(**typed):
    given = {
        "day": "2026-03-10", "kind": "full_day", "name": "Fiestas patronales",
        "act": "Decreto 9 de 2026", "act_on": "2026-03-01",
    }  # fmt: skip
    return given | typed


def confirm(client, page, path=CLOSURES, **changes):
    """The button of the page that says what would move."""
    return client.post(path, data={**form_of(page.text).to_dict(), **changes})


def row_of(session, day, name=""):
    look_again(session)
    return session.scalars(select(ClosureRow).where(ClosureRow.day == day, ClosureRow.name.contains(name))).first()


def count(session):
    look_again(session)
    return session.scalar(select(func.count()).select_from(ClosureRow))


def test_a_new_closed_day_says_first_what_it_moves_and_then_moves_it_aloud(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    rows = count(session)
    asked = send(client, CLOSURES, CLOSURES, **closure())
    assert asked.status_code == 200
    says = words_of(asked)
    assert "Esto mueve 1 plazo" in says
    assert f"{ticket.radicado} mié 25 mar 2026 jue 26 mar 2026" in says
    assert (count(session), ticket.due_on) == (rows, date(2026, 3, 25))
    done = confirm(client, asked)
    assert (done.status_code, done.location) == (303, f"{CLOSURES}?anio=2026")
    page = words_of(client.get(done.location))
    assert "1 fecha de vencimiento cambió" in page
    assert "Fiestas patronales , martes 10 de marzo de 2026 Todo el día Decreto 9 de 2026 del dom 1 mar 2026" in page
    look_again(session)
    assert ticket.due_on == date(2026, 3, 26)
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor) == ("due_date_recomputed", f"user:{admin.id}")
    assert "Fiestas patronales (Decreto 9 de 2026)" in event.data["reason"]
    assert latest_changes(session)[0].after["act_on"] == "2026-03-01"


def test_a_long_list_is_cut_and_counted(client, session, settings, admin, monkeypatch):
    monkeypatch.setattr(closures, "SHOWN", 2)
    for _ in range(3):
        filed(session, office_of(session, settings))
    session.commit()
    says = words_of(send(client, CLOSURES, CLOSURES, **closure()))
    assert "Esto mueve 3 plazos" in says
    assert "Y 1 más" in says


def test_a_page_that_would_no_longer_do_what_it_said_asks_again_and_loses_nothing(client, session, settings, admin):
    asked, rows = send(client, CLOSURES, CLOSURES, **closure()), count(session)
    assert "no mueve ningún plazo" in words_of(asked)
    filed(session, office_of(session, settings))
    session.commit()
    again = confirm(client, asked)
    assert again.status_code == 409
    assert "Mientras tanto cambió algo" in words_of(again)
    assert "Esto mueve 1 plazo" in words_of(again)
    assert count(session) == rows
    assert confirm(client, again).status_code == 303
    assert count(session) == rows + 1


def test_going_back_keeps_what_was_typed_and_saves_nothing(client, session, admin):
    rows = count(session)
    back = confirm(client, send(client, CLOSURES, CLOSURES, **closure()), corregir="1")
    assert back.status_code == 200
    assert form_of(back.text, CLOSURES)["name"] == "Fiestas patronales"
    assert count(session) == rows


def test_no_day_is_closed_without_its_act_and_an_early_closing_has_its_hour(client, session, admin):
    rows = count(session)
    for typed, says in (
        ({"act": ""}, "sin él no se puede cerrar ningún día"),
        ({"act_on": ""}, "Escriba la fecha del acto"),
        ({"act_on": "2026-03-04"}, "no puede ser posterior a hoy"),
        ({"kind": "early_close"}, "necesita la hora de cierre"),
        ({"day": "mañana"}, "fecha"),
        ({"name": " "}, "Diga por qué se cierra"),
    ):
        refused = send(client, CLOSURES, CLOSURES, **closure(**typed))
        assert refused.status_code == 422
        assert says in words_of(refused)
    early = closure(kind="early_close", closes_at="12:00")
    assert confirm(client, send(client, CLOSURES, CLOSURES, **early)).status_code == 303
    assert count(session) == rows + 1
    assert "ya está en la lista" in words_of(send(client, CLOSURES, CLOSURES, **early))


def test_a_closure_is_corrected_by_the_same_two_steps(client, session, settings, admin):
    ticket = filed(session, office_of(session, settings))
    session.commit()
    confirm(client, send(client, CLOSURES, CLOSURES, **closure()))
    row = row_of(session, date(2026, 3, 10))
    page = f"{CLOSURES}/{row.id}"
    asked = send(client, page, day="2026-03-14", act="Decreto 10 de 2026")
    assert f"{ticket.radicado} jue 26 mar 2026 mié 25 mar 2026" in words_of(asked)
    assert confirm(client, asked, page).status_code == 303
    changed = row_of(session, date(2026, 3, 14))
    assert (changed.id, changed.act, ticket.due_on) == (row.id, "Decreto 10 de 2026", date(2026, 3, 25))
    assert latest_changes(session)[0].before == {"day": "2026-03-10", "act": "Decreto 9 de 2026"}


def test_the_proposed_carnival_needs_its_decree_to_be_switched_on(client, session, admin):
    proposal = row_of(session, date(2027, 1, 5))
    listed, page, switch = f"{CLOSURES}?anio=2027", f"{CLOSURES}/{proposal.id}", f"{CLOSURES}/{proposal.id}/activo"
    assert "Propuesta sin acto" in words_of(client.get(listed))
    led = send(client, listed, switch)
    assert (led.status_code, led.location) == (303, page)
    assert "sin él no se cierra ningún día" in words_of(client.get(page))
    assert not row_of(session, date(2027, 1, 5)).active
    typed = {"act": "Decreto 1 de 2026", "act_on": "2026-02-27"}
    assert confirm(client, send(client, page, **typed), page).status_code == 303
    switched = row_of(session, date(2027, 1, 5))
    assert (switched.active, switched.act, switched.act_on) == (True, "Decreto 1 de 2026", date(2026, 2, 27))
    assert confirm(client, send(client, listed, switch), switch).status_code == 303  # off again, and its act stays
    assert not row_of(session, date(2027, 1, 5)).active
    assert confirm(client, send(client, listed, switch), switch).status_code == 303
    assert row_of(session, date(2027, 1, 5)).active


def test_a_national_holiday_can_be_struck_out_and_the_dates_follow(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    assert ticket.due_on == date(2026, 3, 25)
    holiday = row_of(session, date(2026, 3, 23))
    switch = f"{CLOSURES}/{holiday.id}/activo"
    for due_on in (date(2026, 3, 24), date(2026, 3, 25)):
        asked = send(client, CLOSURES, switch)
        assert "Esto mueve 1 plazo" in words_of(asked)
        assert confirm(client, asked, switch).status_code == 303
        look_again(session)
        assert ticket.due_on == due_on
    assert client.get(f"{CLOSURES}/{holiday.id}").status_code == 303  # the law's own words are not corrected here


def test_a_holiday_struck_out_late_puts_nobody_in_the_past(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    holiday = row_of(session, date(2026, 3, 23))
    switch = f"{CLOSURES}/{holiday.id}/activo"
    with time_machine.travel(at("2026-03-25 09:00"), tick=False):
        enter(client, admin)  # three weeks later
        asked = send(client, CLOSURES, switch)
        assert "no mueve ningún plazo" in words_of(asked)
        assert confirm(client, asked, switch).status_code == 303
        look_again(session)
        assert ticket.due_on == date(2026, 3, 25)
        assert "se conserva la fecha ya dicha" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))


def test_a_year_nobody_has_is_shown_all_the_same(client, admin):
    assert "por regla" in words_of(client.get(f"{CLOSURES}?anio=2045"))
    assert client.get(f"{CLOSURES}?anio=nunca").status_code == 200
    assert client.get(f"{CLOSURES}?anio=0000").status_code == 200

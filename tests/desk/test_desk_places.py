"""Does the entity say which places the form suggests, and may anybody still write another?"""

import html

import pytest

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.secretarias.places import first_places, known_places
from pqr.tickets.models import Ticket
from tests.desk.staff import at_work, look_again, send, words_of
from tests.portal.visitor import file

PLACES = "/atencion/ajustes/lugares"


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def suggested(client) -> list[str]:
    page = client.get("/radicar").text
    offered = page[page.index('<datalist id="lugares">') : page.index("</datalist>")]
    return [html.unescape(each.split('"')[0]) for each in offered.split('value="')[1:]]


def test_the_form_suggests_the_list_of_the_beginning_and_takes_any_other_place(client, session):
    assert suggested(client) == first_places()
    assert "Vereda Desmontes Altos" in suggested(client)
    file(client, place="Finca La Esperanza, más arriba de la escuela")
    assert session.query(Ticket).one().place == "Finca La Esperanza, más arriba de la escuela"


def test_the_list_is_changed_one_a_line_and_written_down(client, session, admin):
    typed = 'Barrio  Centro\r\n\r\n  Vereda "El Verde" \nBarrio Centro'
    assert send(client, PLACES, names=typed).status_code == 303
    assert suggested(client) == ["Barrio Centro", 'Vereda "El Verde"']
    look_again(session)
    change = latest_changes(session)[0]
    assert (change.what, change.actor) == ("places", f"user:{admin.id}")
    assert change.before["names"].splitlines() == first_places()
    assert "Lugares: veredas y barrios" in words_of(client.get("/atencion/ajustes/cambios"))


def test_a_name_that_does_not_fit_is_told_and_the_list_is_kept_as_it_was_typed(client, session, admin):
    for typed, says in (("Vereda\n" + "x" * 121, "Caben 120 letras"), ("\n".join(map(str, range(501))), "hay 501")):
        refused = send(client, PLACES, names=typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
        assert typed in refused.text.replace("\r\n", "\n")
    look_again(session)
    assert known_places(session) == first_places()


def test_an_empty_list_suggests_nothing(client, session, admin):
    assert send(client, PLACES, names="").status_code == 303
    assert suggested(client) == []

"""Does an official see which petitions are one matter, and nothing of those that are not for these eyes?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.filing import PetitionerData
from pqr.tickets.letters import code_of
from pqr.tickets.merging import Merge, merge
from tests.builders import NOW, assigned, filed, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of

LUIS = PetitionerData(name="Luis Ejemplo", email="luis@correo.example", document_number="98765432")


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def page_of(client, ticket, query=""):
    return client.get(f"/atencion/radicado/{ticket.radicado}{query}")


def test_the_page_proposes_what_is_alike_and_shows_the_person_s_other_petitions(client, session, office):
    first = filed(session, office, petitioner=LUIS)
    old = filed(session, office, subject="Permiso", body="Quiero hacer una feria en la plaza.")
    ticket = filed(session, office)
    session.commit()
    at_work(client, session)
    words = words_of(page_of(client, ticket))
    assert f"Parecidas {first.radicado} 100 % No llega agua al acueducto" in words
    assert f"Otras peticiones de esta persona {old.radicado} Permiso" in words
    opened = page_of(client, ticket, f"?unir={first.radicado}")
    assert form_of(opened.text, f"/atencion/radicado/{ticket.radicado}/unir")["into"] == first.radicado


def test_a_petition_is_joined_and_parted(client, session, office):
    first, ticket = filed(session, office, petitioner=LUIS), filed(session, office)
    session.commit()
    at_work(client, session)
    joined = act(client, ticket.radicado, "unir", into=first.radicado.lower())
    assert joined.status_code == 303
    words = words_of(page_of(client, ticket))
    assert f"Unida a {first.radicado}" in words
    assert "Unida a otra petición" in words
    assert f"Unidas a esta {ticket.radicado}" in words_of(page_of(client, first))
    assert "También la recibe 1 persona más" in words_of(page_of(client, first))
    assert act(client, ticket.radicado, "separar", reason="Son casas distintas").status_code == 303
    look_again(session)
    assert ticket.duplicate_of_id is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-E-000999", "No hay ninguna petición con el radicado"),
        ("", "Escriba el radicado"),
        ("x", "No hay ninguna"),
    ],
)
def test_what_cannot_be_joined_says_why_and_loses_nothing(client, session, office, typed, said):
    ticket = filed(session, office)
    session.commit()
    at_work(client, session)
    refused = act(client, ticket.radicado, "unir", into=typed, reason="Porque sí")
    assert refused.status_code == 422
    assert said in words_of(refused)
    assert form_of(refused.text, f"/atencion/radicado/{ticket.radicado}/unir")["reason"] == "Porque sí"


def test_an_office_sees_nothing_of_another_office_s_case(client, session, office):
    main = assigned(session, office, "hacienda", petitioner=LUIS)
    ticket = assigned(session, office, "planeacion")
    own = assigned(session, office, "planeacion", petitioner=LUIS)
    merge(session, Merge(ticket, main, "Piden lo mismo", "user:1"), office, NOW)
    session.commit()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    for each, beside in ((ticket, ""), (own, ticket.radicado)):
        page = page_of(client, each).text
        assert main.radicado not in page
        assert beside in page
        assert "Otras peticiones de esta persona" not in page
        assert f"{each.radicado}/unir" not in page


def test_an_answer_that_could_not_be_shared_is_ready_to_be_corrected(client, session, office):
    main, ticket = filed(session, office), filed(session, office, petitioner=LUIS)
    merge(session, Merge(ticket, main, "Piden lo mismo", "user:1"), office, NOW)
    record_answer(session, Reply(main, "Señora Ana: mañana vamos.", "user:1"), office, NOW)
    session.commit()
    at_work(client, session)
    page = page_of(client, ticket)
    assert "a esta le falta su respuesta" in words_of(page)
    assert form_of(page.text, f"/atencion/radicado/{ticket.radicado}/responder")["text"] == "Señora Ana: mañana vamos."


def test_a_note_is_read_by_colleagues_and_never_by_the_petitioner(client, session, office):
    ticket = assigned(session, office, "planeacion")
    session.commit()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert act(client, ticket.radicado, "nota", text="Ojo: el xilófono").status_code == 303
    page = page_of(client, ticket)
    assert "Ojo: el xilófono" in words_of(page)
    assert "told--note" in page.text
    public = client.get(f"/radicado/{ticket.radicado}?code={code_of(ticket, office)}", follow_redirects=True)
    assert public.status_code == 200
    assert "No llega agua" in public.text
    assert "xil" not in public.text


def test_control_interno_reads_notes_and_writes_none(client, session, office):
    ticket = filed(session, office)
    session.commit()
    at_work(client, session, Role.AUDITOR)
    assert f"{ticket.radicado}/nota" not in page_of(client, ticket).text

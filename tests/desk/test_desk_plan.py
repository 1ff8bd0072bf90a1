"""Can everybody see how the plan goes, and officials add what they read, with what proves it?"""

from datetime import timedelta

from pqr import clock
from pqr.accounts.roles import Role
from pqr.reports.actions import PLAN as PLAN_OF_2008
from pqr.reports.handing_over import HandoverReceipt
from pqr.reports.readings import PlanReading, goal_of
from pqr.terms.receipt import in_bogota
from tests.builders import assigned, office_of
from tests.desk.staff import at_work, employ, enter, form_of, look_again, send, words_of

PLAN = "/atencion/informes/plan"
TYPED = {"on": "2025-03-02", "numerator": "12", "denominator": "17", "evidence": "Certificación del 3 de marzo"}
HANDOVER = "/atencion/informes/empalme"


def add(client, code="escuelas", query="", **changes):
    return send(client, f"{PLAN}/{code}/lectura{query}", **TYPED | changes)


def readings(session):
    look_again(session)
    return session.query(PlanReading).order_by(PlanReading.id).all()


def test_everybody_sees_the_seven_actions_each_with_its_goal_and_its_definition(client):
    said = words_of(client.get("/informes/plan"))
    assert [each.name in said for each in PLAN_OF_2008] == [True] * 7
    for goal in ("4 al mes", "80 %", "100 %", "+100 %"):
        assert f"Meta: {goal}" in said
    assert said.count("Numerador") == said.count("Denominador") == 11
    assert "Sin datos" in said
    assert "7 sin datos suficientes" in said


def test_a_reading_by_hand_is_on_the_board_with_its_evidence_and_its_author_only_for_the_staff(client, session):
    user = at_work(client, session, Role.DESK)
    assert add(client, link="https://www.gov.co/acta").status_code == 303
    (row,) = readings(session)
    assert (row.measure, row.numerator, row.denominator, row.actor) == ("schools", 12, 17, f"user:{user.id}")
    for path, names_author in (("/informes/plan", False), (PLAN, True)):
        page = client.get(path)
        said = words_of(page)
        assert "70,6 % 12 de 17, 2 de marzo de 2025" in said
        assert "Evidencia: Certificación del 3 de marzo" in said
        assert 'href="https://www.gov.co/acta"' in page.text
        assert (user.email in said) is names_author


INDEFENSIBLE = (
    ({"evidence": " "}, "Diga qué lo prueba"),
    ({"on": ""}, "Escriba la fecha"),
    ({"on": "2999-01-01"}, "entre 2008 y hoy"),
    ({"numerator": "18"}, "No puede ser más que el total"),
    ({"denominator": "0"}, "mayor que cero"),
    ({"numerator": "doce"}, "entero"),
    ({"numerator": "99999999999999999999"}, "número entero"),
    ({"link": "javascript:alert(1)"}, "dirección completa"),
)


def test_a_reading_that_nobody_could_defend_is_refused_and_what_was_typed_stays(client, session):
    at_work(client, session, Role.DESK)
    for wrong, says in INDEFENSIBLE:
        refused = add(client, **{"evidence": "Un acta que no quiero escribir otra vez"} | wrong)
        assert refused.status_code == 422, wrong
        assert says in words_of(refused)
        assert "evidence" in wrong or "Un acta que no quiero escribir otra vez" in refused.text
    assert readings(session) == []


def test_growth_is_what_there_is_more_than_at_the_beginning(client, session):
    at_work(client, session, Role.DESK)
    assert add(client, "conectividad", measure="computers", numerator="52", denominator="40").status_code == 303
    assert add(client, "conectividad", measure="establishments", numerator="30", denominator="40").status_code == 303
    assert [row.numerator for row in readings(session)] == [12, -10]
    assert "-25 % 10 menos que las 40 de la línea base" in words_of(client.get("/informes/plan"))


def test_a_correction_shows_what_it_mends_and_needs_a_reason(client, session):
    at_work(client, session, Role.DESK)
    add(client)
    (wrong,) = readings(session)
    query = f"?corrige={wrong.id}"
    assert 'value="17"' in client.get(f"{PLAN}/escuelas/lectura{query}").text
    assert "Diga qué estaba mal" in words_of(add(client, query=query, numerator="13"))
    assert add(client, query=query, numerator="13", reason="Faltaba una sede").status_code == 303
    said = words_of(client.get(f"{PLAN}/escuelas"))
    assert "Corrige otra lectura: Faltaba una sede" in said
    assert "70,6 %" in said
    public = words_of(client.get("/informes/plan"))
    assert "76,5 %" in public
    assert "70,6 %" not in public


def test_of_two_who_mend_one_reading_the_second_is_told_and_loses_nothing(client, session):
    at_work(client, session, Role.DESK)
    add(client)
    (wrong,) = readings(session)
    query = f"?corrige={wrong.id}"
    add(client, query=query, reason="Faltaba una sede")
    late = add(client, query=query, reason="Conté otra vez, con la lista en la mano")
    assert late.status_code == 422
    assert "Alguien ya corrigió esa lectura" in words_of(late)
    assert "Conté otra vez, con la lista en la mano" in late.text
    assert len(readings(session)) == 2


def test_what_is_not_there_is_not_found(client, session):
    at_work(client, session, Role.ADMIN)
    for path in ("nada", "nada/lectura", "recepcion/lectura", "escuelas/lectura?corrige=9", "nada/meta"):
        assert client.get(f"{PLAN}/{path}").status_code == 404, path
    assert client.get(f"{HANDOVER}/archivo/doc").status_code == 404


def test_a_goal_is_edited_by_the_administration_and_written_down(client, session):
    at_work(client, session, Role.ADMIN)
    assert "no puede pasar de 100" in words_of(send(client, f"{PLAN}/recepcion/meta", value="101"))
    assert send(client, f"{PLAN}/recepcion/meta", value="90", responsible="Despacho").status_code == 303
    look_again(session)
    assert (goal_of(session, "recepcion").value, goal_of(session, "recepcion").responsible) == (90, "Despacho")
    assert "meta: 80 → 90" in words_of(client.get("/atencion/ajustes/cambios"))
    assert "Meta: 90 %" in words_of(client.get("/informes/plan"))


def test_the_handover_is_delivered_once_and_received_by_each_official(client, session, settings):
    case = assigned(session, office_of(session, settings), "salud", now=clock.now())
    session.commit()
    admin = at_work(client, session, Role.ADMIN)
    assert case.radicado in words_of(client.get(HANDOVER))
    assert send(client, HANDOVER, HANDOVER).status_code == 303
    other, third = employ(session, Role.SECRETARIA, "salud"), employ(session, Role.SECRETARIA, "planeacion")
    for user, sees in ((admin, True), (other, True), (third, False)):
        enter(client, user)
        page = client.get(HANDOVER)
        assert (case.radicado in words_of(page)) is sees
        assert ("PQR_MAIL_DOMAIN" in page.text) is (user is admin)
        assert client.get(f"{HANDOVER}/archivo/pdf").data.startswith(b"%PDF")
    received = f"{HANDOVER}/1/recibido"
    fields = form_of(client.get(HANDOVER).text, received)
    for _ in range(2):  # said twice, it is once
        assert client.post(received, data=fields).status_code == 303
    look_again(session)
    assert [row.user_id for row in session.query(HandoverReceipt)] == [third.id]
    assert "33,3 % 1 de 3" in words_of(client.get("/informes/plan"))


def test_whoever_receives_a_handover_that_was_replaced_meanwhile_is_told(client, session):
    at_work(client, session, Role.ADMIN)
    send(client, HANDOVER, HANDOVER)
    fields = form_of(client.get(HANDOVER).text, f"{HANDOVER}/1/recibido")
    send(client, HANDOVER, HANDOVER)
    client.post(f"{HANDOVER}/1/recibido", data=fields)
    assert "se entregó otro empalme" in client.get(HANDOVER).text
    look_again(session)
    assert session.query(HandoverReceipt).count() == 0


def test_the_worker_fixes_months_and_may_be_called_again(app, session, settings):
    from workers.plan import keep  # an application is made when it is imported, and this test has one

    assigned(session, office_of(session, settings), now=clock.now().replace(day=1) - timedelta(days=20))
    session.commit()
    with app.app_context():
        keep()
        counted = {(row.measure, row.month) for row in readings(session)}
        keep()
    assert ("register", in_bogota(clock.now()).date().replace(day=1)) in counted
    assert len(readings(session)) == len(counted)

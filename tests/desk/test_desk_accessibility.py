"""The staff's pages in a real browser: WCAG 2.1 AA by axe, light and dark, narrow and wide."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, writing
from pqr.intake.apart import PAGE
from pqr.mail.outbox import LetterState
from pqr.publishing.avisos import publish_owed
from pqr.reports.approving import Signature, approve, correct
from pqr.reports.exports import Export, ExportState
from pqr.reports.handing_over import deliver
from pqr.reports.handover import handover
from pqr.reports.models import Report
from pqr.reports.named_periods import QUARTER, period_before
from pqr.reports.preparing import prepare_due
from pqr.reports.readings import Typed, keep_reading
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import ExternalBody
from pqr.sharing.calling import Outcome
from pqr.sharing.delivering import claim, settle
from pqr.sharing.hooks import NewHook, subscribe
from pqr.sharing.keys import NewKey, make_key, revoke
from pqr.sharing.telling import sweep
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.terms.receipt import in_bogota
from pqr.tickets import files
from pqr.tickets.annotating import Annotation, annotate
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appealing import Appeal, present
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.contributing import Asking, Gift, ask_office, contribute
from pqr.tickets.files import keep
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.grouping import Founding, GroupReply, Membership, answer_group, found, join
from pqr.tickets.insisting import Referral, send_to_judge
from pqr.tickets.merging import Merge, merge
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.presence import look
from pqr.tickets.ruling import Ruling
from pqr.tickets.unsent import Place
from pqr.tickets.unsent import keep as keep_draft
from tests.barriers import NARROW, assert_no_barrier
from tests.builders import arrive, assigned, filed, letters_of, office_of, raw_mail
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

ADMIN = "admin@puerres.example"
DOUBTED: list[str] = []  # what looks like a program's
QUARTERLY: list[str] = []  # the period of the reports


def furnish(session, settings) -> None:
    """One of everything that a page can show."""
    now, office = clock.now(), office_of(session, settings)
    _, token = acts.add_user(session, NewUser(ADMIN, Role.ADMIN), now)
    acts.set_password(session, token, PASSWORD, now)
    plan = keep(b"%PDF-1.4", "un-nombre-de-archivo-muy-largo-que-nadie-acortaria-nunca-jamas.pdf", "", office)
    danger = "Mi vecino me amenaza. " + "palabralarguisima" * 12
    first = assigned(session, office, now=now, files=(plan,), body=danger, priority=("peligro_inminente",))
    shared(session, first, office, now)
    filed(session, office, now=now, identity=Identity.RESERVED, kind="denuncia")
    arrive(session, office, raw_mail("salud@puerres.example", subject="Una carta", text="Esto me llegó."), now)
    sealed = files.StoredFile("0" * 64, "cédula.pdf", "application/pdf", 9, "password")
    assigned(session, office, now=now, files=(sealed,))
    twin = filed(session, office, now=now, petitioner=PetitionerData("Luis Ejemplo", "luis@correo.example"))
    again = filed(session, office, now=now)
    merge(session, Merge(again, twin, "Piden lo mismo", "user:1"), office, now)
    filed(session, office, now=now, petitioner=PetitionerData("Luis E.", "luis@correo.example"))
    annotate(session, Annotation(again, "Llamar antes de las cuatro.", "user:1"), now)
    for number in range(PAGE + 1):
        arrive(session, office, raw_mail(subject=f"Fuera {number}", text="Vuelvo", auto_submitted="auto-replied"), now)
    stand_still(session, office, now)
    decided(session, office, now)
    grouped(session, office, now)
    appealed(session, office, now)
    DOUBTED.append(filed(session, office, now=now, doubts=("trap", "links")).radicado)
    reported(session, office, now)
    programs(session, office, now)
    planned(session, office, settings, now)
    letter = letters_of(session)[0]
    letter.state, letter.attempts, letter.last_error = LetterState.FAILED, 13, "550 5.1.1 no such user"


def reported(session, office, now) -> None:
    """A report to sign, one that was signed, corrected and has changed again, and exports in every state."""
    period = period_before(in_bogota(now).date(), QUARTER)
    QUARTERLY.append(period.name)
    long_ago = datetime.combine(period.end, time(10), BOGOTA) - timedelta(days=20)
    asked = [assigned(session, office, now=long_ago, kind="informacion") for _ in range(7)]
    prepare_due(session, office, now)
    session.flush()
    report = session.scalars(select(Report).where(Report.kind == "trimestral")).one()
    rosa = Signature("Rosa Ejemplo", "jefe de Control Interno", "user:1")
    approve(session, report, rosa, office, now)
    for ticket in asked[:2]:
        record_answer(session, Reply(ticket, "Son doce.", "user:1", final=True), office, now)
        communicate(session, ticket, "counter", "user:1", office, now)
        session.flush()
        if ticket is asked[0]:
            correct(session, report, rosa, "Se respondió después.", office, now)
            session.flush()
    for state in ExportState:
        words = "Abiertas, " + "palabralarguisima" * 4
        session.add(
            Export(
                user_id=1,
                asked_at=now,
                form="csv",
                words=words,
                wanted={},
                state=state,
                total=10,
                done=5,
                finished_at=now,
            )
        )


def planned(session, office, settings, now) -> None:
    """Readings of the action plan by hand, one of them mended, and a handover to be received."""
    day = now.date() - timedelta(days=90)
    wrong = Typed("schools", day, 8, 17, "Acta 3. " + "palabralarguisima" * 6, "user:1", "https://www.gov.co/acta")
    row = keep_reading(session, wrong, now)
    session.flush()
    keep_reading(session, replace(wrong, numerator=9, corrects=row.id, reason="Faltaba una sede"), now)
    keep_reading(session, replace(wrong, numerator=12, on=day + timedelta(days=60)), now)
    deliver(session, handover(session, office, settings, now), "user:1", now)


def shared(session, ticket, office, now) -> None:
    """Contributions given and waited for, drafts, and a colleague who has the case open."""
    asked = [
        ask_office(
            session, Asking(ticket, by_code(session, code), "¿Hay redes?", ticket.due_on, None, "user:1"), office, now
        )
        for code in ("salud", "hacienda", "gobierno")
    ]
    contribute(session, Gift(asked[0], "No hay redes en ese tramo.", "secretaria:salud"), office, now)
    for kind in ("answer", "note", "contribute"):
        keep_draft(session, Place(1, ticket.id, kind), "Esto quedó a medias.", now)
    colleague, _ = acts.add_user(session, NewUser("colega@puerres.example", Role.DESK), now)
    session.flush()
    look(session, ticket.id, colleague.id, now)


def decided(session, office, now) -> None:
    """An anonymous answer on the board, and a denial whose person was cited."""
    hidden = filed(session, office, now=now, kind="denuncia", identity="anonymous", petitioner=PetitionerData())
    record_answer(session, Reply(hidden, "Se investiga. " + "palabralarguisima" * 6, "user:1", final=True), office, now)
    publish_owed(session, office, now)
    denied = assigned(session, office, now=now, kind="peticion_particular")
    ruling = Ruling(AnswerOutcome.DENIED)
    record_answer(session, Reply(denied, "No se puede.", "user:1", final=True, ruling=ruling), office, now)
    session.flush()
    letters_of(session, "citation")[0].state = LetterState.SENT


def grouped(session, office, now) -> None:
    """A group that waits, with an anonymous petition in it and others that are like them, and one that was answered."""
    ask = {"kind": "informacion", "subject": "Alumbrado", "body": "Los faroles del parque de Chitarrán están apagados."}
    for first, many in ((0, 11), (20, 3)):
        people = (PetitionerData("", f"v{number}@correo.example") for number in range(first, first + many))
        tickets = [filed(session, office, now=now, petitioner=person, **ask) for person in people]
        group = found(session, Founding(tickets[0], "El alumbrado del parque", "user:1"), office, now)
        for ticket in tickets[1:]:
            join(session, Membership(group, ticket, "user:1"), office, now)
        if many > 3:
            answer_group(session, GroupReply(group, "Se encienden el lunes.", "user:1"), office, now)
    hidden = filed(session, office, now=now, identity="anonymous", **ask | {"petitioner": PetitionerData()})
    join(session, Membership(group, hidden, "user:1"), office, now)
    filed(session, office, now=now, petitioner=PetitionerData("", "otra@correo.example"), **ask)


def programs(session, office, now) -> None:
    """A key that opens and one that does not, and a program that does not answer."""
    for name in ("App de la Junta", "Una aplicación de nombre muy largo que nadie acortaría " + "x" * 24):
        key, _ = make_key(session, NewKey(name, 60), now)
    revoke(key, now)
    subscribe(session, NewHook("Tablero", "https://tablero.example/" + "avisos/" * 20, ("filed", "closed")), now)
    filed(session, office, now=now, topic_id=16, kind="reclamo")
    session.flush()
    sweep(session, office, now)
    session.flush()
    settle(session, claim(session, now).delivery_id, Outcome(503, "Respondió 503."), now)


APPEALED: list[str] = []  # the cases that are appealed or marked


def appealed(session, office, now) -> None:
    """A late appeal, a decided one that lies, a file at the judge's, and a claim to be marked."""
    before = now - timedelta(days=40)
    for kind in ("peticion_particular", "informacion", "documentos", "habeas_data_reclamo"):
        each = assigned(session, office, now=before, kind=kind)
        APPEALED.append(each.radicado)
        if kind == "habeas_data_reclamo":
            continue
        outcome = AnswerOutcome.DENIED if kind == "peticion_particular" else AnswerOutcome.DENIED_RESERVED
        ruling = Ruling(outcome, "" if outcome == AnswerOutcome.DENIED else "Ley 1712 de 2014, art. 18, lit. a")
        record_answer(session, Reply(each, "No.", "user:1", final=True, ruling=ruling), office, before)
        communicate(session, each, "counter", "user:1", office, before)
        words = add_message(session, FollowUp(each, "No estoy de acuerdo. " + "palabra" * 20, "citizen"), office, now)
        if kind != "informacion":
            present(session, Appeal(each, words, now, "user:1", higher=True), office, now)
    court = ExternalBody(name="Juzgado Administrativo del Circuito", email="juzgado@justicia.example")
    session.add(court)
    session.flush()
    send_to_judge(session, Referral(each_of(session, APPEALED[2]), court, "user:1"), office, now)


def each_of(session, radicado):
    return session.query(Ticket).filter(Ticket.radicado == radicado).one()


def stand_still(session, office, now) -> None:
    """Two cases that wait for the person: the month of one is over, the other has been answered to."""
    before = now - timedelta(days=60)
    silent, spoken = assigned(session, office, now=before), assigned(session, office, now=before)
    for each in (silent, spoken):
        ask_to_complete(session, Request(each, "Falta el plano. " + "palabralarguisima" * 6, "user:1"), office, before)
    session.flush()
    add_message(session, FollowUp(spoken, "Aquí está.", "citizen"), office, now)


@pytest.fixture(scope="module")
def address(sqlite_template, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copyfile(sqlite_template, folder / "pqr.sqlite3")
    settings = make_settings(folder, f"sqlite:///{folder}/pqr.sqlite3")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        furnish(session, settings)
    with served(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def page(browser, address, request) -> Iterator[Page]:
    """A page of somebody who has logged in; the parameter may change the context."""
    options = {"viewport": NARROW, "base_url": address} | getattr(request, "param", {})
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto("/ingresar")
    page.fill("#email", ADMIN)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    page.wait_for_url("**/atencion/")
    yield page
    context.close()


def opened(path: str):
    """The page with everything that can be unfolded unfolded."""

    def visit(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")

    return visit


def refused(page: Page) -> None:
    page.goto("/atencion/nueva")
    page.get_by_role("button", name="Radicar").click()
    page.wait_for_selector("#errores")


def chosen(page: Page) -> None:
    page.goto("/atencion/")
    page.locator("[name=elegida]").first.check()
    page.get_by_role("button", name="Asignar").click()
    page.wait_for_selector("#errores")


def outrun(page: Page) -> None:
    """An answer that somebody else's act overtook."""
    page.goto(case_of(3))
    other = page.context.new_page()
    opened(case_of(3))(other)
    has_it = other.locator("#whose + p").inner_text()
    names = other.locator("#assign-secretaria option").all_inner_texts()
    other.select_option("#assign-secretaria", label=next(name for name in names[1:] if name != has_it))
    other.fill("#assign-reason", "Es de esa dependencia")
    other.get_by_role("button", name="Asignar").click()
    other.get_by_text("Asignada: la dependencia").wait_for()
    other.close()
    page.fill("#answer-text", "Se arregla el lunes.")
    page.get_by_role("button", name="Enviar respuesta").click()
    page.get_by_text("Esto fue lo que usted escribió").wait_for()


def too_few(page: Page) -> None:
    opened("/atencion/grupo/2")(page)
    page.fill("#answer-text", "Se encienden el lunes.")
    page.get_by_role("button", name="Responder a todas").click()
    page.wait_for_selector("#errores")


def keys(page: Page) -> None:
    page.goto("/atencion/")
    page.keyboard.press("?")
    page.wait_for_selector("#teclas[open]")


def looked_up(page: Page) -> None:
    page.goto("/atencion/nueva")
    page.fill("#document_number", "000")
    page.get_by_role("button", name="Buscar por documento").click()
    page.get_by_text("Nadie ha dejado su nombre").wait_for()


def foreseen(page: Page) -> None:
    page.goto("/atencion/ajustes/cierres")
    for field, typed in (
        ("day", f"{clock.now() + timedelta(days=4):%Y-%m-%d}"),
        ("name", "Fiestas"),
        ("act", "Decreto 9"),
    ):
        page.fill(f"#{field}", typed)
    page.fill("#act_on", f"{clock.now() - timedelta(days=2):%Y-%m-%d}")
    page.get_by_role("button", name="Ver qué mueve").click()
    page.get_by_role("button", name="Confirmar").wait_for()


def unproved(page: Page) -> None:
    page.goto("/atencion/informes/plan/conectividad/lectura")
    page.get_by_role("button", name="Guardar la lectura").click()
    page.wait_for_selector("#errores")


def case_of(number: int) -> str:
    return f"/atencion/radicado/{clock.now().year}-E-{number:06d}"


def unsigned(page: Page) -> None:
    page.goto(f"/atencion/informes/oficiales/dependencias/{QUARTERLY[0]}")
    page.get_by_role("button", name="Aprobar y firmar").click()
    page.wait_for_selector("#errores")


PAGES = {
    "cola": opened("/atencion/"),
    "cola vacía": opened("/atencion/?vista=cerradas"),
    "cola filtrada": opened("/atencion/?canal=web&tipo=peticion_general&desde=2026-01-01"),
    "varias elegidas": chosen,
    "clasificar": opened("/atencion/clasificar"),
    "nada por clasificar": opened("/atencion/clasificar?despues=9_9999-01-01_1"),
    "teclas": keys,
    "caso": opened(case_of(1)),
    "aportes": opened("/atencion/?vista=aportes"),
    "conflicto": outrun,
    "caso reservado": opened(case_of(2)),
    "recurso por decidir": lambda page: opened(f"/atencion/radicado/{APPEALED[0]}")(page),
    "insistencia por registrar": lambda page: opened(f"/atencion/radicado/{APPEALED[1]}")(page),
    "donde el juez": lambda page: opened(f"/atencion/radicado/{APPEALED[2]}")(page),
    "reclamo por marcar": lambda page: opened(f"/atencion/radicado/{APPEALED[3]}")(page),
    "por revisar": opened("/atencion/?vista=por_revisar"),
    "parece basura": lambda page: opened(f"/atencion/radicado/{DOUBTED[0]}")(page),
    "informes": opened("/atencion/informes?canal=web"),
    "informes sin datos": opened("/atencion/informes?desde=2005-01-01&hasta=2005-01-31"),
    "casos de una cifra": opened("/atencion/informes/casos?medida=arrived"),
    "buscar": opened("/atencion/buscar"),
    "encontradas": opened("/atencion/buscar?q=vecino+palabra"),
    "ninguna encontrada": opened("/atencion/buscar?q=xilofono"),
    "registrar": opened("/atencion/nueva"),
    "registrar con errores": refused,
    "registrada": opened(f"{case_of(1)}/registrada"),
    "correos": opened("/atencion/correo"),
    "correo": opened("/atencion/correo/1"),
    "apartados": opened("/atencion/correo?vista=ignorados"),
    "apartado": opened("/atencion/correo/2"),
    "caso con archivo cerrado": opened(case_of(3)),
    "caso parecido a otros": opened(case_of(4)),
    "caso unido a otro": opened(case_of(5)),
    "cola que espera": opened("/atencion/?vista=esperan_a_la_persona"),
    "caso en silencio": opened(case_of(8)),
    "caso que llegó": opened(case_of(9)),
    "caso con aviso": opened(case_of(9)),
    "caso por notificar": opened(case_of(10)),
    "grupo respondido": opened("/atencion/grupo/1"),
    "grupo": opened("/atencion/grupo/2"),
    "grupo sin respuesta todavía": too_few,
    "caso de un grupo": opened(case_of(11)),
    "unir": opened(f"{case_of(4)}?unir={clock.now().year}-E-000003#merge-into"),
    "personas": opened("/atencion/personas?q=luis"),
    "buscar por documento": looked_up,
    "cartas": opened("/atencion/cartas"),
    "dependencias": opened("/atencion/ajustes/dependencias"),
    "dependencia": opened("/atencion/ajustes/dependencias/salud"),
    "cierres": opened("/atencion/ajustes/cierres"),
    "cierre": opened("/atencion/ajustes/cierres/59"),
    "qué mueve un cierre": foreseen,
    "entidad": opened("/atencion/ajustes/entidad"),
    "otras entidades": opened("/atencion/ajustes/entidades"),
    "otra entidad": opened("/atencion/ajustes/entidades/1"),
    "avisos": opened("/atencion/ajustes/avisos"),
    "aviso": opened("/atencion/ajustes/avisos/privacy"),
    "conservación": opened("/atencion/ajustes/conservacion"),
    "estado": opened("/atencion/ajustes/estado"),
    "serie": opened("/atencion/ajustes/conservacion/1"),
    "usuarios": opened("/atencion/ajustes/usuarios"),
    "temas": opened("/atencion/ajustes/temas?texto=no+llega+agua+al+acueducto"),
    "lugares": opened("/atencion/ajustes/lugares"),
    "claves": opened("/atencion/ajustes/claves"),
    "avisos_web": opened("/atencion/ajustes/avisos-web"),
    "aviso_web": opened("/atencion/ajustes/avisos-web/1"),
    "plantillas": opened("/atencion/ajustes/plantillas"),
    "trámites": opened("/atencion/tramites"),
    "novedades": opened("/atencion/novedades"),
    "publicaciones": opened("/atencion/publicaciones"),
    "plan de acción": opened("/atencion/informes/plan"),
    "acción del plan": opened("/atencion/informes/plan/escuelas"),
    "lectura sin evidencia": unproved,
    "meta del plan": opened("/atencion/informes/plan/recepcion/meta"),
    "empalme": opened("/atencion/informes/empalme"),
    "tema": opened("/atencion/ajustes/temas/1"),
    "cambios": opened("/atencion/ajustes/cambios"),
    "consultas": opened("/atencion/ajustes/consultas"),
    "informes oficiales": opened("/atencion/informes/oficiales"),
    "informe por firmar": unsigned,
    "informe que cambió": lambda page: opened(f"/atencion/informes/oficiales/trimestral/{QUARTERLY[0]}")(page),
    "informe publicado": lambda page: opened(f"/informes/trimestral/{QUARTERLY[0]}")(page),
    "informes publicados": opened("/informes/publicados"),
    "descargas": opened("/atencion/informes/descargas?vista=abiertas"),
    "mi cuenta": opened("/atencion/cuenta"),
    "segundo paso": opened("/atencion/cuenta/segundo-paso"),
    "olvido": opened("/ingresar/olvido"),
}
PARTS = 3  # each its own test, for several processes


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_barrier_or_scrolls_sideways(page, part):
    for name, visit in list(PAGES.items())[part::PARTS]:
        visit(page)
        assert_no_barrier(page, name)


def tab_to(page: Page, words: str) -> None:
    """With the keyboard alone, to the link, button or fold that says this."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in (page.locator(":focus").get_attribute("aria-label") or page.locator(":focus").inner_text()):
            return
    raise AssertionError(f"the keyboard does not reach «{words}»")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], ids=["without script"], indirect=True)
def test_two_petitions_are_joined_and_parted_by_the_keyboard_alone(page):
    third = f"{clock.now().year}-E-000003"
    page.goto(case_of(6))
    tab_to(page, f"Unir a {third}")
    page.keyboard.press("Enter")
    page.wait_for_url("**#merge-into")
    assert page.input_value("#merge-into") == third
    tab_to(page, "Unir")
    page.keyboard.press("Enter")
    page.get_by_text("cada persona recibe su propia respuesta").wait_for()
    expect(page.get_by_text(f"Unida a {third}")).to_be_visible()
    tab_to(page, "Separar de la otra petición")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Son casas distintas")
    page.keyboard.press("Enter")
    page.get_by_text("se responde por su cuenta").wait_for()
    expect(page.get_by_text(f"Unida a {third}")).to_be_hidden()

"""Do the pages look as the guides show them?  Each is photographed; `PQR_TEST_PICTURES=1` keeps the pictures in docs/.

What nobody photographs any more, and what no guide shows, must not stay there.
"""

import io
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pqr import clock
from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, writing
from pqr.publishing.avisos import publish_owed
from pqr.publishing.news import News
from pqr.publishing.procedures import Procedure, slug_of
from pqr.secretarias.directory import by_code
from pqr.terms.kinds import TicketKind
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.filing import PetitionerData
from pqr.tickets.grouping import Founding, GroupReply, Membership, answer_group, found, join
from pqr.tickets.issuing import Document
from pqr.tickets.letters import link_for_petitioner, survey_link
from tests.builders import arrive, assigned, filed, office_of, raw_mail
from tests.desk.staff import PASSWORD
from tests.installation import make_settings
from tests.running import served

DOCS = Path(__file__).parents[2] / "docs"
KEPT = DOCS / "imagenes"
CLERK = "ventanilla@puerres.example"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
TOWN = (
    ("No llega agua al acueducto", "Hace dos semanas no llega el agua a la vereda; hay un tubo roto.", 30, "reclamo"),
    ("Hueco en la vía a la vereda", "Hay un derrumbe y el bus escolar no pasa.", 22, "peticion_general"),
    ("Copia del certificado de estrato", "Pido copia del certificado de estrato de mi casa.", 13, "documentos"),
    ("Poste de alumbrado caído", "Hay un poste caído y los cables están en el piso.", 3, "reclamo"),
    ("La EPS no autoriza un medicamento", "Llevo un mes esperando la autorización de la EPS.", 9, "reclamo"),
    ("Cobro doble del predial", "Me llegó dos veces el recibo del predial del mismo lote.", 2, "reclamo"),
    ("Mercado campesino", "Que el mercado empiece más temprano los domingos.", 1, "sugerencia"),
)
LONGEST, COLOURS = 2_200, 48  # a picture's pixels from top to bottom; a third of the bytes
LINKS: dict[str, str] = {}


def furnish(session, settings) -> None:
    """A town's fortnight, all of it invented."""
    now, office = clock.now(), office_of(session, settings)
    _, token = acts.add_user(session, NewUser(CLERK, Role.DESK), now)
    acts.set_password(session, token, PASSWORD, now)
    for number, (subject, body, days, kind) in enumerate(TOWN, 1):
        person = PetitionerData(name=f"Persona de ejemplo {number}", email=f"persona{number}@correo.example")
        danger = {"priority": ("peligro_inminente",)} if "poste" in body else {}
        act = assigned if number <= len(TOWN) - 3 else filed
        ticket = act(
            session, office, now=now - timedelta(days=days), subject=subject, body=body, kind=TicketKind(kind),
            petitioner=person, **danger,
        )  # fmt: skip
        LINKS[subject] = ticket.radicado
    hidden = filed(
        session, office, now=now - timedelta(days=6), kind="denuncia", identity="anonymous",
        petitioner=PetitionerData(), subject="Tala junto al nacimiento", body="Están tumbando el bosque.",
    )  # fmt: skip
    reply = "La inspección visitó el sitio, ordenó suspender la tala y avisó a la corporación ambiental."
    record_answer(session, Reply(hidden, reply, "user:1", final=True), office, now)
    publish_owed(session, office, now)
    told = assigned(session, office, now=now - timedelta(days=5), subject="Lámpara dañada en el parque")
    record_answer(session, Reply(told, "La lámpara se cambió el lunes en la tarde.", "user:1", final=True), office, now)
    LINKS["encuesta"] = survey_link(told, replace(office, base_url=""))
    LINKS["respondida"] = link_for_petitioner(told, replace(office, base_url=""))
    arrive(session, office, raw_mail("salud@puerres.example", subject="Una carta", text="Esto me llegó a mí."), now)
    session.flush()
    waiting = assigned(session, office, now=now - timedelta(days=4), subject="Licencia de construcción")
    ask_to_complete(session, Request(waiting, "Falta el plano del predio, firmado.", "user:1"), office, now)
    LINKS["espera"] = link_for_petitioner(waiting, replace(office, base_url=""))
    answer_many(session, office, now)
    publish_site(session, now)
    LINKS["código"] = session.scalars(select(Document.code)).first()


def answer_many(session, office, now) -> None:
    """The one answer to eleven persons."""
    ask = {"kind": "informacion", "subject": "Alumbrado del parque", "body": "¿Cuándo encienden los faroles?"}
    people = (PetitionerData("", f"vecino{number}@correo.example") for number in range(11))
    first, *others = [filed(session, office, now=now, petitioner=person, **ask) for person in people]
    group = found(session, Founding(first, "El alumbrado del parque", "user:1"), office, now)
    for ticket in others:
        join(session, Membership(group, ticket, "user:1"), office, now)
    words = "Los faroles se encienden desde el lunes, de seis de la tarde a seis de la mañana."
    answer_group(session, GroupReply(group, words, "user:1"), office, now)


def publish_site(session, now) -> None:
    """Procedures of two offices, and news."""
    for code, name, requirements in (
        ("gobierno", "Certificado de residencia", "Documento de identidad\nUn recibo de servicios de la vivienda"),
        ("gobierno", "Permiso para un bazar o una fiesta", "Carta de la junta de acción comunal"),
        ("planeacion", "Certificado de estratificación", "Dirección o matrícula del predio"),
    ):
        session.add(
            Procedure(
                slug=slug_of(session, name), name=name, secretaria_id=by_code(session, code).id, cost="Gratis",
                summary="Lo piden los bancos, las empresas de servicios y otras entidades.", requirements=requirements,
                steps="Tráigalo o envíelo con una petición\nReciba el documento en su correo",
                duration="Hasta 10 días hábiles", place="Alcaldía, de lunes a viernes", changed_on=now.date(),
            )
        )  # fmt: skip
        session.flush()
    text = "El lunes festivo no hay atención en ventanilla. Por esta página y por correo se recibe siempre."
    session.add(News(name="Horario de la próxima semana", text=text, published_at=now))


@pytest.fixture(scope="module")
def address(sqlite_template, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pictured")
    shutil.copyfile(sqlite_template, folder / "pqr.sqlite3")
    settings = make_settings(folder, f"sqlite:///{folder}/pqr.sqlite3", PQR_ROUTING="desk")
    app = create_app(settings)
    with app.app_context(), writing(db.engine) as session:
        furnish(session, settings)
    with served(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


def at(path: str):
    return lambda page: page.goto(path)


def press(page: Page) -> None:
    page.get_by_role("button", name="Continuar", exact=True).click()


def searched(page: Page) -> None:
    page.goto("/que-necesita")
    page.fill("#words", "Se fue la luz y no sube el carro de la basura")
    page.get_by_role("button", name="Buscar").click()
    page.wait_for_selector("#hallado")


def errors(page: Page) -> None:
    page.goto("/radicar")
    press(page)
    page.wait_for_selector("#errores")


def review(page: Page) -> None:
    page.goto("/radicar")
    page.check("input[name=kind][value=reclamo]")
    page.fill("#subject", "Hueco en la vía")
    page.fill("#description", "Hay un hueco muy grande en la vía a la vereda.")
    page.check("input[name=identity][value=anonymous]")
    page.check("#accept_notice")
    press(page)
    page.get_by_role("heading", name="Revise antes de enviar").wait_for()


def receipt(page: Page) -> None:
    review(page)
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_url("**/radicado/2*")


PORTAL = {
    "inicio": at("/"),
    "que-necesita": searched,
    "radicar": at("/radicar"),
    "revisar": review,
    "errores": errors,
    "constancia": receipt,
    "consultar": at("/radicado"),
    "respondida": lambda page: page.goto(LINKS["respondida"]),
    "espera": lambda page: page.goto(LINKS["espera"]),
    "encuesta": lambda page: page.goto(LINKS["encuesta"]),
    "opinion": at("/opinion"),
    "avisos": at("/avisos"),
    "aviso": at("/avisos/1"),
    "respuestas": at("/respuestas"),
    "informes": at("/informes"),
    "plan": at("/informes/plan"),
    "datos": at("/datos-abiertos"),
    "verificar": lambda page: page.goto(f"/verificar/{LINKS['código']}"),
    "tramites": at("/tramites"),
    "tramite": at("/tramites/certificado-de-residencia"),
    "novedades": at("/novedades"),
    "ayuda": at("/ayuda"),
    "privacidad": at("/privacidad"),
    "accesibilidad": at("/accesibilidad"),
}
DESK = {
    "bandeja": at("/atencion/"),
    "clasificar": at("/atencion/clasificar"),
    "caso": lambda page: page.goto(f"/atencion/radicado/{LINKS['Hueco en la vía a la vereda']}"),
    "registrar": at("/atencion/nueva"),
    "buscar": at("/atencion/buscar?q=vereda"),
    "correo": at("/atencion/correo/1"),
    "publicar": at("/atencion/tramites"),
    "cifras": at("/atencion/informes"),
}


def folder_for(tmp_path: Path) -> Path:
    folder = KEPT if os.environ.get("PQR_TEST_PICTURES") else tmp_path
    folder.mkdir(exist_ok=True)
    return folder


def wanted() -> bool:
    """To visit the pages proves that they can be shown; only the long form and who wants pictures pays for them."""
    return bool({"PQR_TEST_PICTURES", "PQR_TEST_FULL"} & os.environ.keys())


def photograph(page: Page, pages, folder: Path, whole: bool) -> None:
    for name, visit in pages.items():
        visit(page)
        expect(page.locator("h1"), name).to_be_visible()
        if not wanted():
            continue
        page.wait_for_load_state("networkidle")
        size = page.viewport_size or DESKTOP
        height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST) if whole else size["height"]
        shot = page.screenshot(full_page=whole, clip={"x": 0, "y": 0, "width": size["width"], "height": height})
        Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(folder / f"{name}.png", optimize=True)


def test_every_public_page_is_photographed_on_a_telephone(browser, address, tmp_path):
    context = browser.new_context(viewport=PHONE, base_url=address)
    photograph(context.new_page(), PORTAL, folder_for(tmp_path), whole=True)
    context.close()


def test_the_desk_is_photographed(browser, address, tmp_path):
    context = browser.new_context(viewport=DESKTOP, base_url=address)
    page = context.new_page()
    page.goto("/ingresar")
    page.fill("#email", CLERK)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    page.wait_for_url("**/atencion/")
    photograph(page, DESK, folder_for(tmp_path), whole=False)
    context.close()


def test_the_guides_show_each_picture_and_there_is_no_other():
    shown = {
        picture for guide in (*DOCS.glob("*.md"), DOCS.parent / "README.md")
        for picture in re.findall(r"imagenes/([\w-]+)\.png", guide.read_text())
    }  # fmt: skip
    assert {each.stem for each in KEPT.iterdir()} == {*PORTAL, *DESK}
    assert shown == {*PORTAL, *DESK}

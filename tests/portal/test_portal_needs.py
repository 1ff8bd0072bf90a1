"""Who does not know what to ask for, or whom, is led; nobody is stopped."""

from pqr.publishing.avisos import publish_owed
from pqr.secretarias.models import ExternalBody
from pqr.terms.choosing import CITIZEN_KINDS, KIND_HELP
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Ticket
from tests.builders import NOW, filed, office_of
from tests.portal.visitor import LEAST, file, text_of
from tests.publishing.test_publishing_procedures import procedure


def ask(client, words):
    return client.post("/que-necesita", data={"words": words})


def test_words_lead_to_the_matter_its_office_and_the_form(client, session):
    page = ask(client, "El carro de la basura no pasa a la recolección")
    told = text_of(page.text)
    assert "Aseo y recolección Lo atiende: " in told
    assert 'href="/radicar?tema=52"' in page.text
    form = client.get("/radicar?tema=52&tipo=reclamo").text
    assert '<option selected value="52">' in form
    assert 'value="reclamo" checked' in form


def test_the_commonest_complaint_leads_to_the_water_first(client, session):
    told = text_of(ask(client, "No hay agua en mi casa").text)
    assert told.index("Lo atiende: ") > told.index("Agua: falta")


def test_what_another_entity_does_is_said_with_how_to_reach_it_and_can_be_filed_here(client, session):
    session.query(ExternalBody).filter_by(name="Cedenar").one().email = "energia@cedenar.example"
    session.commit()
    page = ask(client, "Se fue la luz: se dañó el transformador")
    told = text_of(page.text)
    assert "De esto se ocupa Cedenar . Escríbale a energia@cedenar.example" in told.replace("Cedenar.", "Cedenar .")
    assert 'href="/radicar?tema=54"' in page.text
    assert "Registraduría" in text_of(client.get("/que-necesita").text)
    file(client, LEAST, topic="54")
    session.rollback()
    assert session.query(Ticket).one().topic_id == 54


def test_a_published_answer_on_the_same_matter_is_offered(client, session, settings):
    here = office_of(session, settings)
    asked = filed(
        session, here, now=NOW, kind="reclamo", identity="anonymous", petitioner=PetitionerData(),
        subject="Basura sin recolección", body="El carro de la basura no sube.",
    )  # fmt: skip
    reply = Reply(
        asked, "El carro de la basura sube los martes; la recolección se retrasó por un derrumbe.", "user:1", final=True
    )
    record_answer(session, reply, here, NOW)
    publish_owed(session, here, NOW)
    session.commit()
    page = ask(client, "cuándo sube el carro de la basura")
    assert '<a href="/avisos/1">Basura sin recolección</a>' in page.text


def test_a_published_procedure_is_offered_first(client, session):
    procedure(session)
    session.commit()
    page = ask(client, "Necesito un certificado de residencia para trabajar").text
    assert '<a href="/tramites/certificado-de-residencia">Certificado de residencia</a>' in page
    assert page.index("/tramites/certificado") < page.index("tema=7")
    assert "Quizá ya está explicado" not in ask(client, "me mordió un perro").text


def test_words_that_nobody_knows_lead_to_the_form_all_the_same(client, session):
    page = ask(client, "zxqv")
    assert page.status_code == 200
    assert "Preséntelo con sus palabras" in text_of(page.text)
    assert ask(client, "").status_code == 200


def test_the_examples_lead_to_their_kind(client, session):
    page = client.get("/que-necesita").text
    for kind in CITIZEN_KINDS:
        assert f'href="/radicar?tipo={kind}"' in page
        assert KIND_HELP[kind][1] in text_of(page)


def test_what_was_typed_is_in_no_address_and_no_ledger(client, session, caplog):
    page = ask(client, "mi vecina me pega")
    assert "mi vecina me pega" in page.text
    assert "vecina" not in "".join(part.split('"')[0] for part in page.text.split('href="')[1:])
    assert "vecina" not in caplog.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_link_cannot_choose_what_the_form_does_not_offer(client, session):
    page = client.get('/radicar?tipo="><script>alert(1)</script>&tema=999').text
    assert "alert(1)" not in page
    assert "checked" not in page.split("parte-mensaje")[0]

"""Can anybody read how to do a procedure and what is new, and is a reading counted without knowing whose?"""

from sqlalchemy import select

from pqr.publishing.news import News
from pqr.publishing.procedures import Reading
from tests.builders import NOW
from tests.desk.staff import words_of
from tests.publishing.test_publishing_procedures import procedure


def test_a_procedure_is_listed_by_office_and_read_whole(client, session):
    procedure(session, requirements="Cédula\n\nRecibo de la luz", steps="Venga\nPague", link="https://www.gov.co/")
    session.commit()
    listed = words_of(client.get("/tramites"))
    assert "Certificado de residencia Gratis · Un día" in listed
    page = client.get("/tramites/certificado-de-residencia")
    assert "Cédula Recibo de la luz" in words_of(page)
    assert page.text.count("<li>Venga</li><li>Pague</li>") == 1
    assert 'href="https://www.gov.co/"' in page.text


def test_what_nobody_offers_leads_to_asking(client, session):
    procedure(session)
    session.commit()
    assert "No hay ninguno con «xilófono»" in words_of(client.get("/tramites?q=xilófono"))
    assert "Certificado de residencia" in words_of(client.get("/tramites?q=residencia"))
    assert client.get("/tramites/no-existe").status_code == 404


def test_people_are_counted_and_robots_are_not(client, session):
    procedure(session)
    session.commit()
    page = "/tramites/certificado-de-residencia"
    for agent in ("Mozilla/5.0", "Mozilla/5.0", "Googlebot/2.1"):
        assert client.get(page, headers={"User-Agent": agent}).status_code == 200
    client.head(page)
    session.rollback()
    assert [each.times for each in session.scalars(select(Reading))] == [2]
    assert client.get_cookie("session") is None


def test_news_is_read_until_it_is_taken_away(client, session):
    news = News(name="Cerramos el lunes", text="No hay atención.\n\n- Ni ventanilla", published_at=NOW)
    session.add(news)
    session.commit()
    assert "Cerramos el lunes martes 3 de marzo de 2026" in words_of(client.get("/novedades"))
    assert "<li>Ni ventanilla</li>" in client.get(news.path).text
    news.active = False
    session.commit()
    assert client.get(news.path).status_code == 404
    assert "Todavía no hay novedades" in words_of(client.get("/novedades"))

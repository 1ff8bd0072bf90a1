"""Is a procedure found by its words, at an address for good, and are its readings counted of nobody?"""

from datetime import date, timedelta

from pqr.publishing.procedures import Procedure, by_slug, note_reading, published, readings_since, slug_of
from pqr.publishing.updates import Published, SiteUpdate, note_update, updates_of_month
from pqr.secretarias.directory import by_code
from tests.builders import NOW, at

DAY = date(2026, 3, 3)


def procedure(session, name="Certificado de residencia", **changes):
    given = {
        "slug": slug_of(session, name), "summary": "Demuestra dónde vive.", "cost": "Gratis", "duration": "Un día",
        "place": "Secretaría de Gobierno", "secretaria_id": by_code(session, "gobierno").id, "changed_on": DAY,
    }  # fmt: skip
    row = Procedure(name=name, **(given | changes))
    session.add(row)
    session.flush()
    return row


def test_each_has_an_address_of_its_own_whatever_its_name(session):
    slugs = [procedure(session, name).slug for name in ("Año nuevo: ¡permiso!", "Año nuevo (permiso)", "¿?", "Años")]
    assert slugs == ["ano-nuevo-permiso", "ano-nuevo-permiso-2", "tramite", "anos"]
    assert by_slug(session, "anos").name == "Años"


def test_it_is_found_by_words_of_its_name_and_of_what_it_is_for(session):
    kept, other = procedure(session), procedure(session, "Paz y salvo predial", summary="Para vender la casa.")
    procedure(session, "Residencia antigua", active=False)
    assert published(session, "RESIDENCIAS") == [kept]
    assert published(session, "vender casas") == [other]
    assert published(session, "vender residencia") == []
    assert set(published(session)) == {kept, other}


def test_what_is_not_on_the_site_has_no_page(session):
    assert by_slug(session, procedure(session, active=False).slug) is None


def test_readings_add_up_by_day(session):
    kept = procedure(session)
    for day in (DAY, DAY, DAY - timedelta(days=40)):
        note_reading(session, kept.id, day)
    assert readings_since(session, DAY - timedelta(days=30)) == {kept.id: 2}


def test_updates_are_counted_by_month_and_a_page_mended_twice_in_a_day_is_one(session):
    for when, path in (
        ("2026-03-01 00:10", "/novedades/1"),
        ("2026-03-31 23:50", "/novedades/2"),
        ("2026-03-31 23:55", "/novedades/2"),
        ("2026-04-01 00:10", "/novedades/2"),
    ):
        note_update(session, Published("news", "Cierre", path, "user:1"), at(when))
        session.flush()
    assert [each.path for each in updates_of_month(session, NOW.date())] == ["/novedades/2", "/novedades/1"]
    assert session.query(SiteUpdate).count() == 3

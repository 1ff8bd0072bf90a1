"""Are the open data easy to find, to take and to understand, by people and by machines?"""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from pqr.cli import main
from pqr.publishing.catalogue import CONTEXT, METADATA
from pqr.publishing.columns import CASE_COLUMNS
from pqr.publishing.opendata import DATASETS, OpenFile, publish_month
from tests.builders import at, filed, office_of
from tests.portal.visitor import text_of
from workers import opendata

OCTOBER, NOW = date(2026, 10, 1), at("2026-12-01 08:00")
HOME = "http://127.0.0.1:8000/datos-abiertos"


@pytest.fixture
def published(session, settings):
    """October with seven cases, November with two."""
    office = office_of(session, settings)
    for day in range(7):
        filed(session, office, now=at(f"2026-10-{5 + day:02d} 10:00"))
    for day in range(2):
        filed(session, office, now=at(f"2026-11-{5 + day:02d} 10:00"))
    for month in (OCTOBER, date(2026, 11, 1)):
        publish_month(session, month, "system", office, NOW)
    session.commit()


def test_without_months_it_says_that_there_are_no_data_yet(client, session):
    assert "Todavía no hay datos publicados" in text_of(client.get("/datos-abiertos").text)
    assert json.loads(client.get("/datos-abiertos/catalogo.jsonld").text)["@type"] == "dcat:Catalog"


def test_the_page_shows_every_month_with_its_files_and_the_licence(client, published):
    page = client.get("/datos-abiertos")
    told = text_of(page.text)
    assert "Octubre de 2026" in told
    assert "7 peticiones" in told
    assert "hubo menos de 5 peticiones" in told
    assert "CC BY 4.0" in told
    links = re.findall(r'href="(/datos-abiertos/[^"#]+)"', page.text)
    assert len(links) == 7  # four files, the dictionary, the catalogue twice
    assert all(client.get(link).status_code == 200 for link in links)
    assert "Set-Cookie" not in page.headers


def test_a_file_travels_as_machines_and_browsers_expect(client, published):
    answer = client.get("/datos-abiertos/peticiones-2026-10.csv")
    digest = hashlib.sha256(answer.data).hexdigest()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="peticiones-2026-10.csv"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"] == f'"{digest}"'
    assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
    again = client.get("/datos-abiertos/peticiones-2026-10.csv", headers={"If-None-Match": f'"{digest}"'})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/datos-abiertos/peticiones-2026-10.json").headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "name", ["peticiones-2026-09.csv", "otra.csv-metadata.json", "peticiones-2026-10.json-metadata.json", "x" * 300]
)
def test_what_was_not_published_is_not_found(client, published, name):
    assert client.get(f"/datos-abiertos/{name}").status_code == 404


def test_beside_each_table_its_metadata_say_its_columns(client, published):
    for dataset, columns in DATASETS.items():
        table = client.get(f"/datos-abiertos/{dataset}-2026-10.csv")
        beside = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', table.headers["Link"])[1]
        assert beside == f"/datos-abiertos/{dataset}-2026-10.csv{METADATA}"
        answer = client.get(beside)
        assert answer.headers["Content-Type"] == "application/csvm+json"
        told = json.loads(answer.text)
        assert told["@context"][0] == "http://www.w3.org/ns/csvw"
        rows = list(csv.reader(io.StringIO(table.text, newline="")))
        assert rows[0] == [column["titles"] for column in told["tableSchema"]["columns"]] == [c.name for c in columns]
        for cells in rows[1:]:
            for cell, column in zip(cells, told["tableSchema"]["columns"], strict=True):
                assert cell == column["null"] or fits(cell, column["datatype"]), column["name"]


def fits(cell, datatype):
    if datatype == "integer":
        return cell.isdigit()
    if datatype == "date":
        return bool(date.fromisoformat(cell))
    return datatype == "string" or re.fullmatch(datatype["format"], cell) is not None


def nodes(value):
    """Every object of a JSON-LD document with a type."""
    if isinstance(value, dict):
        yield from ([value] if "@type" in value and "@value" not in value else [])
        for each in value.values():
            yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


NEEDED = {
    "dcat:Catalog": {
        "dct:title",
        "dct:description",
        "dct:publisher",
        "dct:license",
        "dct:issued",
        "dct:modified",
        "dcat:dataset",
        "foaf:homepage",
    },
    "dcat:DatasetSeries": {"dct:title", "dct:description", "dct:publisher", "dct:license", "dct:accrualPeriodicity"},
    "dcat:Dataset": {
        "dct:title",
        "dct:publisher",
        "dct:license",
        "dct:temporal",
        "dct:issued",
        "dct:modified",
        "dct:accrualPeriodicity",
        "dcat:inSeries",
        "dcat:distribution",
        "dcat:keyword",
    },
    "dcat:Distribution": {
        "dcat:accessURL",
        "dcat:downloadURL",
        "dcat:mediaType",
        "dcat:byteSize",
        "dct:license",
        "spdx:checksum",
    },
    "spdx:Checksum": {"spdx:algorithm", "spdx:checksumValue"},
    "dct:PeriodOfTime": {"dcat:startDate", "dcat:endDate"},
    "foaf:Agent": {"foaf:name"},
}


def test_the_catalogue_is_dcat_with_every_term_known(client, published):
    told = json.loads(client.get("/datos-abiertos/catalogo.jsonld").text)
    assert told["@context"] == CONTEXT
    kinds = [node["@type"] for node in nodes(told)]
    assert set(kinds) == set(NEEDED)
    assert (kinds.count("dcat:DatasetSeries"), kinds.count("dcat:Dataset"), kinds.count("dcat:Distribution")) == (
        2,
        2,
        4,
    )
    for node in nodes(told):
        assert set(node) >= NEEDED[node["@type"]]
        assert all(key.startswith("@") or key.split(":")[0] in CONTEXT for key in node)
    ids = {node["@id"] for node in nodes(told) if "@id" in node}
    assert all(node["dcat:inSeries"]["@id"] in ids for node in nodes(told) if node["@type"] == "dcat:Dataset")


def test_what_the_catalogue_says_of_a_file_is_so(client, published):
    answer = client.get("/datos-abiertos/catalogo.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for node in nodes(json.loads(answer.text)):
        if node["@type"] == "dcat:Distribution":
            address = node["dcat:downloadURL"]["@id"]
            file = client.get(address.removeprefix("http://127.0.0.1:8000"))
            assert file.status_code == 200
            assert str(len(file.data)) == node["dcat:byteSize"]["@value"]
            assert hashlib.sha256(file.data).hexdigest() == node["spdx:checksum"]["spdx:checksumValue"]["@value"]
            assert node["dcat:mediaType"]["@id"].endswith(file.mimetype)


def test_the_dictionary_explains_every_column_and_every_code(client, session):
    told = text_of(client.get("/datos-abiertos/diccionario").text)
    for columns in DATASETS.values():
        for column in columns:
            assert column.name in told
            assert all(code in told and meant in told for code, meant in column.values)
    assert len(CASE_COLUMNS) > 10
    assert "reúne al menos 5 peticiones" in told


def test_the_footer_leads_there(client, session):
    assert 'href="/datos-abiertos"' in client.get("/").text


def command(monkeypatch, settings, *words):
    """What `pqr opendata publish` prints, and how it ends, on 1 December."""
    for name in ("data_dir", "database_url"):
        monkeypatch.setenv(f"PQR_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("PQR_SECRET_KEY", settings.secret_keys[0])
    with time_machine.travel(NOW, tick=False):
        done = CliRunner().invoke(main, ["opendata", "publish", *words])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_publishes_what_is_due_once_and_one_month_when_told(monkeypatch, session, settings):
    office = office_of(session, settings)
    for day in range(6):
        filed(session, office, now=at(f"2026-10-{5 + day:02d} 10:00"))
    session.commit()
    assert command(monkeypatch, settings) == (0, "2026-10\t6 peticiones\n", "")
    assert command(monkeypatch, settings) == (0, "", "")
    code, _, said = command(monkeypatch, settings, "--month", "2026-10")
    assert (code, "una sola vez" in said) == (1, True)
    assert command(monkeypatch, settings, "--month", "2026-11") == (0, "2026-11\tsin datos suficientes\n", "")


def test_the_workers_publish_what_is_due_and_looking_again_changes_nothing(app, session, settings):
    office = office_of(session, settings)
    for day in range(6):
        filed(session, office, now=at(f"2026-10-{5 + day:02d} 10:00"))
    session.commit()
    with time_machine.travel(NOW, tick=False), app.app_context():
        opendata.publish()
        once = session.scalars(select(OpenFile.sha256).order_by(OpenFile.id)).all()
        session.rollback()
        opendata.publish()
    assert len(once) == 4
    assert session.scalars(select(OpenFile.sha256).order_by(OpenFile.id)).all() == once

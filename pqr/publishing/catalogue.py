"""How do machines learn what is published?  A DCAT 3 catalogue in JSON-LD, and CSV on the Web metadata. Pure.

W3C: Data Catalog Vocabulary (DCAT) Version 3; Model for Tabular Data and Metadata on the Web, and its vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pqr.publishing.columns import Column

Json = dict[str, object]
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
LICENSE_NAME = "Creative Commons Atribución 4.0 Internacional (CC BY 4.0)"
MONTHLY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
METADATA = "-metadata.json"  # after a table's own address, as CSV on the Web looks for it
TITLES = {"peticiones": "Peticiones, una por fila", "conteos": "Peticiones, contadas"}
ABOUTS = {
    "peticiones": "Una fila por petición del mes, sin datos de personas. Lo que señalaría a pocas se oculta.",
    "conteos": "Cuántas peticiones se recibieron en el mes por tipo, canal y dependencia.",
}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Download:
    """A file. `address`: whole, as outside. `size`: bytes."""

    address: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Month:
    """A dataset's month. `dataset`: of `TITLES`; `title`: the month in words; dates in Bogotá, the last included."""

    dataset: str
    title: str
    first_day: date
    last_day: date
    issued: datetime
    downloads: Sequence[Download]


def catalogue(home: str, publisher: str, months: Sequence[Month]) -> Json:
    """The catalogue. `home`: the page's whole address."""
    issued = [month.issued for month in months]
    about: Json = {
        "@context": CONTEXT,
        "@id": f"{home}/catalogo.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _spanish(f"Datos abiertos de {publisher}: peticiones, quejas y reclamos"),
        "dct:description": _spanish("Lo que se pide a la entidad y cómo se responde, sin datos de personas."),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher},
        "dct:language": "es",
        "dct:license": {"@id": LICENSE},
        "foaf:homepage": {"@id": home},
        "dcat:dataset": [
            *(_series(home, publisher, dataset, months) for dataset in TITLES),
            *(_dataset(home, publisher, month) for month in months),
        ],
    }
    return about | ({"dct:issued": _instant(min(issued)), "dct:modified": _instant(max(issued))} if issued else {})


def _series(home: str, publisher: str, dataset: str, months: Sequence[Month]) -> Json:
    issued = [month.issued for month in months if month.dataset == dataset]
    dates = {"dct:issued": _instant(min(issued)), "dct:modified": _instant(max(issued))} if issued else {}
    return {
        "@id": f"{home}#{dataset}",
        "@type": "dcat:DatasetSeries",
        "dct:title": _spanish(TITLES[dataset]),
        **_common(publisher, dataset),
        **dates,
    }


def _dataset(home: str, publisher: str, month: Month) -> Json:
    return {
        "@id": f"{home}#{month.dataset}-{month.first_day:%Y-%m}",
        "@type": "dcat:Dataset",
        "dct:title": _spanish(f"{TITLES[month.dataset]}: {month.title}"),
        **_common(publisher, month.dataset),
        "dcat:inSeries": {"@id": f"{home}#{month.dataset}"},
        "dct:issued": _instant(month.issued),
        "dct:modified": _instant(month.issued),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(month.first_day.isoformat(), "date"),
            "dcat:endDate": _typed(month.last_day.isoformat(), "date"),
        },
        "dcat:landingPage": {"@id": home},
        "dcat:distribution": [_distribution(each) for each in month.downloads],
    }


def _common(publisher: str, dataset: str) -> Json:
    return {
        "dct:description": _spanish(ABOUTS[dataset]),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher},
        "dct:language": "es",
        "dct:license": {"@id": LICENSE},
        "dct:accrualPeriodicity": {"@id": MONTHLY},
        "dcat:keyword": [_spanish(word) for word in ("PQRSD", "derecho de petición", "transparencia")],
    }


def _distribution(file: Download) -> Json:
    told: Json = {
        "@id": file.address,
        "@type": "dcat:Distribution",
        "dct:license": {"@id": LICENSE},
        "dcat:accessURL": {"@id": file.address},
        "dcat:downloadURL": {"@id": file.address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.media_type}"},
        "dcat:byteSize": _typed(str(file.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }
    if file.media_type == "text/csv":
        told["dct:conformsTo"] = {"@id": "https://www.rfc-editor.org/rfc/rfc4180"}
    return told


def _spanish(words: str) -> Json:
    return {"@value": words, "@language": "es"}


def _typed(value: str, kind: str) -> Json:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _instant(moment: datetime) -> Json:
    return _typed(moment.isoformat(timespec="seconds"), "dateTime")


def table_metadata(name: str, title: str, publisher: str, columns: Sequence[Column]) -> Json:
    """What CSV on the Web says of the file of this name, beside it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "es"}],
        "url": name,
        "dc:title": title,
        "dc:publisher": publisher,
        "dc:license": {"@id": LICENSE},
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [_column(column) for column in columns]},
    }


def _column(column: Column) -> Json:
    codes = [code for code, _ in column.values]
    datatype: object = {"base": "string", "format": "|".join(codes)} if codes else column.kind
    meant = "; ".join(f"{code}: {label}" for code, label in column.values)
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": f"{column.title}. {column.about} {meant}".strip(),
        "datatype": datatype,
        "null": "",
    }

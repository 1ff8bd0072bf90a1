"""Where does everybody take the open data from?  `/datos-abiertos`: the page, the dictionary, the files, the catalogue.

Files never change, so they may be kept for ever. Any page of the web may read them: they hold nothing of anybody, and
no cookie is looked at.
"""

import json
from collections.abc import Sequence

from flask import Response, abort, g, render_template, request, url_for

from pqr.db import db
from pqr.door import office
from pqr.publishing.catalogue import LICENSE, LICENSE_NAME, METADATA, TITLES, Download, Month, catalogue, table_metadata
from pqr.publishing.opendata import DATASETS, PATH, OpenFile, OpenMonth, file_named, published_months
from pqr.reporting import reporting
from pqr.reporting.replica import figures_session, may_lag
from pqr.tickets.files import read
from pqr.wire import FOR_EVER


@reporting.get("/datos-abiertos")
@may_lag
def open_data() -> str:
    """Every month with its files."""
    g.public = True
    session = figures_session()
    return render_template(
        "reports/open_data.html",
        months=published_months(session),
        titles=TITLES,
        fewest=office(session).publish_fewest,
        license=(LICENSE, LICENSE_NAME),
    )


@reporting.get("/datos-abiertos/diccionario")
def dictionary() -> str:
    """What each column means, and what is hidden."""
    g.public = True
    fewest = office(db.session()).publish_fewest
    return render_template("reports/open_dictionary.html", datasets=DATASETS, titles=TITLES, fewest=fewest)


@reporting.get("/datos-abiertos/catalogo.jsonld")
@may_lag
def open_catalogue() -> Response:
    """The DCAT catalogue."""
    g.public = g.same_for_all = True
    session = figures_session()
    told = catalogue(_home(), office(session).entity, _described(published_months(session)))
    return _open_to_all(Response(_text(told), mimetype="application/ld+json"))


@reporting.get("/datos-abiertos/<name>")
def open_file(name: str) -> Response:
    """A published file, or what CSV on the Web says of it."""
    g.public = g.same_for_all = True
    session = db.session()
    found = file_named(session, name.removesuffix(METADATA)[:60])
    if found is None:
        abort(404)
    if name.endswith(METADATA):
        return _metadata(found) if found.media_type == "text/csv" else abort(404)
    answer = Response(read(found.sha256, office(session)), content_type=_content_type(found))
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer.headers["Cache-Control"] = FOR_EVER
    if found.media_type == "text/csv":
        beside = url_for("reporting.open_file", name=found.name + METADATA)
        answer.headers["Link"] = f'<{beside}>; rel="describedby"; type="application/csvm+json"'
    answer.set_etag(found.sha256)
    return _open_to_all(answer)


def _metadata(file: OpenFile) -> Response:
    columns, publisher = DATASETS[file.dataset], office(db.session()).entity
    told = table_metadata(file.name, f"{TITLES[file.dataset]}: {file.month:%Y-%m}", publisher, columns)
    return _open_to_all(Response(_text(told), mimetype="application/csvm+json"))


def _content_type(file: OpenFile) -> str:
    return "text/csv; charset=utf-8; header=present" if file.media_type == "text/csv" else file.media_type


def _open_to_all(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "Content-Disposition, ETag, Link"
    if not answer.get_etag()[0]:
        answer.add_etag()
    answer.make_conditional(request)
    return answer


def _described(months: Sequence[OpenMonth]) -> list[Month]:
    return [
        Month(
            dataset,
            month.title,
            month.month,
            month.last_day,
            month.published_at,
            [
                Download(f"{_home()}/{each.name}", each.media_type, each.size, each.sha256)
                for each in month.files
                if each.dataset == dataset
            ],
        )
        for month in months
        if month.files
        for dataset in DATASETS
    ]


def _home() -> str:
    return f"{office(db.session()).base_url}{PATH}"


def _text(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

"""How does a program that speaks GeoReport v2 use an endpoint?  In XML or JSON; every answer is held to its schema.

The schemas in `schemas/` are written from the specification (wiki.open311.org/GeoReport_v2) for these tests; they ask
for at least what those of github.com/open311/schema-validation ask. XML is read as the Spark convention maps it, so
that one schema serves both.
"""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs

SCHEMAS = Path(__file__).parent / "schemas"
LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
BOOLEANS, NUMBERS = {"metadata", "variable", "required"}, {"order", "code", "lat", "long"}


class Refused(Exception):
    """The endpoint said no. `errors`: what it said."""

    def __init__(self, status, errors):
        super().__init__(f"{status}: {errors}")
        self.status, self.errors = status, errors

    @property
    def words(self):
        return " ".join(each["description"] for each in self.errors)


class GeoReport:
    """A client of one endpoint. `web`: a Flask test client; `form`: xml or json."""

    def __init__(self, web, form, key="", base="/open311/v2"):
        self.web, self.form, self.key, self.base = web, form, key, base

    def discovery(self):
        return self._get("discovery", "discovery")

    def services(self):
        return self._get("services", "services")

    def definition(self, code):
        return self._get(f"services/{code}", "service_definition")

    def post(self, headers=None, **fields):
        """Files; `attribute_kind="reclamo"` is `attribute[kind]`."""
        said = {name: value for name, value in fields.items() if not name.startswith("attribute_")}
        said |= {f"attribute[{name[10:]}]": value for name, value in fields.items() if name not in said}
        data = ({"api_key": self.key} if self.key else {}) | said
        answer = self.web.post(f"{self.base}/requests.{self.form}", data=data, headers=headers)
        return self._read(answer, "filed", (200, 201))[0]

    def token(self, token):
        return self._get(f"tokens/{token}", "token")[0]

    def request(self, name):
        return self._get(f"requests/{name}", "requests", key=self.key)[0]

    def requests(self, **asked):
        return self._get("requests", "requests", key=self.key, **asked)

    def _get(self, path, schema, key="", **asked):
        query = asked | ({"api_key": key} if key else {})
        return self._read(self.web.get(f"{self.base}/{path}.{self.form}", query_string=query), schema, (200,))

    def _read(self, answer, schema, good):
        assert answer.headers["Content-Type"] == TYPES[self.form]
        content = json.loads(answer.data) if self.form == "json" else _spark(answer.data)
        valid(content, schema if answer.status_code in good else "errors")
        if answer.status_code not in good:
            raise Refused(answer.status_code, content)
        return content


def valid(content, schema):
    """Raises where the content is not what the schema says."""
    rules = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema_rs.validate(rules, content, validate_formats=True)


def _spark(document):
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return _value(ET.fromstring(document), False)  # noqa: S314 - our own


def _value(element, in_error):
    if element.tag in LISTS:
        return [_value(each, element.tag == "errors") for each in element]
    if len(element):
        return {each.tag: _value(each, in_error) for each in element}
    text = element.text
    if element.tag in BOOLEANS and text in ("true", "false"):
        return text == "true"
    number = element.tag in NUMBERS and (in_error or element.tag != "code")
    return int(text) if number and text else text

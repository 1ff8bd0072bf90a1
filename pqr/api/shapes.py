"""How does GeoReport v2 name things?  Our topics, kinds and requests in its fields, in its order."""

from datetime import datetime
from typing import Any

from pqr.config import Office
from pqr.portal.choices import IDENTITIES, KINDS
from pqr.secretarias.models import Topic
from pqr.sharing.listing import Shown
from pqr.terms.calendar import BOGOTA

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
NO_SERVICE = "0"  # the field must hold something
Fields = dict[str, Any]


def service(topic: Topic) -> Fields:
    """A service is a topic: it is what people choose by, and whose it is follows from it."""
    return {
        "service_code": str(topic.id),
        "service_name": topic.name,
        "description": f"Lo atiende: {agency(topic)}.",
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(word.strip() for word in topic.keywords.split(";") if word.strip()),
        "group": agency(topic),
    }


def agency(topic: Topic) -> str:
    """Who answers."""
    return topic.secretaria.name if topic.secretaria else topic.transfer_to or "Otra entidad"


def definition(topic: Topic, notices: str, office: Office) -> Fields:
    """The same questions for every service: what it is, who speaks, and that the notice was read."""
    notice = (
        f"Antes de enviar datos de una persona, muéstrele el aviso de privacidad (versión {notices}): "
        f"{office.base_url}/privacidad"
    )
    return {
        "service_code": str(topic.id),
        "attributes": [
            _attribute(1, "privacy", notice, "text", variable=False),
            _attribute(2, "kind", "¿Qué presenta? Si no se dice, una petición de interés general.", values=KINDS),
            _attribute(
                3, "identity", "¿Cómo la presenta? Si no se dice, con los datos que envíe o sin ninguno.",
                values=IDENTITIES,
            ),
            _attribute(
                4, "accept_notice", "Hace falta si envía nombre, correo o teléfono.",
                values={"true": "La persona leyó el aviso de privacidad"},
            ),
        ],
    }  # fmt: skip


def _attribute(
    order: int,
    code: str,
    description: str,
    datatype: str = "singlevaluelist",
    *,
    variable: bool = True,
    values: Any = (),
) -> Fields:
    fields: Fields = {
        "variable": variable,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
    }
    return fields | {"values": [{"key": key, "name": name} for key, name in dict(values).items()]}


def request_fields(shown: Shown) -> Fields:
    """A request: what is never told is there, and empty."""
    topic = shown.topic
    return {
        "service_request_id": shown.name,
        "status": "closed" if shown.closed else "open",
        "status_notes": shown.notes,
        "service_name": topic.name if topic else "Por clasificar",
        "service_code": str(topic.id) if topic else NO_SERVICE,
        "description": None,
        "agency_responsible": agency(topic) if topic else None,
        "service_notice": None,
        "requested_datetime": w3(shown.requested),
        "updated_datetime": w3(shown.updated) if shown.updated else None,
        "expected_datetime": w3(shown.expected) if shown.expected else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def w3(instant: datetime) -> str:
    """In Bogotá's time, to the second, with its zone."""
    return instant.astimezone(BOGOTA).isoformat(timespec="seconds")

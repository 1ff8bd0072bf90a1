"""What may other programs read and write?  Open311 GeoReport v2: routes and formats only."""

from flask import Blueprint

PREFIX = "/open311/v2"

api = Blueprint("api", __name__, url_prefix=PREFIX)

# The routes need the blueprint above.
import pqr.api.describing  # noqa: E402
import pqr.api.reading  # noqa: E402
import pqr.api.writing  # noqa: E402, F401

"""Where are the figures shown?  The reports' pages, public and of the staff: routes and forms only."""

from flask import Blueprint

reporting = Blueprint("reporting", __name__)

# The routes need the blueprint above.
from pqr.reporting import dashboard, downloads, handover, official, opening, plan, public, published  # noqa: E402, F401

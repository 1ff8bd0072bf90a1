"""Where do the staff work?  The desk's pages: routes and forms only; what may happen is decided in the rooms."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="")

# The routes need the blueprint above.
import pqr.desk.account  # noqa: E402
import pqr.desk.appeal_acts  # noqa: E402
import pqr.desk.bodies  # noqa: E402
import pqr.desk.boilerplate  # noqa: E402
import pqr.desk.bulk  # noqa: E402
import pqr.desk.case  # noqa: E402
import pqr.desk.case_acts  # noqa: E402
import pqr.desk.changes  # noqa: E402
import pqr.desk.clock_acts  # noqa: E402
import pqr.desk.closures  # noqa: E402
import pqr.desk.condition  # noqa: E402
import pqr.desk.contact_acts  # noqa: E402
import pqr.desk.contribution_acts  # noqa: E402
import pqr.desk.delivering_acts  # noqa: E402
import pqr.desk.downloads  # noqa: E402  # noqa: E402
import pqr.desk.draft_acts  # noqa: E402
import pqr.desk.ending_acts  # noqa: E402
import pqr.desk.entity  # noqa: E402
import pqr.desk.exporting  # noqa: E402
import pqr.desk.fixing_acts  # noqa: E402
import pqr.desk.groups  # noqa: E402
import pqr.desk.letters  # noqa: E402
import pqr.desk.mailroom  # noqa: E402
import pqr.desk.merge_acts  # noqa: E402
import pqr.desk.notices  # noqa: E402
import pqr.desk.notify_acts  # noqa: E402
import pqr.desk.offices  # noqa: E402
import pqr.desk.people  # noqa: E402
import pqr.desk.persons  # noqa: E402
import pqr.desk.places  # noqa: E402
import pqr.desk.presence  # noqa: E402
import pqr.desk.programs  # noqa: E402
import pqr.desk.publications  # noqa: E402
import pqr.desk.queue  # noqa: E402
import pqr.desk.reads  # noqa: E402
import pqr.desk.registering  # noqa: E402
import pqr.desk.retention  # noqa: E402
import pqr.desk.searching  # noqa: E402
import pqr.desk.sessions  # noqa: E402
import pqr.desk.topics  # noqa: E402
import pqr.desk.transfer_acts  # noqa: E402
import pqr.desk.triage  # noqa: E402, F401

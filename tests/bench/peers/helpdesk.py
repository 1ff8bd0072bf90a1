"""How is django-helpdesk asked?  Its public form, its `get_email` over a directory, its list of tickets, its report."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.peers.peer import PASSWORD, Peer
from tests.bench.visits import BODY

OPEN = [1, 2]  # open, reopened


class Helpdesk(Peer):
    """Its list is a page and the rows that the page's script asks for; both are counted."""

    name = "django-helpdesk 2.6.1, SQLite"
    wants = ("django-helpdesk==2.6.1", "django==5.2.19")
    site = "tests.bench.peers.helpdesk_site"
    tickets = ("site.sqlite3", "helpdesk_ticket")
    form, login, report = "/tickets/submit/", "/login/", "/reports/queuemonth/"

    def application(self, home: Path) -> str:
        return f"{self.site}:application"

    def typed(self, number: int) -> Mapping[str, str]:
        person = {"submitter_email": f"vecina{number}@correo.example"}
        return person | {"queue": "1", "title": f"No llega agua a la vereda {number}", "body": BODY, "priority": "3"}

    def entered(self) -> Mapping[str, str]:
        return {"username": "mesa", "password": PASSWORD}

    def deliver(self, directory: Path, mails: Sequence[bytes]) -> None:
        for number, each in enumerate(mails):
            (directory / f"{number:06}.eml").write_bytes(each)

    def paths(self, searched: str = "") -> Sequence[str]:
        asked = {"filtering": {} if searched else {"status__in": OPEN}, "sorting": "due_date", "sortreverse": False}
        rows = b64encode(json.dumps(asked | {"filtering_null": {}, "search_string": searched}).encode()).decode()
        shown = {"draw": 1, "start": 0, "length": 25, "order[0][column]": 6, "order[0][dir]": "asc"}
        page = [("sort", "due_date"), *([("q", searched)] if searched else [("status", each) for each in OPEN])]
        return f"/tickets/?{urlencode(page)}", f"/datatables_ticket_list/{rows}?{urlencode(shown)}"

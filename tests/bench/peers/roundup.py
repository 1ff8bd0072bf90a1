"""How is Roundup asked?  The form of its classic template, its `roundup-mailgw` over a spool, its list of issues."""

import mailbox
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.peers.peer import PASSWORD, Peer
from tests.bench.visits import BODY

COLUMNS = "title,id,activity,status,assignedto,priority"
OPEN = "1,2,3,4,5,6"  # all but done and resolved


class Roundup(Peer):
    """Its form asks for no address, so that a visit writes no letter; it has no report."""

    name = "Roundup 2.6.0, SQLite"
    wants = ("roundup==2.6.0",)
    site = "tests.bench.peers.roundup_site"
    tickets = ("tracker/db/db", "_issue")
    form, action, login = "/issue?@template=item", "/issue", "/"

    def application(self, home: Path) -> str:
        return f"roundup.cgi.wsgi_handler:RequestDispatcher('{home / 'tracker'}')"

    def typed(self, number: int) -> Mapping[str, str]:
        asked = {"@action": "new", "@template": "item", "priority": "3"}
        return asked | {"title": f"No llega agua a la vereda {number}", "@note": BODY}

    def entered(self) -> Mapping[str, str]:
        return {"@action": "Login", "__login_name": "admin", "__login_password": PASSWORD}

    def deliver(self, directory: Path, mails: Sequence[bytes]) -> None:
        spool = mailbox.mbox(directory / "spool")
        for each in mails:
            spool.add(each.replace(b"\r\n", b"\n"))
        spool.close()

    def paths(self, searched: str = "") -> Sequence[str]:
        asked = {"@columns": COLUMNS, "@sort": "due", "@pagesize": 25, "@startwith": 0}
        which = {"@search_text": searched} if searched else {"@filter": "status", "status": OPEN}
        return (f"/issue?{urlencode(asked | which)}",)

"""A Roundup tracker of its classic template, on SQLite: the commands that make and fill it.

Runs in its own virtual environment. `PEER_HOME`: where it keeps everything. `PEER_RELAY`: the port of its SMTP relay.
`PEER_PORT`: where it is served. Beyond the template: a due date, by which its list is sorted, and whoever is not known
may file by form and by mail, which its schema holds ready in comments.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from roundup import date, instance

HOME = Path(os.environ["PEER_HOME"])
TRACKER = HOME / "tracker"
BIN = Path(sys.executable).parent
AT_ONCE = 500  # issues
OPEN, CLOSED, PRIORITY = "1", "8", "3"
SCHEMA = """
issue.properties["due"] = Date()
db.security.addPermissionToRole("Anonymous", "Email Access")
for each in ("issue", "file", "msg"):
    db.security.addPermissionToRole("Anonymous", "Create", each)
"""


def make(_: str, password: str) -> None:
    """An empty tracker."""
    options = {
        "admin_email": "mesa@puerres.example",
        "tracker_web": f"http://127.0.0.1:{os.environ['PEER_PORT']}/",
        "tracker_email": "pqr",
        "tracker_language": "es",
        "mail_domain": "puerres.example",
        "mail_host": "127.0.0.1",
        "mail_port": os.environ["PEER_RELAY"],
        "mailgw_convert_htmltotext": "dehtml",
        "nosy_messages_to_author": "new",
    }
    _admin("install", "classic", "sqlite", ",".join(f"{name}={value}" for name, value in options.items()))
    with (TRACKER / "schema.py").open("a", encoding="utf-8") as schema:
        schema.write(SCHEMA)
    _admin("initialise", password)


def _admin(*words: str) -> None:
    subprocess.run([BIN / "roundup-admin", "-i", TRACKER, *words], check=True, stdout=subprocess.DEVNULL)


def load(petitions: str) -> None:
    """One issue for each line with its message, by its own database layer; its detectors, which write letters, rest."""
    shutil.move(TRACKER / "detectors", HOME / "detectors")
    (TRACKER / "detectors").mkdir()
    db = instance.open(str(TRACKER)).open("admin")
    db.conn.execute("PRAGMA synchronous = off")
    with Path(petitions).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            subject, body, received, due, is_open, _ = json.loads(line)
            at = date.Date(received.replace(" ", "."))
            message = db.msg.create(content=body, summary=subject, author="1", date=at)
            status = OPEN if is_open else CLOSED
            db.issue.create(title=subject, messages=[message], status=status, priority=PRIORITY, due=date.Date(due))
            if number % AT_ONCE == 0:
                db.commit()
                db.clearCache()
    db.commit()
    db.conn.execute("ANALYZE")
    db.close()
    (TRACKER / "detectors").rmdir()
    shutil.move(HOME / "detectors", TRACKER / "detectors")


def mail() -> None:
    """Its own command, over the spool."""
    subprocess.run([BIN / "roundup-mailgw", TRACKER, "mailbox", HOME / "mail" / "spool"], check=True)


if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {"make": make, "load": load, "mail": mail}
    commands[sys.argv[1]](*sys.argv[2:])

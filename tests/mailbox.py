"""Which IMAP server do the tests read from?  A real Dovecot of this process, on a port of its own, one mailbox."""

import grp
import imaplib
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, program, running

PASSWORD = "buzon-de-prueba"


@contextmanager
def dovecot() -> Iterator[str]:
    """A mailbox; gives its URL as PQR_IMAP_URL wants it."""
    directory, port = Path(tempfile.mkdtemp(prefix="pqr-dovecot-")), free_port()
    owner = pwd.getpwnam("nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    (directory / "mail").mkdir()
    for path in (directory, directory / "mail"):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    configuration = directory / "dovecot.conf"
    configuration.write_text(_configuration(directory, port, owner.pw_name, grp.getgrgid(owner.pw_gid).gr_name))
    command = [program("dovecot", "dovecot-imapd"), "-F", "-c", str(configuration)]
    try:
        with running(command, lambda: _answers(port)):
            yield f"imap://puerres:{PASSWORD}@127.0.0.1:{port}/INBOX"
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def deliver(url: str, *messages: bytes) -> None:
    """Puts messages in the inbox, as the mail server of the municipality would."""
    with _login(url) as mailbox:
        for message in messages:
            mailbox.append("INBOX", None, None, message.replace(b"\n", b"\r\n"))


def count(url: str, folder: str) -> int:
    """How many messages the folder holds."""
    with _login(url) as mailbox:
        return int(mailbox.select(folder, readonly=True)[1][0])


def _login(url: str) -> imaplib.IMAP4:
    mailbox = imaplib.IMAP4("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0]))
    mailbox.login("puerres", PASSWORD)
    return mailbox


def _answers(port: int) -> bool:
    try:
        imaplib.IMAP4("127.0.0.1", port).logout()
    except (OSError, imaplib.IMAP4.error):
        return False
    return True


def _configuration(directory: Path, port: int, user: str, group: str) -> str:
    return f"""
base_dir = {directory}/run
state_dir = {directory}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{directory}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={directory}/mail
}}
"""

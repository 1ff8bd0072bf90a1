"""Which IMAP server do the tests read from?  A real Dovecot of this process, on a port of its own, one mailbox."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.servers import free_port, program, running

USER, PASSWORD = "puerres", "buzon-de-prueba"


@dataclass
class Server:
    """A running Dovecot. `directory` outlives it, so that it can be started again on the same mails."""

    directory: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """The mailbox as PQR_IMAP_URL wants it."""
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def kill(self) -> None:
        """The machine of the mail server loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)


@contextmanager
def dovecot() -> Iterator[str]:
    """A mailbox; gives its URL as PQR_IMAP_URL wants it."""
    with mail_directory() as directory, server(directory) as running_server:
        yield running_server.url


@contextmanager
def mail_directory() -> Iterator[Path]:
    """Where a Dovecot may keep its mails."""
    directory = Path(tempfile.mkdtemp(prefix="pqr-dovecot-"))
    owner = _owner()
    (directory / "mail").mkdir()
    for path in (directory, directory / "mail"):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def server(directory: Path, more: str = "", port: int | None = None) -> Iterator[Server]:
    """A Dovecot on these mails. `more`: further lines of its configuration."""
    port, owner = port or free_port(), _owner()
    configuration = directory / "dovecot.conf"
    group = grp.getgrgid(owner.pw_gid).gr_name
    configuration.write_text(_configuration(directory, port, owner.pw_name, group) + more)
    command = [program("dovecot", "dovecot-imapd"), "-F", "-c", str(configuration)]
    with running(command, lambda: _answers(port), start_new_session=True) as process:
        yield Server(directory, port, process)


def _owner() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)


def deliver(url: str, *messages: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
    """Puts messages in a folder, as the mail server of the municipality would; `at`: when it got them."""
    with _login(url) as mailbox:
        for message in messages:
            mailbox.append(folder, "", at or "", message.replace(b"\n", b"\r\n"))


def count(url: str, folder: str) -> int:
    """How many messages the folder holds."""
    with _login(url) as mailbox:
        return int(mailbox.select(folder, readonly=True)[1][0])


@contextmanager
def webmail(url: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
    """A person at the same mailbox, with this folder open."""
    with _login(url) as mailbox:
        assert mailbox.select(folder)[0] == "OK"
        yield mailbox


@contextmanager
def _login(url: str) -> Iterator[imaplib.IMAP4]:
    with _connected(int(url.rsplit(":", 1)[1].split("/")[0])) as mailbox:
        mailbox.login(USER, PASSWORD)
        yield mailbox


@contextmanager
def _connected(port: int) -> Iterator[imaplib.IMAP4]:
    """A line to it, which is given back even where the server falls meanwhile: imaplib itself would leave it open."""
    mailbox = imaplib.IMAP4("127.0.0.1", port)
    try:
        yield mailbox
        mailbox.logout()
    finally:
        with suppress(OSError):
            mailbox.shutdown()


def _answers(port: int) -> bool:
    try:
        with _connected(port):
            return True
    except (OSError, imaplib.IMAP4.error):
        return False


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

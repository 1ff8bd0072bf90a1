"""Who writes while all breaks?  Citizens by web, by mail and into the mailbox, and an office that answers.

Whoever is broken off says it again, byte for byte, until it is taken, as browsers, relays and patient people do.
"""

import re
import smtplib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.faults.kept import insist
from tests.mailbox import deliver
from tests.peer import Peer, Taken
from tests.sink import petition, reply_to

OFFICES = "@puerres.example"
ANSWER = "Se reparó el tubo y el agua volvió a la vereda."


class People:
    """`mails`, `pages`, `answers`: what was said, and whether it was taken. `imap`: the mailbox's URL, "" without."""

    def __init__(self, pool: ThreadPoolExecutor, environ: dict[str, str], relay: Peer) -> None:
        self._pool, self._relay, self._imap = pool, relay, environ.get("PQR_IMAP_URL", "")
        self._door, self._base = int(environ["PQR_MAIL_IN_PORT"]), f"http://127.0.0.1:{environ['PQR_PORT']}"
        self.mails: list[Future[None]] = []
        self.pages: list[Future[str]] = []
        self.answers: dict[str, Future[None]] = {}
        self._read = 0

    def write(self, mails: int) -> None:
        """So many new mails, and a petition by web."""
        for number in range(len(self.mails), len(self.mails) + mails):
            mail = petition(writer(number), f"No llega agua a la casa {number}", "El acueducto no llega.")
            self.mails.append(self._pool.submit(insist, self._way_in(number), writer(number), mail))
        self.pages.append(self._pool.submit(insist, Visit(self._base, len(self.pages)).file))

    def answer(self) -> None:
        """The offices answer every second petition that they were sent, once, however often the letter comes."""
        letters = self._relay.taken[self._read :]
        self._read += len(letters)
        for letter in letters:
            radicado = assigned_in(letter)
            if radicado and int(radicado[-6:]) % 2 and radicado not in self.answers:
                office = str(letter.mail["To"])
                mail = reply_to(letter.mail, office, ANSWER)
                self.answers[radicado] = self._pool.submit(insist, self._by_smtp, office, mail)

    @property
    def taken(self) -> int:
        """How many of them were told yes."""
        return sum(said.done() for said in (*self.mails, *self.pages, *self.answers.values()))

    @property
    def are_done(self) -> bool:
        """Whether nobody is still asking."""
        return self.taken == len(self.mails) + len(self.pages) + len(self.answers)

    def _way_in(self, number: int) -> Callable[[str, bytes], None]:
        return self._into_the_mailbox if self._imap and number % 2 else self._by_smtp

    def _by_smtp(self, sender: str, mail: bytes) -> None:
        to = re.search(rb"^To: (\S+)", mail, re.MULTILINE)
        assert to
        with smtplib.SMTP("127.0.0.1", self._door, timeout=30) as door:
            door.sendmail(sender, [to[1].decode()], mail)

    def _into_the_mailbox(self, _sender: str, mail: bytes) -> None:
        deliver(self._imap, mail)


class NotTaken(OSError):
    """What the service said instead of a radicado."""

    def __init__(self, code: int, page: str) -> None:
        super().__init__(code)
        self.code, self.page = code, page


class Visit:
    """A browser with one form: sent again, it says the same. A page that has grown old is sent from its new copy."""

    def __init__(self, base: str, number: int) -> None:
        self._address, self._number, self._page = f"{base}/radicar", number, ""
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def file(self) -> str:
        """The radicado that the person is shown. Raises NotTaken."""
        self._page = self._page or self._opened()[1]
        try:
            there = self._opened(self._filled())[0]
            return re.search(r"\d{4}-E-\d{6}", there)[0]  # a clock that jumps may log the person out on the way there
        except NotTaken as refusal:
            if refusal.code == 422:
                self._page = refusal.page
            raise

    def _opened(self, form: bytes | None = None) -> tuple[str, str]:
        try:
            with self._browser.open(self._address, form, timeout=30) as answer:
                return answer.url, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                raise NotTaken(refusal.code, refusal.read().decode()) from None

    def _filled(self) -> bytes:
        names = ("csrf_token", "filing_key")
        hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', self._page)[1] for name in names}
        what = {"kind": "reclamo", "subject": "No llega agua al acueducto", "description": f"Tubo {self._number} roto."}
        who = {"name": "Ana Prueba", "answer_by": "email", "email": f"web-{self._number}@correo.example"}
        return urlencode({**hidden, **what, **who, "identity": "named", "accept_notice": "y"}).encode()


def writer(number: int) -> str:
    """Whoever sends this mail, and no other."""
    return f"persona-{number}@correo.example"


def assigned_in(letter: Taken) -> str:
    """The radicado of the petition that this letter hands over to an office; "" for any other letter."""
    found = re.match(r"(\d{4}-E-\d{6}): .*vence el", str(letter.mail["Subject"]).replace("\n", ""))
    return found[1] if found else ""


def keep_answering(people: People, over: threading.Event) -> None:
    """Reads the offices' mail until it is over."""
    while not over.wait(0.1):
        people.answer()

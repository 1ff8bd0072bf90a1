"""What does the operator read while `pqr up` runs?

One line a message, the speaker first; what `up` itself says is plain Spanish. A terminal that has gone away
stops nothing: the lines are lost, the service is not.
"""

import os
import signal
from contextlib import suppress

from pqr.config import Settings
from pqr.up.children import Child
from pqr.up.ports import netloc

COLOURS = {"web": 36, "worker": 32, "beat": 33, "mail-in": 35, "mailbox": 95, "broker": 34}
NAME_WIDTH = 7
DEMO = """
  DEMOSTRACIÓN: ninguna carta sale de este equipo; se leen y se contestan en {base_url}/demo/correo
  Para atender de verdad, configure al menos PQR_SECRET_KEY, PQR_BASE_URL, PQR_MAIL_DOMAIN y PQR_SMTP_URL."""
WELCOME = """
  {entity}: el servicio de PQRS está listo.

  Ciudadanía            {base_url}/radicar
  Atención al usuario   {base_url}/atencion/
  Escucha en            http://{web}
  Correo de entrada     pqr@{mail_domain} (SMTP en {mail})
"""
FIRST_ADMINISTRATOR = """\
  Administración        {link}
                        (enlace de un solo uso: cree allí su contraseña)
"""


class Logbook:
    """Writes to standard output (the log) and standard error (why it does not start)."""

    def __init__(self) -> None:
        self._coloured = os.isatty(1) and "NO_COLOR" not in os.environ

    def line(self, name: str, text: str) -> None:
        """A line that a process said."""
        label = f"{name:<{NAME_WIDTH}} |"
        if self._coloured:
            label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
        _write(1, f"{label} {text}\n")

    def say(self, text: str) -> None:
        """A line of `up` itself."""
        self.line("pqr", text)

    def complain(self, text: str) -> None:
        """Why it does not start."""
        _write(2, f"pqr: {text}\n")

    def welcome(self, settings: Settings, link: str | None) -> None:
        """Where to look, once everything answers."""
        facts = {
            "web": netloc(settings.host, settings.port),
            "mail": netloc(settings.mail_in_host, settings.mail_in_port),
            "link": link,
        }
        block = WELCOME + FIRST_ADMINISTRATOR * bool(link) + DEMO * settings.demo
        given = {
            "entity": settings.entity,
            "base_url": settings.base_url,
            "mail_domain": settings.mail_domain,
        }
        _write(1, f"{block.format(**facts, **given)}\n\n")
        self.say("Ctrl-C para detener.")

    def farewell(self, fallen: Child | None, late: bool) -> None:
        """Why everything stops now."""
        if fallen is not None:
            self.say(f"se detiene todo porque «{fallen.order.name}» terminó {how_it_ended(fallen)}.")
            for line in fallen.last_lines:
                self.line(fallen.order.name, line)
        elif late:
            self.say("se detiene todo: algo no respondió a tiempo. Revise las líneas anteriores.")
        else:
            self.say("deteniendo en orden; lo que está en curso termina. Otra vez Ctrl-C: de inmediato.")


def how_it_ended(child: Child) -> str:
    """Its exit code, or its signal by name, in words."""
    code = child.code or 0
    if code >= 0:
        return f"por sí solo con código {code}"
    with suppress(ValueError):
        return f"por la señal {signal.Signals(-code).name}"
    return f"por la señal {-code}"


def _write(descriptor: int, text: str) -> None:
    left = text.encode()
    with suppress(OSError):
        while left:
            left = left[os.write(descriptor, left) :]

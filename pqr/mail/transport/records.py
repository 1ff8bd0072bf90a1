"""What does the DNS say of our mail domain?  MX, SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489).

It judges what receivers look at before they believe a letter, and says in Spanish what to change. Where the DNS
does not answer it says so and judges nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from dns.exception import DNSException
from dns.rdatatype import MX, TXT
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

PATIENCE_SECONDS = 5.0


class State(StrEnum):
    """How a check ended."""

    GOOD = "bien"
    BAD = "mal"
    UNKNOWN = "no se sabe"


@dataclass(frozen=True)
class Finding:
    """One check: its name, how it ended, one sentence, and what to change where something is wrong."""

    check: str
    state: State
    sentence: str
    remedy: str = ""


def check_records(domain: str, selector: str, resolver: Resolver | None = None) -> Iterator[Finding]:
    """The four findings. `selector`: of the DKIM key that signs our letters, "" for none."""
    checks: dict[str, Callable[[Resolver], Finding]] = {
        "MX": lambda asked: _mx(asked, domain),
        "SPF": lambda asked: _spf(asked, domain),
        "DKIM": lambda asked: _dkim(asked, domain, selector),
        "DMARC": lambda asked: _dmarc(asked, domain),
    }
    for name, check in checks.items():
        try:
            resolver = resolver or _resolver()
            yield check(resolver)
        except DNSException as error:
            yield Finding(name, State.UNKNOWN, f"No se pudo consultar el DNS ({type(error).__name__}).")


def _resolver() -> Resolver:
    """The name servers of this machine. Raises DNSException where it has none."""
    resolver = Resolver()
    resolver.lifetime = PATIENCE_SECONDS
    return resolver


def _mx(resolver: Resolver, domain: str) -> Finding:
    try:
        hosts = sorted(str(record.exchange).rstrip(".") for record in resolver.resolve(domain, MX))
    except (NXDOMAIN, NoAnswer):
        hosts = []
    if any(hosts):
        return Finding("MX", State.GOOD, f"El correo de {domain} llega a {', '.join(hosts)}.")
    remedy = f"Cree un registro MX de {domain} con el nombre de su servidor de correo."
    return Finding("MX", State.BAD, f"Ningún servidor recibe el correo de {domain}.", remedy)


def _spf(resolver: Resolver, domain: str) -> Finding:
    found = [text for text in _texts(resolver, domain) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) > 1:
        remedy = f"Deje un solo registro TXT que empiece por v=spf1 en {domain}: con dos no vale ninguno."
        return Finding("SPF", State.BAD, f"Hay {len(found)} registros SPF.", remedy)
    if not found:
        remedy = (
            f"Cree en {domain} un registro TXT: v=spf1 mx ~all (agregue los servidores por los que sale su correo)."
        )
        return Finding("SPF", State.BAD, "No hay registro SPF: las cartas pueden ir a la carpeta de spam.", remedy)
    if {"+all", "all"} & set(found[0].lower().split()):
        remedy = "Cambie +all por ~all o -all."
        return Finding("SPF", State.BAD, "El registro SPF deja que cualquiera escriba en nombre de la entidad.", remedy)
    return Finding("SPF", State.GOOD, f"SPF: {found[0]}")


def _dkim(resolver: Resolver, domain: str, selector: str) -> Finding:
    if not selector:
        remedy = "Si el servidor por el que sale el correo no firma, defina PQR_DKIM_SELECTOR y PQR_DKIM_KEY_FILE."
        return Finding("DKIM", State.UNKNOWN, "Este servicio no firma las cartas.", remedy)
    name = f"{selector}._domainkey.{domain}"
    keys = [tag for text in _texts(resolver, name) for tag in text.replace(" ", "").split(";") if tag.startswith("p=")]
    if any(len(tag) > len("p=") for tag in keys):
        return Finding("DKIM", State.GOOD, f"La clave con la que se firma está publicada en {name}.")
    remedy = f"Publique la clave pública en un registro TXT de {name}: v=DKIM1; k=rsa; p=…"
    return Finding("DKIM", State.BAD, f"Las cartas se firman, pero en {name} no hay clave con que comprobarlo.", remedy)


def _dmarc(resolver: Resolver, domain: str) -> Finding:
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):  # the domain's own record, else that of the entity above it
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in _texts(resolver, name) if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if found:
            return Finding("DMARC", State.GOOD, f"DMARC ({name}): {found[0]}")
    remedy = f"Cree en _dmarc.{domain} un registro TXT: v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    return Finding("DMARC", State.BAD, "No hay registro DMARC.", remedy)


def _texts(resolver: Resolver, name: str) -> list[str]:
    """The TXT records of a name, each in one piece; none where there is no such name."""
    try:
        return [b"".join(record.strings).decode(errors="replace") for record in resolver.resolve(name, TXT)]
    except (NXDOMAIN, NoAnswer):
        return []

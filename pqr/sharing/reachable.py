"""May we call this address?  Public ones alone: a name that leads inside would make us knock at our own doors. Pure.

An address inside another one counts as the one inside (RFC 4291 §2.5.5.2, RFC 3056, RFC 6052).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NAT64, UNICAST = IPv6Network("64:ff9b::/96"), IPv6Network("2000::/3")
OF_PROTOCOLS = IPv4Network("192.0.0.0/24")  # Python calls only a part of it private
LONGEST = 500


def may_call(address: Address, trusted: Sequence[Network] = ()) -> bool:
    """Whether it is public, or in a network that the operator trusts."""
    inner = _inner(address)
    if any(each.version == inner.version and inner in each for each in trusted):
        return True
    if isinstance(inner, IPv6Address):
        return inner.is_global and inner in UNICAST
    return inner.is_global and not inner.is_multicast and inner not in OF_PROTOCOLS


def what_is_wrong_with(url: str, trusted: Sequence[Network] = ()) -> str:
    """Why a program cannot be called there, with the remedy; "" when it can, as far as its spelling tells."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "No es una dirección web completa."
    if parts.scheme != "https" or not host:
        return "Debe ser una dirección completa que empiece por https://."
    if parts.username or parts.password or parts.fragment:
        return "No puede llevar usuario, contraseña ni «#»."
    if len(url) > LONGEST or not url.isascii() or any(each <= " " for each in url) or port == 0:
        return "La dirección es demasiado larga o lleva espacios o letras que no se pueden usar."
    try:
        literal = ip_address(host)
    except ValueError:
        return ""
    return "" if may_call(literal, trusted) else "Esa dirección no es pública."


def _inner(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)

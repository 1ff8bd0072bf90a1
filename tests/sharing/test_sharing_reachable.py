"""Do we knock only at public doors, however an address is written?"""

from ipaddress import ip_address, ip_network

import pytest

from pqr.sharing.reachable import may_call, what_is_wrong_with


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.8.9.10", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:53aa:64c:0:f227:80ff:fffe",
])  # fmt: skip
def test_no_address_that_leads_inside_is_called(address):
    assert not may_call(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "190.85.1.1", "2800:484::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_called(address):
    assert may_call(ip_address(address))


def test_only_the_network_that_the_operator_trusts_is_called_besides():
    trusted = (ip_network("10.1.0.0/16"), ip_network("::1/128"))
    assert may_call(ip_address("10.1.2.3"), trusted)
    assert may_call(ip_address("::ffff:10.1.2.3"), trusted)
    assert may_call(ip_address("::1"), trusted)
    assert not may_call(ip_address("10.2.0.1"), trusted)


@pytest.mark.parametrize(("url", "says"), [
    ("https://sistema.example/avisos?de=pqr", ""),
    ("https://8.8.8.8:8443/", ""),
    ("http://sistema.example/", "https://"),
    ("https:///avisos", "https://"),
    ("file:///etc/passwd", "https://"),
    ("https://usuario:clave@sistema.example/", "usuario"),
    ("https://sistema.example/#aquí", "#"),
    ("https://sistema.example:99999/", "completa"),
    ("https://sistema.example:0/", "demasiado larga"),
    ("https://[::1/", "completa"),
    ("https://sistema.example/a b", "espacios"),
    ("https://sistema.example/" + "x" * 500, "demasiado larga"),
    ("https://127.0.0.1/", "no es pública"),
    ("https://[::ffff:10.0.0.1]/", "no es pública"),
    ("https://169.254.169.254/latest/meta-data", "no es pública"),
])  # fmt: skip
def test_an_address_that_cannot_be_called_is_told_why(url, says):
    found = what_is_wrong_with(url)
    assert says in found
    assert bool(says) is bool(found)

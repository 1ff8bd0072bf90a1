"""Which name server do the tests ask?  A real one of this process, on UDP, with the records that a test gives it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.rdatatype import to_text
from dns.resolver import Resolver


@contextmanager
def nameserver(records: Mapping[tuple[str, str], list[str]]) -> Iterator[Resolver]:
    """A resolver that asks a server with these records; `("puerres.gov.co", "MX"): ["10 mx.puerres.gov.co."]`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(door, records))
        thread.start()
        resolver = Resolver(configure=False)
        resolver.lifetime = 1
        resolver.nameservers, resolver.port = ["127.0.0.1"], door.getsockname()[1]
        try:
            yield resolver
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as farewell:
                farewell.sendto(b"", door.getsockname())
            thread.join()


def _serve(door: socket.socket, records: Mapping[tuple[str, str], list[str]]) -> None:
    while True:
        question, asker = door.recvfrom(4096)
        if not question:
            return
        door.sendto(_answer(dns.message.from_wire(question), records).to_wire(), asker)


def _answer(question: dns.message.Message, records: Mapping[tuple[str, str], list[str]]) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    asked = question.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True).lower(), to_text(asked.rdtype)
    if (name, kind) in records:
        answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, records[name, kind]))
    elif not any(name == known for known, _ in records):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer

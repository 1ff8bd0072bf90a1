"""How heavy is filing, cold, through the web server that `pqr up` runs?  Weighed on the wire, and timed over 2G."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from tests.running import ROOT, environment

HEAVIEST = 30 * 1024  # bytes that arrive
USABLE_MS = 3000
EDGE = {"latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8, "offline": False}
RUN = "from pqr import config; from pqr.up.orders import web; web(config.load(config.environment())).act()"
ASKED = re.compile(rb"((?:GET|POST) [^ ?]+)\S* HTTP/1\.1\r")
WAY = ["GET /radicar", "GET /static/pqr.css", "GET /static/pqr.js", "POST /radicar", "POST /radicar"]


@dataclass
class Meter:
    """A wire that counts what goes over it."""

    port: int
    down: list[bytes] = field(default_factory=list)
    up: list[bytes] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """What the person receives, headers and all: that is what prepaid data pays, and what a bad line delays."""
        return sum(map(len, self.down))

    @property
    def asked(self) -> list[str]:
        """The requests, without what makes each version's address its own."""
        return [line.decode() for line in ASKED.findall(b"\n".join(self.up))]


@contextmanager
def metered(port: int) -> Iterator[Meter]:
    """A port that leads to this one."""
    with ExitStack() as opened, ThreadPoolExecutor(64) as threads:
        listener = socket.create_server(("127.0.0.1", 0))
        meter = Meter(listener.getsockname()[1])
        opened.callback(listener.close)

        def carry(source: socket.socket, target: socket.socket, count: list[bytes]) -> None:
            with suppress(OSError):
                while part := source.recv(65536):
                    count.append(part)
                    target.sendall(part)
            for each in (source, target):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

        def lead() -> None:
            with suppress(OSError):
                while True:
                    near, far = listener.accept()[0], socket.create_connection(("127.0.0.1", port))
                    opened.callback(near.close)
                    opened.callback(far.close)
                    threads.submit(carry, near, far, meter.up)
                    threads.submit(carry, far, near, meter.down)

        threads.submit(lead)
        yield meter
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def port(sqlite_template, tmp_path_factory) -> Iterator[int]:
    """The web server alone, with its real orders."""
    folder = tmp_path_factory.mktemp("light")
    shutil.copyfile(sqlite_template, folder / "pqr.sqlite3")
    environ = environment(folder, PQR_WORKERS="1")
    server = subprocess.Popen([sys.executable, "-c", RUN], env=environ, cwd=ROOT)
    number = int(environ["PQR_PORT"])
    yield answering(server, number)
    server.terminate()
    server.wait(timeout=30)


def answering(server: subprocess.Popen[bytes], port: int) -> int:
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return port
    pytest.fail("the web server did not start")


def test_the_whole_way_to_file_is_light_and_takes_few_journeys(port, browser):
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    with metered(port) as wire:
        page.goto(f"http://127.0.0.1:{wire.port}/radicar")
        page.check("input[name=kind][value=reclamo]")
        page.fill("#subject", "Hueco en la vía")
        page.fill("#description", "Hay un hueco muy grande en la vía a la vereda, frente a la escuela. " * 4)
        page.check("input[name=identity][value=named]")
        page.fill("#name", "Vecina Prueba")
        page.check("input[name=answer_by][value=portal]")
        page.check("#accept_notice")
        page.get_by_role("button", name="Continuar", exact=True).click()
        with page.expect_navigation(url="**/radicado/2026-*", wait_until="commit"):
            page.get_by_role("button", name="Enviar", exact=True).click()
        page.locator(".number").wait_for()
        asked, weight = wire.asked, wire.weight
        context.close()
    way = [each for each in asked if each != "GET /worker.js"]  # asked for once the receipt is there
    assert sorted(way[:5]) == sorted(WAY)
    assert [each[:19] for each in way[5:]] == ["GET /radicado/2026-"]
    assert weight <= HEAVIEST, weight


def test_over_2g_the_form_can_be_used_in_three_seconds(port, browser):
    base = f"http://127.0.0.1:{port}"
    warm = browser.new_context()
    warm.new_page().goto(f"{base}/radicar")  # the server's first page compiles its templates
    warm.close()
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", EDGE)
    page.goto(f"{base}/radicar", wait_until="load")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    context.close()
    assert 2 * EDGE["latency"] <= took <= USABLE_MS, took

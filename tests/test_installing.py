"""Does the guide for Debian do what it says?  Its own script, units, web server and commands, as far as a machine of
tests allows: nothing is installed, no user is made, systemd is not running.
"""

import os
import re
import shutil
import ssl
import stat
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection

import pytest
import yaml
from dotenv import dotenv_values
from sqlalchemy import create_engine, text

from pqr.app import ONLY_BY_HTTPS
from pqr.config import load, production_findings
from pqr.up.orders import PARTS
from tests import servers
from tests.installation import prepare
from tests.running import ROOT
from tests.servers import free_port, program, running

KIT, GUIDE = ROOT / "docs" / "instalar", ROOT / "docs" / "instalar.md"
SHELL = "/bin/sh"
DOMAIN = "pqr.puerres.example"
SAMPLE = "/tmp/pqr-muestra"  # noqa: S108 - as the guide writes it
BLOCKS = re.findall(r"^```sh( ensayado)?\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def install(folder):
    subprocess.run([KIT / "instalar.sh", DOMAIN, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """What the script would put on a machine, under a folder."""
    return install(tmp_path_factory.mktemp("machine"))


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_script_makes_a_configuration_of_its_own_and_never_touches_it_again(machine):
    written = machine / "etc/pqr/pqr.env"
    before = written.read_text()
    install(machine)
    assert written.read_text() == before
    assert "@" not in before.replace("contraseña@servidor", "").replace("un @ dentro", "")
    assert mode_of(written) == 0o640
    assert mode_of(machine / "etc/pqr/tls/key.pem") == 0o600
    configured = load(dotenv_values(written))
    assert len(configured.secret_keys[0]) == 64
    assert configured.base_url == f"https://{DOMAIN}"
    assert [each.partition(":")[0] for each in production_findings(configured)] == [
        "PQR_SMTP_URL", "PQR_MAIL_DOMAIN", "PQR_ALERTS_TO",
    ]  # fmt: skip


@pytest.mark.parametrize("domain", ["", "-x", "Pqr.example", "a b", "x;y"])
def test_a_domain_that_is_none_changes_nothing(tmp_path, domain):
    refused = subprocess.run([KIT / "instalar.sh", domain, tmp_path], capture_output=True, text=True)
    assert refused.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_units_are_good_in_the_eyes_of_systemd_and_give_no_privilege(machine, tmp_path):
    """With the paths of this project in place of /opt/pqr, so that the programs that they name are there."""
    units = []
    for path in sorted((machine / "etc/systemd/system").glob("pqr*")):
        copy = tmp_path / path.name
        copy.write_text(path.read_text().replace("/opt/pqr", str(ROOT)))
        units.append(copy)
    assert len(units) == 8
    analyze = program("systemd-analyze", "systemd")
    verified = subprocess.run([analyze, "verify", *units], capture_output=True, text=True)
    complaints = [line for line in verified.stderr.splitlines() if "pqr" in line]
    assert (verified.returncode, complaints) == (0, []), verified.stderr
    for unit in (each for each in units if each.suffix == ".service"):
        judged = subprocess.run(
            [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", unit],
            capture_output=True,
            text=True,
        )
        assert judged.returncode == 0, judged.stdout[-300:]


def test_there_is_a_unit_for_every_part_of_the_service():
    commands = {
        line.rpartition("run ")[2].strip()
        for path in KIT.glob("*.service")
        for line in path.read_text().splitlines()
        if line.startswith("ExecStart=/opt/pqr/pqr.sh run ")
    }
    assert commands == set(PARTS)


def test_the_file_for_containers_runs_every_part_once():
    """Its shape: no container is started here."""
    composed = yaml.safe_load((KIT / "compose.yaml").read_text())
    own = {name: each for name, each in composed["services"].items() if each["image"] == "localhost/pqr"}
    parts = [each["command"][1] for each in own.values() if each["command"][0] == "run"]
    assert sorted(parts) == sorted(PARTS)
    for each in own.values():
        assert each["read_only"]
        assert each["cap_drop"] == ["ALL"]
        assert (KIT / each["build"]["context"]).resolve() == ROOT
        volumes = {volume.partition(":")[0] for volume in each["volumes"]}
        assert volumes <= composed["volumes"].keys()
        for port in each.get("ports", ()):
            assert port.startswith("127.0.0.1:")
        load(dict(each["environment"]) | {"PQR_SECRET_KEY": "k" * 32})
    copied = re.findall(r"^COPY (.+) \S+$", (KIT / "Containerfile").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())


@contextmanager
def web_server(machine, folder, upstream):
    """A real nginx with the guide's own configuration; only ports and places are those of the test. Gives its ports."""
    http, https = free_port(), free_port()
    site = (machine / "etc/nginx/sites-available/pqr").read_text()
    for here, there in (
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ", f"listen 127.0.0.1:{https} "),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("/etc/pqr/tls", f"{machine}/etc/pqr/tls"),
        ("/var/log/nginx", str(folder)),
    ):
        assert here in site, here
        site = site.replace(here, there)
    user = "user root;\n" if os.geteuid() == 0 else ""
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid;\ndaemon off;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{places}{site}\n}}\n"
    )
    command = [program("nginx", "nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    with running(command, lambda: servers.listens(https)):
        yield http, https


@contextmanager
def pages(environ, port):
    """The unit's own command."""
    command = [sys.executable, "-m", "pqr.cli", "run", "web"]
    with running(command, lambda: servers.listens(port), env=environ, cwd="/"):
        yield


def environ_of(machine, folder, port, **more):
    """As systemd reads it, with a SQLite database in place of the machine's PostgreSQL."""
    given = {name: value for name, value in dotenv_values(machine / "etc/pqr/pqr.env").items() if value is not None}
    places = {"PQR_DATA_DIR": str(folder / "var"), "PQR_DATABASE_URL": "", "PQR_REDIS_URL": "", "PQR_PORT": str(port)}
    python = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    (folder / "var").mkdir()
    return given | places | python | {"PQR_WORKERS": "1"} | more


class Visitor:
    """Somebody out there, at an address of their own."""

    def __init__(self, machine, port, address="127.0.0.2"):
        self._trust = ssl.create_default_context(cafile=str(machine / "etc/pqr/tls/cert.pem"))
        self._trust.check_hostname = False  # the name leads elsewhere than to this machine
        self._port, self._address = port, address

    def ask(self, path, method="GET", body=None, **headers):
        web = HTTPSConnection(
            "127.0.0.1", self._port, context=self._trust, source_address=(self._address, 0), timeout=120
        )
        web.request(method, path, body, {"Host": DOMAIN} | headers)
        answer = web.getresponse()
        answer.words = answer.read().decode(errors="replace")
        web.close()
        return answer


@pytest.fixture(scope="module")
def served(machine, tmp_path_factory):
    """The pages as their unit runs them: their environment and port."""
    port = free_port()
    environ = environ_of(machine, tmp_path_factory.mktemp("served"), port)
    prepare(load(environ))
    with pages(environ, port):
        yield environ, port


@pytest.mark.xdist_group("up")
def test_behind_the_web_server_of_the_guide_the_pages_are_safe_and_know_who_visits(machine, served, tmp_path):
    _, port = served
    spoofed = {"X-Forwarded-For": "203.0.113.7", "X-Request-Id": "f" * 32, "X-Forwarded-Proto": "http"}
    with web_server(machine, tmp_path, port) as (http, https):
        visitor = Visitor(machine, https)
        page = visitor.ask("/radicar", **spoofed)
        assert page.status == 200
        assert page.headers.get_all("Strict-Transport-Security") == [ONLY_BY_HTTPS]
        assert "Secure" in page.getheader("Set-Cookie")
        plain = HTTPConnection("127.0.0.1", http, timeout=60)
        plain.request("GET", "/radicado?code=ABC", headers={"Host": DOMAIN})
        moved = plain.getresponse()
        assert (moved.status, moved.getheader("Location")) == (301, f"https://{DOMAIN}/radicado?code=ABC")
        plain.close()

        inside = HTTPConnection("127.0.0.1", port, timeout=60)
        inside.request("GET", "/metrics")
        assert inside.getresponse().status == 200
        inside.close()
        assert visitor.ask("/metrics", **spoofed).status == 404

        asked = [visitor.ask(f"/radicado?radicado=2026-E-{n:06}&code=AAAAAAAAAA", **spoofed) for n in range(31)]
        assert [each.status for each in asked] == [*[asked[0].status] * 30, 429]
        assert asked[0].status != 429
        other = Visitor(machine, https, "127.0.0.3").ask("/radicado?radicado=2026-E-000001&code=AAAAAAAAAA", **spoofed)
        assert other.status == asked[0].status

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        heavy = visitor.ask("/ingresar", "POST", b"a=" + b"x" * (31 * 2**20), **form)
        assert (heavy.status, "Lo que envió pesa demasiado" in heavy.words) == (413, True)
        assert visitor.ask("/ingresar", "POST", b"x" * (65 * 2**20), **form).status == 413
        assert visitor.ask("/ayuda?q=secreto").status == 200
    visits = (tmp_path / "pqr.log").read_text()
    assert "GET /ayuda" in visits
    assert not re.search(r"radica|secreto|code=", visits)


def test_a_renewed_certificate_takes_the_place_of_the_old_one(machine, tmp_path):
    """nginx and systemctl are stood in for: there is no service to reload."""
    tls, fresh, tools = tmp_path / "tls", tmp_path / "live", tmp_path / "bin"
    shutil.copytree(machine / "etc/pqr/tls", tls)
    for folder in (fresh, tools):
        folder.mkdir()
    (fresh / "privkey.pem").write_text("clave nueva")
    (fresh / "fullchain.pem").write_text("certificado nuevo")
    for name in ("nginx", "systemctl"):
        (tools / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"{tmp_path}/done"\n')
        (tools / name).chmod(0o755)
    environ = {"PATH": f"{tools}:{os.environ['PATH']}", "RENEWED_LINEAGE": str(fresh)}
    subprocess.run([KIT / "certificado.sh", tls], check=True, env=environ)
    assert (tls / "cert.pem").read_text() == "certificado nuevo"
    assert ((tls / "key.pem").read_text(), mode_of(tls / "key.pem")) == ("clave nueva", 0o600)
    assert (tmp_path / "done").read_text() == "nginx -t -q\nsystemctl reload nginx\n"


@pytest.mark.parametrize("block", [block for _, block in BLOCKS], ids=lambda block: block.split("\n")[0][:40])
def test_every_block_of_the_guide_is_shell_and_names_files_that_exist(block):
    subprocess.run([SHELL, "-n"], input=block, text=True, check=True)
    for path in re.findall(r"/opt/pqr/(\S+)", block):
        assert (ROOT / path).exists(), path


@pytest.mark.xdist_group("up")
def test_the_rehearsed_blocks_of_the_guide_run_in_their_order(machine, served, tmp_path):
    """On a folder in place of the machine, as whoever runs the tests in place of the user pqr."""
    environ, port = served
    tools, copies = tmp_path / "bin", tmp_path / "copias"
    for folder in (tools, copies):
        folder.mkdir()
    own = f"{sys.executable} -m pqr.cli"
    lines = [f"{name}='{value}'" for name, value in environ.items() if name.startswith("PQR_")]
    (tmp_path / "pqr.env").write_text("\n".join(lines))

    def here(script):
        for there, place in (
            ("/etc/pqr/pqr.env", f"{tmp_path}/pqr.env"), ("runuser -u pqr -- ", ""), ("/opt/pqr/pqr.sh", own),
            ("/opt/pqr", str(ROOT)), ("/var/backups/pqr", str(copies)), (SAMPLE, str(tmp_path / "muestra")),
            ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ):  # fmt: skip
            script = script.replace(there, place)
        return script

    (tools / "pqr").write_text(here((machine / "usr/local/bin/pqr").read_text()))
    (tools / "pqr").chmod(0o755)
    told = {}
    path = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for block in (block for rehearsed, block in BLOCKS if rehearsed):
        done = subprocess.run([SHELL, "-eu"], input=here(block), env=path, capture_output=True, text=True)
        told[block.strip()] = done
    failed = {block: done.stderr for block, done in told.items() if done.returncode and block != "pqr check"}
    assert failed == {}
    assert told["pqr check"].returncode == 1
    assert "PQR_SMTP_URL: falta" in told["pqr check"].stdout
    assert "Copia de seguridad: Nunca" in told["pqr check"].stdout
    assert len(list(copies.glob("pqr-*.tar"))) == 1
    with create_engine(f"sqlite:///{environ['PQR_DATA_DIR']}/pqr.sqlite3").connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM backups")) == 1
    assert (tmp_path / "muestra/etc/pqr/pqr.env").exists()
    assert any("pqr_queue_depth" in done.stdout for done in told.values())


def test_copies_of_more_than_a_month_ago_go(tmp_path):
    old, other = tmp_path / "pqr-2020-01-01T021500.tar", tmp_path / "otra-cosa.tar"
    for path in (old, other):
        path.write_text("")
        os.utime(path, (0, 0))
    script = (KIT / "copia.sh").read_text().replace("pqr backup", "touch")
    subprocess.run([SHELL, "-s", str(tmp_path)], input=script, text=True, check=True)
    left = {path.name for path in tmp_path.iterdir()}
    assert len(left) == 2
    assert other.name in left

"""Can a citizen file while Redis is down?  The real processes, a broker that is killed and comes back."""

import re
import signal
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from redis import Redis

from pqr.up.broker import Broker
from tests import servers
from tests.installation import make_settings, prepare
from tests.running import ROOT
from tests.sink import sink

CITIZEN = "ana@correo.example"

pytestmark = pytest.mark.xdist_group("up")


def file_by_web(base: str) -> str:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{base}/radicar").read().decode()
    form = {
        "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1],
        "kind": "reclamo",
        "subject": "No llega agua al acueducto",
        "description": "Hay un tubo roto.",
        "identity": "named",
        "name": "Ana Prueba",
        "answer_by": "email",
        "email": CITIZEN,
        "accept_notice": "y",
    }
    return browser.open(f"{base}/radicar", urlencode(form).encode(), timeout=30).url.rsplit("/", 1)[1]


def has_caught_up(broker: Broker) -> bool:
    """Whether a worker that is ready has said what it looks at first."""
    with Redis.from_url(broker.url) as client:
        return "cmdstat_lpush" in client.info("commandstats")


def test_a_worker_whose_broker_fell_silent_and_died_still_stops(tmp_path):
    broker = servers.new_broker()
    environ = {"PATH": "", "PYTHONPATH": str(ROOT), "PQR_DATA_DIR": str(tmp_path), "PQR_REDIS_URL": broker.url}
    command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "--pool=threads", "--concurrency=1"]
    prepare(make_settings(tmp_path, PQR_REDIS_URL=broker.url))
    with (
        servers.redis(broker) as redis,
        servers.running(command, lambda: has_caught_up(broker), cwd=ROOT, env=environ) as worker,
    ):
        redis.send_signal(signal.SIGSTOP)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(5)  # long enough to say something into the silence
        redis.kill()
        worker.terminate()
        assert worker.wait(servers.PATIENCE) == 0


def test_a_petition_filed_while_redis_is_down_is_delivered_when_it_returns(tmp_path):
    port, broker = servers.free_port(), servers.new_broker()
    with sink() as relay:
        places = {"PQR_SMTP_URL": relay.url, "PQR_REDIS_URL": broker.url, "PQR_RATE_LIMITS": "on"}
        settings = make_settings(tmp_path, **places)
        prepare(settings)
        environ = places | {
            "PATH": "",
            "PYTHONPATH": str(ROOT),
            "PQR_DATA_DIR": str(tmp_path),
            "PQR_SECRET_KEY": settings.secret_keys[0],
        }
        with servers.redis(broker) as redis:
            celery = [sys.executable, "-m", "celery", "-A", "workers.app"]
            web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
            options = {"cwd": ROOT, "env": environ}
            with (
                servers.running(web, lambda: servers.listens(port), **options),
                servers.running([*celery, "worker", "--pool=threads", "--concurrency=2"], lambda: True, **options),
                servers.running([*celery, "beat", "-s", str(tmp_path / "beat")], lambda: True, **options),
            ):
                first = file_by_web(f"http://127.0.0.1:{port}")
                relay.wait_for(CITIZEN, first)
                redis.send_signal(signal.SIGKILL)
                redis.wait()
                second = file_by_web(f"http://127.0.0.1:{port}")
                assert second == first.replace("000001", "000002")
                with servers.redis(broker):  # a worker that was still sending may have sent it already
                    relay.wait_for(CITIZEN, second, seconds=90)

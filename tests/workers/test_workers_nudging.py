"""Do the workers hear soon that there is something to do, and not a hundred times?"""

import json
import time

from redis import Redis

from tests.installation import make_settings
from tests.servers import new_broker, redis
from workers.broker import NUDGED, PAUSE, QUEUE, Nudger, make_celery

CALLS = 500
LATEST = 60


def test_many_filings_at_once_are_few_nudges_and_none_is_forgotten(tmp_path):
    broker = new_broker()
    with redis(broker), Redis.from_url(broker.url, socket_timeout=2 * LATEST) as listener:

        def heard(seconds):
            found = listener.brpop([QUEUE], timeout=seconds)
            return found and json.loads(found[1])["headers"]["task"]

        nudge = Nudger(make_celery(make_settings(tmp_path, PQR_REDIS_URL=broker.url)))
        nudge()
        assert [heard(LATEST) for _ in NUDGED] == list(NUDGED)
        start = time.monotonic()
        for _ in range(CALLS):
            nudge()
        within = (time.monotonic() - start) / PAUSE
        assert [heard(LATEST) for _ in NUDGED] == list(NUDGED)
        more = 0
        while heard(5 * PAUSE):
            more += 1
        assert more <= (1 + within) * len(NUDGED) < CALLS

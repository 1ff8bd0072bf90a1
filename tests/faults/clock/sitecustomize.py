"""Which hour does the machine of a test show?  Every Python process that finds this file on its path is off by so much.

The file named in PQR_TEST_CLOCK holds the seconds; it is read at the start and again at each SIGNAL, so that the clock
jumps under the feet of what runs. What measures pauses (time.monotonic) goes on, as on a real machine.
"""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

SIGNAL = signal.SIGRTMIN + 5  # no server means anything by it
_real = time.time
_shown = []


def _jump(*_signal: object) -> None:
    while _shown:
        _shown.pop().stop()
    ahead = float(Path(os.environ["PQR_TEST_CLOCK"]).read_text())
    if ahead:
        _shown.append(time_machine.travel(datetime.fromtimestamp(_real() + ahead, UTC)))
        _shown[0].start()


if "PQR_TEST_CLOCK" in os.environ:
    _jump()
    signal.signal(SIGNAL, _jump)

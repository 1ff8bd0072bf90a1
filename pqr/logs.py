"""Where does the talk go?  To standard error, one line a fact; never a name, an address or a text of a citizen."""

import logging
import sys
from contextlib import suppress

import structlog


class Talk(structlog.PrintLogger):
    """A line that nobody can read any more is lost; the letter or the mail that it speaks of is not."""

    def msg(self, message: str) -> None:
        """Prints the line."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def configure() -> None:
    """Sends every log line to standard error: standard output belongs to the commands' data."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        logger_factory=lambda *_name: Talk(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )

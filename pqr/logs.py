"""Where does the talk go?  To standard error, one line a fact; never a name, an address or a text of a citizen.

Every line says which request, mail or task it belongs to. What libraries say goes the same way. Of an error stands its
kind and where it happened, not its message: a message may repeat the values, and those are somebody's data.
"""

import logging
import sys
import traceback
from contextlib import suppress

import structlog
from structlog.typing import EventDict, WrappedLogger

from pqr import cause


class Talk(structlog.PrintLogger):
    """A line that nobody can read any more is lost; the letter or the mail that it speaks of is not."""

    def msg(self, message: str) -> None:
        """Prints the line."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def configure(form: str) -> None:
    """Sends every log line to standard error: standard output belongs to the commands' data. `form`: json, logfmt."""
    structlog.configure(
        processors=[*_PROCESSORS, _RENDERERS[form]],
        logger_factory=lambda *_name: Talk(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if not isinstance(each, Libraries)] + [Libraries(logging.WARNING)]


TOLD_BY_US = ("pqr", "celery.app.trace")  # Flask's line of a failed page would carry its address


class Libraries(logging.Handler):
    """What libraries say by the standard library's `logging`."""

    def emit(self, record: logging.LogRecord) -> None:
        """As our own lines look; a library that talks nonsense stops nothing."""
        if record.name in TOLD_BY_US:
            return
        log = structlog.get_logger()
        with suppress(Exception):
            say = log.error if record.levelno >= logging.ERROR else log.warning
            say("library", logger=record.name, said=_said(record), exc_info=record.exc_info)


def _said(record: logging.LogRecord) -> str:
    """Its words; where it tells of an exception, whose message could be anything, only the pattern of them."""
    return str(record.msg).partition("\n")[0][:300] if record.exc_info else record.getMessage()[:300]


def _name_cause(_logger: WrappedLogger, _method: str, said: EventDict) -> EventDict:
    if found := cause.current():
        said.setdefault("request", found)
    return said


def _show_frames(_logger: WrappedLogger, _method: str, said: EventDict) -> EventDict:
    if given := said.pop("exc_info", None):
        error = (
            given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
        )
        kinds, frames = [], []
        while error is not None:
            kinds.append(type(error).__name__)
            frames += [
                f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        said["exception"], said["frames"] = " < ".join(kinds), " | ".join(frames)
    return said


_PROCESSORS = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _name_cause,
    _show_frames,
)
_RENDERERS: dict[str, structlog.typing.Processor] = {
    "json": structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False),
    "logfmt": structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
}

"""How does gunicorn talk?  As everything else here: in our lines, without the address of the page that failed."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from pqr import config, logs


class WebLog(Logger):  # type: ignore[misc]  # gunicorn says nothing of its types
    """Gunicorn's logger, given to it as `--logger-class`."""

    def setup(self, cfg: Config) -> None:
        """Its errors go where ours go; it keeps no log of visits."""
        super().setup(cfg)
        logs.configure(config.load(config.environment()).log)
        self.error_log.handlers = [logs.Libraries()]

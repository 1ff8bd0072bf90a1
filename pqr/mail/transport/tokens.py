"""How does one enter a mailbox of Google or Microsoft?  A refresh token buys access tokens (RFC 6749 §6).

Microsoft gives a new refresh token with each access token and the old one dies after some months: the newest is
kept in the data directory, readable by the service alone.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from pqr.mail.transport.imap import MailboxUnavailable
from pqr.variables import OAuth

TIMEOUT_SECONDS = 20
SPARE_SECONDS = 60
_bought: dict[OAuth, tuple[str, float]] = {}


@dataclass(frozen=True)
class TokenSource:
    """Gives an access token that still lives a while. Raises MailboxUnavailable where none can be had."""

    oauth: OAuth
    data_dir: Path

    def __call__(self) -> str:
        """The token; a new one is bought only when the last has run out."""
        token, dies_at = _bought.get(self.oauth, ("", 0.0))
        if dies_at > monotonic() + SPARE_SECONDS:
            return token
        answer = self._buy()
        token = str(answer["access_token"])
        _bought[self.oauth] = token, monotonic() + float(str(answer.get("expires_in") or 0))
        if answer.get("refresh_token"):
            self._keep(str(answer["refresh_token"]))
        return token

    def forget(self) -> None:
        """The next call buys another one."""
        _bought.pop(self.oauth, None)

    def _buy(self) -> dict[str, object]:
        form = {"grant_type": "refresh_token", "refresh_token": self._newest(), "client_id": self.oauth.client_id}
        if self.oauth.client_secret:
            form["client_secret"] = self.oauth.client_secret
        request = Request(self.oauth.token_url, urlencode(form).encode(), method="POST")  # noqa: S310 - http(s): config
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - see above
                answer = json.load(response)
        except HTTPError as error:
            with error:
                raise MailboxUnavailable(f"PQR_IMAP_OAUTH_*: no dieron permiso ({_why(error)}).") from None
        except (OSError, ValueError) as error:
            raise MailboxUnavailable(f"PQR_IMAP_OAUTH_TOKEN_URL: no responde bien ({error}).") from error
        if not isinstance(answer, dict) or "access_token" not in answer:
            raise MailboxUnavailable("PQR_IMAP_OAUTH_TOKEN_URL: la respuesta no trae un permiso.")
        return answer

    @property
    def _path(self) -> Path:
        """Another refresh token in the settings begins anew."""
        mark = hashlib.sha256(self.oauth.refresh_token.encode()).hexdigest()[:16]
        return self.data_dir / f"imap-oauth-{mark}.token"

    def _newest(self) -> str:
        try:
            return self._path.read_text().strip() or self.oauth.refresh_token
        except OSError:
            return self.oauth.refresh_token

    def _keep(self, refresh_token: str) -> None:
        fresh = self._path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(refresh_token)
        fresh.replace(self._path)


def _why(error: HTTPError) -> str:
    """The error's short name, such as `invalid_grant`; the rest may repeat what we sent."""
    try:
        return f"{error.code} {json.load(error)['error']}"
    except (OSError, ValueError, KeyError, TypeError):
        return str(error.code)

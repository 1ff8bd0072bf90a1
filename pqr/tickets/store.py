"""Which store keeps the files, and is it there?  A folder, or an S3 for several machines.

`s3://KEY:SECRET@bucket/folder?endpoint=https://…&region=…`: what is left out is asked of the AWS_* environment, as
Amazon's own tools do.
"""

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, unquote, urlsplit

from obstore.exceptions import PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, S3Store, from_url

from pqr.errors import PqrError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

# Somebody waits in front of the page; by default the store would be asked for three minutes.
CONNECT, ANSWER = timedelta(seconds=5), timedelta(seconds=20)
RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": ANSWER}
REASONS: dict[type[Exception], str] = {
    FileNotFoundError: "no existe",
    UnauthenticatedError: "no acepta nuestras claves",
    PermissionDeniedError: "no acepta nuestras claves o no nos deja escribir",
    PermissionError: "no nos deja escribir",
}


class StoreUnavailable(PqrError):
    """The store does not answer, or not to us; the text says which and why, never its keys."""

    @classmethod
    def of(cls, url: str, error: Exception) -> "StoreUnavailable":
        """Said of this store."""
        why = next((words for kind, words in REASONS.items() if isinstance(error, kind)), "no contesta")
        return cls(f"PQR_FILES_URL: el almacén de archivos {_without_keys(url)} {why} ({type(error).__name__}).")


@lru_cache(maxsize=4)
def opened(url: str) -> ObjectStore:
    """The store at this address; that it is there shows in the first use."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        given = {name: values[-1] for name, values in parse_qs(parts.query).items() if name in ("endpoint", "region")}
        if parts.username:
            given |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
        config, client = cast("S3Config", given), _client(given.get("endpoint", ""))
        return S3Store.from_url(_without_keys(url), config=config, client_options=client, retry_config=RETRIES)
    if parts.scheme == "file":
        Path(parts.path).mkdir(parents=True, exist_ok=True)
    return from_url(url)


def _client(endpoint: str) -> "ClientConfig":
    return {"connect_timeout": CONNECT, "timeout": ANSWER, "allow_http": endpoint.startswith("http://")}


def _without_keys(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"

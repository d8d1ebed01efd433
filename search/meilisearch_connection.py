"""HTTP to Meilisearch: open connections, an end to every wait, and every fault an `IndexAway` with its cause."""

import json
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any

import requests
from meilisearch._httprequests import HttpRequests
from meilisearch.config import Config
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util import Retry

from search.index import IndexAway

NOT_REPEATED = "swap-indexes"  # done twice, it is undone
MOST_BYTES = 64_000_000
CHUNK = 65_536
CONNECTIONS = 32  # that are kept: as many as a process has threads
PLAIN = {"Accept-Encoding": "identity"}  # a small answer cannot be a huge one
KEY_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
ONCE = Retry(total=0, raise_on_status=False)
PATIENTLY = Retry(
    total=2,
    backoff_factor=0.2,
    backoff_jitter=0.2,
    status_forcelist={HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT},
    allowed_methods=None,  # a document that is written twice is the same document
    raise_on_status=False,
    retry_after_max=10,
)


class Refused(IndexAway):
    """The engine answers, and says no; `code` is its own word for why."""

    def __init__(self, message: str, code: str) -> None:
        self.code = code
        super().__init__(message)


class Connection(HttpRequests):
    """What the official client sends its requests through. Safe for several threads."""

    def __init__(self, config: Config, *, seconds: float, retry: Retry) -> None:
        """`seconds` are for one attempt, however slowly the engine answers."""
        super().__init__(config)
        self._seconds = seconds
        self._session = requests.Session()
        self._session.mount(config.url, HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=retry))
        self._session.mount(f"{config.url}/{NOT_REPEATED}", HTTPAdapter(max_retries=ONCE))

    def send_request(
        self,
        http_method: Callable[..., Any],
        path: str,
        body: Any = None,
        content_type: str | None = None,
        *,
        serializer: type[json.JSONEncoder] | None = None,
    ) -> Any:
        """The answer as it was told. The client's own way opens a connection each time, and waits for ever."""
        headers = self.headers | PLAIN | ({"Content-Type": content_type} if content_type else {})
        try:
            with self._session.request(
                http_method.__name__,
                f"{self.config.url}/{path}",
                data=None if body is None else json.dumps(body, cls=serializer),
                headers=headers,
                auth=_as_it_is,
                timeout=self._seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return _told(answer.status_code, self._read(answer.raw))
        except requests.Timeout:
            raise IndexAway(f"the search engine does not answer within {self._seconds:g} seconds") from None
        except ReadTimeoutError:
            raise IndexAway("the search engine stopped in the middle of an answer") from None
        except (requests.RequestException, HTTPError) as fault:
            raise IndexAway(f"the search engine cannot be reached: {type(fault).__name__}") from fault

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def _read(self, raw: Any) -> bytes:
        deadline, content = monotonic() + self._seconds, bytearray()
        while part := raw.read1(CHUNK):  # what has arrived, without waiting for more
            content += part
            if monotonic() > deadline or len(content) > MOST_BYTES:
                raise IndexAway("the search engine answers too slowly, or too much")
        return bytes(content)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the key that is there: without this, a .netrc of the machine would replace it."""
    return request


def _told(status: int, content: bytes) -> Any:
    """What the engine says; raises `Refused` when that is no, and `IndexAway` when it is not the engine that speaks."""
    try:
        told = json.loads(content)
    except ValueError:
        raise IndexAway(f"what answers ({status}) is no search engine") from None
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return told
    said = told if isinstance(told, dict) else {}
    code, message = str(said.get("code", "")), str(said.get("message", ""))
    if status in KEY_REFUSED:
        raise Refused(f"the search engine refuses the key: {message}", code)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Refused(f"the search engine refuses ({status} {code}): {message}", code)
    raise IndexAway(f"the search engine cannot now ({status} {code}): {message}")

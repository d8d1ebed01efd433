"""A small reverse proxy in front of a server: it remembers each request, and can change or hold each answer."""

from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"
OWN_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length"}  # of one connection, not passed on


class Answer(NamedTuple):
    """What the server says; headers may occur more than once."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


Change = Callable[[Answer], Answer | None]  # None: hang up without an answer


class Interceptor(ThreadingHTTPServer):
    """Without an upstream it is a server by itself: all it says is what `answer` laid down, and else 404."""

    daemon_threads = False  # so that closing waits for them
    request_queue_size = 32

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Handler)
        self.address = f"http://{HOST}:{self.server_port}"
        self.upstream: int | None = None
        self.requests: list[Seen] = []
        self._once: defaultdict[str, deque[Change]] = defaultdict(deque)
        self._always: dict[str, Change] = {}
        self._lock = Lock()
        self._let_go = Event()

    def __enter__(self) -> Self:
        self._serving = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go.set()
        self.shutdown()
        self._serving.join()
        self.server_close()

    def seen(self, path: str) -> list[Seen]:
        """The requests for one path, in order."""
        return [request for request in self.requests if request.path == path]

    def tamper(self, path: str, change: Change, *, lasting: bool = False) -> None:
        """Change the next answer of a path, or all of them; the server behind has done its work by then."""
        with self._lock:
            if lasting:
                self._always[path] = change
            else:
                self._once[path].append(change)

    def answer(
        self, path: str, status: int, body: bytes = b"", *, kind: str = "application/json", lasting: bool = False
    ) -> None:
        """Answer this instead."""
        self.tamper(path, lambda _: Answer(status, [("Content-Type", kind)], body), lasting=lasting)

    def refuse(self, path: str, *, lasting: bool = False) -> None:
        """Close the connection without an answer."""
        self.tamper(path, lambda _: None, lasting=lasting)

    def hang(self, path: str, seconds: float = 60, *, lasting: bool = False) -> None:
        """Hold the answer back for so long, or until `reset`."""
        let_go = self._let_go

        def late(answer: Answer) -> Answer:
            let_go.wait(seconds)
            return answer

        self.tamper(path, late, lasting=lasting)

    def reset(self) -> None:
        """Forget the requests and all changes. A change that nobody met is a mistake in a test: AssertionError."""
        with self._lock:
            self._let_go.set()
            self._let_go = Event()
            unmet = sorted(path for path, changes in self._once.items() if changes)
            self._once.clear()
            self._always.clear()
            self.requests.clear()
        assert not unmet, f"nobody asked for what was tampered with: {unmet}"

    def take(self, path: str) -> Change | None:
        """The change for the answer that is about to be given."""
        with self._lock:
            return self._once[path].popleft() if self._once[path] else self._always.get(path)


class _Handler(BaseHTTPRequestHandler):
    server: Interceptor

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        form = dict(parse_qsl(body.decode("latin-1")))
        self.server.requests.append(
            Seen(self.command, parts.path, dict(parse_qsl(parts.query)), form, dict(self.headers))
        )
        change = self.server.take(parts.path)
        answer: Answer | None = self._asked(body)
        if change and answer:
            answer = change(answer)
        if answer:
            with suppress(ConnectionError):  # whoever asked may have given up
                self._give(answer)

    do_GET = do_HEAD = do_POST = do_OPTIONS = handle_any  # noqa: N815 -- the names are the library's

    def _asked(self, body: bytes) -> Answer:
        if self.server.upstream is None:
            return Answer(404, [("Content-Type", "text/plain")], b"nothing here")
        connection = HTTPConnection(HOST, self.server.upstream, timeout=10)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._passed_on(body):
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            headers = [pair for pair in response.getheaders() if pair[0].lower() not in OWN_HEADERS]
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def _passed_on(self, body: bytes) -> list[tuple[str, str]]:
        """The headers of the request, with the host that the browser knows."""
        host = self.headers.get("Host", "")
        about = [("X-Forwarded-Host", host), ("X-Forwarded-Proto", "http"), ("X-Forwarded-For", HOST)]
        own = [("Connection", "close"), ("Content-Length", str(len(body)))]
        return [pair for pair in self.headers.items() if pair[0].lower() not in OWN_HEADERS] + about + own

    def _give(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the library's
        """Say nothing: the requests are remembered."""

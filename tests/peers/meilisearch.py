"""A contract double of a Meilisearch server on the loopback: real HTTP, tasks that come later, keys, and bad days."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.peers.meilisearch_keys import MASTER, Keys, forbidden
from tests.peers.meilisearch_routes import Request, route_of
from tests.peers.meilisearch_shapes import faults_of
from tests.peers.meilisearch_state import Fault, State

LARGEST = 100_000_000


class Double(ThreadingHTTPServer):
    """`trouble`, when it is set, answers instead; `asked` has each request, `faults` what had not the right shape."""

    daemon_threads = False  # so that closing waits for them

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.state, self.keys = State(), Keys()
        self.trouble: Trouble | None = None
        self.largest = LARGEST
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.connections = 0
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def key(self, *actions: str, indexes: str = "*") -> str:
        """A new key that may do so much."""
        value: str = self.keys.make({"actions": actions, "indexes": [indexes], "expiresAt": None})["key"]
        return value

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        self.connections += 1
        self._open.add(line)
        return line, address

    def hang_up(self) -> None:
        """Close every line."""
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def finish(self) -> None:
        """Stop answering, hang up, and wait for all that is still busy."""
        self.closing.set()
        self.shutdown()
        self.hang_up()
        self.server_close()
        self.state.close()


class _Exchange(BaseHTTPRequestHandler):
    server: Double
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: in two it would wait for the other side
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        trouble = self.server.trouble
        with suppress(OSError):  # the client may leave
            if trouble is None or not trouble(self):
                self._answer()
            self.wfile.flush()

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 -- as the standard library calls them

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        usual = {"Content_Type": "application/json", "Content_Length": str(len(body))}
        for name, value in (usual | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> None:
        route, question = "", None
        try:
            parts = urlsplit(self.path)
            (method, path, action, handle), uid = route_of(self.command, parts.path)
            route = f"{method} {path}"
            key = self.server.keys.bearer(self.headers.get("Authorization"))
            if not key.may(action, uid if "{index_uid}" in path else None):
                raise forbidden()
            question = self._read() if method in {"POST", "PATCH", "PUT"} else None
            options = dict(parse_qsl(parts.query))
            with self.server.state.lock:
                status, told = handle(Request(self.server.state, self.server.keys, key, uid, question, options))
                body = json.dumps(told).encode()
        except Fault as fault:
            status, told, body = fault.status, fault.told, json.dumps(fault.told).encode()
        if route:
            self.server.faults += faults_of(route, question, status, json.loads(body))
        self.send(status, body)

    def _read(self) -> Any:
        if len(self.body) > self.server.largest:
            raise Fault(413, "payload_too_large", "The provided payload reached the size limit.")
        kind = self.headers.get("Content-Type")
        if kind != "application/json":
            code = "missing_content_type" if kind is None else "invalid_content_type"
            raise Fault(415, code, "A Content-Type header of `application/json` is needed.")
        try:
            return json.loads(self.body)
        except ValueError:
            raise Fault(400, "malformed_payload", "The `json` payload provided is malformed.") from None


Trouble = Callable[[_Exchange], bool]  # answers whether it answered


def busy(exchange: _Exchange) -> bool:
    """Too many searches at once; come back in a moment."""
    told = Fault(503, "too_many_search_requests", "Too many search requests.", "system").told
    exchange.send(503, json.dumps(told).encode(), Retry_After="1")
    return True


def silent(exchange: _Exchange) -> bool:
    """Takes the question and says nothing."""
    exchange.close_connection = True
    return exchange.server.closing.wait(30)


def hung_up(exchange: _Exchange) -> bool:
    """Takes the question and cuts the line."""
    exchange.close_connection = True
    exchange.connection.shutdown(socket.SHUT_RDWR)
    return True


def dripping(exchange: _Exchange) -> bool:
    """One byte at a time, for ever."""
    exchange.close_connection = True
    exchange.send(200, b"", Content_Length="1000000")
    while not exchange.server.closing.wait(0.05):
        exchange.wfile.write(b" ")
        exchange.wfile.flush()
    return True


def stuck(exchange: _Exchange) -> bool:
    """Begins an answer and falls silent."""
    exchange.close_connection = True
    exchange.send(200, b"{", Content_Length="100")
    exchange.wfile.flush()
    return exchange.server.closing.wait(30)


def saying(body: bytes, status: int = 200, **headers: str) -> Trouble:
    """Something else answers at this address."""

    def say(exchange: _Exchange) -> bool:
        exchange.send(status, body, **{"Content_Type": "text/html"} | headers)
        return True

    return say


def slow(exchange: _Exchange) -> bool:
    """Answers, but only after more than half a second."""
    exchange.server.closing.wait(0.6)
    return False


def at(path: str, trouble: Trouble, times: int = 1_000_000) -> Trouble:
    """Only for addresses that hold this, and only so often."""
    left = times

    def perhaps(exchange: _Exchange) -> bool:
        nonlocal left
        if path not in exchange.path or not left:
            return False
        left -= 1
        return trouble(exchange)

    return perhaps


@contextmanager
def serving(port: int = 0) -> Iterator[Double]:
    """Serve until the test is done; then nothing must have had a wrong shape."""
    double = Double(port)
    thread = threading.Thread(target=double.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield double
    finally:
        double.finish()
        thread.join()
    assert not double.faults, "\n".join(dict.fromkeys(double.faults))


__all__ = ["MASTER", "Double", "at", "busy", "dripping", "hung_up", "saying", "serving", "silent", "slow", "stuck"]

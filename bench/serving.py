"""Two servers of the same kind, each a process of its own: the register, and one route of bare Flask beside it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from statistics import quantiles

BARE = """
import sys, waitress
from flask import Flask
app = Flask("bare")
app.add_url_rule("/", "bare", lambda: {"answer": "bare"})
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
"""
PATIENCE = 30


@contextmanager
def register(port: int, **settings: str) -> Iterator[None]:
    """The register as `flask serve` serves it, without a worker."""
    given = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "WORKER": "false",
        "API_REQUESTS_A_MINUTE": "100000000",
        **settings,
    }
    environment = os.environ | {f"REGISTERUUR_{name.upper()}": value for name, value in given.items()}
    with _process([sys.executable, "-m", "flask", "--app", "wsgi", "serve"], port, environment):
        yield


@contextmanager
def bare(port: int) -> Iterator[None]:
    """One route that does nothing, on the same server."""
    with _process([sys.executable, "-c", BARE, str(port)], port, dict(os.environ)):
        yield


def seconds_each(port: int, paths: Sequence[str]) -> list[float]:
    """Ask one after the other over one connection; how long each took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    taken = []
    for path in paths:
        begin = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - begin)
        if response.status != HTTPStatus.OK:
            raise SystemExit(f"{path}: status {response.status}")
    connection.close()
    return taken


def p95(taken: Sequence[float]) -> float:
    """What nineteen of twenty stay below."""
    return quantiles(taken, n=20)[-1]


@contextmanager
def _process(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    out = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603 -- our own command
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return

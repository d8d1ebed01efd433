"""A real server on a free port, with the outbox worker beside it, as `make run` would serve."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from core import clock
from core.db import db
from core.policy.loading import current_policies
from core.worker import Worker
from demo.load import load
from tests.databases import migrated_app


class Closing:
    """An answer that closes its file in any case: this server forgets to when the browser hung up."""

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        if close:
            close()

    __del__ = close


@contextmanager
def live(folder: Path, url: str, port: int | None = None, **more: Any) -> Iterator[tuple[str, Flask]]:
    """Serve a migrated, empty register; yields its address and the application.

    `port` where others must know the address beforehand; `more` are settings, as for `settings_for`.
    """
    port = port or _free_port()
    address = f"http://127.0.0.1:{port}"
    app = migrated_app(folder, url, base_url=address, **more)
    server = make_server("127.0.0.1", port, lambda *asked: Closing(app(*asked)), threaded=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    worker = Worker(app)
    serving.start()
    worker.start()
    try:
        yield address, app
    finally:
        worker.stop()
        server.shutdown()
        serving.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def live_demonstration(folder: Path, **more: Any) -> Iterator[tuple[str, Flask]]:
    """The same with the demonstration loaded."""
    with live(folder, f"sqlite:///{folder / 'test.db'}", **more) as (address, app):
        with app.app_context():
            load(current_policies(), clock.now())
        yield address, app


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""The worker: delivers the outbox until told to stop. Woken by a commit in this process, else by the clock."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from core import clock
from core.alone import at_work
from core.db import transaction
from core.outbox import Handler, awake, deliver_one, end_leases

POLL_SECONDS = 1.0
LOCK = "worker.lock"
log = logging.getLogger(__name__)


class Worker(threading.Thread):
    """Runs beside the web server in the embedded default, and alone under `flask outbox run`."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="outbox-worker", daemon=True)
        self._app = app
        self._handlers: Mapping[str, Handler] = app.extensions["outbox_handlers"]
        self._stopping = threading.Event()

    def run(self) -> None:
        """Deliver all that is due, then sleep until woken; survives a database that is away."""
        with prepared(self._app):
            self._deliver_until_stopped()

    def _deliver_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                deliver_due(self._app, self._handlers, self._stopping)
            except Exception:  # a worker that dies silently is worse than one that complains
                log.exception("the outbox worker stumbled; it goes on")
            awake.wait(POLL_SECONDS)
            awake.clear()

    def stop(self) -> None:
        """Finish the message in hand, then end."""
        self._stopping.set()
        awake.set()
        self.join(timeout=30)


@contextmanager
def prepared(app: Flask) -> Iterator[None]:
    """To deliver in, after what a worker does once before; a failure of that is noted and keeps no message waiting.

    Who is alone takes up at once what a worker that died held.
    """
    with at_work(Path(app.instance_path, LOCK), lambda: _try(app, _take_up)):
        for step in app.extensions["before_work"]:
            _try(app, step)
        yield


def _try(app: Flask, step: Callable[[], None]) -> None:
    try:
        with app.app_context():
            step()
    except Exception:  # whatever it is, messages come first
        log.exception("the worker could not prepare; it delivers all the same")


def _take_up() -> None:
    with transaction():
        end_leases()


def deliver_due(app: Flask, handlers: Mapping[str, Handler], stopping: threading.Event | None = None) -> int:
    """Deliver every message that is due; say how many."""
    count = 0
    while not (stopping and stopping.is_set()):
        with app.app_context():
            if not deliver_one(handlers, clock.now()):
                break
        count += 1
    return count

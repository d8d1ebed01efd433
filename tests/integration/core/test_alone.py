"""A worker that is alone takes up at once what a dead one held; beside another one it waits for the lease."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.alone import alone
from core.db import db, transaction
from core.outbox import LEASE, MessageState, OutboxMessage, enqueue
from core.worker import LOCK, Worker

HOLD = """
import sys, pathlib
from core.alone import alone
with alone(pathlib.Path(sys.argv[1])) as is_alone:
    print(is_alone, flush=True)
    input()
"""


@pytest.fixture
def held(app: Flask) -> None:
    """A message that a worker claimed just before it was killed."""
    with transaction():
        enqueue("test", "1", occasion="once", due=clock.now())
        db.session.flush()
        db.session.scalars(select(OutboxMessage)).one().lease_until = clock.now() + LEASE


@pytest.fixture
def worker(app: Flask, held: None) -> Iterator[Worker]:
    app.extensions["outbox_handlers"]["test"] = lambda _: None
    worker = Worker(app)
    yield worker
    worker.stop()
    del app.extensions["outbox_handlers"]["test"]


def is_delivered(within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        db.session.rollback()
        if db.session.scalars(select(OutboxMessage.state)).one() == MessageState.DONE:
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_is_alone_does_not_wait_for_the_lease(worker: Worker) -> None:
    worker.start()
    assert is_delivered(within=20)


def test_beside_another_worker_the_lease_holds(app: Flask, worker: Worker) -> None:
    with alone(Path(app.instance_path, LOCK)) as is_alone:
        assert is_alone
        worker.start()
        assert not is_delivered(within=2)


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    lock = tmp_path / LOCK
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 -- our own
        try:
            assert holder.stdout
            assert holder.stdout.readline().strip() == "True"
            with alone(lock) as is_alone:
                assert not is_alone
        finally:
            holder.kill()
    with alone(lock) as is_alone:
        assert is_alone

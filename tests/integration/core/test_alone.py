"""A worker that is alone takes up at once what a dead one held; beside another one it waits for the lease."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.alone import at_work
from core.db import db, transaction
from core.outbox import LEASE, MessageState, OutboxMessage, enqueue
from core.worker import LOCK, Worker

WORK = """
import sys, pathlib
from core.alone import at_work
with at_work(pathlib.Path(sys.argv[1]), lambda: print("alone", end=" ")):
    print("at work", flush=True)
    input()
"""


@pytest.fixture
def held(app: Flask) -> None:
    """A message that a worker claimed just before it was killed."""
    with transaction():
        enqueue("test", "1", occasion="once", due=clock.now())
        db.session.flush()
        db.session.scalars(select(OutboxMessage).filter_by(kind="test")).one().lease_until = clock.now() + LEASE


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
        if db.session.scalars(select(OutboxMessage.state).filter_by(kind="test")).one() == MessageState.DONE:
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_is_alone_does_not_wait_for_the_lease(worker: Worker) -> None:
    worker.start()
    assert is_delivered(within=20)


def test_beside_another_worker_the_lease_holds(app: Flask, worker: Worker) -> None:
    with at_work(Path(app.instance_path, LOCK), lambda: None):
        worker.start()
        assert not is_delivered(within=1)


def test_a_worker_whose_lock_cannot_be_had_delivers_all_the_same(app: Flask, worker: Worker) -> None:
    lock = Path(app.instance_path, LOCK)
    lock.unlink(missing_ok=True)
    lock.mkdir()
    try:
        with transaction():
            db.session.scalars(select(OutboxMessage).filter_by(kind="test")).one().lease_until = None
        worker.start()
        assert is_delivered(within=20)
    finally:
        worker.stop()
        lock.rmdir()


@contextmanager
def working(lock: Path) -> Iterator[str]:
    """Another process at work, until it is killed; gives whether it was alone."""
    command = [sys.executable, "-c", WORK, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def test_nobody_is_alone_while_any_other_one_is_left(tmp_path: Path) -> None:
    lock = tmp_path / LOCK
    with ExitStack() as second:
        with working(lock) as said:
            assert said == "alone at work"
            assert second.enter_context(working(lock)) == "at work"
        with working(lock) as said:
            assert said == "at work", "the first one ended, and the second goes on"
    with working(lock) as said:
        assert said == "alone at work"

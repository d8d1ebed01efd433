"""Processes of our own beside the test, that can be killed like any other: a worker, a command."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import update

from core import clock
from core.db import db, transaction
from core.jobs import JOB_STEP
from core.outbox import LEASE, OutboxMessage
from tests.databases import Database


def start(database: Database, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    out = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment(database, **settings), stdout=out, stderr=out)  # noqa: S603 -- our own command


def environment(database: Database, **settings: str) -> dict[str, str]:
    """What leads a process to the database and the folder of a test, with further settings."""
    given = {"database_url": database.url, "instance": str(database.app.instance_path), **settings}
    return {**os.environ, **{f"REGISTERUUR_{name.upper()}": value for name, value in given.items()}}


@contextmanager
def doomed_worker(database: Database, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is killed in whatever it was doing; by a test that failed, too, or it would disturb the next."""
    worker = start(database, "outbox", "run", **settings)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def let_the_lease_run_out() -> None:
    with transaction():
        past = clock.now() - LEASE - timedelta(seconds=1)
        db.session.execute(update(OutboxMessage).where(OutboxMessage.kind == JOB_STEP).values(lease_until=past))

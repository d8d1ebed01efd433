"""A worker that is killed in the middle of its work loses nothing."""

import time

import pytest
from sqlalchemy import func, select

from catalogue.publication import ACTIVITY_CHANGED, announce
from core import clock
from core.db import db, transaction
from core.outbox import LEASE, MessageState, OutboxMessage, deliver_one
from tests.databases import Database
from tests.processes import doomed_worker
from tests.world import World

pytestmark = pytest.mark.race
MESSAGES = 600  # three batches


def count_of(state: MessageState) -> int:
    """Of the messages about activities: a worker asks for the work of the day besides."""
    db.session.rollback()
    query = select(func.count()).select_from(OutboxMessage).filter_by(kind=ACTIVITY_CHANGED, state=state)
    return db.session.scalar(query) or 0


def done_count() -> int:
    return count_of(MessageState.DONE)


def wait_for(count: int) -> None:
    deadline = time.monotonic() + 60
    while done_count() < count:
        assert time.monotonic() < deadline, "the worker does not deliver"
        time.sleep(0.01)


def test_a_killed_worker_loses_nothing(world: World, database: Database) -> None:
    activity = world.published(world.provider())
    delivered = done_count()
    for _ in range(MESSAGES):
        with transaction():
            announce(activity, clock.now())
    for part in (1, 2):
        with doomed_worker(database):
            wait_for(delivered + part * 100)
    assert count_of(MessageState.WAITING) > 0, "the worker was killed too late for this test to mean anything"
    while deliver_one(world.app.extensions["outbox_handlers"], clock.now() + LEASE):
        pass
    assert (count_of(MessageState.WAITING), done_count()) == (0, delivered + MESSAGES)
    assert world.app.extensions["search_index"].count() == 1

"""Whoever writes the index may be killed at any moment: afterwards nothing differs from the database."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from catalogue.models import Activity
from catalogue.publication import ACTIVITY_CHANGED, announce
from core import clock
from core.db import db, transaction
from core.outbox import LEASE, MessageState, OutboxMessage, deliver_one, end_leases
from search.checking import differences
from search.index import SearchIndex
from search.meilisearch_index import MeilisearchIndex
from search.services import rebuild, visible_count
from tests.crowd import crowd
from tests.databases import Database
from tests.peers.meilisearch import serving
from tests.peers.meilisearch_fixtures import WRITING
from tests.processes import doomed_worker, environment
from tests.world import World

pytestmark = pytest.mark.race
CROWD, KILLS = 400, 3
PATIENCE = 60


def waiting() -> int:
    db.session.rollback()
    query = select(func.count()).select_from(OutboxMessage)
    return db.session.scalar(query.filter_by(kind=ACTIVITY_CHANGED, state=MessageState.WAITING)) or 0


def wait_until_some_are_in_hand() -> None:
    deadline = time.monotonic() + PATIENCE
    held = select(OutboxMessage.id).where(
        OutboxMessage.kind == ACTIVITY_CHANGED, OutboxMessage.lease_until.is_not(None)
    )
    while db.session.scalar(held.limit(1)) is None:
        assert time.monotonic() < deadline, "the worker does not deliver"
        db.session.rollback()
        time.sleep(0.002)


@pytest.fixture(params=["tantivy", "meilisearch"])
def engine(request: pytest.FixtureRequest, world: World) -> Iterator[dict[str, str]]:
    """The settings that lead another process to the same engine."""
    if request.param == "tantivy":
        yield {}
        return
    kept = world.app.extensions["search_index"]
    with serving() as double:
        key = double.key(*WRITING, "search")
        with closing(MeilisearchIndex(double.address, key=key)) as index:
            world.app.extensions["search_index"] = index
            yield {"meilisearch_url": double.address, "meilisearch_key": key}
    world.app.extensions["search_index"] = kept


@pytest.fixture
def index(world: World, engine: dict[str, str]) -> SearchIndex:
    """With some hundred activities in the database, and nothing in the index."""
    crowd(world.provider().id, CROWD, today=clock.today())
    made: SearchIndex = world.app.extensions["search_index"]
    made.replace_all([])
    return made


def test_a_writer_killed_in_the_middle_of_its_messages_leaves_no_difference(
    world: World, database: Database, index: SearchIndex, engine: dict[str, str]
) -> None:
    published = db.session.scalars(select(Activity).filter_by(state="published").limit(60)).all()
    with transaction():
        for activity in published:
            announce(activity, clock.now())
    rebuild()
    index.remove([activity.id for activity in published])
    for _ in range(KILLS):
        with transaction():
            end_leases()  # of the one that was killed before, as the next one does
        with doomed_worker(database, **engine):
            wait_until_some_are_in_hand()
    assert waiting() > 0, "killed too late for this test to mean anything"
    while deliver_one(world.app.extensions["outbox_handlers"], clock.now() + LEASE):
        pass
    assert list(differences(index, clock.today())) == []


def test_a_rebuild_that_is_killed_leaves_what_was_there(
    database: Database, index: SearchIndex, engine: dict[str, str]
) -> None:
    rebuild()
    before, random = index.count(), Random(7)
    assert before == visible_count() > 0
    killed = 0
    for _ in range(KILLS):
        command = [sys.executable, "-u", "-m", "flask", "--app", "wsgi", "search", "rebuild"]
        folder = Path(__file__).parents[3]
        with subprocess.Popen(  # noqa: S603 -- our own command
            command, env=environment(database, **engine), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
        ) as process:
            assert process.stdout
            process.stdout.read(1)  # the progress begins to be told
            time.sleep(random.uniform(0, 0.3))
            process.kill()
        killed += process.returncode == -signal.SIGKILL
        assert list(differences(index, clock.today())) == []
    assert killed, "killed too late for this test to mean anything"
    assert rebuild() == before

"""Members of one provider who do something with an import at the same moment: one begins, and nothing is lost."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from catalogue.importing.running import forget_others, owner_of, start_check, start_landing, store
from catalogue.models import Activity, Edition
from core.db import db, transaction
from core.jobs import Job, JobState
from tests.exports import own_file
from tests.importer import provider_importer
from tests.race import at_once
from tests.world import ACTOR, NOW, World

pytestmark = pytest.mark.race
PEOPLE = 5
OWNER = owner_of(1)


@pytest.fixture
def files(world: World) -> Iterator[list[str]]:
    world.provider()
    kept = []
    for _ in range(PEOPLE):
        with store().kept(io.BytesIO(own_file({}))) as name:
            kept.append(name)
    yield kept
    for name in kept:
        store().forget(name)


def test_of_uploads_at_one_moment_one_is_checked(world: World, files: list[str]) -> None:
    works = [lambda file=file: start_check(OWNER, file, "lijst.csv", by=ACTOR, now=NOW) for file in files]
    assert at_once(world, works) == {"done": 1, "import-running": PEOPLE - 1}


def test_what_lands_keeps_its_file_when_another_is_uploaded_at_that_moment(world: World, files: list[str]) -> None:
    importer = provider_importer(world)
    checked = int(Path(importer.checked(own_file({}))).name)

    def land() -> None:
        start_landing(db.session.get_one(Job, checked, with_for_update=True), by=ACTOR, now=NOW)

    def check() -> None:
        start_check(OWNER, files[0], "lijst.csv", by=ACTOR, now=NOW)

    assert at_once(world, [land, check]) == {"done": 1, "import-running": 1}
    forget_others(OWNER, files[0])
    with transaction():
        running = db.session.query(Job).filter_by(state=JobState.RUNNING).one()
        assert store().has(running.parameters["file"])
    importer.work()


def wait_until_somebody_waits() -> None:
    """For a lock that this transaction holds. On SQLite nobody else writes meanwhile, however far they are."""
    deadline = time.monotonic() + 30
    of_ours = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    waiting = text(f"{of_ours} AND wait_event_type = 'Lock'")
    while db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)


def test_an_edition_that_is_added_at_that_moment_is_not_taken_back(world: World) -> None:
    world.provider()
    importer = provider_importer(world)
    landing = importer.landed(own_file(*[{"eigen_sleutel": f"KM-{number}"} for number in range(3)]))
    undo = importer.person.post(f"{landing}/terugdraaien").headers["Location"]
    day = NOW.date()
    facts = {"starts_on": day, "ends_on": day, "is_online": True, "place": "", "language": "nl"}

    def work() -> None:
        with world.app.app_context():
            importer.work()

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            activity_id = db.session.scalars(select(Activity.id).order_by(Activity.id).with_for_update()).all()[1]
            db.session.add(Edition(activity_id=activity_id, registration_link="", **facts))
            db.session.flush()
            worker = pool.submit(work)
            wait_until_somebody_waits()
        worker.result()
    assert importer.outcome(undo) == "De import is teruggedraaid: 2 verwijderd."
    db.session.rollback()
    assert list(db.session.scalars(select(Activity.state).order_by(Activity.id))) == ["deleted", "draft", "deleted"]
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 1

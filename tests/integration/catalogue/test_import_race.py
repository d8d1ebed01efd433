"""Members of one provider who begin an import at the same moment: one of them begins."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.importing.running import forget_others, owner_of, start_check, start_landing, store
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
